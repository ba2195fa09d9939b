"""Erasing an item: nothing of it is left in any file, the chain verifies, and it does not come back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain import items
from reviewer.domain.errors import NotFound, Refused, ReviewerError
from reviewer.domain.events import BlobRef, Campaign, Event, Suggestion
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.formats.format import Options
from reviewer.operations import backups, campaigns, erasing, importing, labelling, members, queues, verifying
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures, suggestions
from reviewer.storage import erasing as erased
from reviewer.storage import items as item_rows
from reviewer.storage.departures import LabelRow
from reviewer.storage.items import Kept
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.clear_text import leaks, pieces

PASSPHRASE = "correct horse battery"
RATIONALE = "The agent told everybody the name of Zebulon Quartermaine."
DRAFTED = "I wonder whether Zebulon Quartermaine would agree to that."
ASKED = "What shall we do about Zebulon Quartermaine's street address?"
JUDGED = "The machine thinks that Zebulon Quartermaine was treated badly."


def prepared(folder: Path, sources: list[Path], *, passphrase: str | None = None) -> Workspace:
    """Real runs with a campaign over them all, and words said of the first in every place that takes words."""
    workspace = Workspace.create(folder, member="Ada", surroundings=worlds.surroundings(), passphrase=passphrase)
    for source in sources:
        importing.import_files(workspace, SILENT, paths=[str(source)], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=2))
    item, other = worlds.waiting(workspace)[:2]
    worlds.label(workspace, item, rationale=RATIONALE)
    worlds.label(workspace, other, rationale="Nothing to be said against this other one.")
    labelling.undo_label(workspace, SILENT, campaign="C")
    labelling.escalate_item(workspace, SILENT, campaign="C", item=other, reason="Is this allowed?")
    worlds.label(workspace, item, rationale=RATIONALE + " Indeed.")
    labelling.undo_label(workspace, SILENT, campaign="C")
    labelling.escalate_item(workspace, SILENT, campaign="C", item=item, reason=ASKED)
    with workspace.begin() as work:
        rows = [Suggested(ItemId(item), "compliant", "0.5", JUDGED), Suggested(ItemId(other), "unsure", "0.1", "Fine, on the whole.")]
        blob = BlobRef(len(rows), work.keep_blob(suggestions.pack(rows)))
        work.record(Event("suggestion", Suggestion(judge="j", rows=blob)))
        found = work.row("SELECT hash FROM campaign")
        assert found is not None
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, "C")
    labelling.save_draft(workspace, SILENT, campaign=stored.state.hash, item=ItemId(item), opinion=Opinion(rationale=DRAFTED))
    return workspace


def traces(workspace: Workspace, item: ItemId) -> set[bytes]:
    """Every 16-byte piece of what an item is and was said of it, as text and as it is packed, that occurs in no other item."""
    with workspace.read() as reading:
        rows = reading.rows("SELECT i.id, i.payload, o.metadata, o.original FROM item i JOIN origin o ON o.n = i.n")
        mine: list[bytes] = [text.encode() for text in (RATIONALE, DRAFTED, ASKED, JUDGED)]
        others: list[bytes] = []
        for name, *packed in rows:
            found = mine if name.hex() == item else others
            kept: Kept = item_rows.get(reading, ItemId(name.hex()))
            texts = (items.encode(kept.item), item_rows.original(reading, ItemId(name.hex())))
            found += [part for part in (*texts, *map(bytes, packed)) if len(part) >= 16]
        columns = reading.row("SELECT title, external_id FROM item WHERE id = ?", (bytes.fromhex(item),))
    mine += [text.encode() for text in columns or () if text and len(text) >= 16]
    return pieces(mine) - pieces(others)


def files_with(folder: Path, wanted: set[bytes]) -> list[str]:
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file() and leaks(path.read_bytes(), wanted)]


@pytest.fixture(params=["tau-bench", "agentdojo"])
def real(request: pytest.FixtureRequest, tmp_path: Path, real_data: Path) -> Iterator[Workspace]:
    """A workspace with real runs."""
    folder = real_data / request.param
    sources = sorted(folder.glob("historical_trajectories/*.json.gz"))[:1] or sorted(folder.glob("*.jsonl.gz"))[5:7]
    workspace = prepared(tmp_path / "workspace", sources)
    yield workspace
    workspace.close()


def test_no_piece_of_an_erased_item_is_left_in_any_file_and_everything_verifies(real: Workspace) -> None:
    item = worlds_first(real)
    wanted = traces(real, item)
    assert len(wanted) > 500
    assert "reviewer.db" in files_with(real.folder, wanted) or "reviewer.db-wal" in files_with(real.folder, wanted)  # the control
    erasing.request_erasure(real, SILENT, item=item, reason="Asked for by the customer.")
    assert files_with(real.folder, wanted)  # asking deletes nothing
    before = replicas.digest(real)
    done = erasing.erase_item(real, SILENT, item=item).value
    assert files_with(real.folder, wanted) == []
    assert done.here
    assert done.pending == ()
    found = verifying.verify(real, SILENT).value
    assert found.problems == ()
    assert verifying.verify(real, SILENT, rebuild=True).value.problems == ()
    assert replicas.digest(real) != before  # it is part of the state
    assert files_with(real.folder, wanted) == []


def worlds_first(workspace: Workspace) -> ItemId:
    """The item that words were said of."""
    with workspace.read() as reading:
        found = reading.row("SELECT item FROM aside ORDER BY n DESC LIMIT 1")
        assert found is not None
        return ItemId(found[0].hex())


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """Twelve small runs, and words about the first."""
    source = tmp_path / "runs.jsonl"
    lines = [
        f'{{"messages": [{{"role": "user", "content": "Order {n} of customer number {n * 7919}, please."}},'
        f' {{"role": "assistant", "content": "Done with order {n}."}}]}}\n'
        for n in range(12)
    ]
    source.write_text("".join(lines))
    workspace = prepared(tmp_path / "workspace", [source])
    yield workspace
    workspace.close()


def test_only_a_lead_may_ask_and_must_say_why_and_nothing_is_erased_unasked(small: Workspace) -> None:
    item = worlds_first(small)
    members.add_members(small, SILENT, names=["Ben"])
    ben = small.as_member("Ben")
    with pytest.raises(NotAllowed):
        erasing.request_erasure(ben, SILENT, item=item, reason="I want to.")
    ben.close()
    with pytest.raises(Refused, match="not said why"):
        erasing.request_erasure(small, SILENT, item=item, reason="  ")
    with pytest.raises(NotFound, match="Nobody asked"):
        erasing.erase_item(small, SILENT, item=item)
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    with pytest.raises(Refused, match="already"):
        erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")


def test_an_erased_item_says_so_is_not_offered_and_its_labels_stay(small: Workspace) -> None:
    item = worlds_first(small)
    other = worlds.waiting(small)[0]
    worlds.label(small, other)
    waiting = worlds.waiting(small)
    labels = [row for batch in exporting_rows(small) for row in batch]
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    erasing.erase_item(small, SILENT, item=item[:12])
    with pytest.raises(ReviewerError, match=r"was erased on 2026-\d\d-\d\d and is not restored") as told:
        labelling.label_item(small, SILENT, campaign="C", item=item, opinion=Opinion(verdict="compliant"))
    assert told.value.code == "E211"
    assert worlds.waiting(small) == [one for one in waiting if one != item]
    assert queues.standing(small, SILENT, campaign="C").value.waiting == len(worlds.waiting(small))
    after = [row for batch in exporting_rows(small) for row in batch]
    assert [row.label for row in after] == [row.label for row in labels]
    mine = [row for row in after if row.item == item]
    assert mine
    assert all(row.rationale is None and row.label.verdict == "compliant" for row in mine)


def exporting_rows(workspace: Workspace) -> list[list[LabelRow]]:
    with workspace.read() as reading:
        return list(departures.labels(reading, history=True))


def test_importing_its_file_again_does_not_bring_it_back(small: Workspace, tmp_path: Path) -> None:
    item = worlds_first(small)
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    erasing.erase_item(small, SILENT, item=item)
    importing.import_files(small, SILENT, paths=[str(tmp_path / "runs.jsonl")], options=Options())
    with small.read() as reading:
        assert reading.row("SELECT count(*) FROM item") == (11,)
        assert reading.fact("items") == "11"
    assert verifying.verify(small, SILENT).value.problems == ()


def test_what_a_machine_said_of_other_items_in_the_same_list_stays(small: Workspace) -> None:
    item = worlds_first(small)
    with small.read() as reading:
        before = reading.rows("SELECT item, verdict, score FROM suggestion ORDER BY item")
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    erasing.erase_item(small, SILENT, item=item)
    verifying.verify(small, SILENT, rebuild=True)
    with small.read() as reading:
        assert reading.rows("SELECT item, verdict, score FROM suggestion ORDER BY item") == before
        (raw,) = reading.row("SELECT body FROM entry WHERE kind = 'suggestion'") or (b"",)
        name = json.loads(raw)["value"]["rows"]["blob"]
        held = suggestions.suggestion_rows(reading, name)
        assert name in erased.refused_blobs(reading)
    assert [one.rationale for one in held] == [None, "Fine, on the whole."]


def test_who_has_not_confirmed_is_named(small: Workspace, tmp_path: Path) -> None:
    item = worlds_first(small)
    members.add_members(small, SILENT, names=["Ben"])
    with small.begin() as work:  # Ben works elsewhere
        found = work.row("SELECT value FROM fact WHERE name = 'devices_here'")
        work.set_fact("devices_here", json.dumps(json.loads((found or ("[]",))[0])[:1]))
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    [asked] = erasing.erasures(small, SILENT).value
    assert not asked.here
    assert asked.reason == "Asked for."
    assert asked.standing.startswith("Not yet erased here; not confirmed on: Ada (")
    done = erasing.erase_item(small, SILENT, item=item).value
    assert done.standing.startswith("Erased here; not confirmed on: Ben (")
    assert [one.split(" ")[0] for one in done.done] == ["Ada"]


def test_an_erasure_that_was_cut_off_completes_when_it_is_run_again(small: Workspace) -> None:
    item = worlds_first(small)
    wanted = traces(small, item)
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    with small.begin() as work:
        erased.remove(work, item)
    [asked] = erasing.erasures(small, SILENT).value
    assert not asked.here  # it is not said to be done before it is
    assert erasing.erase_item(small, SILENT, item=item).value.here
    assert files_with(small.folder, wanted) == []
    assert erasing.erase_item(small, SILENT, item=item).value.here  # a second time changes nothing
    with small.read() as reading:
        assert reading.row("SELECT count(*) FROM erasure WHERE kind = 'erase_done'") == (1,)


def test_backups_are_rewritten_without_the_item_verified_and_can_still_be_restored(small: Workspace, tmp_path: Path) -> None:
    item = worlds_first(small)
    backups.back_up(small, SILENT)
    wanted = traces(small, item)
    [kept] = backups.list_backups(small, SILENT).value
    assert leaks(kept.path.read_bytes(), wanted)  # the control
    erasing.request_erasure(small, SILENT, item=item, reason="Asked for.")
    erasing.erase_item(small, SILENT, item=item)
    assert files_with(small.folder, wanted) == []
    [kept] = backups.list_backups(small, SILENT).value
    assert kept.verified
    restored = backups.restore(kept.path, tmp_path / "restored", SILENT).value
    again = Workspace.open(restored.folder, surroundings=worlds.surroundings(seed=50))
    importing.import_files(again, SILENT, paths=[str(tmp_path / "runs.jsonl")], options=Options())
    with again.read() as reading:
        assert reading.row("SELECT count(*) FROM item") == (11,)
    again.close()


def test_an_encrypted_workspace_is_erased_from_as_well(tmp_path: Path) -> None:
    source = tmp_path / "runs.jsonl"
    source.write_text('{"messages": [{"role": "user", "content": "One."}]}\n{"messages": [{"role": "user", "content": "Two."}]}\n')
    workspace = prepared(tmp_path / "workspace", [source], passphrase=PASSPHRASE)
    item = worlds_first(workspace)
    erasing.request_erasure(workspace, SILENT, item=item, reason="Asked for.")
    assert erasing.erase_item(workspace, SILENT, item=item).value.here
    with workspace.read() as reading:
        assert not any(RATIONALE.encode() in bytes(content) for (content,) in reading.rows("SELECT content FROM blob"))
        assert reading.row("SELECT count(*) FROM item") == (1,)
    assert verifying.verify(workspace, SILENT).value.problems == ()
    workspace.close()

"""A release is frozen, signed, the same for the same labels, and holds a row for each answer."""

import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reviewer.domain.errors import Damaged, Refused
from reviewer.domain.events import Campaign, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.formats.format import Options
from reviewer.operations import campaigns, importing, labelling, members, release_checks, releasing, verifying
from reviewer.storage import driver
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.runs import chat_record, filled_workspace
from tests.storage.test_queues import gold


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Ten runs in two campaigns that overlap; nothing is labelled."""
    made = filled_workspace(tmp_path / "work", 10)
    for name in ("a", "b"):
        campaigns.create_campaign(made, SILENT, rules=Campaign(name=name, query="", seed=name))
    return made


def _items(workspace: Workspace, campaign: str = "a") -> list[ItemId]:
    return [pick.id for pick in campaigns.show_campaign(workspace, SILENT, campaign=campaign, with_items=True).value.items or ()]


def _label(workspace: Workspace, item: str, verdict: str, campaign: str = "a", **more: Any) -> None:
    opinion = Opinion(verdict=verdict)  # type: ignore[arg-type] # the tests give verdicts as words
    labelling.label_item(workspace, SILENT, campaign=campaign, item=item, opinion=opinion, **more)


def _release(workspace: Workspace, out: Path, *names: str, split: str = "1") -> releasing.Released:
    return releasing.release_dataset(workspace, SILENT, campaigns=names or ("a",), out=out, split=split).value


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("data/*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rows_say_what_the_items_say_and_trace_to_their_labels(workspace: Workspace, tmp_path: Path) -> None:
    items = _items(workspace)
    for item, verdict in zip(items[:5], ("compliant", "non_compliant", "unsure", "compliant", "compliant"), strict=True):
        _label(workspace, item, verdict)
    done = _release(workspace, tmp_path / "out")
    assert done.rows == {"train": 4, "validation": 0, "test": 0}
    assert done.dropped == {"unsure": 1, "open": 5, "low_confidence": 0, "gold": 0, "repeat": 0, "stale": 0, "no_value": 0}
    rows = _rows(tmp_path / "out")
    assert {row["reviewer_item"]: row["label"] for row in rows} == {items[0]: True, items[1]: False, items[3]: True, items[4]: True}
    for row in rows:
        assert [message["role"] for message in row["prompt"]] == ["system", "user"]
        assert [message["role"] for message in row["completion"]] == ["assistant", "tool", "assistant"]
        (call,) = row["completion"][0]["tool_calls"]
        assert call["type"] == "function"
        assert call["function"]["name"] == "refund"
        assert json.loads(call["function"]["arguments"])["amount"] == 1.1
        assert row["completion"][1]["tool_call_id"] == call["id"]
        assert len(row["reviewer_labels"]) == 1
        assert row["reviewer_blind"] is True
    table = pq.read_table(tmp_path / "out" / "data" / "train.parquet").to_pylist()
    assert [row["reviewer_item"] for row in table] == [row["reviewer_item"] for row in rows] == sorted(row["reviewer_item"] for row in rows)
    assert [row["completion"][-1]["content"] for row in table] == [row["completion"][-1]["content"] for row in rows]


def test_the_manifest_names_every_file_by_hash_and_is_signed_by_the_device(workspace: Workspace, tmp_path: Path) -> None:
    _label(workspace, _items(workspace)[0], "compliant")
    done = _release(workspace, tmp_path / "out")
    raw = (tmp_path / "out" / "manifest.json").read_bytes()
    manifest = json.loads(raw)
    assert json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == raw
    there = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {file["path"] for file in manifest["files"]} == there - {"manifest.json", "manifest.sig"}
    for file in manifest["files"]:
        assert file["sha256"] == hashlib.sha256((tmp_path / "out" / file["path"]).read_bytes()).hexdigest()
    signature = json.loads((tmp_path / "out" / "manifest.sig").read_bytes())
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["key"]))
    key.verify(bytes.fromhex(signature["signature"]), b"review/manifest/v1\n" + raw)
    assert signature["device"] == members.list_members(workspace, SILENT).value[0].device
    with workspace.read() as reading:
        row = reading.row("SELECT value FROM departure WHERE hash = ?", (bytes.fromhex(done.release),))
    assert row is not None
    value = json.loads(row[0])
    assert value["manifest"] == hashlib.sha256(raw).hexdigest()
    assert str(tmp_path) not in raw.decode() + (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_the_same_labels_give_the_same_release_and_parts_do_not_move(workspace: Workspace, tmp_path: Path) -> None:
    items = _items(workspace)
    for item in items[:6]:
        _label(workspace, item, "compliant")
    for name in ("one", "two"):
        _release(workspace, tmp_path / name, split="0.5,0.3,0.2")
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
    before = {row["reviewer_item"] for row in _rows(tmp_path / "one")}
    _label(workspace, items[7], "compliant")
    _release(workspace, tmp_path / "three", split="0.5,0.3,0.2")
    for part in ("train", "validation", "test"):
        old, new = (
            {json.loads(line)["reviewer_item"] for line in path.read_text(encoding="utf-8").splitlines()} if path.exists() else set()
            for path in (tmp_path / folder / "data" / f"{part}.jsonl" for folder in ("one", "three"))
        )
        assert new & before == old


def test_an_item_of_two_campaigns_is_one_row_or_open_where_they_disagree(workspace: Workspace, tmp_path: Path) -> None:
    items = _items(workspace)
    for campaign, verdict in (("a", "compliant"), ("b", "non_compliant")):
        _label(workspace, items[0], verdict, campaign)
        _label(workspace, items[1], "compliant", campaign)
    done = _release(workspace, tmp_path / "out", "a", "b", "a")
    (row,) = _rows(tmp_path / "out")
    assert row["reviewer_item"] == items[1]
    assert (len(row["reviewer_campaigns"]), len(row["reviewer_labels"])) == (2, 2)
    assert done.dropped["open"] == 8 + 8 + 1
    assert "different answers" in done.warnings[0]
    assert release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value == (1, 1, ())


def test_two_members_who_disagree_leave_an_item_open(tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "work", 3)
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="a", query="", seed="1", overlap=2))
    ben = workspace.as_member("Ben")
    items = _items(workspace)
    said = [("compliant", "non_compliant"), ("compliant", "compliant"), ("unsure", "compliant")]
    for item, (mine, theirs) in zip(items, said, strict=True):
        _label(workspace, item, mine)
        _label(ben, item, theirs)
    done = _release(workspace, tmp_path / "out")
    assert (done.rows["train"], done.dropped["open"], done.dropped["unsure"]) == (1, 1, 1)
    (row,) = _rows(tmp_path / "out")
    assert len(row["reviewer_labels"]) == 2
    with pytest.raises(NotAllowed):
        _release(ben, tmp_path / "other")
    ben.close()


def test_what_has_no_value_is_counted_and_what_was_not_blind_is_flagged(workspace: Workspace, tmp_path: Path) -> None:
    record = chat_record(99)
    assert isinstance(record["messages"], list)
    silent = {**record, "id": "silent", "messages": record["messages"][:2]}
    (tmp_path / "silent.jsonl").write_text(json.dumps(silent) + "\n")
    importing.import_files(workspace, SILENT, paths=[str(tmp_path / "silent.jsonl")], options=Options())
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="all", query="", seed="1"))
    items = _items(workspace, "all")
    with workspace.read() as reading:
        assert reading.row("SELECT external_id FROM item WHERE id = ?", (bytes.fromhex(items[0]),)) != ("silent",)
    for item in items:
        _label(workspace, item, "compliant", "all", shown=Shown(renderer="text", model=item == items[0]))
    done = _release(workspace, tmp_path / "out", "all")
    assert (done.rows["train"], done.dropped["no_value"]) == (10, 1)
    assert [row["reviewer_item"] for row in _rows(tmp_path / "out") if not row["reviewer_blind"]] == [items[0]]
    assert done.warnings == (
        "1 rows rest on a label that was not given blind; reviewer_blind says which.",
        "10 of 10 rows are compliant (100%, 95% interval 72% to 100%): a reward model learns nothing from one kind alone."
        " Label items of the other kind.",
    )


def test_a_label_taken_back_later_is_named_and_a_foreign_release_does_not_trace(workspace: Workspace, tmp_path: Path) -> None:
    for item in _items(workspace)[:2]:
        _label(workspace, item, "compliant")
    _release(workspace, tmp_path / "out")
    assert release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value.broken == ()
    taken = labelling.undo_label(workspace, SILENT).value
    checked = release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value
    (problem,) = checked.broken
    assert (checked.rows, checked.traced) == (2, 1)
    assert taken
    assert problem.what.startswith("Label ")
    assert problem.what.endswith(" by Ada was taken back after it.")
    other = filled_workspace(tmp_path / "other", 2)
    found = release_checks.check_release(other, SILENT, folder=tmp_path / "out").value
    assert found.traced == 0
    assert {problem.where for problem in found.broken} == {"manifest.sig", "data/train.jsonl line 1", "data/train.jsonl line 2"}


def test_a_cancelled_release_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    _label(workspace, _items(workspace)[0], "compliant")

    def stop(progress: Progress) -> None:
        if progress.done:
            raise Cancelled

    with pytest.raises(Cancelled):
        releasing.release_dataset(workspace, Ticket(stop), campaigns=["a"], out=tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work", "work.jsonl"]
    with pytest.raises(Refused):
        _release(workspace, tmp_path / "out", "b")
    assert verifying.verify(workspace, SILENT).value.ok
    assert not (tmp_path / "out").exists()


def test_the_card_says_what_was_not_settled_of_its_labels(workspace: Workspace, tmp_path: Path) -> None:
    for item in _items(workspace)[:3]:
        _label(workspace, item, "compliant")
    _label(workspace, _items(workspace, "b")[0], "compliant", "b")
    done = _release(workspace, tmp_path / "out")
    said = (done.folder / "README.md").read_text(encoding="utf-8")
    assert "How many of the 3 labels behind these rows another device had signed for is said by the release's entry" in said
    assert "0 conflicts between labels or resolutions of these campaigns were open." in said
    assert done.open.unwitnessed > 3
    again = _release(workspace, tmp_path / "again")
    assert again.files == done.files


@pytest.mark.parametrize("verified", [False, True])
def test_an_answer_that_rests_on_a_changed_entry_is_not_released(workspace: Workspace, tmp_path: Path, verified: bool) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    items = _items(workspace)
    for item in items[:4]:
        _label(workspace, item, "compliant")
    _label(ben, items[5], "compliant")
    ben.close()
    with closing(driver.connect(workspace.folder / "reviewer.db")) as raw:
        raw.execute("DROP TRIGGER entry_is_never_changed")
        (last,) = raw.execute("SELECT max(rowid) FROM entry WHERE kind = 'label'").fetchone()
        raw.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'compliant', 'COMPLIANT') AS BLOB) WHERE rowid = ?", (last,))
    if not verified:
        with pytest.raises(Damaged) as raised:
            _release(workspace, tmp_path / "out")
        assert raised.value.code == "E107"
        assert not (tmp_path / "out").exists()
        return
    assert not verifying.verify(workspace, SILENT).value.ok
    done = _release(workspace, tmp_path / "out")
    assert {row["reviewer_item"] for row in _rows(tmp_path / "out")} == set(items[:4])
    assert done.dropped["open"] == 6
    assert "1 items have an answer that rests on a device whose entries do not verify, and were dropped as open." in done.warnings


def test_gold_and_second_answers_are_left_out_and_counted(workspace: Workspace, tmp_path: Path) -> None:
    (outside,) = worlds.put_in(workspace, [worlds.run_of(1)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="g", query="-id:" + outside, seed="g", gold="0.2", repeat="0.2"))
    items = _items(workspace, "g")
    gold(workspace, outside, items[0], items[1], campaign="g")
    for item in (outside, items[0], items[2], items[3]):
        _label(workspace, item, "compliant", "g", showing=1)
    _label(workspace, items[2], "non_compliant", "g", showing=2)
    done = _release(workspace, tmp_path / "out", "g")
    assert {row["reviewer_item"] for row in _rows(tmp_path / "out")} == {items[2], items[3]}
    assert done.dropped == {"unsure": 0, "open": 7, "low_confidence": 0, "gold": 2, "repeat": 1, "stale": 0, "no_value": 0}
    assert release_checks.check_release(workspace, SILENT, folder=tmp_path / "out").value.broken == ()


def test_of_many_items_some_are_audited_and_that_is_said(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for item in _items(workspace)[:6]:
        _label(workspace, item, "compliant")
    monkeypatch.setattr("reviewer.operations.release_plans._AUDITED", 4)
    done = _release(workspace, tmp_path / "out")
    assert done.warnings[-1] == "4 of 6 judged items were audited: `reviewer release audit` looks at all."
    assert done.warnings[0].startswith("4 of 4 rows are compliant")
    assert done.rows["train"] == 6
    parted = _release(workspace, tmp_path / "parted", split="0.5,0.5")
    assert sum(parted.rows.values()) == 6
    assert parted.warnings[0].startswith("4 of 4 rows are compliant")

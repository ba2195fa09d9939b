"""A release is found again, says whether it still stands, and any of its rows leads back to labels, clauses, items and records."""

import shutil
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.members import NotAllowed
from reviewer.domain.preferences import Choice
from reviewer.domain.progress import SILENT
from reviewer.operations import (
    campaigns,
    labelling,
    members,
    policies,
    release_browsing,
    release_listing,
    release_previews,
    release_telling,
    releasing,
)
from reviewer.storage.workspace import Workspace
from tests import pairs, worlds
from tests.operations.test_release_formats import answer_to

_POLICY = b"# Refunds\n\n4.1 **Days.** Refund within 30 days.\n\n4.2 **Reason.** Ask why.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Ada's workspace with two releases of eight labels out of twelve items, in `kto` and `chat` beside it."""
    made = worlds.ready(tmp_path / "work")
    policies.add_text(made, SILENT, key="refunds", content=_POLICY, name="refunds.md")
    for place, item in enumerate(worlds.waiting(made)[:8]):
        verdict = "non_compliant" if place % 3 == 0 else "compliant"
        opinion = Opinion(verdict=verdict, rationale=f"because {place}")  # type: ignore[arg-type] # verdicts as words
        cited = ["refunds:4.1"] if place % 3 == 0 else []
        labelling.label_item(made, SILENT, campaign="C", item=item, opinion=opinion, clauses=cited)
    releasing.release_dataset(made, SILENT, campaigns=["C"], out=tmp_path / "kto", split="0.5,0.5")
    releasing.release_dataset(made, SILENT, campaigns=["C"], out=tmp_path / "chat", format_name="openai-chat")
    return made


def test_releases_are_listed_newest_first_with_their_place_on_this_machine(workspace: Workspace, tmp_path: Path) -> None:
    newer, older = release_listing.list_releases(workspace, SILENT).value
    assert (newer.format, older.format) == ("openai-chat", "trl-kto")
    assert (older.campaigns, older.by, older.total, older.folder) == (("C",), "Ada", 8, tmp_path / "kto")
    assert older.time > "2026"


def test_a_release_holds_until_a_label_is_taken_back_or_a_byte_flips(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "kto"
    assert release_listing.release_standing(workspace, SILENT, folder=folder).value == ("holds", (), 0)
    labelling.undo_label(workspace, SILENT)
    assert release_listing.release_standing(workspace, SILENT, folder=folder).value == ("withdrawn", (), 1)
    changed = shutil.copytree(folder, tmp_path / "changed")
    train = changed / "data" / "train.jsonl"
    train.write_bytes(train.read_bytes().replace(b"Done", b"Dane", 1))
    found = release_listing.release_standing(workspace, SILENT, folder=changed).value
    assert found.state == "changed"
    assert found.broken == (("data/train.jsonl", "Its hash is not the one of the manifest."),)
    (changed / "manifest.json").write_bytes(b"{")
    assert release_listing.release_standing(workspace, SILENT, folder=changed).value.state == "changed"
    with pytest.raises(NotFound):
        release_listing.release_standing(workspace, SILENT, folder=tmp_path / "nothing")


def test_a_folder_that_was_moved_is_found_again_and_a_foreign_one_is_not(workspace: Workspace, tmp_path: Path) -> None:
    moved = shutil.copytree(tmp_path / "kto", tmp_path / "moved")
    name = release_listing.locate_release(workspace, SILENT, folder=moved).value
    (_, older) = release_listing.list_releases(workspace, SILENT).value
    assert (older.release, older.folder) == (name, moved)
    other = worlds.make(tmp_path / "other")
    with pytest.raises(NotFound, match="knows no release"):
        release_listing.locate_release(other, SILENT, folder=moved)


def test_any_row_leads_back_to_its_labels_clauses_item_and_record(workspace: Workspace, tmp_path: Path) -> None:
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "kto").value
    assert opened.rows == 8
    assert opened.card.startswith("---\n")
    rows = [release_browsing.show_row(workspace, SILENT, opened=opened, number=number).value for number in range(1, 9)]
    assert {row.part for row in rows} <= {"train", "validation"}
    assert [row.problem for row in rows] == [None] * 8
    bad = next(row for row in rows if any(label.verdict == "non_compliant" for label in row.labels))
    told = release_telling.story(bad)
    titles = [link.title for link in told]
    assert titles[1:] == [
        "Ada: non-compliant", "Clause refunds:4.1, version 1", f"Item {bad.items[0].item[:12]}", titles[4], "It traces",
    ]  # fmt: skip
    assert titles[4].startswith("Record ")
    assert titles[4].endswith(" of runs.jsonl")
    assert "Refund within 30 days." in told[2].text
    names = [column.name for column in release_telling.columns(bad.line)]
    assert names == ["prompt", "completion", "label"]
    prompt = release_telling.columns(bad.line)[0]
    assert [who for who, _ in prompt.said] == ["system", "user"]


def test_a_row_is_found_by_number_and_by_the_ids_behind_it(workspace: Workspace, tmp_path: Path) -> None:
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "kto").value
    third = release_browsing.show_row(workspace, SILENT, opened=opened, number=3).value
    assert third.trace is not None
    for text in ("3", third.trace.reviewer_row[:8], third.trace.reviewer_item[:10], third.trace.reviewer_labels[0][:12]):
        assert release_browsing.find_row(workspace, SILENT, opened=opened, text=text).value == 3
    for wrong, error in (("9", NotFound), ("0", NotFound), ("f" * 20, NotFound), ("what?", Refused), ("12ab", Refused)):
        with pytest.raises(error):
            release_browsing.find_row(workspace, SILENT, opened=opened, text=wrong)


def test_rows_whose_lineage_lies_apart_are_shown_and_found_too(workspace: Workspace, tmp_path: Path) -> None:
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "chat").value
    row = release_browsing.show_row(workspace, SILENT, opened=opened, number=opened.rows).value
    assert row.problem is None
    assert row.trace is not None
    assert release_browsing.find_row(workspace, SILENT, opened=opened, text=row.trace.reviewer_row[:9]).value == opened.rows
    assert [column.name for column in release_telling.columns(row.line)] == ["messages"]


def test_a_row_that_no_longer_traces_says_why(workspace: Workspace, tmp_path: Path) -> None:
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "kto").value
    item = labelling.undo_label(workspace, SILENT).value.item  # now it waits for a blind label again, and is hidden until it has one
    worlds.label(workspace, item)
    rows = [release_browsing.show_row(workspace, SILENT, opened=opened, number=number).value for number in range(1, 9)]
    (bad,) = [row for row in rows if row.problem is not None]
    assert release_telling.story(bad)[-1] == ("It does not trace", bad.problem, "bad", "")
    assert "no longer in force" in release_telling.story(bad)[1].text


def test_what_the_viewer_has_still_to_judge_blind_is_neither_shown_nor_previewed(workspace: Workspace, tmp_path: Path) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="again", query="", seed="t"))
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "kto").value
    row = release_browsing.show_row(workspace, SILENT, opened=opened, number=1).value
    assert (row.hidden, row.line, row.labels) == (True, b"", ())
    assert [link.title for link in release_telling.story(row)] == ["Not shown yet"]
    seen = release_previews.preview_release(workspace, SILENT, campaigns=["C"]).value
    assert (seen.rows, seen.hidden, seen.counts) == ((), 8, {"train": 8, "validation": 0, "test": 0})


def test_only_who_may_release_looks_into_one(workspace: Workspace, tmp_path: Path) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    assert len(release_listing.list_releases(ben, SILENT).value) == 2
    with pytest.raises(NotAllowed):
        release_browsing.open_release(ben, SILENT, folder=tmp_path / "kto")
    ben.close()


def test_a_file_that_somebody_tampered_with_is_told_row_by_row_and_breaks_nothing(workspace: Workspace, tmp_path: Path) -> None:
    train = sorted((tmp_path / "kto" / "data").glob("*.jsonl"))[0]
    first, *rest = train.read_bytes().splitlines(keepends=True)
    wrong = [b"\xff\xfe\n", b'{"x":' + b"[" * 100_000 + b"}\n", first.replace(b'"reviewer_labels":["', b'"reviewer_labels":["zz'), b"\n"]
    train.write_bytes(b"".join([*wrong, *rest]))
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "kto").value
    for number in range(1, len(wrong) + 1):
        row = release_browsing.show_row(workspace, SILENT, opened=opened, number=number).value
        assert row.problem
        assert release_telling.story(row)[-1].title == "It does not trace"
        release_telling.columns(row.line)
    with pytest.raises(NotFound):
        release_browsing.find_row(workspace, SILENT, opened=opened, text="abcdef012345")
    assert release_listing.release_standing(workspace, SILENT, folder=tmp_path / "kto").value.state == "changed"
    train.unlink()
    with pytest.raises(NotFound, match="is not there any more"):
        release_browsing.show_row(workspace, SILENT, opened=opened, number=1)


def test_a_pair_of_outputs_and_a_pair_of_runs_tell_what_is_better_and_both_of_their_items(tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "pairs", items=1)
    (item,) = worlds.waiting(workspace)
    labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=Opinion(), choice=Choice(prefer="A"))
    runs = worlds.put_in(workspace, [answer_to(1, "Yes."), answer_to(1, "No.")], file="twins.jsonl")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="kind:trajectory -agent:claims", seed="s"))
    for run, verdict in zip(runs, ("compliant", "non_compliant"), strict=True):
        worlds.label(workspace, run, verdict, campaign="D")
    releasing.release_dataset(workspace, SILENT, campaigns=["C", "D"], out=tmp_path / "out", format_name="trl-preference")
    opened = release_browsing.open_release(workspace, SILENT, folder=tmp_path / "out").value
    of_runs, of_outputs = (release_browsing.show_row(workspace, SILENT, opened=opened, number=number).value for number in (1, 2))
    assert [row.problem for row in (of_runs, of_outputs)] == [None, None]
    assert [one.item for one in of_runs.items] == runs
    assert [link.title for link in release_telling.story(of_runs)].count("It traces") == 1
    assert " over " in release_telling.story(of_outputs)[0].text
    assert release_telling.story(of_outputs)[1].title == "Ada: preference"
    assert [column.name for column in release_telling.columns(of_outputs.line)] == ["prompt", "chosen", "rejected"]

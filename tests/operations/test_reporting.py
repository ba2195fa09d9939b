"""The oversight record: what it says of what happened, who may make it, and that it is written whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import Busy, NotFound, NotSaved, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.members import NotAllowed
from reviewer.domain.oversight import Block, OversightRecord, Table
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, members, reporting, resolving, verifying
from reviewer.storage.workspace import Workspace
from tests import opinions, records, worlds

A, B, C = opinions.PEOPLE


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[opinions.Labelled]:
    """A campaign over sixty items that three people labelled; Ada leads. Only to be read."""
    made = opinions.labelled(tmp_path_factory.mktemp("labelled") / "workspace")
    yield made
    made.workspace.close()


@pytest.fixture
def differing(tmp_path: Path) -> Iterator[opinions.Labelled]:
    """A campaign over two items; A and B differ on the first."""
    begun = opinions.begun(tmp_path / "workspace", items=2)
    for name, verdict in ((A, "compliant"), (B, "non_compliant")):
        who = begun.workspace.as_member(name)
        opinions.give(who, begun.items[0], verdict)
        who.close()
    yield begun
    begun.workspace.close()


def record(workspace: Workspace, campaign: str = opinions.NAME) -> OversightRecord:
    """The record as data."""
    return reporting.oversight_record(workspace, SILENT, campaign=campaign).value


def section(record: OversightRecord, title: str) -> tuple[Block, ...]:
    """The blocks of a section."""
    return next(one.blocks for one in record.sections if one.title == title)


def table(record: OversightRecord, title: str) -> Table:
    """The table of a title, wherever it stands."""
    (found,) = [block for one in record.sections for block in one.blocks if isinstance(block, Table) and block.title == title]
    return found


def said(record: OversightRecord, title: str) -> str:
    """All that a section says."""
    return "\n".join(records.texts(section(record, title)))


def test_the_record_says_what_was_asked_who_said_what_and_what_is_not_covered(labelled: opinions.Labelled) -> None:
    found = record(labelled.workspace)
    assert [title.split(". ")[0] for title in found.headings()] == [*map(str, range(1, 12)), "Appendix A"]
    assert [row[:3] for row in table(found, "Policies, and their versions").rows] == [
        ("airline", "1", "Airline"),
        ("airline", "2", "Airline"),
    ]
    assert table(found, "Policies, and their versions").rows[1][4] == "2026-11-03"
    assert [(row[0], row[2], row[4], row[7]) for row in table(found, "Reviewers, in the order of their names").rows] == [
        (A, "60", "0", "airline version 1 (28)"), (B, "60", "0", "airline version 1 (27)"), (C, "9", "0", "none"),
    ]  # fmt: skip
    rate = said(found, "Violation rate")
    assert "Answered n\n47" in rate
    assert "11 open, 2 unsure" in rate
    assert table(found, "By agent").rows[0][:3] == ("claims", "23", "30")
    assert "13 items wait for a ruling" in said(found, "Disagreements, and how they were settled")
    assert [row[2] for row in table(found, "Results, in the order of names").rows] == ["8 of 9", "9 of 9", "7 of 7"]
    assert table(found, "Stale labels by clause").rows == (("airline:2.4", "12"),)
    limits = {row[0]: row[1] for row in section(found, "Limits: what this record does not cover")[1].rows}  # type: ignore[union-attr]
    assert (limits["Stale labels"], limits["Open items"], limits["Unsure items"]) == ("12", "11", "2")


def test_the_digests_are_those_of_verify_before_and_after(labelled: opinions.Labelled) -> None:
    before = verifying.verify(labelled.workspace, SILENT).value
    found = said(record(labelled.workspace), "Verification")
    after = verifying.verify(labelled.workspace, SILENT).value
    assert (before.digest, before.set_digest) == (after.digest, after.set_digest)
    assert before.digest in found
    assert before.set_digest in found
    assert f"{before.entries:,} entries" in found


def test_a_ruling_is_listed_with_the_labels_that_it_settles(differing: opinions.Labelled) -> None:
    item = differing.items[0]
    resolving.resolve_item(
        differing.workspace, SILENT, campaign=opinions.NAME, item=item, verdict="non_compliant", rationale="As it says.", clauses=["5.1"]
    )
    (row,) = table(record(differing.workspace), "Rulings, the oldest first").rows
    assert (row[0], row[1], row[2], row[3], row[5]) == (item[:12], "1 compliant, 1 non-compliant", "Non-compliant", "Ada", "airline:5.1")


def test_a_ruling_on_what_its_maker_has_still_to_judge_blind_is_counted_and_not_listed(differing: opinions.Labelled) -> None:
    members.add_members(differing.workspace, SILENT, names=["Judge"], role="adjudicator")
    rules = Campaign(name="hers", query="", seed="s", assign="all", policies=("airline",))
    campaigns.create_campaign(differing.workspace, SILENT, rules=rules, member_names=("Ada",))  # the same items wait for Ada, blind
    judge = differing.workspace.as_member("Judge")
    resolving.resolve_item(judge, SILENT, campaign=opinions.NAME, item=differing.items[0], verdict="compliant", rationale="So.", clauses=[])
    assert len(table(record(judge), "Rulings, the oldest first").rows) == 1
    judge.close()
    hidden = table(record(differing.workspace), "Rulings, the oldest first")
    assert hidden.rows == ()
    assert hidden.note == "1 ruling not listed: whoever made this record has still to judge these items blind."


def test_a_reviewer_may_not_make_one_and_an_observer_may(differing: opinions.Labelled, tmp_path: Path) -> None:
    members.add_members(differing.workspace, SILENT, names=["Olga"], role="observer")
    reviewer, observer = (differing.workspace.as_member(name) for name in (A, "Olga"))
    with pytest.raises(NotAllowed, match="Reviewer A is a reviewer and may not make an oversight record"):
        reporting.write_report(reviewer, SILENT, campaign=opinions.NAME, path=tmp_path / "a.html")
    reporting.write_report(observer, SILENT, campaign=opinions.NAME, path=tmp_path / "o.html")
    assert [(tmp_path / name).exists() for name in ("a.html", "o.html")] == [False, True]
    reviewer.close()
    observer.close()


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("record.docx", Refused, "does not end in .pdf or .html"),
        ("record", Refused, "does not end in .pdf or .html"),
        ("nowhere/record.pdf", NotFound, "There is no folder"),
        ("folder.html", Refused, "is a folder"),
    ],
)
def test_a_file_that_cannot_be_is_refused_in_words(
    labelled: opinions.Labelled, tmp_path: Path, name: str, error: type[Exception], words: str
) -> None:
    (tmp_path / "folder.html").mkdir()
    here = set(tmp_path.iterdir())
    with pytest.raises(error, match=words):
        reporting.write_report(labelled.workspace, SILENT, campaign=opinions.NAME, path=tmp_path / name)
    assert set(tmp_path.iterdir()) == here


def test_a_place_that_the_system_refuses_says_so(labelled: opinions.Labelled, tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="cannot be written: File name too long"):
        reporting.write_report(labelled.workspace, SILENT, campaign=opinions.NAME, path=tmp_path / f"{'x' * 300}.html")


def test_a_campaign_without_labels_gives_no_record(tmp_path: Path) -> None:
    begun = opinions.begun(tmp_path / "workspace", items=2)
    with pytest.raises(Refused, match="has no labels yet, so there is nothing to record"):
        reporting.write_report(begun.workspace, SILENT, campaign=opinions.NAME, path=tmp_path / "record.html")
    assert not (tmp_path / "record.html").exists()
    begun.workspace.close()


def test_a_record_takes_the_place_of_an_older_one_whole_and_stopped_leaves_it(labelled: opinions.Labelled, tmp_path: Path) -> None:
    path = tmp_path / "record.html"
    path.write_text("older", encoding="utf-8")
    seen: list[str] = []

    def stop(progress: Progress) -> None:
        seen.append(progress.what)
        if progress.what == "Setting the pages":
            ticket.cancel()

    ticket = Ticket(stop)
    with pytest.raises(Cancelled):
        reporting.write_report(labelled.workspace, ticket, campaign=opinions.NAME, path=path)
    assert path.read_text(encoding="utf-8") == "older"
    assert {one.name for one in tmp_path.iterdir() if one.name.startswith(".")} == set()
    assert len(set(seen)) > 4
    reporting.write_report(labelled.workspace, SILENT, campaign=opinions.NAME, path=path)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_label_that_comes_in_meanwhile_is_counted_too_and_endless_ones_are_said(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=12)
    items = worlds.waiting(workspace)
    worlds.label(workspace, items[0], "compliant")
    left = [items[1]]

    def label_once(progress: Progress) -> None:
        if progress.what == "Reading labels" and left:
            worlds.label(workspace, left.pop(), "non_compliant")

    found = reporting.oversight_record(workspace, Ticket(label_once), campaign="C").value
    assert "Answered n\n2" in said(found, "Violation rate")
    left = list(items[2:])
    with pytest.raises(Busy, match="Labels kept coming in"):
        reporting.oversight_record(workspace, Ticket(label_once), campaign="C")
    workspace.close()


def test_the_appendix_names_sections_that_are_there(labelled: opinions.Labelled) -> None:
    found = record(labelled.workspace)
    titles = {one.title for one in found.sections}
    named = {part.split("”")[0] for text in records.texts(found.sections[-1].blocks) for part in text.split("“")[1:]}
    assert named - {"quotation marks"} <= titles
    assert len(named) >= 8

"""The tables show what the fold counts, whichever order entries are applied in."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from reviewer.domain import chain, fold
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.events import Campaign, Event, Label, Retract, Shown
from reviewer.domain.facts import typed
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns as asking
from reviewer.operations import labelling, members
from reviewer.storage import campaigns, projections
from reviewer.storage.beside import beside
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.rows import ChangingRows
from reviewer.storage.workspace import Workspace
from tests import worlds


def entries_of(workspace: Workspace) -> list[Entry]:
    with workspace.read() as reading:
        rows = reading.rows("SELECT hash, body, sig FROM entry ORDER BY rowid")
    return [Entry(EntryHash(name.hex()), chain.parse(raw), raw, sig) for name, raw, sig in rows]


def apply_all(rows: ChangingRows, entries: Iterable[Entry]) -> None:
    for entry in entries:
        projections.apply(rows, entry, typed(entry.body))


def early(entry: Entry) -> int:
    """What must be there before others can name it."""
    return (
        ["genesis", "enrol", "campaign", "draw"].index(entry.body.kind)
        if entry.body.kind in ("genesis", "enrol", "campaign", "draw")
        else 4
    )


def test_any_order_of_answers_makes_the_same_rows(tmp_path: Path) -> None:
    workspace = worlds.busy(tmp_path / "w", items=40)
    entries = entries_of(workspace)
    chance = random.Random(4)
    for _ in range(8):
        chance.shuffle(entries)
        twice = sorted(entries + entries[:50], key=early)
        with beside(workspace.folder / "reviewer.db", key=None) as rows:
            apply_all(rows, twice)
            assert list(rows.compare()) == []
    workspace.close()


def test_the_digest_of_the_tables_is_that_of_the_fold_conflicts_and_all(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    campaign = campaign_of(workspace)
    two_answers(workspace, campaign, item)
    state = fold.fold(entries_of(workspace))
    assert len(state.conflicts) == 1
    with workspace.read() as reading:
        assert digest_of_tables(reading) == state.digest


def campaign_of(workspace: Workspace) -> EntryHash:
    with workspace.read() as reading:
        return campaigns.named(reading, "C").state.hash


def blank(campaign: EntryHash, item: ItemId, verdict: str, showing: int = 1) -> Label:
    return Label(
        campaign=campaign, item=item, showing=showing, clauses=(), spans=(), omissions=(), steps={}, blind=True, shown=Shown("t"),
        verdict=verdict,  # type: ignore[arg-type] # the cases name verdicts
    )  # fmt: skip


def two_answers(workspace: Workspace, campaign: EntryHash, item: ItemId) -> list[EntryHash]:
    """As from two devices of one member, neither of which knew of the other."""
    with workspace.begin() as work:
        return [work.record(Event("label", blank(campaign, item, verdict))) for verdict in ("compliant", "non_compliant")]


def counters(workspace: Workspace) -> tuple[int, int, int, int]:
    with workspace.read() as reading:
        stored = campaigns.named(reading, "C")
        return stored.sampled, stored.complete, stored.answered, stored.labels


def test_counters_follow_labels_replacements_and_retractions(workspace: Workspace) -> None:
    first, second, *_ = worlds.waiting(workspace)
    assert counters(workspace) == (12, 0, 0, 0)
    worlds.label(workspace, first)
    assert counters(workspace) == (12, 1, 1, 1)
    worlds.label(workspace, first, "unsure")
    assert counters(workspace) == (12, 1, 0, 1)
    worlds.label(workspace, second, "non_compliant")
    assert counters(workspace) == (12, 2, 1, 2)
    labelling.undo_label(workspace, SILENT, campaign="C")
    assert counters(workspace) == (12, 1, 0, 1)


def test_a_member_with_two_answers_that_differ_has_no_vote(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    given = two_answers(workspace, campaign_of(workspace), item)
    assert counters(workspace) == (12, 1, 0, 2)
    with workspace.begin() as work:
        work.record(Event("label", blank(campaign_of(workspace), item, "compliant"), deps=frozenset(given)))
    assert counters(workspace) == (12, 1, 1, 1)


def test_a_silent_repeat_neither_answers_nor_completes(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    with workspace.begin() as work:
        work.record(Event("label", blank(campaign_of(workspace), item, "compliant", showing=2)))
    assert counters(workspace) == (12, 0, 0, 1)


def test_applying_an_entry_twice_changes_nothing(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    labelling.skip_item(workspace, SILENT, campaign="C", item=worlds.waiting(workspace)[0])
    labelling.undo_label(workspace, SILENT)
    with workspace.read() as reading:
        before = digest_of_tables(reading)
    now = counters(workspace)
    with workspace.begin() as work:
        apply_all(work, entries_of(workspace))
    with workspace.read() as reading:
        assert digest_of_tables(reading) == before
    assert counters(workspace) == now


@pytest.mark.parametrize("late_first", [False, True])
def test_a_retraction_holds_whether_it_comes_before_or_after_its_label(workspace: Workspace, late_first: bool) -> None:
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    labelling.undo_label(workspace, SILENT)
    entries = sorted(entries_of(workspace), key=lambda entry: (early(entry), (entry.body.kind == "retract") != late_first))
    with beside(workspace.folder / "reviewer.db", key=None) as rows:
        apply_all(rows, entries)
        assert list(rows.compare()) == []
        assert rows.rows("SELECT in_force FROM label") == [(0,)]


def test_what_answers_an_unknown_campaign_makes_no_rows(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    with workspace.begin() as work:
        for kind, value in (("label", blank(EntryHash("a" * 64), item, "compliant")), ("retract", Retract(EntryHash("a" * 64), item))):
            before = work.changes
            work.record(Event(kind, value, reason="undo"))  # type: ignore[arg-type] # the loop's kinds are kinds
            assert work.changes == before
    with workspace.read() as reading:
        assert reading.rows("SELECT * FROM label") == []


def test_an_act_without_the_right_to_it_makes_no_rows(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Olga"], role="observer")
    olga = workspace.as_member("Olga")
    item = worlds.waiting(workspace)[0]
    with olga.begin() as work:
        work.record(Event("label", blank(campaign_of(workspace), item, "compliant")))
        assert work.changes is Changes.NONE
    olga.close()
    assert counters(workspace) == (12, 0, 0, 0)


def test_a_probability_never_falls(tmp_path: Path) -> None:

    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(40)])
    asking.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", design="srs"), size=10)
    asking.grow_campaign(workspace, SILENT, campaign="C", size=20)
    entries = entries_of(workspace)
    draws = [entry for entry in entries if entry.body.kind == "draw"]
    others = [entry for entry in entries if entry.body.kind != "draw"]
    for order in (draws, draws[::-1]):
        with beside(workspace.folder / "reviewer.db", key=None) as rows:
            apply_all(rows, [*others, *order])
            assert list(rows.compare()) == []
            assert rows.rows("SELECT DISTINCT pi FROM pick") == [("0.5",)]
    workspace.close()

"""What leaves, in bulk: labels as a viewer may have them, and why items have no answer."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Campaign, Clause, Event, Label, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures
from reviewer.storage.departures import LabelRow
from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Five runs that Ada and Ben both label."""
    made = filled_workspace(tmp_path / "work", 5)
    members.add_members(made, SILENT, names=["Ben"])
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="c", query="", seed="1", overlap=2))
    return made


def _items(workspace: Workspace) -> list[ItemId]:
    return [pick.id for pick in campaigns.show_campaign(workspace, SILENT, campaign="c", with_items=True).value.items or ()]


def _say(workspace: Workspace, item: str, verdict: str) -> str:
    opinion = Opinion(verdict=verdict, rationale=f"{workspace.me.name} on {item[:6]}")  # type: ignore[arg-type] # a word of the table
    return labelling.label_item(workspace, SILENT, campaign="c", item=item, opinion=opinion).value.label


def _all(chunks: Iterable[list[LabelRow]]) -> list[LabelRow]:
    return [row for chunk in chunks for row in chunk]


@pytest.mark.parametrize(
    ("ada", "ben", "unsure", "open_"),
    [
        (None, None, 0, 5),
        ("unsure", None, 0, 5),
        ("compliant", "compliant", 0, 4),
        ("compliant", "non_compliant", 0, 5),
        ("unsure", "unsure", 1, 4),
        ("compliant", "unsure", 1, 4),
    ],
)
def test_an_item_without_an_answer_is_unsure_or_open(
    workspace: Workspace, ada: str | None, ben: str | None, unsure: int, open_: int
) -> None:
    item = _items(workspace)[0]
    other = workspace.as_member("Ben")
    for who, verdict in ((workspace, ada), (other, ben)):
        if verdict is not None:
            _say(who, item, verdict)
    other.close()
    with workspace.read() as reading:
        assert departures.unanswered(reading, campaign_rows.named(reading, "c")) == (unsure, open_)


def test_labels_come_in_order_with_their_texts_and_what_ended_them(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "_CHUNK", 2)
    items = _items(workspace)
    first = [_say(workspace, item, "compliant") for item in items]
    second = _say(workspace, items[1], "unsure")
    labelling.undo_label(workspace, SILENT)
    with workspace.read() as reading:
        chunks = list(departures.labels(reading, history=True))
        assert [len(chunk) for chunk in chunks] == [2, 2, 2]
        rows = _all(chunks)
        assert [row.hash for row in rows] == [*first, second]
        assert [row.rationale for row in rows[:5]] == [f"Ada on {item[:6]}" for item in items]
        assert (rows[1].in_force, rows[1].replaced_by, rows[1].retracted_by) == (False, second, None)
        assert rows[5].retracted_by is not None
        assert departures.count(reading, history=True) == 6
        assert departures.count(reading) == len(_all(departures.labels(reading))) == 4
        assert departures.label_at(reading, second) == rows[5]._replace(witnessed=None)
        assert departures.label_at(reading, "0" * 64) is None
        assert departures.label_at(reading, "no hash") is None


def test_a_viewer_gets_no_label_of_others_on_what_they_have_still_to_judge(workspace: Workspace) -> None:
    items = _items(workspace)
    other = workspace.as_member("Ben")
    for item in items[:3]:
        _say(workspace, item, "compliant")
    _say(other, items[0], "unsure")
    with workspace.read() as reading:
        seen = [(row.reviewer, row.item) for row in _all(departures.labels(reading, viewer=other.member))]
        assert seen == [("Ada", items[0]), ("Ben", items[0])]
        assert departures.count(reading, viewer=other.member) == 2
        assert departures.count(reading, viewer=workspace.member) == 4
    other.close()


def test_answered_items_come_by_id_with_all_labels_behind_them(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "_CHUNK", 2)
    other = workspace.as_member("Ben")
    items = _items(workspace)
    given = {item: sorted([_say(workspace, item, "compliant"), _say(other, item, "compliant")]) for item in items[:3]}
    other.close()
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, "c")
        chosen = departures.answers(reading, stored)
        found = list(departures.answered_items(reading, [stored], chosen))
    assert [one.item for one in found] == sorted(given)
    assert {one.item: list(one.labels) for one in found} == given
    assert all(one.payload and one.blind and one.answer == "compliant" for one in found)


def test_the_policies_of_a_campaign_are_those_that_its_labels_in_force_cite(workspace: Workspace) -> None:
    item = _items(workspace)[0]
    with workspace.read() as reading:
        campaign = campaign_rows.named(reading, "c")

    def cite(version: str, *replaced: EntryHash) -> EntryHash:
        clause = Clause(policy="refunds", version=version, clause="2.1", text="e" * 64)
        label = Label(
            campaign=campaign.state.hash, item=item, showing=1, clauses=(clause,), spans=(), omissions=(), steps={}, blind=True,
            shown=Shown("t"), verdict="compliant",
        )  # fmt: skip
        with workspace.begin() as work:
            return work.record(Event("label", label, frozenset(replaced)))

    first = cite("a" * 64)
    with workspace.read() as reading:
        assert departures.cited(reading, campaign) == {"refunds@" + "a" * 64}
    cite("b" * 64, first)
    with workspace.read() as reading:
        assert departures.cited(reading, campaign) == {"refunds@" + "b" * 64}

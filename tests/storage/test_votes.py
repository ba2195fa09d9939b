"""Which labels have a vote: in force, blind, of the first showing, and of members who say one thing."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import label_imports, labelling
from reviewer.storage import campaigns, votes
from reviewer.storage.workspace import Workspace
from tests import opinions
from tests.opinions import PEOPLE, Labelled

A, B, _ = PEOPLE


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Labelled]:
    """Six items that everyone may label."""
    made = opinions.begun(tmp_path / "workspace", items=6)
    yield made
    made.workspace.close()


def bring_in(begun: Labelled, *lines: str) -> None:
    file = begun.workspace.folder.parent / "labels.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    brought = label_imports.import_labels(begun.workspace, SILENT, path=file, campaign=opinions.NAME).value
    assert (brought.added, brought.rejected) == (len(lines), 0)


def said(workspace: Workspace) -> set[tuple[str, str, str]]:
    """Item, name and verdict of every vote."""
    with workspace.read() as reading:
        found = votes.votes(reading, campaigns.named(reading, opinions.NAME))
        names = votes.names(reading)
        rows = zip(found["item"].tolist(), found["member"].tolist(), found["verdict"].tolist(), strict=True)
        return {(item.hex(), names[member], verdict) for item, member, verdict in rows}


def test_a_vote_is_what_a_member_last_said_and_not_what_was_taken_back(begun: Labelled) -> None:
    first, second = begun.items[:2]
    a, b = (begun.workspace.as_member(name) for name in (A, B))
    opinions.give(a, first, "compliant")
    opinions.give(a, first, "unsure")
    opinions.give(b, first, "non_compliant", "4.2")
    opinions.give(b, second, "compliant")
    labelling.undo_label(b, SILENT)
    a.close()
    b.close()
    assert said(begun.workspace) == {(first, A, "unsure"), (first, B, "non_compliant")}


def test_labels_that_were_not_blind_or_of_a_second_showing_have_no_vote(begun: Labelled) -> None:
    first, second = begun.items[:2]
    bring_in(
        begun,
        f'{{"item":"{first}","verdict":"compliant","reviewer":"{A}"}}',
        f'{{"item":"{first}","verdict":"non_compliant","reviewer":"{A}","showing":2}}',
        f'{{"item":"{second}","verdict":"compliant","reviewer":"{A}","blind":false}}',
    )
    assert said(begun.workspace) == {(first, A, "compliant")}


@pytest.mark.parametrize(("verdict", "votes_left"), [("non_compliant", 0), ("compliant", 1)])
def test_who_says_two_things_at_once_has_no_vote_and_who_says_one_twice_has_one(begun: Labelled, verdict: str, votes_left: int) -> None:
    a = begun.workspace.as_member(A)
    opinions.give(a, begun.items[0], "compliant")
    opinions.give(a, begun.items[0], verdict)
    a.close()
    with begun.workspace.begin() as work:  # as if neither had known of the other
        work.run("UPDATE label SET in_force = 1")
    assert len(said(begun.workspace)) == votes_left


def test_reading_many_labels_can_be_stopped(begun: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(votes, "_CHUNK", 2)
    a = begun.workspace.as_member(A)
    for item in begun.items:
        opinions.give(a, item, "compliant")
    a.close()
    steps: list[int] = []
    with begun.workspace.read() as reading:
        votes.votes(reading, campaigns.named(reading, opinions.NAME), steps.append)
    assert steps == [2, 4, 6]


def test_the_clauses_that_votes_cite_are_found(tmp_path: Path) -> None:
    made = opinions.labelled(tmp_path / "workspace")
    with made.workspace.read() as reading:
        cited = votes.citations(reading, campaigns.named(reading, opinions.NAME))
        assert cited["clause"].value_counts().to_dict() == {"4.2": 32, "2.4": 12, "5.1": 11}
    made.workspace.close()


def test_an_item_that_was_not_drawn_has_no_probability(begun: Labelled) -> None:
    a = begun.workspace.as_member(A)
    for item in begun.items[:2]:
        opinions.give(a, item, "compliant")
    a.close()
    with begun.workspace.begin() as work:
        work.run("DELETE FROM pick WHERE item = ?", (bytes.fromhex(begun.items[0]),))
        found = votes.votes(work, campaigns.named(work, opinions.NAME)).set_index("item")["pi"]
    assert found.isna().to_dict() == {bytes.fromhex(begun.items[0]): True, bytes.fromhex(begun.items[1]): False}


def test_what_waits_for_ones_own_blind_label_is_unseen(begun: Labelled) -> None:
    a = begun.workspace.as_member(A)
    opinions.give(a, begun.items[0], "compliant")
    with a.read() as reading:
        stored = campaigns.named(reading, opinions.NAME)
        assert {item.hex() for item in votes.unseen(reading, stored, a.member)} == set(begun.items[1:])
        assert votes.unseen(reading, stored, begun.workspace.member) == frozenset()  # the lead takes no part
    a.close()


def test_numbers_and_codes_follow_the_order_of_names() -> None:
    frame = pd.DataFrame({"item": [b"b", b"a", b"b"], "verdict": ["x", "y", "z"]})
    numbers, items = votes.numbered(frame)
    assert (numbers.tolist(), items) == ([1, 0, 1], [b"a", b"b"])
    assert votes.coded(frame["verdict"], ("y", "x")).tolist() == [1, 0, -1]

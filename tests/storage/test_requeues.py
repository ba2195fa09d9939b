"""Of whom items are asked again: the tables say so whatever the order in which entries came."""

import random
from pathlib import Path

import pytest

from reviewer.domain import fold
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged
from reviewer.domain.events import BlobRef, Event, Requeue
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, members, requeueing, resolving
from reviewer.storage import campaigns, requeues
from reviewer.storage.beside import beside
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.storage.test_late_arrivals import sound
from tests.storage.test_projections import apply_all, early, entries_of


def much_asked(folder: Path) -> Workspace:
    """Two reviewers whose items are asked for again and answered, half of them, taken back, put off and resolved."""
    workspace = worlds.ready(folder, items=16)
    members.add_members(workspace, SILENT, names=["Ben"])
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    ben, judy = workspace.as_member("Ben"), workspace.as_member("Judy")
    everything = worlds.waiting(workspace) + worlds.waiting(ben)
    for item in everything:
        for who in (workspace, ben):
            worlds.label(who, item)
    requeueing.requeue_items(judy, SILENT, campaign="C", items=everything[:10], why="sent_back", note="Look.")
    for number, item in enumerate(everything[:8]):
        worlds.label(workspace, item, "unsure" if number % 2 else "non_compliant")
        if number % 4 == 0:
            labelling.undo_label(workspace, SILENT, campaign="C")
    requeueing.requeue_items(workspace, SILENT, campaign="C", items=everything[5:12], why="stale", clause="refunds:1")
    worlds.label(ben, everything[6])
    labelling.skip_item(ben, SILENT, campaign="C", item=everything[7])
    resolving.resolve_item(judy, SILENT, campaign="C", item=everything[9], verdict="compliant", rationale="It is.")
    ben.close()
    judy.close()
    return workspace


def test_any_order_of_answers_asks_of_the_same_people(tmp_path: Path) -> None:
    workspace = much_asked(tmp_path / "w")
    with workspace.read() as reading:
        assert reading.row("SELECT count(*) > 12, count(DISTINCT member) FROM asked_again") == (1, 2)
        assert digest_of_tables(reading) == fold.fold(entries_of(workspace)).digest
    entries = entries_of(workspace)
    chance = random.Random(7)
    for _ in range(12):
        chance.shuffle(entries)
        twice = sorted(entries + entries[:30], key=early)
        with beside(workspace.folder / "reviewer.db", key=None) as rows:
            apply_all(rows, twice)
            assert list(rows.compare()) == []
    workspace.close()


def test_a_draw_that_comes_after_the_requeue_asks_all_the_same(tmp_path: Path) -> None:
    workspace = much_asked(tmp_path / "w")
    entries = entries_of(workspace)
    late = [entry for entry in entries if entry.body.kind == "draw"]
    with beside(workspace.folder / "reviewer.db", key=None) as rows:
        apply_all(rows, [*(entry for entry in entries if entry not in late), *late])
        assert list(rows.compare()) == []
    workspace.close()


@pytest.mark.parametrize("content", [b"", b"x", b"y" * 33])
def test_a_list_that_is_none_asks_for_nothing_and_is_no_fault_of_the_rest(workspace: Workspace, content: bytes) -> None:
    with workspace.begin() as work:
        name = work.keep_blob(content) if content else "0" * 64
        value = Requeue(campaign=campaigns.named(work, "C").state.hash, items=BlobRef(1, name), why="asked")
        work.record(Event("requeue", value))
        assert work.changes & Changes.QUEUE
        assert work.row("SELECT count(*) FROM requeue") == (1,)
        assert work.row("SELECT count(*) FROM requeue_item") == (0,)
        if content:
            with pytest.raises(Damaged):
                requeues.listed(work, name)
    assert len(worlds.waiting(workspace)) == 12


def test_a_list_that_comes_after_its_requeue_asks_all_the_same(tmp_path: Path) -> None:
    workspace = much_asked(tmp_path / "w")
    there = replicas.empty(tmp_path / "there", seed=9)
    project = replicas.project_of(workspace)
    replicas.take(there, replicas.all_entries(workspace), project)
    replicas.take(there, [], project, replicas.contents(workspace))
    asked = "SELECT member, item, hash, enough FROM asked_again ORDER BY 1, 2, 3"
    with workspace.read() as here, there.read() as other:
        assert other.rows(asked) == here.rows(asked) != []
    sound(there)
    there.close()
    workspace.close()

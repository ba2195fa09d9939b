"""Of whom items are asked again: the tables say so whatever the order in which entries came."""

import hashlib
import random
from pathlib import Path

import pytest

from reviewer.domain import fold
from reviewer.domain.chain import MemberId, StreamId
from reviewer.domain.changes import Changes
from reviewer.domain.errors import Damaged
from reviewer.domain.events import BlobRef, Event, Point, Requeue, Revoke
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, members, requeueing, resolving
from reviewer.storage import campaigns, keys, requeues
from reviewer.storage.beside import beside
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.faults import oracle, views
from tests.storage.test_late_arrivals import Pair, ask, label_of, newest, sound
from tests.storage.test_lists import ITEMS, PICKED, draw, requeue
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


def asked(workspace: Workspace) -> set[tuple[str, str]]:
    """Of whom the item is asked again, and by which requeue: as the tables say, which is what the oracle of the simulation says too."""
    entries, held = entries_of(workspace), {hashlib.sha256(content).hexdigest(): content for content in replicas.contents(workspace)}
    state = fold.fold(entries)
    refused = {one.hash for one in state.not_counted}
    counted = {entry.hash: entry.body for entry in entries if entry.hash not in refused}
    wanted = views.views(counted, held, oracle.gone_members(counted, state))
    with workspace.read() as reading:
        found = {(member, name.hex()) for member, name in reading.rows("SELECT member, hash FROM asked_again")}
    assert [view.asked for view in wanted.values()] == [found]
    return found


def test_whoever_left_is_asked_for_nothing_and_whoever_comes_back_is_wherever_their_label_arrives(tmp_path: Path) -> None:
    pair, key, ben = Pair(tmp_path), keys.new_key(), MemberId("b" * 32)
    pair.enrol(key, ben, "reviewer")
    campaign = ask(pair)
    with pair.ada.begin() as work:
        work.record(draw(campaign, BlobRef(1, work.keep_blob(PICKED))))
    before, site = replicas.all_entries(pair.ada), pair.site(key)
    label = pair.write(label_of(campaign), site)
    (labelled,) = newest(site)
    with pair.ada.begin() as work:
        name = work.record(requeue(campaign, BlobRef(1, work.keep_blob(ITEMS))))
    pair.write(Event("revoke", Revoke(key.device, (Point(StreamId("a" * 32), 1, label),)), reason="left"))
    pair.enrol(keys.new_key(), ben, "reviewer", stream="c" * 32)
    later, nobody, again = newest(pair.ada, 3), set[tuple[str, str]](), {(ben, name)}
    # After the requeue and the label, whichever came first; after the revocation; after the admission of a further device.
    for place, told in enumerate([[nobody, again, nobody, again]] * 2 + [[nobody, nobody, nobody, again]] * 2):
        there = pair.fresh()
        replicas.take(there, before, pair.project, replicas.contents(pair.ada))
        for one, expected in zip((*later[:place], labelled, *later[place:]), told, strict=True):
            replicas.take(there, [one], pair.project)
            assert asked(there) == expected
        sound(there)
        there.close()

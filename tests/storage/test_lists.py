"""Lists that come after the entries that name them: however they come, the tables are then what a rebuild makes of them."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import TypeAlias

import pytest

from reviewer.domain import canonical
from reviewer.domain.chain import EntryHash
from reviewer.domain.events import BlobRef, Draw, Event, Requeue, Suggestion
from reviewer.storage.suggestions import Suggested, pack
from reviewer.storage.workspace import Workspace
from tests import replicas
from tests.storage.test_late_arrivals import ITEM, Pair, ask, label_of, sound

Writes: TypeAlias = Callable[[EntryHash, BlobRef], Event]
SUGGESTED = pack([Suggested(ITEM, "compliant", "0.5")])
PICKED = canonical.encode([[ITEM, "", "control", "1", "0.5"]])
ITEMS = bytes.fromhex(ITEM)


def suggestion(_campaign: EntryHash, listed: BlobRef) -> Event:
    return Event("suggestion", Suggestion(judge="judge", rows=listed))


def draw(campaign: EntryHash, listed: BlobRef) -> Event:
    return Event("draw", Draw(campaign, "", BlobRef(1, "0" * 64), {"design": "srs"}, listed))


def requeue(campaign: EntryHash, listed: BlobRef) -> Event:
    return Event("requeue", Requeue(campaign=campaign, items=listed, why="asked"), deps=frozenset({campaign}))


CASES: tuple[tuple[str, Writes, bytes], ...] = (
    ("suggestion", suggestion, SUGGESTED),
    ("pick", draw, PICKED),
    ("requeue_item", requeue, ITEMS),
)


def shown(workspace: Workspace, table: str) -> int:
    with workspace.read() as reading:
        (found,) = reading.row(f"SELECT count(*) FROM {table}") or (0,)
    return int(found)


@pytest.mark.parametrize(("table", "writes", "content"), CASES)
@pytest.mark.parametrize("kept_here", [True, False])
def test_an_entry_shows_its_list_whether_that_is_brought_or_made_here(
    tmp_path: Path, table: str, writes: Writes, content: bytes, kept_here: bool
) -> None:
    pair = Pair(tmp_path)
    campaign = ask(pair)
    pair.write(label_of(campaign))
    with pair.ada.begin() as work:
        work.record(writes(campaign, BlobRef(1, work.keep_blob(content))))
    there = pair.fresh()
    replicas.take(there, replicas.all_entries(pair.ada), pair.project)
    assert shown(there, table) == 0
    sound(there)
    if kept_here:  # as whoever comes to the same list does
        with there.begin() as work:
            work.keep_blob(content)
    else:
        replicas.take(there, [], pair.project, [content])
    assert shown(there, table) == shown(pair.ada, table) == 1
    sound(there)
    assert replicas.digest(there) == replicas.digest(pair.ada)


def test_a_suggestion_of_a_later_version_keeps_no_delivery_out(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    later = replicas.sign_anything(pair.ada, "suggestion", {"judge": "judge", "said": "more"}, version=2)
    assert replicas.take(pair.ada, [later], pair.project, [SUGGESTED]).added == 1
    assert replicas.take(pair.ada, [], pair.project, [PICKED]).blobs == 1
    sound(pair.ada)


@pytest.mark.parametrize("kinds", ["kind IN ('genesis', 'enrol')", "kind = 'suggestion'"])
def test_what_is_looked_for_with_each_delivery_is_found_without_reading_the_whole_journal(tmp_path: Path, kinds: str) -> None:
    with Pair(tmp_path).ada.read() as reading:
        (how,) = [detail for *_, detail in reading.rows(f"EXPLAIN QUERY PLAN SELECT body FROM entry WHERE {kinds}")]
    assert "USING INDEX entry_" in how


def test_of_several_ways_to_write_one_probability_the_same_one_is_shown_whichever_came_first(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    campaign = ask(pair)
    found = set()
    contents = [canonical.encode([[ITEM, "", "control", pi, "0.5"]]) for pi in ("0.5", "0.50", "5e-1")]
    with pair.ada.begin() as work:
        for content in contents:
            work.record(draw(campaign, BlobRef(1, work.keep_blob(content))))
    for order in permutations(contents):
        there = pair.fresh()
        replicas.take(there, replicas.all_entries(pair.ada), pair.project)
        for one in order:
            replicas.take(there, [], pair.project, [one])
        sound(there)
        with there.read() as reading:
            found.add(reading.row("SELECT pi FROM pick"))
        there.close()
    assert len(found) == 1


def test_a_queue_without_risk_picks_is_in_the_order_of_its_numbers_though_an_earlier_draw_had_some(tmp_path: Path) -> None:
    pair, other = Pair(tmp_path), "f" * 64
    campaign = ask(pair)
    contents = [
        canonical.encode([[ITEM, "", "risk", "0.5", "0.5"], [other, "", "control", "0.5", "0.25"]]),
        canonical.encode([[ITEM, "", "control", "1", "0.5"]]),  # a probability never falls: the pick is one of the control stream now
    ]
    with pair.ada.begin() as work:
        for content in contents:
            work.record(draw(campaign, BlobRef(1, work.keep_blob(content))))
    for order in permutations(contents):
        there = pair.fresh()
        replicas.take(there, replicas.all_entries(pair.ada), pair.project)
        for one in order:
            replicas.take(there, [], pair.project, [one])
        with there.read() as reading:
            assert reading.rows("SELECT item, place FROM pick ORDER BY place") == [(bytes.fromhex(other), 0.25), (ITEMS, 0.5)]
        sound(there)
        there.close()

"""A clock that was set is told once for each jump, on record in the entry, and changes no order."""

from contextlib import suppress
from pathlib import Path

import pytest

from reviewer.domain.events import Event, MemberNamed
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.worlds import TickingClock

HOUR_MS = 3_600_000


def told(workspace: Workspace) -> list[tuple[str, str]]:
    return [(notice.code, notice.what) for notice in workspace.take_notices()]


@pytest.mark.parametrize(
    ("jump_ms", "words"),
    [
        (2 * HOUR_MS + 300_000, "2 h 5 min, forward"),
        (-26 * HOUR_MS, "1 d 2 h, back"),
        (6 * 60_000, "6 min, forward"),
        (-6 * 60_000, "6 min, back"),
    ],
)
def test_a_jump_of_more_than_five_minutes_is_told_once(tmp_path: Path, jump_ms: int, words: str) -> None:
    clock = TickingClock()
    workspace = worlds.ready(tmp_path / "ada", clock=clock)
    items = worlds.waiting(workspace)
    worlds.label(workspace, items[0])
    assert told(workspace) == []
    clock.jump_ms = jump_ms
    worlds.label(workspace, items[1])
    worlds.label(workspace, items[2])
    assert told(workspace) == [("E110", f"Device clock changed by {words}. Order is not affected; the jump is recorded.")]
    with workspace.read() as reading:
        rows = reading.rows("SELECT json_extract(CAST(body AS TEXT), '$.clock') FROM entry ORDER BY seq DESC LIMIT 3")
    assert [flag for (flag,) in rows] == ["ok", "jump_fwd" if jump_ms > 0 else "jump_back", "ok"]
    clock.jump_ms = 0
    worlds.label(workspace, items[3])
    assert [code for code, _ in told(workspace)] == ["E110"]
    workspace.close()


def test_a_small_correction_is_not_worth_a_word(tmp_path: Path) -> None:
    clock = TickingClock()
    workspace = worlds.ready(tmp_path / "ada", clock=clock)
    for jump_ms, item in zip((4 * 60_000, 0, -4 * 60_000), worlds.waiting(workspace), strict=False):
        clock.jump_ms = jump_ms
        worlds.label(workspace, item)
    assert told(workspace) == []
    workspace.close()


def test_a_clock_that_was_set_back_while_the_workspace_was_closed_is_told_too(tmp_path: Path) -> None:
    clock = TickingClock()
    worlds.ready(tmp_path / "ada", clock=clock).close()
    clock.jump_ms = -3 * HOUR_MS
    again = Workspace.open(tmp_path / "ada", surroundings=worlds.surroundings(clock))
    items = worlds.waiting(again)
    worlds.label(again, items[0])
    worlds.label(again, items[1])
    [(code, what)] = told(again)
    assert code == "E110"
    assert "changed by 2 h 59 min, back" in what
    again.close()


def test_what_was_rolled_back_is_not_told_as_recorded(tmp_path: Path) -> None:
    clock = TickingClock()
    workspace = worlds.ready(tmp_path / "ada", clock=clock)
    clock.jump_ms = HOUR_MS
    with suppress(KeyError), workspace.begin() as work:
        work.record(Event("member_name", MemberNamed(workspace.member, "Ada L.")))
        raise KeyError
    assert told(workspace) == []
    workspace.close()

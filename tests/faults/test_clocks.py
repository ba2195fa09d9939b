"""A clock that jumps is noted and changes nothing else."""

from pathlib import Path

import pytest

from reviewer.domain import chain, fold
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, verifying
from reviewer.storage.workspace import Workspace
from tests import worlds

SECOND, HOUR, YEARS = 1_000, 3_600_000, 10 * 365 * 24 * 3_600_000
VERDICTS = ("compliant", "non_compliant", "unsure", "compliant", "non_compliant")


def said(workspace: Workspace) -> list[tuple[object, ...]]:
    """What the state says, without the hashes that carry the time."""
    with workspace.read() as reading:
        return reading.rows("SELECT item, verdict, in_force FROM label ORDER BY n")


def clocks(workspace: Workspace) -> list[str]:
    with workspace.read() as reading:
        return [
            chain.parse(raw).clock for (raw,) in reading.rows("SELECT body FROM entry WHERE kind IN ('label', 'retract') ORDER BY rowid")
        ]


def work_through(folder: Path, jump_ms: int) -> Workspace:
    """Five labels, one taken back; before the third the clock is set."""
    clock = worlds.TickingClock()
    workspace = worlds.ready(folder, clock=clock)
    for number, (item, verdict) in enumerate(zip(worlds.waiting(workspace, limit=5), VERDICTS, strict=True)):
        if number == 2:
            clock.jump_ms = jump_ms
        worlds.label(workspace, item, verdict)
    labelling.undo_label(workspace, SILENT, campaign="C")
    return workspace


@pytest.mark.parametrize(
    ("jump_ms", "flag"),
    [(-60 * SECOND, "jump_back"), (-HOUR, "jump_back"), (HOUR, "jump_fwd"), (YEARS, "jump_fwd"), (-YEARS, "jump_back"), (SECOND, "ok")],
)
def test_a_jump_is_flagged_and_the_state_is_that_of_a_calm_clock(tmp_path: Path, jump_ms: int, flag: str) -> None:
    calm, jumped = work_through(tmp_path / "calm", 0), work_through(tmp_path / "jumped", jump_ms)
    assert clocks(calm) == ["ok"] * 6
    assert clocks(jumped) == ["ok", "ok", flag, "ok", "ok", "ok"]
    assert said(jumped) == said(calm)
    before = verifying.verify(jumped, SILENT).value
    assert before.problems == ()
    assert verifying.verify(jumped, SILENT, rebuild=True).value == before
    with jumped.read() as reading:
        entries = [Entry(EntryHash(h.hex()), chain.parse(b), b, s) for h, b, s in reading.rows("SELECT hash, body, sig FROM entry")]
    # Whatever the clocks in them say, in order of time or against it, the same entries make the same state.
    for order in (sorted(entries, key=lambda entry: entry.body.wall_ms), sorted(entries, key=lambda entry: -entry.body.wall_ms)):
        assert fold.fold(order).digest == before.digest
    calm.close()
    jumped.close()


def test_the_hybrid_clock_never_goes_back(tmp_path: Path) -> None:
    workspace = work_through(tmp_path / "w", -YEARS)
    with workspace.read() as reading:
        times = [chain.parse(raw).hlc for (raw,) in reading.rows("SELECT body FROM entry ORDER BY rowid")]
    assert times == sorted(set(times))
    workspace.close()


def test_a_clock_that_jumps_while_a_label_is_recorded_loses_nothing(tmp_path: Path) -> None:
    clock = worlds.TickingClock()
    workspace = worlds.ready(tmp_path / "w", clock=clock)
    for number, item in enumerate(worlds.waiting(workspace)):
        clock.jump_ms = (-1) ** number * number * HOUR
        worlds.label(workspace, item)
    found = verifying.verify(workspace, SILENT).value
    assert found.problems == ()
    assert worlds.waiting(workspace) == []
    workspace.close()


def test_summer_time_is_no_jump(tmp_path: Path) -> None:
    clock = worlds.TickingClock()
    zones = iter(["+01:00"] * 3 + ["+02:00"] * 100)
    workspace = Workspace.create(
        tmp_path / "w", member="Ada", surroundings=worlds.surroundings(clock)._replace(time_zone=lambda: next(zones))
    )
    for n in range(5):
        worlds.put_in(workspace, [worlds.run_of(n)])
    with workspace.read() as reading:
        bodies = [chain.parse(raw) for (raw,) in reading.rows("SELECT body FROM entry ORDER BY rowid")]
    assert {body.tz for body in bodies} == {"+01:00", "+02:00"}
    assert {body.clock for body in bodies} == {"ok"}
    workspace.close()

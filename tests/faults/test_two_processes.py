"""Two processes that append to one stream at once: one chain, no number twice, no false alarm.

Full form: pytest -m long tests/faults/test_two_processes.py (1,000 races). A failure names its seed: REVIEWER_FAULT_SEED=N repeats it.
"""

import os
from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.workspace import Workspace
from tests.faults import bench

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))


def race(folder: Path, gate: Path, labels: int) -> None:
    """Both wait for the gate and then label as fast as they can; each label of one is a race with one of the other."""
    with bench.writer() as one, bench.writer() as two:
        for number, writer in enumerate((one, two)):
            writer.order(do="label", folder=str(folder), seed=SEED + number, count=labels, gate=str(gate))
        for writer in (one, two):
            writer.until("READY")
        gate.touch()
        said = [*one.until("END"), *two.until("END")]
    acknowledged = [words[1] for words in said if words[0] == "ACK"]
    assert [words for words in said if words[0] == "ERR"] == [], f"REVIEWER_FAULT_SEED={SEED}"
    assert len(set(acknowledged)) == 2 * labels
    left = bench.look(folder / "reviewer.db")
    assert left.broken is None, f"REVIEWER_FAULT_SEED={SEED}"
    assert set(acknowledged) <= left.hashes
    workspace = Workspace.open(folder)
    with workspace.read() as reading:
        assert reading.rows("SELECT stream, seq FROM entry GROUP BY stream, seq HAVING count(*) > 1") == []
    assert verifying.verify(workspace, SILENT).value.problems == ()
    workspace.close()


def test_two_hundred_races_make_one_chain(prepared: Path, tmp_path: Path) -> None:
    race(bench.copy_of(prepared, tmp_path / "workspace"), tmp_path / "gate", 200)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_races_make_one_chain(prepared: Path, tmp_path: Path) -> None:
    race(bench.copy_of(prepared, tmp_path / "workspace"), tmp_path / "gate", 1_000)

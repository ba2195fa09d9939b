"""A labelling process killed at a random point has kept every label that it acknowledged.

Full form: pytest -m long tests/faults/test_kills.py (1,000 kills; about 5 minutes).
A failure names its seed: REVIEWER_FAULT_SEED=N repeats it.
"""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.workspace import Workspace
from tests.faults import bench

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))


def kill_often(folder: Path, kills: int) -> None:
    chance = random.Random(SEED)
    acknowledged: set[str] = set()
    with bench.writer() as writer:
        for number in range(kills):
            writer.order(do="label", folder=str(folder), seed=chance.random(), count=100_000)
            said = [writer.line(), writer.line()]  # its number and its READY, in either order
            child = int(next(words[1] for words in said if words[0] == "PID"))
            said = [writer.line() for _ in range(chance.randrange(4))]
            time.sleep(chance.random() * 0.01)
            os.kill(child, signal.SIGKILL)
            said += writer.until("END")
            assert said[-1] == ["END", str(int(signal.SIGKILL))]
            acknowledged |= {words[1] for words in said if words[0] == "ACK"}
            left = bench.look(folder / "reviewer.db")
            where = f"REVIEWER_FAULT_SEED={SEED}, kill {number}"
            assert left.broken is None, where
            assert acknowledged <= left.hashes, where
    assert len(acknowledged) > kills / 2
    workspace = Workspace.open(folder)
    found = verifying.verify(workspace, SILENT).value
    workspace.close()
    assert found.problems == ()


def test_fifty_kills_lose_no_acknowledged_label(prepared: Path, tmp_path: Path) -> None:
    kill_often(bench.copy_of(prepared, tmp_path / "workspace"), 50)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_kills_lose_no_acknowledged_label(prepared: Path, tmp_path: Path) -> None:
    kill_often(bench.copy_of(prepared, tmp_path / "workspace"), 1_000)

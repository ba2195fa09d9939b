"""Five reviewers label and sync through one hub at once, over lines that break: nothing acknowledged is lost, nothing is there twice.

Full form: pytest -m long tests/faults/test_hub_history.py (5 runs of 30 s, with restarts of the server).
A failure names its seed: REVIEWER_FAULT_SEED=N repeats it.
"""

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import hub_sync, members, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.hubs import Line, Proxy, proxied

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))
NAMES = ("Ben", "Cleo", "Dan", "Eve")


def five(folder: Path, line: Line) -> list[Workspace]:
    """Five replicas with all items, each with its own member."""
    ada = worlds.ready(folder / "Ada", items=8, overlap=5)
    members.add_members(ada, SILENT, names=list(NAMES))
    hub_sync.sync_hub(ada, SILENT, address=line.address())
    found = [ada]
    for number, name in enumerate(NAMES, 1):
        found.append(replicas.replica(folder / name, ada, name, seed=SEED * 100 + number))
        hub_sync.sync_hub(found[-1], SILENT, address=line.address())
    with ada.begin() as work:
        work.set_fact("devices_here", f'["{ada.signer(work).device}"]')
    return found


def labelled(team: list[Workspace], line: Line, proxy: Proxy, seconds: float) -> list[list[str]]:
    """What the five processes say."""
    clients = [[str(one.folder), line.address(port=proxy.port)] for one in team]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hub_clients"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    said, _ = process.communicate(json.dumps({"clients": clients, "seconds": seconds, "seed": SEED}) + "\n", timeout=seconds * 4 + 100)
    return [words.split() for words in said.splitlines()]


def history(folder: Path, line: Line, seconds: float, *, restarts: bool, run: int = 0) -> int:
    """One run; returns how many commits were ambiguous."""
    chance = random.Random(SEED + run)
    team = five(folder, line)
    over = threading.Event()

    def stop_now_and_then() -> None:
        while not over.wait(8):
            line.server.restart()

    with proxied(line.server.port) as proxy:
        proxy.at_commit = lambda: chance.choice(["before", "after", None, None, None, None, None, None])
        proxy.cut_after = iter(lambda: chance.choice([None, None, chance.randrange(500, 40_000)]), object())
        keeper = threading.Thread(target=stop_now_and_then)
        if restarts:
            keeper.start()
        said = labelled(team, line, proxy, seconds)
        over.set()
        if restarts:
            keeper.join()
        ambiguous = proxy.commits_after
    where = f"REVIEWER_FAULT_SEED={SEED}"
    assert [words for words in said if words[0] == "BUG"] == [], where
    assert {words[1] for words in said if words[0] == "ERR"} <= {"E401"}, where
    acknowledged = {bytes.fromhex(words[1]) for words in said if words[0] == "ACK"}
    assert len(acknowledged) >= 10, where
    settle(team, line, acknowledged)
    return ambiguous


def settle(team: list[Workspace], line: Line, acknowledged: set[bytes]) -> None:
    """Everybody syncs over a line that holds, and has what everybody has."""
    for one in team * 3:
        hub_sync.sync_hub(one, SILENT, address=line.address())
    there = [bytes(name) for (name,) in line.run("SELECT hash FROM entry")]
    assert len(there) == len(set(there)), f"REVIEWER_FAULT_SEED={SEED}"
    for one in team:
        with one.read() as reading:
            assert {bytes(name) for (name,) in reading.rows("SELECT hash FROM entry")} == set(there), f"REVIEWER_FAULT_SEED={SEED}"
    assert acknowledged <= set(there), f"REVIEWER_FAULT_SEED={SEED}"
    assert len({replicas.digest(one) for one in team}) == 1, f"REVIEWER_FAULT_SEED={SEED}"
    assert verifying.verify(team[-1], SILENT).value.problems == ()
    for one in team:
        one.close()


def test_five_reviewers_at_once_lose_and_double_nothing(tmp_path: Path, hub_line: Line) -> None:
    assert history(tmp_path, hub_line, 6, restarts=False) >= 1


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("run", range(5))
def test_five_reviewers_and_a_server_that_falls_over(tmp_path: Path, hub_line: Line, run: int) -> None:
    assert history(tmp_path / str(run), hub_line, 30, restarts=True, run=run) >= 5

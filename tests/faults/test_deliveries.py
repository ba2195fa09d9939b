"""A delivery is there whole or not at all, whatever the disk or the power does, and one that was acknowledged stays.

Full form: pytest -m long tests/faults/test_deliveries.py (every call, 300 kills, 2,000 cuts; about 5 minutes).
A failure names its seed: REVIEWER_FAULT_SEED=N repeats it.
"""

import json
import os
import random
import signal
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewer.domain.chain import entry_hash
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.faults import bench, replay
from tests.faults.bench import FailingBelow
from tests.faults.test_failing_calls import FAULTS, Fault, sound

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))
BATCH = 10


class Post(NamedTuple):
    """A replica that has nothing of it yet, the file of batches that it will get, and what each batch holds."""

    folder: Path
    file: Path
    batches: list[frozenset[str]]
    before: frozenset[str]

    def whole(self, hashes: frozenset[str]) -> bool:
        """Whether no batch is there in part, and nothing else is gone or new."""
        there = [batch for batch in self.batches if batch <= hashes]
        return hashes == self.before.union(*there)


@pytest.fixture(scope="module")
def post(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Post:
    place = tmp_path_factory.mktemp("post")
    source = Workspace.open(bench.copy_of(prepared, place / "source"))
    known = len(replicas.all_entries(source))
    with source.read() as reading:
        items = [name.hex() for (name,) in reading.rows("SELECT id FROM item ORDER BY n")]
    for number in range(12 * BATCH):
        worlds.label(source, items[number % len(items)], ("compliant", "non_compliant")[number % 2])
    sent = replicas.all_entries(source)[known:]
    source.close()
    target = bench.copy_of(prepared, place / "target")
    Workspace.open(target).close()  # it finds itself older than its marks, and goes on in a stream of its own
    batches = [sent[start : start + BATCH] for start in range(0, len(sent), BATCH)]
    file = place / "batches.json"
    file.write_text(json.dumps([[[one.raw.hex(), one.signature.hex()] for one in batch] for batch in batches]))
    held: list[frozenset[str]] = [frozenset(entry_hash(one.raw) for one in batch) for batch in batches]
    return Post(target, file, held, bench.look(target / "reviewer.db").hashes)


def fail_at_each(failing: FailingBelow, post: Post, fault: Fault, tmp_path: Path, *, stride: int) -> int:
    at = 1
    hit = 0
    with failing("/reviewer.db") as writer:
        while True:
            folder = bench.copy_of(post.folder, tmp_path / f"at{at}")
            where = f"call {at}, {fault}"
            order = {"op": fault.op, "at": at, "errno": fault.errno, "sticky": int(fault.sticky)}
            writer.order(do="deliver", folder=str(folder), file=str(post.file), **order)
            said = writer.until("END")
            left = bench.look(folder / "reviewer.db")
            assert left.broken is None, where
            assert post.whole(left.hashes), where
            assert {words[1] for words in said if words[0] == "ACK"} <= left.hashes, where
            died = int(said[-1][1]) != 0
            if not died and next(words[1] for words in said if words[0] == "FAILED") == "0":
                return hit
            if not died:
                assert {words[1] for words in said if words[0] == "ERR"} <= fault.codes, where
                assert left.hashes == post.before.union(*post.batches), where
            hit += 1
            at += stride


@pytest.mark.parametrize("name", FAULTS)
def test_a_delivery_survives_failures_along_its_way(failing: FailingBelow, post: Post, tmp_path: Path, name: str) -> None:
    assert fail_at_each(failing, post, FAULTS[name], tmp_path, stride=5) >= 1


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FAULTS)
def test_a_delivery_survives_a_failure_of_each_call(failing: FailingBelow, post: Post, tmp_path: Path, name: str) -> None:
    assert fail_at_each(failing, post, FAULTS[name], tmp_path, stride=1) >= 1


def kill_often(post: Post, tmp_path: Path, kills: int) -> None:
    chance = random.Random(SEED)
    with bench.writer() as writer:
        for number in range(kills):
            folder = bench.copy_of(post.folder, tmp_path / f"kill{number}")
            writer.order(do="deliver", folder=str(folder), file=str(post.file), stay=True)
            said = [writer.line(), writer.line()]
            child = int(next(words[1] for words in said if words[0] == "PID"))
            time.sleep(chance.random() * 0.08)
            os.kill(child, signal.SIGKILL)
            said += writer.until("END")
            left = bench.look(folder / "reviewer.db")
            where = f"REVIEWER_FAULT_SEED={SEED}, kill {number}"
            assert left.broken is None, where
            assert post.whole(left.hashes), where
            assert {words[1] for words in said if words[0] == "ACK"} <= left.hashes, where


def cut_often(shim: Path, post: Post, tmp_path: Path, scratch: Path, trials: int) -> None:
    folder = bench.copy_of(post.folder, tmp_path / "cut")
    before = {"reviewer.db": (folder / "reviewer.db").read_bytes()}
    with bench.writer(shim, FAULT_PATH="/reviewer.db", REC=str(tmp_path / "rec")) as writer:
        writer.order(do="deliver", folder=str(folder), file=str(post.file))
        writer.until("END")
    for cut in replay.cuts(before, replay.events_of(tmp_path / "rec"), trials=trials, chance=random.Random(SEED)):
        for name in ("reviewer.db", "reviewer.db-wal", "reviewer.db-shm"):
            (scratch / name).unlink(missing_ok=True)
        for name, content in cut.files.items():
            (scratch / name).write_bytes(content)
        left = bench.look(scratch / "reviewer.db")
        where = f"REVIEWER_FAULT_SEED={SEED}, cut at event {cut.at}"
        assert left.broken is None, where
        assert post.whole(left.hashes), where
        assert cut.acknowledged <= left.hashes, where


def test_kills_leave_whole_deliveries(post: Post, tmp_path: Path) -> None:
    kill_often(post, tmp_path, 15)


def test_power_cuts_leave_whole_deliveries(shim: Path, post: Post, tmp_path: Path, scratch: Path) -> None:
    cut_often(shim, post, tmp_path, scratch, 100)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_many_kills_and_power_cuts_leave_whole_deliveries(shim: Path, post: Post, tmp_path: Path, scratch: Path) -> None:
    kill_often(post, tmp_path, 300)
    cut_often(shim, post, tmp_path, scratch, 2_000)
    assert sound(tmp_path / "cut")

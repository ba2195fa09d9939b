"""Every write and every sync fails once: nothing that was acknowledged is lost, and the same work succeeds afterwards.

The N-th call fails, then the N+1-th, until an operation makes fewer. Kinds: EIO and ENOSPC in a write, EIO in a sync, all calls from
the N-th on, and a write of which half is made before the process dies. Full form: pytest -m long tests/faults/test_failing_calls.py
(every position; about 15 minutes, in pieces with -k). A failure names the position: REVIEWER_FAULT_AT=N begins there.
"""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import indexing, verifying
from reviewer.storage import backups
from reviewer.storage.workspace import Workspace
from tests import earlier, worlds
from tests.faults import bench
from tests.faults.bench import FailingBelow

FIRST = int(os.environ.get("REVIEWER_FAULT_AT", "1"))
EIO, ENOSPC = 5, 28


class Fault(NamedTuple):
    """What fails: op as in shim.c, the error, whether all later calls fail too, and the codes that a person may see."""

    op: str
    errno: int
    sticky: bool
    codes: frozenset[str]


FAULTS = {
    "EIO in a write": Fault("w", EIO, False, frozenset({"E102"})),
    "ENOSPC in a write": Fault("w", ENOSPC, False, frozenset({"E101", "E102"})),
    "ENOSPC from then on": Fault("w", ENOSPC, True, frozenset({"E101", "E102"})),
    "EIO in a sync": Fault("s", EIO, False, frozenset({"E102"})),
    "EIO in every sync": Fault("s", EIO, True, frozenset({"E102"})),
    "half a write, then death": Fault("t", 0, False, frozenset()),
}


def write_chats(file: Path, number: int) -> None:
    """Thirty records that no other number makes."""
    turns = '"messages":[{"role":"user","content":"Question"},{"role":"assistant","content":"Answer"}]'
    file.write_text("".join(f'{{"id":"chat-{number}-{n}",{turns}}}\n' for n in range(30)))


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return tmp_path / "chats.jsonl"


def run(writer: bench.Writer, folder: Path, fault: Fault, what: str, at: int, records: Path, *, tamper: bool = False) -> list[list[str]]:
    write_chats(records, at)
    writer.order(
        do="fail", folder=str(folder), what=what, op=fault.op, at=at, errno=fault.errno, sticky=int(fault.sticky), seed=at,
        file=str(records), tamper=tamper,
    )  # fmt: skip
    return writer.until("END")


def fail_at_each(
    failing: FailingBelow, folder: Path, fault: Fault, what: str, records: Path, *, stride: int, watched: str = "/reviewer.db"
) -> int:
    """Returns at how many positions something failed."""
    acknowledged: set[str] = set()
    hit = 0
    at = FIRST
    with failing(watched) as writer:
        while True:
            where = f"REVIEWER_FAULT_AT={at}, {what}, {fault}"
            said = run(writer, folder, fault, what, at, records)
            acknowledged |= {words[1] for words in said if words[0] == "ACK"}
            left = bench.look(folder / "reviewer.db")
            assert left.broken is None, where
            assert acknowledged <= left.hashes, where
            if what == "backup":
                look_at_backups(folder, left, fault, where)
            status = int(said[-1][1])
            errors = {words[1] for words in said if words[0] == "ERR"}
            failed = status != 0 or int(next(words[1] for words in said if words[0] == "FAILED")) > 0
            if not failed:
                assert not errors, where
                break
            hit += 1
            if fault.op == "t":
                assert os.waitstatus_to_exitcode(status) == 99, where
            else:
                assert errors <= fault.codes | ({"E212"} if what == "backup" else set()), where
                assert said[-2][0] in ("ACK", "IMPORTED", "COPIED"), f"{where}: the same again did not succeed: {said}"
            at += stride
    return hit


def look_at_backups(folder: Path, left: bench.Left, fault: Fault, where: str) -> None:
    """What bears the name of a backup is a whole one, and nothing else lies there, unless the process died."""
    kept = list((folder / "backups").iterdir())
    named = [path for path in kept if path.suffix == ".db"]
    assert len(named) <= backups.KEPT, where
    for path in named:
        assert bench.look(path) == left, f"{where}: {path.name}"
        for beside in path.parent.glob(f"{path.name}-*"):  # of our look
            beside.unlink()
    rest = {path for path in kept if path not in named}
    assert not rest or fault.op == "t", f"{where}: {rest}"
    for path in rest:
        path.unlink()


def sound(folder: Path) -> bool:
    """Nothing is damaged, and what an import left to be indexed can be."""
    workspace = Workspace.open(folder)
    found = verifying.verify(workspace, SILENT).value
    indexing.index_rest(workspace, SILENT)
    left = indexing.items_behind(workspace, SILENT).value
    indexed = verifying.verify(workspace, SILENT).value
    workspace.close()
    return (found.problems, left, indexed.problems) == ((), 0, ())


@pytest.mark.parametrize("name", FAULTS)
def test_a_label_survives_a_failure_of_each_call(failing: FailingBelow, prepared: Path, tmp_path: Path, records: Path, name: str) -> None:
    folder = bench.copy_of(prepared, tmp_path / "workspace")
    hit = fail_at_each(failing, folder, FAULTS[name], "label", records, stride=1)
    assert hit >= (1 if FAULTS[name].op == "s" else 5)
    assert sound(folder)


@pytest.mark.parametrize("name", FAULTS)
def test_an_import_survives_failures_along_its_way(failing: FailingBelow, prepared: Path, tmp_path: Path, records: Path, name: str) -> None:
    folder = bench.copy_of(prepared, tmp_path / "workspace")
    hit = fail_at_each(failing, folder, FAULTS[name], "import", records, stride=11)
    assert hit >= (1 if FAULTS[name].op == "s" else 3)
    assert sound(folder)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", FAULTS)
def test_an_import_survives_a_failure_of_each_call(failing: FailingBelow, prepared: Path, tmp_path: Path, records: Path, name: str) -> None:
    folder = bench.copy_of(prepared, tmp_path / "workspace")
    assert fail_at_each(failing, folder, FAULTS[name], "import", records, stride=1)
    assert sound(folder)


@pytest.mark.parametrize("name", FAULTS)
def test_a_backup_is_whole_or_none_whatever_fails_along_its_way(
    failing: FailingBelow, prepared: Path, tmp_path: Path, records: Path, name: str
) -> None:
    folder = bench.copy_of(prepared, tmp_path / "backed up")
    hit = fail_at_each(failing, folder, FAULTS[name], "backup", records, stride=4 if FAULTS[name].op == "s" else 31, watched="/backed up/")
    assert hit >= 3
    assert sound(folder)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", FAULTS)
def test_a_backup_is_whole_or_none_whatever_call_fails(
    failing: FailingBelow, prepared: Path, tmp_path: Path, records: Path, name: str
) -> None:
    folder = bench.copy_of(prepared, tmp_path / "backed up")
    assert fail_at_each(failing, folder, FAULTS[name], "backup", records, stride=1, watched="/backed up/") >= 3
    assert sound(folder)


@pytest.fixture(scope="module")
def first_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed workspace with labels, as the first version left it."""
    folder = tmp_path_factory.mktemp("first") / "workspace"
    workspace = worlds.ready(folder, items=12)
    for item in worlds.waiting(workspace)[:5]:
        worlds.label(workspace, item, rationale="Because.")
    workspace.close()
    earlier.take_back(folder, "0001")
    return folder


def upgrade_failing_at_each(failing: FailingBelow, first_schema: Path, scratch: Path, fault: Fault, *, stride: int) -> int:
    """Each position has a fresh workspace of the first schema. Returns at how many positions something failed."""
    before = bench.look(first_schema / "reviewer.db")
    assert before.broken is None
    hit, at = 0, FIRST
    with failing("/brought up/") as writer:
        while True:
            where = f"REVIEWER_FAULT_AT={at}, upgrade, {fault}"
            folder = bench.copy_of(first_schema, scratch / "brought up")
            writer.order(do="upgrade", folder=str(folder), op=fault.op, at=at, errno=fault.errno, sticky=int(fault.sticky))
            said = writer.until("END")
            failed = said[-1][1] != "0" or int(next(words[1] for words in said if words[0] == "FAILED")) > 0
            assert bench.look(folder / "reviewer.db") == before, where
            for copy in (folder / "backups").glob("*.db"):
                assert bench.look(copy) == before, f"{where}: {copy.name}"
            if fault.op != "t" or not failed:
                errors = {words[1] for words in said if words[0] == "ERR"}
                assert errors <= fault.codes | {"E113"}, where
                assert said[-2] == ["OPENED"], f"{where}: the same again did not succeed: {said}"
            if at == FIRST or not failed or hit % 10 == 0:
                assert sound(folder), where  # opened once more, by a process whose disk is well
            shutil.rmtree(folder)
            if not failed:
                return hit
            hit, at = hit + 1, at + stride


@pytest.mark.parametrize("name", FAULTS)
def test_bringing_a_workspace_up_to_date_survives_failures_along_its_way(
    failing: FailingBelow, first_schema: Path, scratch: Path, name: str
) -> None:
    assert upgrade_failing_at_each(failing, first_schema, scratch, FAULTS[name], stride=3 if FAULTS[name].op == "s" else 29) >= 3


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", FAULTS)
def test_bringing_a_workspace_up_to_date_survives_a_failure_of_each_call(
    failing: FailingBelow, first_schema: Path, scratch: Path, name: str
) -> None:
    assert upgrade_failing_at_each(failing, first_schema, scratch, FAULTS[name], stride=1) >= 3


def test_after_a_failed_sync_nothing_is_acknowledged_before_the_head_was_verified(
    failing: FailingBelow, prepared: Path, tmp_path: Path, records: Path
) -> None:
    folder = bench.copy_of(prepared, tmp_path / "workspace")
    with failing("/reviewer.db") as writer:
        said = run(writer, folder, FAULTS["EIO in a sync"], "label", 1, records, tamper=True)
    # Between the failure and the next label the last entry's signature was changed: the reopened file is looked at, and refused.
    assert [words[:2] for words in said if words[0] in ("ACK", "ERR")] == [["ERR", "E102"], ["ERR", "E107"]]

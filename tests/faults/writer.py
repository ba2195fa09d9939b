"""A labelling process that the fault tests watch, starve and kill: python -m tests.faults.writer

It loads the program once and then forks a child for each line of standard input, a JSON object; a child says what it did on standard
output, `ACK HASH` only after the operation returned, and the parent says `END STATUS` after it. Started below the shim where disks fail.
"""

import ctypes
import importlib
import json
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

from reviewer.domain.chain import entry_hash
from reviewer.domain.errors import ReviewerError
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.formats.intake import Options
from reviewer.operations import backups, importing, labelling
from reviewer.storage.receiving import Arrival
from reviewer.storage.workspace import Workspace
from tests import replicas
from tests.faults import planted


def say(*words: object) -> None:
    """One line, in one write, so that the shim sees an acknowledgement whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def ids_of(workspace: Workspace) -> list[str]:
    """Every item of the workspace."""
    with workspace.read() as reading:
        return [name.hex() for (name,) in reading.rows("SELECT id FROM item ORDER BY n")]


def one_label(workspace: Workspace, item: str, chance: random.Random) -> None:
    """Label and acknowledge, or say why not."""
    opinion = Opinion(verdict=chance.choice(("compliant", "non_compliant", "unsure")), rationale="Because " + "x" * chance.randrange(200))
    try:
        say("ACK", labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion).value.label)
    except ReviewerError as error:
        say("ERR", error.code)


def many_labels(order: dict[str, Any]) -> None:
    """Label until there have been `count`, or until the process is killed. With `gate`, wait for that file first."""
    workspace = Workspace.open(Path(order["folder"]), synchronous=order.get("synchronous", "FULL"))
    chance = random.Random(order["seed"])
    ids = ids_of(workspace)
    say("READY")
    while "gate" in order and not Path(order["gate"]).exists():
        pass
    for _ in range(order["count"]):
        one_label(workspace, chance.choice(ids), chance)
    workspace.close()


def failing(order: dict[str, Any]) -> None:
    """One operation while the disk fails at the `at`-th call, then the same again on a disk that is well."""
    shim = ctypes.CDLL(None)
    workspace = Workspace.open(Path(order["folder"]))
    chance = random.Random(order["seed"])
    ids = ids_of(workspace)
    shim.shim_arm(ctypes.c_char(order["op"].encode()), order["at"], order["errno"], order["sticky"])
    operation(workspace, order, ids, chance)
    say("FAILED", shim.shim_disarm())
    if order.get("tamper"):
        tamper(workspace)
    operation(workspace, order, ids, chance)
    workspace.close()


def upgrading(order: dict[str, Any]) -> None:
    """Open a workspace of an earlier version, which brings it up to date, while the disk fails at the `at`-th call; then once more."""
    shim = ctypes.CDLL(None)
    shim.shim_arm(ctypes.c_char(order["op"].encode()), order["at"], order["errno"], order["sticky"])
    open_once(Path(order["folder"]))
    say("FAILED", shim.shim_disarm())
    open_once(Path(order["folder"]))


def open_once(folder: Path) -> None:
    """Open and close, or say why not."""
    try:
        Workspace.open(folder).close()
        say("OPENED")
    except ReviewerError as error:
        say("ERR", error.code)


def deliver(order: dict[str, Any]) -> None:
    """Take in batches of entries (`file`), one transaction each; acknowledge each by its last entry.

    With `at`, the disk fails there, during the first batch; with `stay`, wait to be killed.
    """
    batches = [[Arrival(*map(bytes.fromhex, one)) for one in batch] for batch in json.loads(Path(order["file"]).read_text())]
    workspace = Workspace.open(Path(order["folder"]))
    say("READY")
    if "at" in order:
        shim = ctypes.CDLL(None)
        shim.shim_arm(ctypes.c_char(order["op"].encode()), order["at"], order["errno"], order["sticky"])
        take(workspace, batches[0])
        say("FAILED", shim.shim_disarm())
    for batch in batches:
        take(workspace, batch)
    workspace.close()
    if order.get("stay"):
        signal.pause()


def take(workspace: Workspace, batch: list[Arrival]) -> None:
    """One delivery, acknowledged, or why not."""
    try:
        replicas.take(workspace, batch, replicas.project_of(workspace))
        say("ACK", entry_hash(batch[-1].raw))
    except ReviewerError as error:
        say("ERR", error.code)


def operation(workspace: Workspace, order: dict[str, Any], ids: list[str], chance: random.Random) -> None:
    """A label, a backup, or an import."""
    if order["what"] == "label":
        one_label(workspace, chance.choice(ids), chance)
        return
    if order["what"] == "backup":
        try:
            say("COPIED", backups.back_up(workspace, SILENT).value.path)
        except ReviewerError as error:
            say("ERR", error.code)
        return
    try:
        report = importing.import_files(workspace, SILENT, paths=[order["file"]], options=Options()).value
        say("IMPORTED", report.added, report.known, report.rejected)
    except ReviewerError as error:
        say("ERR", error.code)


def tamper(workspace: Workspace) -> None:
    """Change the last entry's signature behind the program's back."""
    from sqlcipher3 import dbapi2

    raw = dbapi2.connect(str(workspace.folder / "reviewer.db"), isolation_level=None)
    raw.execute("DROP TRIGGER entry_is_never_changed")
    raw.execute("UPDATE entry SET sig = zeroblob(64) WHERE rowid = (SELECT max(rowid) FROM entry)")
    raw.close()


def main() -> None:
    """Fork a child for each order."""
    planted.from_environment()
    importlib.import_module("alembic.command")  # once, and not in each child that brings a workspace up to date
    say("LOADED")
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                {"label": many_labels, "fail": failing, "deliver": deliver, "upgrade": upgrading}[order["do"]](order)
            except BaseException as error:  # noqa: BLE001 - the child ends here, and says with what
                say("BUG", repr(error))
                os._exit(70)
            os._exit(0)
        say("PID", child)
        if not order.get("beside"):
            say("END", os.waitpid(child, 0)[1])
    for _ in range(100):
        try:
            os.wait()
        except ChildProcessError:
            return


if __name__ == "__main__":
    main()

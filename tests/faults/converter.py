"""Encrypts copies of a workspace, each in a child that ends without a word before its n-th change of a file or folder.

python -m tests.faults.converter TEMPLATE SCRATCH STEP: TEMPLATE holds a plain workspace `w` and its configuration folder `config`. Says
a line of JSON for each STEP-th n, until a child comes to its end: what lies there after the cut, and after another try.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from reviewer.domain.progress import SILENT
from reviewer.operations import encrypting, verifying
from reviewer.storage import conversion, sealing
from reviewer.storage.workspace import Workspace
from tests.clear_text import files_with

PASSPHRASE = "correct horse battery"
CUT = 9
_CHANGES = ("os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree", "sqlite3.connect")


class Cut:
    """Ends the process before its n-th change."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in _CHANGES or writes:
            self.left -= 1
            if self.left < 0:
                os._exit(CUT)


def try_once(folder: Path, number: int) -> int:
    """Encrypt in a child that is cut off. Returns its exit code."""
    child = os.fork()
    if child == 0:
        sys.addaudithook(Cut(number))
        encrypting.encrypt_workspace(folder, SILENT, passphrase=PASSPHRASE)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look(folder: Path, medium: str) -> dict[str, Any]:
    """What a workspace says: it opens, holds everything, and can sign."""
    workspace = Workspace.open(folder, passphrase=PASSPHRASE)
    try:
        found = verifying.verify(workspace, SILENT).value
        with workspace.read() as reading:
            workspace.signer(reading)
        whole = workspace.media.read(medium).decode()
        return {"ok": found.ok, "digest": found.digest, "items": found.items, "medium": whole, "encrypted": workspace.encrypted}
    finally:
        workspace.close()


def main(template: Path, scratch: Path, step: int) -> None:
    """Cut at 0, STEP, 2 STEP … until nothing is left to cut."""
    sealing._SCRYPT_N = 2**14  # the least that a seal file may ask for: a hundred tries in a minute
    told = json.loads((template / "told.json").read_text())
    number, code = 0, CUT
    while code == CUT:
        place = scratch / str(number)
        shutil.copytree(template, place)
        os.environ["REVIEWER_CONFIG"] = str(place / "config")
        code = try_once(place / "w", number)
        after = look(place / "w", told["medium"])
        state = conversion.state(place / "w")
        if state is not conversion.State.SEALED:
            encrypting.encrypt_workspace(place / "w", SILENT, passphrase=PASSPHRASE)
        clear = files_with([place / "w", place / "config"], told["texts"])
        print(json.dumps({"code": code, "state": state.value, "after": after, "again": look(place / "w", told["medium"]), "clear": clear}))
        shutil.rmtree(place)
        number += step


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

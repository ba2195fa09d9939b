"""The independent checker agrees with the program on a sound workspace, and sees planted changes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.workspace import Workspace
from tests import worlds

CHECKER = Path(__file__).with_name("checker.py")


def check(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run it as a stranger would: isolated, so that it could not import the project if it tried."""
    return subprocess.run([sys.executable, "-I", str(CHECKER), str(folder)], capture_output=True, text=True, check=False, timeout=60)


def test_the_checker_is_short_and_imports_nothing_of_the_project() -> None:
    text = CHECKER.read_text()
    assert len(text.splitlines()) <= 200
    assert not re.search(r"^\s*(import|from)\s+(reviewer|tests|rfc8785|msgspec)\b", text, re.MULTILINE)


def test_it_agrees_on_every_hash_link_and_signature(busy_workspace: Workspace) -> None:
    ours = verifying.verify(busy_workspace, SILENT).value
    theirs = check(busy_workspace.folder)
    assert theirs.returncode == 0, theirs.stdout + theirs.stderr
    assert theirs.stdout.splitlines()[-1] == f"{ours.entries} entries, 0 faults, set digest {ours.set_digest}"


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), \'"tz":"+01\', \'"tz":"+02\') AS BLOB) WHERE seq = 6',
        "UPDATE entry SET sig = zeroblob(64) WHERE seq = 5",
        "UPDATE entry SET hash = zeroblob(32) WHERE rowid = 4",
        "DELETE FROM entry WHERE seq = 3",
        "DELETE FROM entry WHERE kind = 'genesis'",
        "UPDATE blob SET content = CAST(content || 'x' AS BLOB) WHERE rowid = 2",
    ],
)
def test_it_fails_on_a_planted_change(change: str, tmp_path: Path) -> None:
    workspace = worlds.busy(tmp_path / "w", items=12)
    workspace.close()
    shutil.rmtree(tmp_path / "w" / "backups", ignore_errors=True)
    raw = dbapi2.connect(str(tmp_path / "w" / "reviewer.db"), isolation_level=None)
    for trigger in ("entry_is_never_changed", "entry_is_never_removed"):
        raw.execute(f"DROP TRIGGER {trigger}")
    assert raw.execute(change).rowcount > 0
    raw.close()
    found = check(tmp_path / "w")
    assert found.returncode == 1
    assert len(found.stdout.splitlines()) > 1

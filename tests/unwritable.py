"""Folders that cannot be written, for tests: on a medium that is mounted for reading only, or, for who is not root, without the right."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def unwritable(folder: Path) -> Iterator[Path]:
    """The folder, of which nothing can be written for the `with` block; at its end, nothing may have changed either."""
    before = all_of(folder)
    if os.geteuid() != 0:
        folder.chmod(0o555)  # binds everybody else
        try:
            yield folder
        finally:
            folder.chmod(0o755)
    else:
        made = subprocess.run(["mount", "--bind", str(folder), str(folder)], check=False, capture_output=True, text=True)
        if made.returncode != 0:
            pytest.skip(f"CANNOT MOUNT: a place that cannot be written is not tested ({made.stderr.strip()})")
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
            with pytest.raises(OSError, match="Read-only"):
                (folder / "tried").touch()
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
    assert all_of(folder) == before


def all_of(folder: Path) -> dict[str, tuple[int, str]]:
    """Each file below a folder: when it was written, and the hash of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}

"""Small disks in memory, for tests of a full one or of one that cannot be written."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def disk_in_memory(place: Path, size: str) -> Iterator[Path]:
    """A disk of that size (`3m`, `200k`), mounted in a folder that is made. Skips, and says so, where mounting is not allowed."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("NOT ROOT: a full disk and a read-only medium are not tested")
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=False, capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"CANNOT MOUNT: a full disk and a read-only medium are not tested ({made.stderr.strip()})")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def forbid_writing(place: Path) -> None:
    """From now on nothing can be written to a disk that is mounted there."""
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)

"""Every row that a flipped bit changes is reported; integrity_check alone would miss most.

Full form: pytest -m long tests/faults/test_bit_flips.py (10,000 bits in 10 pieces of about a minute). A failure names its seed and bit.
"""

import os
import random
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.faults import bench

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))
# What a verification answers for. Not: drafts, and where in its file a record stood, which nothing was signed for.
COVERED = {
    "entry": "stream, seq, hash, kind, body, sig",
    "blob": "hash, content",
    "item": "*",
    "origin": "n, metadata, original, original_size",
    "member": "*",
    "device": "*",
    "campaign": "*",
    "draw": "*",
    "pick": "*",
    "label": "*",
    "replacement": "*",
    "aside": "*",
    "departure": "*",
    **dict.fromkeys(
        (
            "revocation",
            "untrusted",
            "uncounted",
            "rename",
            "successor",
            "policy",
            "activation",
            "resolution",
            "gold",
            "suggestion",
            "erasure",
        ),
        "*",
    ),
}


def rows_of(database: Path) -> dict[str, list[str]] | str:
    """Every covered row as it reads, or why it cannot be read. Sorted: in what order rows lie is not what they say."""
    raw = dbapi2.connect(str(database))
    raw.text_factory = bytes
    try:
        return {table: sorted(map(repr, raw.execute(f"SELECT {columns} FROM {table} NOT INDEXED"))) for table, columns in COVERED.items()}
    except (dbapi2.Error, UnicodeDecodeError) as error:
        return repr(error)
    finally:
        raw.close()


def is_reported(folder: Path) -> bool:
    try:
        workspace = Workspace.open(folder)
    except (ReviewerError, dbapi2.Error):
        return True
    try:
        return not verifying.verify(workspace, SILENT).value.ok
    except ReviewerError:
        return True
    finally:
        workspace.close()


def flip(prepared: Path, tmp_path: Path, flips: int, seed: int = SEED) -> tuple[int, list[str]]:
    """Returns how many flips changed rows, and those that were not reported."""
    folder = bench.copy_of(prepared, tmp_path / "workspace")
    database = folder / "reviewer.db"
    sound = database.read_bytes()
    before = rows_of(database)
    chance = random.Random(seed)
    changed, missed = 0, []
    for _ in range(flips):
        bit = chance.randrange(len(sound) * 8)
        flipped = bytearray(sound)
        flipped[bit // 8] ^= 1 << bit % 8
        for name in ("reviewer.db-wal", "reviewer.db-shm"):
            (folder / name).unlink(missing_ok=True)
        database.write_bytes(flipped)
        if rows_of(database) == before:
            continue
        changed += 1
        database.write_bytes(flipped)
        if not is_reported(folder):
            missed.append(f"REVIEWER_FAULT_SEED={seed}, bit {bit}")
    return changed, missed


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a little of everything."""
    folder = tmp_path_factory.mktemp("small") / "workspace"
    worlds.busy(folder, items=24).close()
    raw = dbapi2.connect(str(folder / "reviewer.db"))
    raw.execute("VACUUM")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return folder


def test_every_changed_row_is_reported(small: Path, tmp_path: Path) -> None:
    changed, missed = flip(small, tmp_path, 500)
    assert missed == []
    assert changed > 40


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [SEED + piece for piece in range(10)])
def test_every_changed_row_of_ten_thousand_flips_is_reported(small: Path, tmp_path: Path, seed: int) -> None:
    assert flip(small, tmp_path, 1_000, seed)[1] == []

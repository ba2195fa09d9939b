"""After a power cut every acknowledged label is there (JOURNAL.md 3.1, method B). Controls with weaker settings must lose.

Full form: pytest -m long tests/faults/test_power_loss.py (10,000 cuts in 5 pieces of 1 to 3 minutes).
A failure names its seed: REVIEWER_FAULT_SEED=N repeats it.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import encrypting
from reviewer.storage import sealing
from tests.faults import bench, replay

CONFIG = os.environ["REVIEWER_CONFIG"]  # of the whole run, set by tests/conftest.py
SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))


def recorded(shim: Path, prepared: Path, tmp_path: Path, synchronous: str, labels: int) -> tuple[dict[str, bytes], list[replay.Event]]:
    """What a labelling process did to the disk, and the files before it began."""
    folder = bench.copy_of(prepared, tmp_path / f"workspace-{synchronous}")
    before = {"reviewer.db": (folder / "reviewer.db").read_bytes()}
    recording = tmp_path / f"{synchronous}.rec"
    with bench.writer(shim, FAULT_PATH="/reviewer.db", REC=str(recording)) as writer:
        writer.order(do="label", folder=str(folder), seed=SEED, count=labels, synchronous=synchronous)
        writer.until("END")
    return before, replay.events_of(recording)


def lost(cut: replay.Cut, scratch: Path, key: str | None) -> str | None:
    """What a power cut took, if anything."""
    for name in ("reviewer.db", "reviewer.db-wal", "reviewer.db-shm"):
        (scratch / name).unlink(missing_ok=True)
    for name, content in cut.files.items():
        (scratch / name).write_bytes(content)
    left = bench.look(scratch / "reviewer.db", key=key)
    if left.broken is not None:
        return left.broken
    missing = cut.acknowledged - left.hashes
    return f"{len(missing)} acknowledged labels" if missing else None


def losses(
    shim: Path,
    prepared: Path,
    tmp_path: Path,
    scratch: Path,
    *,
    synchronous: str,
    trials: int,
    seed: int = SEED,
    key: str | None = None,
) -> list[str]:
    before, events = recorded(shim, prepared, tmp_path, synchronous, labels=200)
    chance = random.Random(seed)
    found = []
    for cut in replay.cuts(before, events, trials=trials, chance=chance):
        what = lost(cut, scratch, key)
        if what is not None:
            found.append(f"REVIEWER_FAULT_SEED={seed}, synchronous={synchronous}, cut at event {cut.at}: lost {what}")
    return found


def test_no_power_cut_takes_an_acknowledged_label(shim: Path, prepared: Path, tmp_path: Path, scratch: Path) -> None:
    assert losses(shim, prepared, tmp_path, scratch, synchronous="FULL", trials=400) == []


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_control_with_weaker_settings_loses(shim: Path, prepared: Path, tmp_path: Path, scratch: Path, synchronous: str) -> None:
    assert losses(shim, prepared, tmp_path, scratch, synchronous=synchronous, trials=60)


def test_no_power_cut_takes_a_label_of_an_encrypted_workspace_and_the_control_loses(
    shim: Path, prepared: Path, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.copy_of(prepared, tmp_path / "sealed")
    monkeypatch.setenv("REVIEWER_CONFIG", str(tmp_path / "config"))  # the run's keys stay as they are: other tests read them
    shutil.copytree(CONFIG, tmp_path / "config")
    monkeypatch.setenv("REVIEWER_PASSPHRASE", "correct horse battery")
    encrypting.encrypt_workspace(folder, SILENT, passphrase="correct horse battery")
    seal = sealing.unlock(folder)
    assert seal is not None
    places = (shim, folder, tmp_path, scratch)
    assert losses(*places, synchronous="FULL", trials=200, key=seal.database_key) == []
    assert losses(*places, synchronous="OFF", trials=30, key=seal.database_key)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [SEED + piece for piece in range(5)])
def test_ten_thousand_power_cuts_take_nothing(shim: Path, prepared: Path, tmp_path: Path, scratch: Path, seed: int) -> None:
    assert losses(shim, prepared, tmp_path, scratch, synchronous="FULL", trials=2_000, seed=seed) == []

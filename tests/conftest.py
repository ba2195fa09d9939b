"""What every test may ask for: where the real data lies, and a Qt that never needs a screen."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real agent runs: $REVIEWER_REAL_DATA, else ../shared/data. Skips, and says so, where there is none."""
    folder = Path(os.environ.get("REVIEWER_REAL_DATA", _BESIDE))
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is not a folder (set REVIEWER_REAL_DATA)")
    return folder

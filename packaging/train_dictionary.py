"""Train the dictionary that items are packed with: `python packaging/train_dictionary.py`.

From the canonical items of the shipped sample only: one trained on imported text would keep what was erased. The same sample and the same
zstandard give the same bytes. A dictionary that has been released is never trained again: workspaces hold frames that need it; a better one
gets the next number and stands beside it.
"""

import sys
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # runs from a checkout, installed or not

from reviewer.domain import items  # noqa: E402
from reviewer.domain.records import Record  # noqa: E402
from reviewer.formats import intake  # noqa: E402

_SAMPLE = ROOT / "resources" / "sample" / "runs.jsonl"
_DICTIONARY = ROOT / "resources" / "dictionaries" / "items-1.zdict"
_SIZE = 64 * 1024  # measured on tau-bench and AgentDojo runs: 112 kB save less than 1 % more
_ID = 40_001  # private use begins at 32,768; 40,000 + the number of the file


def main() -> None:
    """Train, write, and say how much of the sample is left."""
    samples: list[bytes | bytearray | memoryview[int]] = []
    for found in intake.scan([str(_SAMPLE)]):
        if isinstance(found, intake.Found):
            samples += [items.encode(record.item) for record in intake.read(found) if isinstance(record, Record)]
    trained = zstandard.train_dictionary(_SIZE, samples, dict_id=_ID)
    _DICTIONARY.write_bytes(trained.as_bytes())
    print(f"{_DICTIONARY.relative_to(ROOT)}: {len(trained)} bytes from {len(samples)} items")


if __name__ == "__main__":
    main()

"""Measure: `python -m tests.bench --items 10000,100000 [--compare FILE] [--out FILE]`. Prints a table, then JSON."""

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

from tests.bench import storing, window
from tests.bench.rows import Row, as_json, table


def main() -> None:
    """Measure each size in a folder of its own, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--items", default="10000", help="sizes to measure, with commas between")
    parser.add_argument("--compare", type=Path, help="JSON of an earlier run; its figures stand in the last column")
    parser.add_argument("--out", type=Path, help="write the JSON here as well")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    wanted = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=wanted.folder) as place:
        os.environ["REVIEWER_CONFIG"] = str(Path(place) / "config")
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        for items in (int(size) for size in wanted.items.split(",")):
            rows += _measure(Path(place) / str(items), items)
    before = {}
    if wanted.compare:
        before = {(row["items"], row["what"]): row["ours"] for row in json.loads(wanted.compare.read_text())["rows"]}
    print(table(rows, before))
    document = json.dumps({"python": platform.python_version(), "rows": [as_json(row) for row in rows]}, indent=1)
    print(document)
    if wanted.out:
        wanted.out.write_text(document)


def _measure(folder: Path, items: int) -> list[Row]:
    folder.mkdir()
    rows = storing.build(folder, items)
    rows += storing.commit_rows(folder, items)
    rows += window.start_rows(folder, items)
    rows += window.paint_rows(folder, items)
    rows += storing.search_rows(folder, items)
    rows += storing.export_rows(folder, items)
    storing.clear(folder)
    return rows


if __name__ == "__main__":
    main()

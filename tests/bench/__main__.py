"""Measure: `python -m tests.bench --items 10000,100000 [--compare FILE] [--out FILE]`. Prints a table, then JSON."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import clustering, comparing, estimating, leaving, storing, windows
from tests.bench.children import Fell
from tests.bench.rows import Row, as_json, table

Measure = Callable[[Path, int], list[Row]]

# In this order: what is measured on a quiet workspace first, what fills it with labels last.
STAGES: dict[str, Measure] = {
    "import": storing.build,
    "commit": storing.commit_rows,
    "start": windows.start_rows,
    "memory": windows.memory_rows,
    "paint": windows.paint_rows,
    "long": windows.long_rows,
    "compare": comparing.compare_rows,
    "search": storing.search_rows,
    "query": windows.query_rows,
    "export": lambda folder, items: leaving.export_rows(folder, items, storing.CAMPAIGN),
    "busy": windows.busy_rows,
    "estimate": estimating.estimate_rows,
    "clusters": clustering.cluster_rows,
}


def main() -> int:
    """Measure each size in a folder of its own, and print. Returns 1 where a row could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--items", default="10000", help="sizes to measure, with commas between")
    parser.add_argument("--compare", type=Path, help="JSON of an earlier run; its figures and ratios stand in the last columns")
    parser.add_argument("--out", type=Path, help="write the JSON here as well")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument(
        "--only", type=_stages, default=set(STAGES), help=f"stages to measure after the first two, with commas between: {', '.join(STAGES)}"
    )
    wanted = parser.parse_args()
    rows: list[Row] = []
    fallen: list[str] = []
    with tempfile.TemporaryDirectory(dir=wanted.folder) as place:
        os.environ["REVIEWER_CONFIG"] = str(Path(place) / "config")
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(place) / "bytecode")  # an installed program has its own; a checkout may not
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        for items in (int(size) for size in wanted.items.split(",")):
            _measure(Path(place) / str(items), items, wanted.only | {"import", "commit"}, rows, fallen)
    stored = json.loads(wanted.compare.read_text())["rows"] if wanted.compare else []
    print(table(rows, {(row["items"], row["what"]): (row["ours"], row["ratio"]) for row in stored}))
    document = json.dumps({"python": platform.python_version(), "rows": [as_json(row) for row in rows], "fell": fallen}, indent=1)
    print(document)
    if wanted.out:
        wanted.out.write_text(document)
    for why in fallen:
        print(f"NOT MEASURED  {why}", file=sys.stderr)
    return 1 if fallen else 0


def _stages(text: str) -> set[str]:
    named = set(text.split(","))
    if unknown := sorted(named - set(STAGES)):
        raise argparse.ArgumentTypeError(f"no such stage: {', '.join(unknown)}")
    return named


def _measure(folder: Path, items: int, chosen: set[str], rows: list[Row], fallen: list[str]) -> None:
    folder.mkdir()
    for name, measure in STAGES.items():
        if name not in chosen:
            continue
        started = time.perf_counter()
        try:
            found = measure(folder, items)
        except Fell as error:
            fallen.append(f"{items:,} items, {error}")
            if name in ("import", "commit"):
                break  # nothing else can be measured
            continue
        rows += found
        print(f"{items:,} items, {name}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    storing.clear(folder)


if __name__ == "__main__":
    sys.exit(main())

"""Processes of their own, for what must start afresh; none can hang: each has a time limit, and its failure names the row."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


class Fell(Exception):
    """A row could not be measured. Says which one, and how its process ended."""


def child(row: str, what: str, folder: Path, *, limit_s: float = 120) -> dict[str, Any]:
    """Run one measurement of `tests.bench.inside`, and read the JSON of its last line. Raises Fell."""
    return _run(row, ["-m", "tests.bench.inside", what, str(folder)], limit_s)


def bare_child(row: str, what: str, folder: Path, *, limit_s: float = 120) -> dict[str, Any]:
    """The same for `tests.bench.bare_window`, which loads nothing of the program."""
    return _run(row, ["-m", "tests.bench.bare_window", what, str(folder)], limit_s)


def reviewer(row: str, *arguments: str, limit_s: float = 3_600) -> str:
    """Run the command line. Returns its standard output. Raises Fell."""
    return _output(row, ["-m", "reviewer", *arguments], dict(os.environ), limit_s)


def since_began() -> float:
    """In a child: seconds since the parent started it."""
    return time.time() - float(os.environ["BENCH_BEGAN"])


def _run(row: str, arguments: list[str], limit_s: float) -> dict[str, Any]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "BENCH_BEGAN": repr(time.time())}
    said = _output(row, arguments, environment, limit_s).strip().splitlines()
    if not said:
        raise Fell(f"{row}: the process ended without a figure")
    answer: dict[str, Any] = json.loads(said[-1])
    return answer


def _output(row: str, arguments: list[str], environment: dict[str, str], limit_s: float) -> str:
    try:
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=environment, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise Fell(f"{row}: not done after {limit_s:.0f} s") from error
    if done.returncode:
        raise Fell(f"{row}: the process ended with {done.returncode}\n{done.stderr[-2_000:]}")
    return done.stdout

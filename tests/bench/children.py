"""Processes of their own, for what must start afresh; none can hang: each has a time limit, and its failure names the row."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

_LOOK_S = 0.25  # rarely enough that looking is not what is measured


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


def watched(row: str, *arguments: str, limit_s: float = 3_600) -> tuple[str, float]:
    """Run the command line. Returns its standard output, and what the largest of its processes needed at most, in MB. Raises Fell."""
    peaks: list[float] = []

    def look(process: str) -> None:
        with suppress(FileNotFoundError, ProcessLookupError):  # ended meanwhile
            peaks.append(peak_mb(process))
            for thread in Path(f"/proc/{process}/task").iterdir():
                for one in (thread / "children").read_text().split():
                    look(one)

    said = _output(row, ["-m", "reviewer", *arguments], dict(os.environ), limit_s, look)
    if not peaks:
        raise Fell(f"{row}: the process ended before it could be looked at")
    return said, max(peaks)


def peak_mb(process: str = "self") -> float:
    """What a program needed at most, 0 once it has ended. (`getrusage` also counts what its parent had when it started it.)"""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024 if "VmHWM:" in status else 0.0


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


def _output(
    row: str, arguments: list[str], environment: dict[str, str], limit_s: float, look: Callable[[str], None] = lambda _process: None
) -> str:
    """Standard output. look: called with the process again and again while it runs."""
    until = time.monotonic() + limit_s
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        while True:
            try:
                said, complained = process.communicate(timeout=_LOOK_S)
                break
            except subprocess.TimeoutExpired:
                if time.monotonic() > until:
                    process.kill()
                    raise Fell(f"{row}: not done after {limit_s:.0f} s") from None
                look(str(process.pid))
    if process.returncode:
        raise Fell(f"{row}: the process ended with {process.returncode}\n{complained[-2_000:]}")
    return said

"""What a workspace takes from outside: clocks, the time zone and chance. Tests hand in their own."""

import secrets
import time
from collections.abc import Callable
from typing import NamedTuple


def _time_zone() -> str:
    offset = time.strftime("%z")  # datetime takes ten times as long to say the same
    return f"{offset[:3]}:{offset[3:]}"


def _steady_ms() -> int:
    """A clock that goes on while the machine sleeps: else waking up would look as if somebody had set the time."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS, where it counts sleep
        if hasattr(time, name):
            return time.clock_gettime_ns(getattr(time, name)) // 1_000_000
    return time.monotonic_ns() // 1_000_000


class Surroundings(NamedTuple):
    """What comes from outside: wall time and a clock that never jumps (both ms), the time zone (`+01:00`), and random bytes."""

    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    steady_ms: Callable[[], int] = _steady_ms
    time_zone: Callable[[], str] = _time_zone
    entropy: Callable[[int], bytes] = secrets.token_bytes


SYSTEM = Surroundings()

"""How a moment is written."""

from datetime import UTC, datetime


def span_text(ms: int) -> str:
    """A span of a minute or more in its two largest units: `2 d 3 h`, `1 h 5 min`, `6 min`; it is rounded down, and has no sign."""
    minutes = abs(ms) // 60_000
    parts = ((minutes // 1_440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join([f"{number:,} {unit}" for number, unit in parts if number][:2])


def utc_text(ms: int) -> str:
    """A wall time in ms as RFC 3339 UTC with milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""How quickly this team labels."""

from statistics import median

from reviewer.storage.rows import Rows

_TIMED = "SELECT dur_ms FROM label WHERE in_force = 1 AND dur_ms > 0"


def median_seconds(rows: Rows) -> float | None:
    """The median time of a label in force, over all campaigns; None where none was timed."""
    times = [ms for (ms,) in rows.rows(_TIMED)]
    return median(times) / 1000 if times else None

"""One line of the table: what was measured, beside its limit, against its target."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """A figure. ours and limit are in `unit`; ratio is ours over limit. target: in words; met: None where it is only reported."""

    items: int
    what: str
    unit: str
    ours: float
    limit: float | None
    target: str
    met: bool | None

    @property
    def ratio(self) -> float | None:
        """Ours over the limit of the same run."""
        return None if not self.limit else self.ours / self.limit


def as_json(row: Row) -> dict[str, Any]:
    """The row as JSON holds it."""
    return {**row._asdict(), "ratio": row.ratio}


def table(rows: list[Row], before: dict[tuple[int, str], tuple[float, float | None]]) -> str:
    """The rows as text. before: figure and ratio of a stored run, by items and what."""
    head = ("items", "what", "ours", "limit", "ratio", "target", "", "before", "its ratio")
    lines = [head]
    for row in rows:
        stored = before.get((row.items, row.what))
        lines.append(
            (
                f"{row.items:,}",
                row.what,
                f"{row.ours:,.2f} {row.unit}",
                "" if row.limit is None else f"{row.limit:,.2f}",
                "" if row.ratio is None else f"{row.ratio:.2f}",
                row.target,
                {True: "met", False: "SHORT", None: ""}[row.met],
                "" if stored is None else f"{stored[0]:,.2f}",
                "" if stored is None or stored[1] is None else f"{stored[1]:.2f}",
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)

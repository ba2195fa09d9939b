"""The orders of a list: by what its items are sorted, and where the next page begins."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, literal_column, true, tuple_

from reviewer.storage.tables import Condition, item

Order = Literal["time", "oldest", "imported", "steps", "relevance"]
"""Newest first; oldest first; last imported first; longest first; best match first (where few enough match, else newest first)."""
Get = Callable[[str], ColumnElement[Any]]
"""How a column is named in a statement: `indexed` or comparisons.plain."""


class Cursor(NamedTuple):
    """The last row of a page, by what it is sorted by; where the next page begins."""

    key: str | int | float | None
    n: int


def indexed(name: str) -> ColumnElement[Any]:
    """A column of `item` that an index may be chosen for, unlike that of comparisons.plain."""
    return item.c[name]


class Segment(NamedTuple):
    """Items that are sorted by one column and then by number. null: those without a time, which come last."""

    column: str
    descending: bool
    null: bool = False

    def key(self, get: Get) -> ColumnElement[Any]:
        """What its rows are sorted by first."""
        return literal_column("NULL") if self.null else get(self.column)

    def holds(self, get: Get) -> Condition:
        """Which rows belong to it."""
        if self.column != "time":
            return true()
        return get("time").is_(None) if self.null else get("time").is_not(None)

    def behind(self, get: Get, cursor: Cursor) -> Condition:
        """Rows behind a cursor."""
        return self._beyond(get, cursor, descending=self.descending)

    def until(self, cursor: Cursor) -> Condition:
        """Rows before a cursor."""
        return self._beyond(indexed, cursor, descending=not self.descending)

    def _beyond(self, get: Get, cursor: Cursor, *, descending: bool) -> Condition:
        if self.null or self.column == "n":
            return get("n") < cursor.n if descending else get("n") > cursor.n
        left, right = tuple_(get(self.column), get("n")), tuple_(cursor.key, cursor.n)
        return left < right if descending else left > right

    def rest(self, get: Get, after: Cursor | None) -> list[Condition]:
        """What is left of it behind a cursor, as a condition; none where the cursor is in a later one."""
        if after is None:
            return [self.holds(get)]
        if (after.key is None) == self.null:
            return [and_(self.holds(get), self.behind(get, after))]
        return [self.holds(get)] if self.null else []

    def order(self, get: Get) -> list[ColumnElement[Any]]:
        """How its rows are sorted."""
        columns = ["n"] if self.null or self.column == "n" else [self.column, "n"]
        return [get(c).desc() if self.descending else get(c).asc() for c in columns]


SEGMENTS: dict[str, tuple[Segment, ...]] = {
    "time": (Segment("time", True), Segment("time", True, null=True)),
    "oldest": (Segment("time", False), Segment("time", False, null=True)),
    "imported": (Segment("n", True),),
    "steps": (Segment("steps", True),),
}

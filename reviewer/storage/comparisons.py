"""What one field of a search asks of a column."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal_column, or_, select

from reviewer.domain.query import Field, period
from reviewer.storage.tables import Condition, item, label_clause


def plain(name: str) -> ColumnElement[Any]:
    """A column of `item` that no index is chosen for: the search decides by which way it goes, not the planner."""
    return literal_column(f"+item.{name}", item.c[name].type)


def pattern(value: str) -> re.Pattern[str]:
    """A value in which `*` stands for any characters, against casefolded text."""
    return re.compile(".*".join(re.escape(piece) for piece in value.casefold().split("*")), re.DOTALL)


def like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")


@cache
def leaps(name: str) -> Select[Any]:
    """The statement that leaps from value to value; most searches by an agent or a model need it."""
    column = item.c[name]
    leap = select(func.min(column).label("value")).cte("leap", recursive=True)
    following = select(func.min(column)).where(column > leap.c.value).scalar_subquery()
    leap = leap.union_all(select(following).where(leap.c.value.is_not(None)))
    return select(leap.c.value).limit(bindparam("most", type_=Integer))


def cites(name: str) -> list[Condition]:
    """The clause of a name: CLAUSE, or KEY:CLAUSE; `*` stands for any characters, `any` is any clause."""
    key, colon, clause = name.rpartition(":")
    if name.casefold() == "any":
        return []
    return [
        _named(label_clause.c.clause, clause.casefold()),
        *([_named(label_clause.c.policy, key)] if colon else []),
    ]


def _named(column: ColumnElement[Any], value: str) -> Condition:
    return column.like(like(value), escape="\\") if "*" in value else column == value


_COMPARE: dict[str, Callable[[ColumnElement[Any], int], ColumnElement[bool]]] = {
    ":": lambda c, v: c == v,
    ">": lambda c, v: c > v,
    ">=": lambda c, v: c >= v,
    "<": lambda c, v: c < v,
    "<=": lambda c, v: c <= v,
}


def compared(column: ColumnElement[Any], op: str, value: int) -> Condition:
    return _COMPARE[op](column, value)


def in_time(field: Field) -> Condition:
    """A `time:` condition on the indexed column."""
    return in_period(item.c.time, field.op, field.value)


def in_period(column: ColumnElement[Any], op: str, value: str) -> Condition:
    start, end = period(value)
    match op:
        case ":":
            return and_(column >= start, column < end)
        case ">":
            return column >= end
        case ">=":
            return column >= start
        case "<":
            return column < start
        case _:
            return column < end


def has_media(column: ColumnElement[Any], value: str) -> Condition:
    """media: an image, an audio or another file; `error` stands beside them as a mark of its own."""
    if value == "media":
        return and_(column != "", or_(*(column.like(f"% {kind} %") for kind in ("image", "audio", "file"))))
    return and_(column != "", column.like(f"% {value} %"))


def has_tool(column: ColumnElement[Any], value: str) -> Condition:
    """The tools column holds names with a space before and after each."""
    names = column.like(f"% {like(value)} %", escape="\\")
    if "*" not in value.strip("*"):
        return names
    # A `*` inside could span two names: look at each by itself.
    listed = func.json_each(literal_column("'[' || replace(json_quote(trim(item.tools)), ' ', '\",\"') || ']'")).table_valued("value")
    return and_(names, select(listed.c.value).where(listed.c.value.like(like(value), escape="\\")).exists())

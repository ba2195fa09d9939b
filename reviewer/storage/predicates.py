"""A search as conditions in SQL: what its tree asks of a row of `item`, as far as this viewer may know it.

Until a member has labelled an item of a blind campaign of theirs, its model, source and other people's labels are hidden from them
(DESIGN.md 2.2). A condition on what is hidden answers as if it were not there, whatever it is, so that no search can find it out.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Boolean, ColumnElement, Connection, Select, Table, and_, false, func, literal_column, not_, or_, select, true, tuple_

from reviewer.domain.chain import MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.query import All, And, Field, Not, Or, Query, period
from reviewer.domain.query import Text as Words
from reviewer.storage.campaigns import prefix_range
from reviewer.storage.tables import aside, campaign, import_file, item, item_text, label, member, origin, pick

Condition = ColumnElement[bool]
Numbers = Select[tuple[int]]

_DISTINCT = 500  # agents or models that are listed to find a pattern's values; beyond, the pattern is tried on each row
_TAKE_PART = ("reviewer", "lead")
_rules = msgspec.json.Decoder(Campaign)


class Sight(NamedTuple):
    """Who looks, and the open blind campaigns in which they take part. viewer None: sees everything."""

    viewer: MemberId | None
    blind: tuple[int, ...] = ()


class Source(NamedTuple):
    """A way to the items of one condition through an index: a superset of what the search finds.

    column, value: set where all of them have one value in an indexed column whose index goes on by time.
    words: the full-text expression that it answers by itself.
    """

    numbers: Numbers
    words: str | None = None
    column: str | None = None
    value: str | None = None


def sight_of(connection: Connection, viewer: MemberId | None) -> Sight:
    """What a member may see."""
    if viewer is None:
        return Sight(None)
    role = connection.execute(select(member.c.role).where(member.c.id == viewer)).scalar()
    rows = connection.execute(select(campaign.c.id, campaign.c.rules).where(campaign.c.closed == 0, campaign.c.blind == 1))
    taking_part = []
    for number, text in rows:
        named = _rules.decode(text).members
        if viewer in named or (not named and role in _TAKE_PART):
            taking_part.append(number)
    return Sight(viewer, tuple(taking_part))


def hidden(sight: Sight, item_id: ColumnElement[Any]) -> Condition:
    """Whether the item of that id is still to be judged blind by the viewer."""
    if not sight.blind:
        return false()
    return select(pick.c.item).where(pick.c.item == item_id, pick.c.campaign.in_(sight.blind), _unjudged(sight)).exists()


def _unjudged(sight: Sight) -> Condition:
    """Whether the viewer has no label in force on a row of `pick`."""
    own = select(label.c.n).where(
        label.c.item == pick.c.item, label.c.campaign == pick.c.campaign, label.c.member == sight.viewer, label.c.in_force == 1
    )
    return not_(own.exists())


def plain(name: str) -> ColumnElement[Any]:
    """A column of `item` that no index is chosen for: the search decides by which way it goes, not the planner."""
    return literal_column(f"+item.{name}", item.c[name].type)


def without_symbols(query: Query) -> Query | None:
    """The search without words that hold no letter or digit, which no index knows. None: nothing is left of it."""
    match query:
        case Words(words):
            return query if any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "Co" for c in words) else None
        case Not(part):
            left = without_symbols(part)
            return None if left is None else Not(left)
        case And(parts) | Or(parts):
            kept = [left for left in map(without_symbols, parts) if left is not None]
            if len(kept) < 2:
                return kept[0] if kept else None
            return And(tuple(kept)) if isinstance(query, And) else Or(tuple(kept))
        case _:
            return query


def match_text(query: Query) -> str | None:
    """A part that is about words only as a full-text expression; what was typed goes in as quoted phrases. None: not such a part."""
    match query:
        case Words(words, _, prefix):
            quoted = words.replace("\x00", " ").replace('"', '""')
            return f'"{quoted}"' + (" *" if prefix else "")
        case Or(parts):
            either = [match_text(part) for part in parts]
            return None if None in either else f"({' OR '.join(e for e in either if e)})"
        case And(parts):
            wanted = [match_text(p) for p in parts if not isinstance(p, Not)]
            return _all_words(wanted, [match_text(p.part) for p in parts if isinstance(p, Not)])
        case _:
            return None


def _all_words(wanted: Sequence[str | None], unwanted: Sequence[str | None]) -> str | None:
    if not wanted or None in wanted or None in unwanted:
        return None
    return f"(({' AND '.join(w for w in wanted if w)})" + "".join(f" NOT ({u})" for u in unwanted) + ")"


def matching(expression: str) -> Condition:
    """The full-text condition of an expression, for a select over item_text."""
    return literal_column("item_text").op("MATCH")(expression)


def _pattern(value: str) -> re.Pattern[str]:
    """A value in which `*` stands for any characters, against casefolded text."""
    return re.compile(".*".join(re.escape(piece) for piece in value.casefold().split("*")), re.DOTALL)


def _like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")


class Conditions:
    """Turns trees into conditions for one reading. `me` is who `reviewer:me` means; it defaults to the viewer."""

    def __init__(self, connection: Connection, sight: Sight, me: MemberId | None = None) -> None:
        self._connection = connection
        self.sight = sight
        self._me = me or sight.viewer

    # --- conditions

    def holds(self, query: Query, *, probe: bool = False, known: str | None = None) -> Condition:
        """The condition of a tree on a row of `item`.

        probe: look up row by row what stands in other tables, for a walk that ends soon; otherwise list it once.
        known: a full-text expression that is certain to hold.
        """
        match query:
            case All():
                return true()
            case Words():
                return self._found(match_text(query), probe, known)
            case Field():
                return self._field(query, probe)
            case Not(part):
                return func.coalesce(self.holds(part, probe=probe), 0) == 0  # what is not known does not hold
            case Or(parts):
                expression = match_text(query)
                return self._found(expression, probe, known) if expression else or_(*(self.holds(p, probe=probe) for p in parts))
            case And(parts):
                expression, rest = split_words(parts)
                return and_(self._found(expression, probe, known), *(self.holds(p, probe=probe) for p in rest))

    def _found(self, expression: str | None, probe: bool, known: str | None) -> Condition:
        if expression is None or expression == known:
            return true()
        if probe:
            return select(item_text.c.rowid).where(item_text.c.rowid == item.c.n, matching(expression)).exists()
        return plain("n").in_(select(item_text.c.rowid).where(matching(expression)))

    def _field(self, field: Field, probe: bool) -> Condition:
        name, value = field.name, field.value
        match name:
            case "agent":
                return self._one_of(name, value)
            case "model":
                return and_(self._one_of(name, value), not_(self._hidden(probe)))
            case "kind":
                return plain("kind") == value
            case "external":
                return plain("external_id").like(_like(value), escape="\\")
            case "id":
                return plain("id").between(*prefix_range(value))
            case "steps":
                return _compared(plain("steps"), field.op, int(value))
            case "time":
                return _in_period(plain("time"), field.op, value)
            case "tool":
                return self._tool(value, probe)
            case "has" if value == "tools":
                return plain("tools") != ""
            case "has" if value != "label":
                return _has_media(plain("media"), value) if probe else plain("n").in_(self._numbers(field))
            case "label" if value == "none":
                return not_(self._field(Field("label", ":", "any"), probe))
            case "file" | "format":
                return and_(self._elsewhere(field, probe), not_(self._hidden(probe)))
            case _:
                return self._elsewhere(field, probe)

    def _elsewhere(self, field: Field, probe: bool) -> Condition:
        """A condition on rows of another table that belong to the item."""
        if not probe:
            return plain("n").in_(self._numbers(field))
        table, conditions = self._related(field)
        own = table.c.n == item.c.n if table is origin else table.c.item == item.c.id
        return select(literal_column("1")).select_from(table).where(own, *conditions).exists()

    def _numbers(self, field: Field) -> Numbers:
        """The items that have such rows, or such media."""
        if field.name == "has" and field.value != "label":
            return select(item.c.n).where(_has_media(item.c.media, field.value))
        table, conditions = self._related(field)
        if table is origin:
            return select(origin.c.n).where(*conditions)
        return select(item.c.n).join(table, table.c.item == item.c.id).where(*conditions)

    def _related(self, field: Field) -> tuple[Table, list[Condition]]:
        """The table that a field asks of, and its conditions there; what is hidden from the viewer is left out."""
        name, value = field.name, field.value
        match name:
            case "file" | "format":
                return origin, [origin.c.file.in_(self._files(name, value))]
            case "campaign":
                return pick, [pick.c.campaign.in_(self._campaigns(value))]
            case "skipped" | "escalated":
                # Putting an item off is an opinion too.
                return aside, [aside.c.kind == _ASIDES[name], self._by(aside.c.member, value), self._told(aside)]
            case _:
                return label, [label.c.in_force == 1, self._of_label(field), self._told(label)]

    def _told(self, table: Table) -> Condition:
        """Whether the viewer may know of a row that a member made: their own always, others' once the item is not hidden."""
        if not self.sight.blind:
            return true()
        return or_(table.c.member == self.sight.viewer, not_(hidden(self.sight, table.c.item)))

    def _of_label(self, field: Field) -> Condition:
        match field.name, field.value:
            case ("label" | "has", "any" | "label"):
                return true()
            case ("label", verdict):
                return label.c.verdict == verdict
            case ("severity", "any"):
                return label.c.severity.is_not(None)
            case ("severity", severity):
                return label.c.severity == severity
            case (_, name):
                return self._by(label.c.member, name)

    def _tool(self, value: str, probe: bool) -> Condition:
        source = None if probe else self._tool_source(value)
        if source is None:
            return _has_tool(plain("tools"), value)
        return plain("n").in_(select(item.c.n).where(item.c.n.in_(source.numbers), _has_tool(item.c.tools, value)))

    def _hidden(self, probe: bool) -> Condition:
        """Whether the row of `item` is hidden from the viewer."""
        if probe or not self.sight.blind:
            return hidden(self.sight, item.c.id)
        waiting = select(item.c.n).join(pick, pick.c.item == item.c.id).where(pick.c.campaign.in_(self.sight.blind), _unjudged(self.sight))
        return plain("n").in_(waiting)

    def _one_of(self, name: str, value: str) -> Condition:
        if value == "*":
            return plain(name).is_not(None)
        values = self._values(name, value)
        return plain(name).like(_like(value), escape="\\") if values is None else plain(name).in_(values)

    def _values(self, name: str, value: str) -> list[str] | None:
        """The values in an indexed column that a pattern means, whatever their case; None where there are too many to look through."""
        known = self._distinct(name)
        if known is None:
            return None if "*" in value else [value]
        wanted = _pattern(value)
        return [v for v in known if wanted.fullmatch(v.casefold())]

    def _distinct(self, name: str) -> list[str] | None:
        """The values of an indexed column, found by leaping from one to the next."""
        if name not in self._seen:
            column = item.c[name]
            leap = select(func.min(column).label("value")).cte("leap", recursive=True)
            following = select(func.min(column)).where(column > leap.c.value).scalar_subquery()
            leap = leap.union_all(select(following).where(leap.c.value.is_not(None)))
            rows = self._connection.execute(select(leap.c.value).limit(_DISTINCT + 1)).scalars().all()
            self._seen[name] = [v for v in rows if v is not None] if len(rows) <= _DISTINCT else None
        return self._seen[name]

    @cached_property
    def _seen(self) -> dict[str, list[str] | None]:
        return {}

    # --- names

    def _by(self, column: ColumnElement[Any], name: str) -> Condition:
        if name.casefold() == "any":
            return true()
        if name.casefold() == "me" and self._me is not None:
            return column == self._me
        wanted = _pattern(name)
        rows = self._connection.execute(select(member.c.id, member.c.name))
        return column.in_([number for number, called in rows if wanted.fullmatch(called.casefold())])

    def _campaigns(self, value: str) -> list[int]:
        """Campaigns of a name; two of one name show as `name` and `name (2)`, in order of hash. Or of an id's first 6 or more digits."""
        wanted, seen, found = _pattern(value), dict[str, int](), []
        rows = self._connection.execute(select(campaign.c.id, campaign.c.name, campaign.c.hash).order_by(campaign.c.hash))
        for number, name, digest in rows:
            spaced = " ".join(name.casefold().split())
            seen[spaced] = seen.get(spaced, 0) + 1
            shown = spaced if seen[spaced] == 1 else f"{spaced} ({seen[spaced]})"
            if wanted.fullmatch(shown) or wanted.fullmatch(spaced) or (len(value) >= 6 and digest.hex().startswith(value.lower())):
                found.append(number)
        return found

    def _files(self, name: str, value: str) -> list[int]:
        wanted = _pattern(value)
        column = import_file.c.name if name == "file" else import_file.c.format
        found = []
        for number, text in self._connection.execute(select(import_file.c.id, column)):
            whole = text.casefold()
            if wanted.fullmatch(whole) or wanted.fullmatch(re.split(r"[/\\]", whole)[-1]):
                found.append(number)
        return found

    # --- ways through an index

    def sources(self, query: Query) -> list[Source]:
        """Ways to a superset of what the search finds, through an index each."""
        expression, rest = split_words(parts_of(query))
        found = [Source(select(item_text.c.rowid).where(matching(expression)), words=expression)] if expression else []
        found.extend(source for part in rest if isinstance(part, Field) for source in [self._source(part)] if source is not None)
        return found

    def _source(self, field: Field) -> Source | None:
        name, value = field.name, field.value
        numbers = select(item.c.n)
        match name:
            case "agent" | "model":
                values = None if value == "*" else self._values(name, value)
                if values is None:
                    return None
                one = values[0] if len(values) == 1 else None
                return Source(numbers.where(item.c[name].in_(values)), column=name if one is not None else None, value=one)
            case "steps":
                return Source(numbers.where(_compared(item.c.steps, field.op, int(value))))
            case "time":
                return Source(numbers.where(in_time(field)))
            case "id":
                return Source(numbers.where(item.c.id.between(*prefix_range(value))))
            case "external":
                return Source(numbers.where(item.c.external_id.is_not(None), item.c.external_id.like(_like(value), escape="\\")))
            case "tool":
                return self._tool_source(value)
            case "kind" if value != "trajectory":
                few = literal_column("item.kind <> 'trajectory'", Boolean)  # as the index has it: most items are trajectories
                return Source(numbers.where(few, item.c.kind == value))
            case "kind":
                return None
            case _ if (name, value) in (("has", "tools"), ("label", "none")):
                return None
            case _:
                return Source(self._numbers(field))

    def _tool_source(self, value: str) -> Source | None:
        """Tool names are among the words that are searched, so they lead to a tool's items."""
        words = Words(value.split("*")[0], prefix="*" in value)
        if without_symbols(words) is None:
            return None
        return Source(select(item_text.c.rowid).where(matching(match_text(words) or "")))


_ASIDES = {"skipped": "skip", "escalated": "escalate"}


def parts_of(query: Query) -> tuple[Query, ...]:
    """What must hold, each by itself."""
    return query.parts if isinstance(query, And) else (query,)


def split_words(parts: Sequence[Query]) -> tuple[str | None, list[Query]]:
    """All that an And says of words, as one full-text expression, and its other parts."""
    wanted = [p for p in parts if not isinstance(p, Not) and match_text(p)]
    if not wanted:
        return None, list(parts)
    unwanted = [p for p in parts if isinstance(p, Not) and match_text(p.part)]
    expression = _all_words([match_text(p) for p in wanted], [match_text(p.part) for p in unwanted])
    return expression, [p for p in parts if p not in wanted and p not in unwanted]


_COMPARE: dict[str, Callable[[ColumnElement[Any], int], ColumnElement[bool]]] = {
    ":": lambda c, v: c == v,
    ">": lambda c, v: c > v,
    ">=": lambda c, v: c >= v,
    "<": lambda c, v: c < v,
    "<=": lambda c, v: c <= v,
}


def _compared(column: ColumnElement[Any], op: str, value: int) -> Condition:
    return _COMPARE[op](column, value)


def in_time(field: Field) -> Condition:
    """A `time:` condition on the indexed column."""
    return _in_period(item.c.time, field.op, field.value)


def _in_period(column: ColumnElement[Any], op: str, value: str) -> Condition:
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


def _has_media(column: ColumnElement[Any], value: str) -> Condition:
    """media: an image, an audio or another file; `error` stands beside them as a mark of its own."""
    if value == "media":
        return and_(column != "", or_(*(column.like(f"% {kind} %") for kind in ("image", "audio", "file"))))
    return and_(column != "", column.like(f"% {value} %"))


def _has_tool(column: ColumnElement[Any], value: str) -> Condition:
    """The tools column holds names with a space before and after each."""
    names = column.like(f"% {_like(value)} %", escape="\\")
    if "*" not in value.strip("*"):
        return names
    # A `*` inside could span two names: look at each by itself.
    listed = func.json_each(literal_column("'[' || replace(json_quote(trim(item.tools)), ' ', '\",\"') || ']'")).table_valued("value")
    return and_(names, select(listed.c.value).where(listed.c.value.like(_like(value), escape="\\")).exists())


def after_key(columns: Sequence[ColumnElement[Any]], values: Sequence[Any], *, descending: bool) -> Condition:
    """Rows that come behind a key of several columns."""
    left, right = tuple_(*columns), tuple_(*values)
    return left < right if descending else left > right

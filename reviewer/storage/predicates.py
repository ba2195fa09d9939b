"""A search as conditions in SQL: what its tree asks of a row of `item`, as far as this viewer may know it.

A condition on what is hidden from the viewer (storage.sights) answers as if it were not there, whatever it is, so that no search can find
it out.
"""

import json
import re
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from reviewer.domain.chain import MemberId
from reviewer.domain.query import All, And, Field, Not, Or, Query
from reviewer.domain.query import Text as Words
from reviewer.storage.comparisons import cites, compared, has_media, has_tool, in_period, in_time, leaps, like, pattern, plain
from reviewer.storage.full_text import gathers, match_text, matching, parts_of, split_words, without_symbols
from reviewer.storage.rows import prefix_range
from reviewer.storage.sights import Sight, hidden, unpicked, waiting
from reviewer.storage.tables import (
    Condition,
    aside,
    blob,
    campaign,
    cluster,
    finding,
    import_file,
    item,
    item_text,
    label,
    label_clause,
    member,
    origin,
    pick,
)

Numbers = Select[tuple[int]]

_DISTINCT = 500  # agents or models that are listed to find a pattern's values; beyond, the pattern is tried on each row
_LEAST_PREFIX = 6  # digits of an id
_HIDDEN = frozenset({"model", "file", "format"})
_ASIDES = {"skipped": "skip", "escalated": "escalate"}


class Source(NamedTuple):
    """A way to the items of one condition through an index: a superset of what the search finds.

    column, value: set where all of them have one value in an indexed column whose index goes on by time.
    words: the full-text expression that it answers by itself.
    gathered: naming the first few items may take as long as naming all, as what storage.full_text.gathers tells of does.
    """

    numbers: Numbers
    words: str | None = None
    column: str | None = None
    value: str | None = None
    gathered: bool = False


class Within(NamedTuple):
    """A stretch of a walk: the numbers of its items, and the least and greatest of them."""

    numbers: Numbers
    least: int
    greatest: int


class Conditions:
    """Turns trees into conditions for one reading. `me` is who `reviewer:me` means; it defaults to the viewer.

    rare: how many items a source may lead to that is worth some work to find. indexed: the full-text index knows every item.
    """

    def __init__(self, connection: Connection, sight: Sight, me: MemberId | None = None, *, rare: int = 0, indexed: bool = True) -> None:
        self._connection = connection
        self._rare = rare
        self._indexed = indexed
        self.sight = sight
        self._me = me or sight.viewer

    # --- conditions

    def holds(self, query: Query, *, probe: bool = False, known: str | None = None, within: Within | None = None) -> Condition:
        """The condition of a tree on a row of `item`.

        probe: look up row by row what stands in other tables, for a walk that ends soon; otherwise list it once, as is always done with
        what the full-text index has to gather.
        known: a full-text expression that is certain to hold.
        within: the only rows that are asked about; words are listed as far as they are in them, and not looked up.
        """
        match query:
            case All():
                return true()
            case Words():
                return self._found(match_text(query), probe and not gathers(query), known, within)
            case Field():
                return self._field(query, probe)
            case Not(part):
                return func.coalesce(self.holds(part, probe=probe, within=within), 0) == 0  # what is not known does not hold
            case Or(parts):
                expression = match_text(query)
                if expression:
                    return self._found(expression, probe and not gathers(query), known, within)
                return or_(*(self.holds(p, probe=probe, within=within) for p in parts))
            case And(parts):
                expression, rest = split_words(parts)
                looked_up = probe and not any(gathers(p) for p in parts if p not in rest)
                others = (self.holds(p, probe=probe, within=within) for p in rest)
                return and_(self._found(expression, looked_up, known, within), *others)

    def _found(self, expression: str | None, probe: bool, known: str | None, within: Within | None) -> Condition:
        if expression is None or expression == known:
            return true()
        named = select(item_text.c.rowid).where(matching(expression))
        if within is not None:
            number = literal_column("+item_text.rowid", Integer)  # each is tried as it comes: an index entered for each takes longer
            return plain("n").in_(named.where(item_text.c.rowid.between(within.least, within.greatest), number.in_(within.numbers)))
        if probe:
            return named.where(item_text.c.rowid == item.c.n).exists()
        return plain("n").in_(named)

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
                return plain("external_id").like(like(value), escape="\\")
            case "id":
                return plain("id").between(*prefix_range(value))
            case "steps":
                return compared(plain("steps"), field.op, int(value))
            case "time":
                return in_period(plain("time"), field.op, value)
            case "tool":
                return self._tool(value, probe)
            case "has" if value == "tools":
                return plain("tools") != ""
            case "has" if value != "label":
                return has_media(plain("media"), value) if probe else plain("n").in_(self._numbers(field))
            case "label" if value == "none":
                return not_(self._field(Field("label", ":", "any"), probe))
            case "cluster":
                return plain("n").in_(self._numbers(field))
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
        if field.name == "cluster":
            listed = func.json_each(json.dumps(self._grouped(field.value))).table_valued("value")
            return select(item.c.n).where(item.c.id.in_(select(func.unhex(listed.c.value))))
        if field.name == "has" and field.value != "label":
            return select(item.c.n).where(has_media(item.c.media, field.value))
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
            case ("clause", name):
                return label.c.hash.in_(select(label_clause.c.hash).where(*cites(name)))
            case (_, name):
                return self._by(label.c.member, name)

    def _tool(self, value: str, probe: bool) -> Condition:
        source = None if probe else self._tool_source(value)
        if source is None:
            return has_tool(plain("tools"), value)
        return plain("n").in_(select(item.c.n).where(item.c.n.in_(source.numbers), has_tool(item.c.tools, value)))

    def _hidden(self, probe: bool) -> Condition:
        """Whether the row of `item` is hidden from the viewer."""
        if probe or not self.sight.blind:
            return hidden(self.sight, item.c.id)
        numbers = (select(item.c.n).join(table, table.c.item == item.c.id).where(waits) for table, waits in waiting(self.sight))
        return or_(*(plain("n").in_(some) for some in numbers))

    def _one_of(self, name: str, value: str) -> Condition:
        if value == "*":
            return plain(name).is_not(None)
        values = self._values(name, value)
        return plain(name).like(like(value), escape="\\") if values is None else plain(name).in_(values)

    def _values(self, name: str, value: str) -> list[str] | None:
        """The values in an indexed column that a pattern means, whatever their case; None where there are too many to look through."""
        known = self._distinct(name)
        if known is None:
            return None if "*" in value else [value]
        wanted = pattern(value)
        return [v for v in known if wanted.fullmatch(v.casefold())]

    def _distinct(self, name: str) -> list[str] | None:
        """The values of an indexed column, found by leaping from one to the next."""
        if name not in self._seen:
            rows = self._connection.execute(leaps(name), {"most": _DISTINCT + 1}).scalars().all()
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
        wanted = pattern(name)
        rows = self._connection.execute(select(member.c.id, member.c.name))
        return column.in_([number for number, called in rows if wanted.fullmatch(called.casefold())])

    def _campaigns(self, value: str) -> list[int]:
        """Campaigns of a name; two of one name show as `name` and `name (2)`, in order of hash. Or of an id's first 6 or more digits."""
        wanted, seen, found = pattern(value), dict[str, int](), []
        rows = self._connection.execute(select(campaign.c.id, campaign.c.name, campaign.c.hash).order_by(campaign.c.hash))
        for number, name, digest in rows:
            spaced = " ".join(name.casefold().split())
            seen[spaced] = seen.get(spaced, 0) + 1
            shown = spaced if seen[spaced] == 1 else f"{spaced} ({seen[spaced]})"
            if wanted.fullmatch(shown) or wanted.fullmatch(spaced) or (len(value) >= 6 and digest.hex().startswith(value.lower())):
                found.append(number)
        return found

    def _grouped(self, value: str) -> list[str]:
        """The items, in hex, of the clusters of the last runs, and of findings, whose id begins so."""
        wanted = value.lower()
        if len(wanted) < _LEAST_PREFIX or any(digit not in "0123456789abcdef" for digit in wanted):
            return []
        low, high = prefix_range(wanted)
        found = self._connection.execute(
            union_all(
                select(cluster.c["items"]).where(cluster.c.id.between(low, high)),
                select(blob.c.content).join(finding, finding.c["items"] == blob.c.hash).where(finding.c["items"].between(low, high)),
            )
        ).scalars()
        return sorted({content[at : at + 32].hex() for content in found for at in range(0, len(content), 32)})

    def _files(self, name: str, value: str) -> list[int]:
        wanted = pattern(value)
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
        found = [_worded(expression, gathered=any(gathers(p) for p in parts_of(query) if p not in rest))] if expression else []
        fields = [part for part in rest if isinstance(part, Field)]
        found.extend(source for source in map(self._source, fields) if source is not None)
        if self.sight.blind and any(field.name in _HIDDEN for field in fields):
            found.extend(self._seen_whole())
        return found

    def _seen_whole(self) -> list[Source]:
        """The items of which nothing is hidden from the viewer, where blind campaigns leave few: those outside and those judged."""
        outside = unpicked(self._connection, self.sight.blind, self._rare)
        if len(outside) > self._rare:
            return []
        judged = (
            select(item.c.n)
            .join(label, label.c.item == item.c.id)
            .where(label.c.campaign.in_(self.sight.blind), label.c.member == self.sight.viewer, label.c.in_force == 1)
        )
        either = union_all(judged, select(item.c.n).where(item.c.n.in_(outside)))
        return [Source(select(either.subquery().c.n))]

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
                return Source(numbers.where(compared(item.c.steps, field.op, int(value))))
            case "time":
                return Source(numbers.where(in_time(field)))
            case "id":
                return Source(numbers.where(item.c.id.between(*prefix_range(value))))
            case "external":
                named = item.c.external_id.like(like(value), escape="\\")  # whatever its case: the index is read to its end
                return Source(numbers.where(item.c.external_id.is_not(None), named), gathered="*" in value)
            case "tool":
                return self._tool_source(value)
            case "kind" if value != "trajectory":
                # As the index has it: of type Boolean it would be written with `= 1`.
                few: ColumnElement[Any] = literal_column("item.kind <> 'trajectory'")
                return Source(numbers.where(few, item.c.kind == value))
            case "kind":
                return None
            case _ if (name, value) in (("has", "tools"), ("label", "none")):
                return None
            case _:
                return Source(self._numbers(field))

    def _tool_source(self, value: str) -> Source | None:
        """Tool names are among the words that are searched, so they lead to a tool's items.

        In `cancel_*` the word before the line is a whole one: it leads past all that was `cancelled`, and names its first items at once.
        """
        stem = value.split("*")[0]
        words = Words(stem, prefix="*" in value and not _ends_word(stem))
        if without_symbols(words) is None or not self._indexed:
            return None
        return _worded(match_text(words) or "", gathered=words.prefix)


def _worded(expression: str, *, gathered: bool) -> Source:
    return Source(select(item_text.c.rowid.label("n")).where(matching(expression)), words=expression, gathered=gathered)


def _ends_word(stem: str) -> bool:
    """Whether a word of the index ends where the stem does, whatever follows: no word holds a sign of ASCII."""
    return stem[-1:].isascii() and not stem[-1:].isalnum()

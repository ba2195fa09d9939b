"""Searches over the items: one page by key, a count, all numbers for a table that scrolls, the ids of a population.

No search reads a payload. What the full-text index does not know yet (storage.search_index) is not here for a search that asks for words.
Which way it goes is decided here, by looking how many items each index leads to, and not by the planner, which
knows neither how common a word is nor that a page needs fifty rows: a rare condition drives the search; otherwise the items are walked in
the order of the screen and tried one by one, the first thousand and, where those say that it will be soon enough, as many as a page needs.
A word is looked up item by item only where it is so common that going through its items would take longer, and the items of a word are kept
in a list as far as they are among those that are walked first.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, cast, exc, func, literal_column, or_, select, tuple_, union_all
from sqlcipher3 import dbapi2

from reviewer.domain.chain import MemberId
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Cancelled, Ticket
from reviewer.domain.query import All, Field, Query, Text, leaves
from reviewer.storage import search_index
from reviewer.storage.comparisons import in_time, plain
from reviewer.storage.full_text import gathers, match_text, matching, parts_of, split_words, without_symbols
from reviewer.storage.listed_items import Row, rows_of
from reviewer.storage.orders import SEGMENTS, Segment, indexed
from reviewer.storage.orders import Cursor as Cursor  # with Order: what `find` is asked with
from reviewer.storage.orders import Order as Order
from reviewer.storage.predicates import Conditions, Source, Within
from reviewer.storage.sights import Sight, hidden, sight_of, waiting
from reviewer.storage.tables import Condition, fact, item, item_text

_STEPS = 200_000  # of SQLite's machine, between two looks at whether to stop
_RARE = 2_000  # matches that are fetched and sorted at once
_WINDOW = 1_000  # rows tried one by one before what stands elsewhere is listed
_WIDER = 16  # times as many rows are tried where that should fill the page
_PROBE = 800  # items of a word that are gone through in the time in which one item is looked up in the full-text index
_KEPT = 8  # items of a word that are listed in the time in which one row is put aside, to go through the word's items with
_MANY = 200_000  # matches up to which a search of everything goes by them rather than by all items
_ASKED_AT_ONCE = 500  # ids that one statement names
_RANKED = 20_000  # items of a word up to which matches are ranked
_FIRST_BEHIND = select(fact.c.value).where(fact.c.name == search_index.MARK)


class Reads(Protocol):
    """A view of the tables: a Reading of a workspace."""

    @property
    def connection(self) -> Connection:
        """The connection with an open read transaction."""


class Found(NamedTuple):
    """A page. next: where the one behind it begins; None at the end."""

    rows: tuple[Row, ...]
    next: Cursor | None


@contextmanager
def stopping(reading: Reads, ticket: Ticket) -> Iterator[None]:
    """Let the ticket stop even a long statement. Raises Cancelled."""
    raw = reading.connection.connection.driver_connection
    assert isinstance(raw, dbapi2.Connection)
    raw.set_progress_handler(lambda: ticket.cancelled, _STEPS)
    try:
        yield
    except (exc.OperationalError, dbapi2.OperationalError) as error:  # the driver's own, where a statement went past SQLAlchemy
        if ticket.cancelled:
            raise Cancelled from error
        raise
    finally:
        raw.set_progress_handler(None, 0)


def find(
    reading: Reads,
    query: Query,
    *,
    viewer: MemberId | None,
    order: Order = "time",
    after: Cursor | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Found:
    """One page of what the viewer may find. offset skips rows the slow way, for the command line; a window gives `after`."""
    search = _Search(reading.connection, query, sight_of(reading.connection, viewer))
    keys = search.keys(order, after, offset + limit + 1)[offset:]
    page = keys[:limit]
    return Found(tuple(rows_of(search.connection, [key.n for key in page], search.sight)), page[-1] if len(keys) > limit and page else None)


def count(reading: Reads, query: Query, *, viewer: MemberId | None) -> int:
    """How many items the viewer may find; for everything, a counter."""
    if isinstance(query, All):
        return int(reading.connection.execute(select(fact.c.value).where(fact.c.name == "items")).scalar() or 0)
    return _Search(reading.connection, query, sight_of(reading.connection, viewer)).count()


def numbers(reading: Reads, query: Query, *, viewer: MemberId | None, order: Order = "time") -> "array[int]":
    """The number of every item found, in order: 4 bytes each. The work is done in one statement, which leaves other threads alone;
    what it took of memory is given back."""
    search = _Search(reading.connection, query, sight_of(reading.connection, viewer))
    inner = search.every(order).subquery()
    listed = func.unhex(func.group_concat(func.printf("%08x", inner.c.n), ""))
    found = array("I", reading.connection.execute(select(listed)).scalar() or b"")
    if len(found) > _MANY:
        reading.connection.exec_driver_sql("PRAGMA shrink_memory")
    if sys.byteorder == "little":
        found.byteswap()
    return found


def is_hidden(reading: Reads, wanted: ItemId, *, viewer: MemberId | None) -> bool:
    """Whether the viewer still has to judge an item blind."""
    sight = sight_of(reading.connection, viewer)
    asked = select(hidden(sight, item.c.id)).where(item.c.id == bytes.fromhex(wanted))
    return bool(reading.connection.execute(asked).scalar())


def hidden_among(reading: Reads, wanted: Sequence[ItemId], *, viewer: MemberId | None) -> set[ItemId]:
    """Those of these items that the viewer still has to judge blind."""
    sight = sight_of(reading.connection, viewer)
    if not sight.blind:
        return set()
    found: set[ItemId] = set()
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        names = [bytes.fromhex(name) for name in wanted[start : start + _ASKED_AT_ONCE]]
        unseen = reading.connection.execute(select(item.c.id).where(item.c.id.in_(names), hidden(sight, item.c.id))).scalars()
        found.update(ItemId(name.hex()) for name in unseen)
    return found


def waiting_for(reading: Reads, viewer: MemberId | None) -> frozenset[int]:
    """The numbers of all items that the viewer still has to judge blind."""
    asked = [
        select(item.c.n).join(table, table.c.item == item.c.id).where(waits)
        for table, waits in waiting(sight_of(reading.connection, viewer))
    ]
    return frozenset(n for each in asked for n in reading.connection.execute(each).scalars())


def ids_waiting_for(reading: Reads, viewer: MemberId | None) -> list[bytes]:
    """The ids of the same items, some of them more than once."""
    asked = [select(table.c.item).where(waits) for table, waits in waiting(sight_of(reading.connection, viewer))]
    return [name for each in asked for name in reading.connection.execute(each).scalars()]


def item_ids(reading: Reads, query: Query, *, me: MemberId | None = None) -> list[ItemId]:
    """The ids of all items found, sorted, with nothing hidden: the population of a draw. `me` is who `reviewer:me` means."""
    search = _Search(reading.connection, query, Sight(None), me)
    return _ids(search)


def seen_ids(reading: Reads, query: Query, *, viewer: MemberId | None) -> list[ItemId]:
    """The ids of all items that the viewer may find, sorted."""
    return _ids(_Search(reading.connection, query, sight_of(reading.connection, viewer)))


def _ids(search: "_Search") -> list[ItemId]:
    """All ids, sorted. SQLite packs them: a row an item would take five times as long."""
    inner = search.unordered(item.c.id).subquery()
    packed = search.connection.execute(select(cast(func.group_concat(inner.c.id, ""), LargeBinary))).scalar() or b""
    whole = packed.hex()
    return sorted(ItemId(whole[at : at + 64]) for at in range(0, len(whole), 64))


class _Window(NamedTuple):
    """How many rows of a walk are tried one by one. listed: their words are listed, else looked up."""

    rows: int
    listed: bool = False


class _Search:
    """One search in one reading."""

    def __init__(self, connection: Connection, query: Query, sight: Sight, me: MemberId | None = None) -> None:
        self.connection = connection
        self.sight = sight
        self._query = without_symbols(query)
        self._terms = list(leaves(self._query or All()))
        self._first_behind = self._not_indexed_from()
        self._conditions = Conditions(connection, sight, me, rare=_RARE, indexed=self._first_behind is None)
        self._sources = [] if self._query is None else self._conditions.sources(self._query)
        self._words = None if self._query is None else split_words(parts_of(self._query))[0]
        self._share: float | None = None  # of the items that hold these words, as the first of them tell
        self._rare = self._smallest(_RARE, [source for source in self._sources if not source.gathered])

    def _smallest(self, most: int, sources: Sequence[Source]) -> Source | None:
        """The source with the fewest items, if they are no more than that."""
        best, fewest = None, most + 1
        for source in sources:
            size = self._size(source, fewest)
            if size < fewest:
                best, fewest = source, size
        return best

    def _size(self, source: Source, limit: int) -> int:
        """How many items it leads to, as far as the limit."""
        some = source.numbers.limit(limit).subquery()
        if source.words is None or source.words != self._words:
            return self.connection.execute(select(func.count()).select_from(some)).scalar_one()
        size, last = self.connection.execute(select(func.count(), func.max(some.c.n))).one()
        self._share = size / last if last else 0.0  # they come in the order of their numbers
        return int(size)

    @cached_property
    def _driving(self) -> Source | None:
        """The source to go by: a rare one, those among them that have to be gathered before they can be counted."""
        return self._rare or self._smallest(_RARE, [source for source in self._sources if source.gathered])

    def _reading(self) -> Source | None:
        """The source to go by where all is asked for, and rows of the table must be read."""
        return self._driving or (self._smallest(_MANY, self._sources) if self._needs_rows() else None)

    def _not_indexed_from(self) -> int | None:
        """Where the search asks for words: the number from which on no item is indexed, if there is one."""
        if not any(isinstance(leaf, Text) or leaf.name == "tool" for leaf in self._terms):
            return None
        found = self.connection.execute(_FIRST_BEHIND).scalar()
        return None if found is None else int(found)

    def _holds(self, *, probe: bool = False, known: str | None = None, within: Within | None = None) -> Condition:
        if self._query is None:
            return literal_column("0")
        found = self._conditions.holds(self._query, probe=probe, known=known, within=within)
        if self._first_behind is None or not any(isinstance(leaf, Text) for leaf in self._terms):
            return found
        return found & (plain("n") < self._first_behind)  # else `-word` would find items that nobody has looked into yet

    def _in_index(self) -> bool:
        """Whether a walk can try everything without leaving its index, but for whether the few rows that are left are hidden."""
        return all(isinstance(leaf, Field) and leaf.name in _COVERED for leaf in self._terms)

    def _needs_rows(self) -> bool:
        """Whether rows of the table must be read, which carry payloads; everything else is tried by the index and by lists of numbers."""
        fields = [leaf for leaf in self._terms if isinstance(leaf, Field)]
        return any(leaf.name in _IN_ROWS or leaf == _HAS_TOOLS for leaf in fields)

    def _walked(self) -> Source | None:
        """An index that goes on by time behind one value of a condition, where no other index could try more."""
        source = next((source for source in self._sources if source.column is not None), None)
        if source is None:
            return None
        tried = {leaf.name for leaf in self._terms if isinstance(leaf, Field) and leaf.name in _COVERED}
        return source if tried <= {source.column, "time"} else None

    # --- one page

    def keys(self, order: Order, after: Cursor | None, limit: int) -> list[Cursor]:
        """The first rows behind a cursor."""
        ranked = self._ranked() if order == "relevance" and (after is None or isinstance(after.key, float)) else None
        if ranked is not None:
            return self._page(_behind_rank(ranked, after), limit)
        segments = SEGMENTS["time" if order == "relevance" else order]
        if self._rare is not None:
            return self._page(self._driven(self._rare, segments, after), limit)
        found: list[Cursor] = []
        for segment in segments:
            if after is not None and after.key is None and not segment.null:
                continue
            start = after if after is not None and segment.null == (after.key is None) else None
            found += self._of_segment(segment, start, limit - len(found))
            if len(found) == limit:
                break
        return found

    def _page(self, statement: Select[Any], limit: int) -> list[Cursor]:
        return [Cursor(key, n) for key, n in self.connection.execute(statement.limit(limit)).all()]

    def _of_segment(self, segment: Segment, after: Cursor | None, limit: int) -> list[Cursor]:
        walk = self._walk(segment, after)
        by_time = segment.column == "time"
        if by_time and self._in_index():
            return self._page(walk.where(self._holds(probe=True)), limit)
        found = self._near(segment, walk, limit)
        if found is not None:
            return found
        if self._driving is not None:
            return self._page(self._driven(self._driving, (segment,), after), limit)
        return self._page(walk.where(self._holds()) if by_time else self._sorted(segment, after), limit)

    def _near(self, segment: Segment, walk: Select[Any], limit: int) -> list[Cursor] | None:
        """The page, by trying the first rows of a walk one by one; None where they do not fill it."""
        window = self._window(limit)
        while window is not None:
            edge = self.connection.execute(walk.offset(window.rows).limit(1)).first()
            near = walk.where(self._holds(probe=True, within=self._within(walk, window)))
            found = self._page(near if edge is None else near.where(segment.until(Cursor(*edge))), limit)
            if edge is None or len(found) == limit:
                return found
            window = self._wider(window, len(found) / limit)
        return None

    def _window(self, limit: int) -> _Window | None:
        """The rows to try one by one at first; None where listing what stands elsewhere is quicker."""
        if not any(isinstance(leaf, Text) for leaf in self._terms):
            return _Window(_WINDOW)
        if any(gathers(leaf) for leaf in self._terms):
            return _Window(4 * _WINDOW, listed=True)
        if not self._share:
            return _Window(_WINDOW // 4)
        needed = limit / self._share
        rows = int(2 * needed)
        matches = self._share * self.connection.execute(select(func.max(item.c.n))).scalar_one()
        if needed * _PROBE <= matches:
            return _Window(rows)
        return _Window(rows, listed=True) if rows * _KEPT < matches else None

    def _within(self, walk: Select[Any], window: _Window) -> Within | None:
        if not window.listed:
            return None
        rows = walk.limit(window.rows).subquery()
        least, greatest = self.connection.execute(select(func.min(rows.c.n), func.max(rows.c.n))).one()
        return Within(select(rows.c.n), least or 0, greatest or 0)

    def _wider(self, window: _Window, filled: float) -> _Window | None:
        """The rows to try after those that filled a part of the page: all that it takes, where a row has to be read for it either way."""
        if window.rows != _WINDOW or filled * _WIDER < 2 or not self._needs_rows():
            return None
        return _Window(window.rows * _WIDER)

    def _driven(self, source: Source, segments: Sequence[Segment], after: Cursor | None) -> Select[Any]:
        """The items of a source in these segments, which are all of an order or one of them, sorted."""
        first = segments[0]
        statement = select(first.key(plain), item.c.n).where(item.c.n.in_(source.numbers), self._holds(probe=True, known=source.words))
        if len(segments) == 1 or after is not None:
            statement = statement.where(or_(*(part for segment in segments for part in segment.rest(plain, after))))
        undated = [plain(first.column).is_(None)] if len(segments) > 1 else []
        return statement.order_by(*undated, *first.order(plain))

    def _sorted(self, segment: Segment, after: Cursor | None) -> Select[Any]:
        """All that is found, sorted: for an order in which no index can be walked without reading whole rows."""
        source = self._reading()
        if source is not None:
            return self._driven(source, (segment,), after)
        statement = select(segment.key(plain), item.c.n).where(self._holds())
        if after is not None:
            statement = statement.where(segment.behind(plain, after))
        return statement.order_by(*segment.order(plain))

    def _walk(self, segment: Segment, after: Cursor | None) -> Select[Any]:
        """All items of a segment in its order, by an index; the conditions of the search are still to be added."""
        statement = select(segment.key(indexed), item.c.n).where(segment.holds(indexed))
        if segment.column == "time":
            source = self._walked()
            if source is not None and source.column is not None:
                statement = statement.where(item.c[source.column] == source.value)
            if not segment.null:
                statement = statement.where(*(in_time(part) for part in self._times()))
        if after is not None:
            statement = statement.where(segment.behind(indexed, after))
        return statement.order_by(*segment.order(indexed))

    def _times(self) -> list[Field]:
        parts = () if self._query is None else parts_of(self._query)
        return [part for part in parts if isinstance(part, Field) and part.name == "time"]

    # --- by rank

    def _ranked(self) -> Select[Any] | None:
        """Matches by rank, best (lowest) first; None where a word is too common for that, or there is none."""
        expression = None if self._query is None else split_words(parts_of(self._query))[0]
        if expression is None:
            return None
        for leaf in self._terms:
            if isinstance(leaf, Text):
                source = Source(select(item_text.c.rowid).where(matching(match_text(leaf) or "")))
                if self._size(source, _RANKED + 1) > _RANKED:
                    return None
        inner = select(item_text.c.rowid.label("n"), literal_column("bm25(item_text)").label("rank")).where(matching(expression)).subquery()
        statement = select(inner.c.rank, inner.c.n).join(item, item.c.n == inner.c.n).where(self._holds(probe=True, known=expression))
        return statement.order_by(inner.c.rank, inner.c.n)

    # --- everything

    def every(self, order: Order) -> Select[Any]:
        """The numbers of all that is found, in order, as column `n`."""
        ranked = self._ranked() if order == "relevance" else None
        if ranked is not None:
            return select(ranked.subquery().c.n)
        source = self._reading()
        parts = []
        for segment in SEGMENTS["time" if order == "relevance" else order]:
            if source is not None:
                statement = self._driven(source, (segment,), None)
            elif segment.column == "time":
                statement = self._walk(segment, None).where(self._holds())
            else:
                statement = self._sorted(segment, None)
            parts.append(select(statement.subquery().c.n))
        return parts[0] if len(parts) == 1 else select(union_all(*parts).subquery().c.n)

    def unordered(self, column: ColumnElement[Any]) -> Select[Any]:
        """A column of all that is found, in any order."""
        source = self._reading()
        statement = select(column).select_from(item)
        if source is not None:
            return statement.where(item.c.n.in_(source.numbers), self._holds(probe=True, known=source.words))
        walked = self._walked()
        if walked is not None and walked.column is not None:
            statement = statement.where(item.c[walked.column] == walked.value)
        return statement.where(self._holds(), *(in_time(part) for part in self._times()))

    def count(self) -> int:
        """How many."""
        expression = None if self._query is None else match_text(self._query)
        if expression is not None:
            return self.connection.execute(select(func.count()).select_from(item_text).where(matching(expression))).scalar_one()
        return self.connection.execute(select(func.count()).select_from(self.unordered(literal_column("1")).subquery())).scalar_one()


def _behind_rank(ranked: Select[Any], after: Cursor | None) -> Select[Any]:
    if after is None:
        return ranked
    found = ranked.order_by(None).subquery()
    return select(found).where(tuple_(found.c.rank, found.c.n) > tuple_(after.key, after.n)).order_by(found.c.rank, found.c.n)


_COVERED = frozenset({"agent", "model", "kind", "steps", "time"})
_IN_ROWS = frozenset({"tool", "id", "external"})
_HAS_TOOLS = Field("has", ":", "tools")

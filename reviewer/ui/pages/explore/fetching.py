"""What the page asks of operations: functions that run on worker threads, and the values that they bring."""

import time
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.chips import Chip, describe
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.domain.query import parse
from reviewer.ui.transcript.blocks import Transcript, prepare

if TYPE_CHECKING:
    from reviewer.operations.searching import Whole
    from reviewer.storage.listed_items import Row
    from reviewer.storage.searches import Order
    from reviewer.storage.workspace import Workspace

FIRST = 50  # rows of the first page, more than most screens show; also the rows of each later one


class Beginning(NamedTuple):
    """The first page of a search, how long it took in milliseconds, what was asked for in words, and how many items there are in all.

    behind: items that came in just now and that its words do not find yet.
    """

    rows: "tuple[Row, ...]"
    all_here: bool
    took_ms: float
    chips: list[Chip]
    total: int
    behind: int = 0


class Shown(NamedTuple):
    """An item ready to be painted."""

    whole: "Whole"
    transcript: Transcript


def begin(workspace: "Workspace", ticket: Ticket, *, text: str, order: "Order") -> Outcome[Beginning]:
    """The first page. Raises Refused for a search of too many terms."""
    from reviewer import operations

    start = time.perf_counter()
    page = operations.searching.search(workspace, ticket, text=text, order=order, limit=FIRST, at_once=True).value
    took_ms = (time.perf_counter() - start) * 1000
    return Outcome(Beginning(page.rows, page.next is None, took_ms, describe(parse(text)), page.here, page.behind))


def every(workspace: "Workspace", ticket: Ticket, *, text: str, order: "Order") -> "Outcome[array[int]]":
    """The numbers of all that is found, in order."""
    from reviewer import operations

    return operations.searching.list_items(workspace, ticket, text=text, order=order)


def rows(workspace: "Workspace", ticket: Ticket, *, pages: Sequence[tuple[int, Sequence[int]]]) -> "Outcome[list[tuple[int, list[Row]]]]":
    """Rows page by page; pages: (number of the page, numbers of its items). An item that is gone leaves its page shorter."""
    from reviewer import operations

    return Outcome([(page, operations.searching.rows_of(workspace, ticket, numbers=numbers).value) for page, numbers in pages])


def item(workspace: "Workspace", ticket: Ticket, *, item: str) -> Outcome[Shown]:
    """One item, whole, its transcript prepared."""
    from reviewer import operations

    whole = operations.searching.show_item(workspace, ticket, item=item).value
    return Outcome(Shown(whole, prepare(whole.item)))


def query_of(items: Sequence[ItemId]) -> str:
    """A search that finds exactly these items."""
    return " or ".join(f"id:{each}" for each in items)

"""Finding items, and showing one whole: always what the viewer may see."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import query
from reviewer.domain.changes import Outcome
from reviewer.domain.items import Item, ItemId
from reviewer.domain.progress import Ticket
from reviewer.operations import indexing
from reviewer.operations.queues import blinded
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import listed_items, search_index, searches
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage.listed_items import Row
from reviewer.storage.sights import sight_of
from reviewer.storage.suggestions import Opinion
from reviewer.storage.workspace import Workspace


class Page(NamedTuple):
    """Part of what a search found. total: how many it found, None unless that was asked for; here: how many items there are in all.
    behind: items that are here and that its words do not find yet."""

    rows: tuple[Row, ...]
    next: searches.Cursor | None
    total: int | None
    here: int
    behind: int = 0


class Whole(NamedTuple):
    """One item with all that the viewer may see of it.

    hidden: the viewer still has to label it blind, so model, source, metadata, suggestions and the labels of others are left out.
    labels: in force; history: all, those replaced or taken back among them. Both oldest first.
    """

    id: ItemId
    item: Item
    hidden: bool
    origin: item_rows.Origin | None
    labels: tuple[label_rows.Said, ...]
    history: tuple[label_rows.Said, ...]
    campaigns: tuple[str, ...]
    suggestions: tuple[Opinion, ...] = ()


def search(
    workspace: Workspace,
    ticket: Ticket,
    *,
    text: str,
    order: searches.Order = "time",
    after: searches.Cursor | None = None,
    offset: int = 0,
    limit: int = 50,
    with_total: bool = False,
    at_once: bool = False,
) -> Outcome[Page]:
    """Items that a query finds, in pages by key. offset skips rows, for a command line; a window passes `after`.

    at_once: what words find by now, and how many items are `behind`; else those are indexed first.
    """
    ticket.step(0, 1, "Searching")
    tree = query.parse(text)
    if not at_once:
        indexing.know_words(workspace, ticket, text)
    with workspace.read() as reading, searches.stopping(reading, ticket):
        found = searches.find(reading, tree, viewer=workspace.member, order=order, after=after, offset=offset, limit=limit)
        total = searches.count(reading, tree, viewer=workspace.member) if with_total else None
        behind = len(search_index.behind(reading)) if indexing.asks_for_words(tree) else 0
        return Outcome(Page(found.rows, found.next, total, int(reading.fact("items") or 0), behind))


def list_items(workspace: Workspace, ticket: Ticket, *, text: str, order: searches.Order = "time") -> "Outcome[array[int]]":
    """The numbers of all items that a query finds by now, in order, for a table that scrolls: 4 bytes each. `rows_of` shows them."""
    ticket.step(0, 1, "Listing")
    with workspace.read() as reading, searches.stopping(reading, ticket):
        return Outcome(searches.numbers(reading, query.parse(text), viewer=workspace.member, order=order))


def rows_of(workspace: Workspace, ticket: Ticket, *, numbers: Sequence[int]) -> Outcome[list[Row]]:
    """The items of these numbers, in this order, as a list shows them; those that are gone are left out."""
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        return Outcome(listed_items.rows_of(reading.connection, numbers, sight_of(reading.connection, workspace.member)))


def show_item(workspace: Workspace, ticket: Ticket, *, item: str) -> Outcome[Whole]:
    """One item, whole. item: its id or the first digits. Raises NotFound."""
    ticket.step(0, 1, "Fetching")
    with workspace.read() as reading:
        found = item_rows.full_id(reading, item)
        kept = item_rows.get(reading, found)
        hidden = searches.is_hidden(reading, found, viewer=workspace.member)
        history = label_rows.of_item(reading, found)
        if hidden:
            history = [said for said in history if said.member == workspace.member]
        return Outcome(
            Whole(
                id=found,
                item=blinded(kept.item) if hidden else kept.item,
                hidden=hidden,
                origin=None if hidden else item_rows.origin(reading, found),
                labels=tuple(said for said in history if said.in_force),
                history=tuple(history),
                campaigns=campaign_rows.names_of(reading, found),
                suggestions=() if hidden else tuple(suggestion_rows.of_item(reading, found)),
            )
        )


def metadata_of(origin: item_rows.Origin) -> dict[str, object]:
    """What was kept beside an item, as a mapping."""
    return msgspec.json.decode(origin.metadata, type=dict[str, object])

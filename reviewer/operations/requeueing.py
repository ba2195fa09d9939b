"""Asking again: items that reviewers have labelled go back to them, with the reason."""

from collections.abc import Sequence
from typing import NamedTuple

from reviewer.domain import query as queries
from reviewer.domain import requeues
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import BlobRef, Why
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import indexing
from reviewer.operations.labelling import checked_note
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import searches
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading, Workspace

_BATCH = 200  # items of one entry and transaction


class Requeued(NamedTuple):
    """What is asked for again. requeue: the entry, the first where many items take several.

    items: sorted; those that nobody has labelled are left out, since they wait in the queue anyway.
    """

    requeue: EntryHash
    campaign: EntryHash
    items: tuple[ItemId, ...]


def requeue_items(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaign: str,
    items: Sequence[str] | None = None,
    query: str | None = None,
    why: Why = "asked",
    clause: str | None = None,
    note: str = "",
) -> Outcome[Requeued]:
    """Ask everyone who labelled some items of a campaign for them again. Their labels stay in force until they are replaced.

    items: ids, or their first digits; query: or what a search finds among the campaign's items. clause: `KEY:CLAUSE`; note: why, in words.
    Many items are asked for in batches, so that no label waits for them; stopped in between, those before stay asked for.
    Raises Refused where nothing is found, nobody labelled any of it, or an item is outside the campaign; NotFound; NotAllowed.
    """
    require(workspace.me, "requeue", "ask for items again")
    ticket.step(0, 1, "Finding the items")
    indexing.know_words(workspace, ticket, query)
    with workspace.read() as reading:
        stored = campaign_rows.named(reading, campaign)
        wanted = _named(reading, stored, items or ()) if query is None else _found(reading, stored, query)
        labelled = sorted(wanted & label_rows.labelled_items(reading, stored))
    # Refuses before anything is kept.
    requeues.requeue(stored.state, BlobRef(len(labelled), "0" * 64), why=why, clause=clause, note=None)
    checked_note(note)
    names, changes = [], Changes.NONE
    for start in range(0, len(labelled), _BATCH):
        batch = labelled[start : start + _BATCH]
        with workspace.begin() as work:
            listed = BlobRef(len(batch), work.keep_blob(campaign_rows.pack_ids(batch)))
            reason = work.keep_note(note) if note.strip() else None
            now = campaign_rows.by_hash(work, stored.state.hash).state
            names.append(work.record(requeues.requeue(now, listed, why=why, clause=clause, note=reason)))
        changes |= work.changes
        ticket.step(start + len(batch), len(labelled), "Asking again")
    return Outcome(Requeued(names[0], stored.state.hash, tuple(labelled)), changes)


def _named(reading: Reading, stored: Stored, names: Sequence[str]) -> set[ItemId]:
    found = {item_rows.full_id(reading, name) for name in names}
    outside = sorted(item for item in found if not campaign_rows.is_sampled(reading, stored, item))
    if outside:
        raise Refused(
            f"Item {outside[0][:6]} is not in the sample of “{stored.state.rules.name}”.",
            "Name items of the campaign; nothing was written.",
        )
    return found


def _found(reading: Reading, stored: Stored, text: str) -> set[ItemId]:
    tree = queries.resolve(queries.parse(text), me=reading.workspace.me.name)
    found = set(searches.item_ids(reading, tree)) & campaign_rows.sampled_items(reading, stored)
    if not found:
        raise Refused(
            f"No item of “{stored.state.rules.name}” matches “{shown(text, 60)}”.", "Change the query; an empty query takes every item."
        )
    return found

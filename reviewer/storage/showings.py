"""An item as its reviewer sees it: whole, without what would lead, with what they had begun to say."""

from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.items import Item, ItemId
from reviewer.domain.labels import Opinion
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.rows import Rows


class Showing(NamedTuple):
    """An item to review, without what would lead. `item.model` is None in a blind campaign; `draft` is what was begun on it.

    again: it was put off before.
    """

    id: ItemId
    item: Item
    campaign: EntryHash
    campaign_name: str
    draft: Opinion | None
    showing: int = 1
    again: bool = False


def showing_of(rows: Rows, stored: Stored, member: MemberId, item: ItemId, *, again: bool) -> Showing:
    """An item of a campaign for one of its reviewers. Raises NotFound, and Damaged if its bytes are not those that its id names."""
    kept = item_rows.get(rows, item)
    visible = blinded(kept.item) if stored.state.rules.blind else kept.item
    draft = label_rows.draft_of(rows, stored.state.hash, item, member)
    return Showing(item, visible, stored.state.hash, stored.state.rules.name, draft, again=again)


def blinded(item: Item) -> Item:
    """An item without the names of the models that made it."""
    candidates = tuple(msgspec.structs.replace(candidate, model=None) for candidate in item.candidates)
    return msgspec.structs.replace(item, model=None, candidates=candidates)

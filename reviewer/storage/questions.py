"""What a member's answer to an item has to know, read at once: a label waits for each statement that is asked."""

import re
from typing import NamedTuple

from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Shown
from reviewer.domain.items import ItemId
from reviewer.storage import campaigns, golds, items, requeues, unblindings
from reviewer.storage.campaigns import Asking
from reviewer.storage.rows import ChangingRows, Rows

_WHOLE_ID = re.compile("[0-9a-f]{64}")
_ASKED = (
    "SELECT EXISTS (SELECT 1 FROM pick WHERE campaign = ?2 AND item = ?1), (SELECT group_concat(lower(hex(hash))) FROM label"
    " WHERE item = ?1 AND campaign = ?2 AND member = ?3 AND showing = ?4 AND in_force = 1),"
    " EXISTS (SELECT 1 FROM requeue_item WHERE campaign = ?2 AND item = ?1),"
    " (SELECT shown FROM unblinded WHERE campaign = ?5 AND item = ?1 AND member = ?3),"
    " EXISTS (SELECT 1 FROM draft WHERE campaign = ?5 AND item = ?1 AND member = ?3) FROM item WHERE id = ?1"
)


class Known(NamedTuple):
    """How an item stands to a member who answers it.

    sampled: whether the campaign drew it, or hides it among those that it drew; own: their labels in force on this showing;
    asked: the requeues that name it; looked_at: what they saw of what is hidden; begun: whether they have a draft.
    """

    sampled: bool
    own: frozenset[EntryHash]
    asked: tuple[EntryHash, ...]
    looked_at: Shown | None
    begun: bool


class _Named(NamedTuple):
    row: int
    state: CampaignState


def campaign(work: ChangingRows, name: str) -> Asking:
    """The campaign of a name, or of an id's first digits; its counters move with every label and are not among it. Raises as `named`."""
    known: Asking | None = work.memo.get((_Named, name))
    if known is None:
        stored = campaigns.named(work, name)
        known = work.memo[_Named, name] = _Named(stored.row, stored.state)
    return known


def is_whole(item: str) -> bool:
    """Whether it is an item's id, and no part of one."""
    return _WHOLE_ID.fullmatch(item) is not None


def known(rows: Rows, asking: Asking, item: ItemId, member: MemberId, showing: int) -> Known:
    """How an item stands to a member, by its whole id. Raises NotFound."""
    place = (bytes.fromhex(item), asking.row, member, showing, bytes.fromhex(asking.state.hash))
    found = rows.row(_ASKED, place)
    if found is None:
        items.refuse_absent(rows, item)
    drawn, own, again, shown, begun = found
    return Known(
        bool(drawn) or golds.is_hidden_gold(rows, asking, item),
        frozenset(map(EntryHash, own.split(","))) if own else frozenset(),
        requeues.naming(rows, asking.row, item) if again and showing == 1 else (),
        unblindings.decode(shown) if shown is not None else None,
        bool(begun),
    )

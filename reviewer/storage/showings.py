"""An item as its reviewer sees it: whole, without what would lead, with what they had begun to say."""

from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.items import Item, ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.requeues import AskedAgain
from reviewer.domain.step_marks import Marking
from reviewer.storage import arms, preferred, requeues, unblindings
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.queues import Turn
from reviewer.storage.rows import Rows
from reviewer.storage.suggestions import Suggestion


class Showing(NamedTuple):
    """An item to review, without what would lead. `item.model` is None in a blind campaign; `draft` is what was begun on it.

    showing: 2 where they see it a second time, which nothing on screen may tell. again: they put it off before.
    doubled: they gave two answers that differ, of which neither counts until they answer once more.
    asked_again: why it is asked of them once more, though they answered it. unblinded: they looked at what is hidden of it.
    question: what the campaign asks; where it asks for a preference, the candidates stand in this member's own order. marks: how it
    asks for steps.
    suggestion: what a judge says of it, for whoever chance put into the shown arm; their label is not blind.
    """

    id: ItemId
    item: Item
    campaign: EntryHash
    campaign_name: str
    draft: Opinion | None
    showing: int = 1
    again: bool = False
    doubled: bool = False
    asked_again: AskedAgain | None = None
    unblinded: bool = False
    question: str = "verdict"
    suggestion: Suggestion | None = None
    marks: Marking = "each"


def showing_of(rows: Rows, stored: Stored, member: MemberId, turn: Turn) -> Showing:
    """An item of a campaign for one of its reviewers. Raises NotFound, and Damaged if its bytes are not those that its id names."""
    item = turn.item
    kept = item_rows.get(rows, item)
    whole = preferred.in_shown_order(stored, item, kept.item, member)
    visible = blinded(whole) if stored.state.rules.blind else whole
    draft = label_rows.draft_of(rows, stored.state.hash, item, member)
    asked = requeues.asked_of(rows, stored.row, member, item) if turn.showing == 1 else None
    name = stored.state.rules.name
    unblinded = unblindings.looked_at(rows, stored.state.hash, item, member) is not None
    return Showing(
        item, visible, stored.state.hash, name, draft, turn.showing, turn.again, turn.doubled, asked, unblinded,
        stored.state.rules.question, arms.suggestion_for(rows, stored, member, item), stored.state.rules.marks,
    )  # fmt: skip


def blinded(item: Item) -> Item:
    """An item without the names of the models that made it."""
    candidates = tuple(msgspec.structs.replace(candidate, model=None) for candidate in item.candidates)
    return msgspec.structs.replace(item, model=None, candidates=candidates)

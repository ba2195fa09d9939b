"""What a judge says of an item, for those alone whom chance put into its shown arm (domain.arms). Read on the way to the first paint."""

from reviewer.domain import arms
from reviewer.domain.chain import MemberId
from reviewer.domain.items import ItemId
from reviewer.domain.probes import hides_gold
from reviewer.storage import campaigns, suggestions
from reviewer.storage.campaigns import Asking
from reviewer.storage.rows import Rows
from reviewer.storage.suggestions import Suggestion

_ELSEWHERE = (  # open blind campaigns that ask about the item, and in which the member has not labelled it, or is asked for another look
    "SELECT c.hash, EXISTS (SELECT 1 FROM pick p WHERE p.campaign = c.id AND p.item = :item) FROM campaign c WHERE c.id <> :campaign"
    " AND c.closed = 0 AND c.blind = 1 AND c.id IN (SELECT campaign FROM pick WHERE item = :item UNION"
    " SELECT campaign FROM gold WHERE item = :item) AND (NOT EXISTS (SELECT 1 FROM label l WHERE l.item = :item AND l.campaign = c.id"
    " AND l.member = :member AND l.in_force = 1) OR EXISTS (SELECT 1 FROM asked_again h WHERE h.campaign = c.id AND h.item = :item"
    " AND h.member = :member))"
)


def suggestion_for(rows: Rows, stored: Asking, member: MemberId, item: ItemId) -> Suggestion | None:
    """What the campaign's judge says of an item, if the member is to see it while they label; else None.

    None too while another blind campaign waits for their label on it: there it would lead them.
    """
    rules = stored.state.rules
    if not arms.shows(rules) or member not in arms.shown_to(stored.state, item) or _hidden_elsewhere(rows, stored, member, item):
        return None
    return suggestions.of_judge(rows, rules.judge, item)


def _hidden_elsewhere(rows: Rows, stored: Asking, member: MemberId, item: ItemId) -> bool:
    """Whether another campaign hides the item from the member, and does not show them the same judge's suggestion itself."""
    found = rows.rows(_ELSEWHERE, {"item": bytes.fromhex(item), "campaign": stored.row, "member": member})
    for name, drawn in found:
        other = campaigns.by_hash(rows, name.hex()).state
        asked = member in other.members and (drawn or hides_gold(other.rules))
        same = other.rules.judge == stored.state.rules.judge and member in arms.shown_to(other, item)
        if asked and not same:
            return True
    return False

"""How far a member is in a campaign."""

from typing import NamedTuple

from reviewer.domain import probes
from reviewer.domain.chain import MemberId
from reviewer.domain.items import ItemId
from reviewer.storage.campaigns import Stored
from reviewer.storage.queues import NOT_ASIDE, NOT_HELD, NOT_MINE, Queue
from reviewer.storage.rows import Rows

_LABELLED = "SELECT EXISTS (SELECT 1 FROM label WHERE campaign = :campaign AND member = :member AND item = :item AND in_force = 1)"
_HELD = "SELECT count(DISTINCT item) FROM asked_again WHERE campaign = :campaign AND (enough OR member = :member)"
_LABELLED_OPEN = (
    "SELECT count(DISTINCT l.item) FROM label l CROSS JOIN pick p ON p.campaign = l.campaign AND p.item = l.item"
    " WHERE l.campaign = :campaign AND l.member = :member AND l.in_force = 1 AND p.complete = 0" + NOT_HELD
)
_ASIDE_OPEN = (
    "SELECT count(DISTINCT a.item) FROM aside a CROSS JOIN pick p ON p.campaign = a.campaign AND p.item = a.item"
    " WHERE a.campaign = :campaign AND a.member = :member AND p.complete = 0" + NOT_MINE + NOT_HELD
)
_ERASED_OPEN = (
    "SELECT count(DISTINCT p.item) FROM erasure x CROSS JOIN pick p ON p.campaign = :campaign AND p.item = x.item"
    " WHERE p.complete = 0" + NOT_MINE + NOT_HELD + NOT_ASIDE
)
# What keeps an item that was answered from being shown a second time, now or once it was answered again.
_NOT_REPEATED = (
    "SELECT EXISTS (SELECT 1 FROM gold WHERE campaign = :campaign AND item = :item) OR (SELECT count(*) FROM label"
    " WHERE campaign = :campaign AND member = :member AND item = :item AND showing = 2 AND in_force = 1) = 1"
)
_KNOWN = "SELECT DISTINCT item FROM gold WHERE campaign = ?"  # gold is not repeated
_COUNTED_ONE_BY_ONE = 2_000  # fresh items; where more wait, one more or less is not noticed


class Share(NamedTuple):
    """A member's part of a campaign: questions answered, those still to come, and how many of these were put off."""

    done: int
    waiting: int
    put_off: int


def share_of(rows: Rows, stored: Stored, member: MemberId) -> Share:
    """How far a member is. Gold and repeats are part of it, those still to come too: a count that jumps would give them away."""
    queue = Queue(rows, stored, member)
    asked = dict(queue.asked_again())
    if not queue.takes_part:
        return Share(0, len(asked), sum(asked.values()))
    again = tuple(asked)
    asked |= dict.fromkeys(queue.doubled(), False)
    done = queue.given() - sum(queue.count(_LABELLED, item=bytes.fromhex(item)) for item in asked)
    put_off = queue.put_off()
    fresh, to_repeat = _fresh(queue, stored)
    repeats = queue.repeats()
    if float(queue.rules.repeat):
        to_repeat += sum(_repeated_after(queue, item) for item in (*again, *put_off))
    waiting = len(asked) + fresh + _gold_turns(queue, fresh) + len(put_off) + len(repeats) + to_repeat
    return Share(done, waiting, len(put_off) + sum(asked.values()) + sum(one.put_off for one in repeats))


def _repeated_after(queue: Queue, item: ItemId) -> bool:
    """Whether an item that was put off or is asked for again will, once answered, be shown a second time; `repeats` leaves it out now."""
    return probes.is_repeated(queue.rules, queue.member, item) and not queue.count(_NOT_REPEATED, item=bytes.fromhex(item))


def _fresh(queue: Queue, stored: Stored) -> tuple[int, int]:
    """How many fresh items wait, gold with places of its own left out, and how many of them will be repeated; of very many, roughly."""
    fresh = _fresh_count(queue, stored)
    share = float(queue.rules.repeat)
    if share == 0 or fresh > _COUNTED_ONE_BY_ONE:
        return fresh, round(fresh * share)
    known = {ItemId(item.hex()) for (item,) in queue.rows.rows(_KNOWN, (stored.row,))}
    return fresh, sum(item not in known and probes.is_repeated(queue.rules, queue.member, item) for item in queue.fresh())


def _fresh_count(queue: Queue, stored: Stored) -> int:
    """Counted by index where every open item is offered to the member; else each open pick is asked whose turn it is."""
    rules = queue.rules
    if rules.assign == "split" and len(stored.state.members) > 1:
        return sum(1 for _ in queue.fresh())
    one_is_enough = rules.overlap == 1 and rules.double == "0"
    not_fresh = queue.count(_HELD) + queue.count(_ASIDE_OPEN) + queue.count(_ERASED_OPEN)
    not_fresh += 0 if one_is_enough else queue.count(_LABELLED_OPEN)
    not_fresh += len(queue.fresh_golds) if probes.hides_gold(rules) else 0
    return stored.sampled - stored.complete - not_fresh


def _gold_turns(queue: Queue, fresh: int) -> int:
    """How many gold items come among so many fresh ones, and after them since they were drawn themselves."""
    place, among = queue.given() if queue.golds else 0, 0
    while fresh and among < len(queue.golds):
        if probes.is_gold_place(queue.rules, queue.member, place):
            among += 1
        else:
            fresh -= 1
        place += 1
    return among + sum(item in queue.fresh_golds for item in queue.golds[among:])

"""What a member sees next: what they have to settle, what is asked of them again, fresh items with gold and repeats among them."""

from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from reviewer.domain import probes
from reviewer.domain.campaigns import is_turn_of
from reviewer.domain.chain import MemberId
from reviewer.domain.items import ItemId
from reviewer.storage import golds
from reviewer.storage.campaigns import Asking
from reviewer.storage.conflicts import gave_two_answers
from reviewer.storage.rows import Rows

_MINE = "EXISTS (SELECT 1 FROM label l WHERE l.item = {0}.item AND l.campaign = :campaign AND l.member = :member AND l.in_force = 1)"
_ERASED = "EXISTS (SELECT 1 FROM erasure x WHERE x.item = {0}.item)"
_ASIDE = "EXISTS (SELECT 1 FROM aside a WHERE a.campaign = :campaign AND a.member = :member AND a.item = {0}.item)"
NOT_MINE = f" AND NOT {_MINE.format('p')}"
NOT_ERASED = f" AND NOT {_ERASED.format('p')}"
NOT_ASIDE = f" AND NOT {_ASIDE.format('p')}"
# What is asked of the member again comes for that reason; what lacks no label, and is only asked of somebody again, is fresh to nobody.
NOT_HELD = (
    " AND NOT EXISTS (SELECT 1 FROM asked_again h WHERE h.campaign = p.campaign AND h.item = p.item AND (h.enough OR h.member = :member))"
)
_OPEN = NOT_MINE + NOT_ERASED + NOT_HELD
_FRESH = "SELECT p.item FROM pick p WHERE p.campaign = :campaign AND p.complete = 0" + _OPEN + NOT_ASIDE
# CROSS JOIN: from the few to the many, which the planner cannot know.
_FRESH_GOLD = (
    f"SELECT p.item FROM ({golds.known()}) g CROSS JOIN pick p ON p.campaign = :campaign AND p.item = g.item WHERE p.complete = 0"
    + _OPEN
    + NOT_ASIDE
)
_IN_ORDER = " ORDER BY p.place"
# What was escalated waits for the lead, and is not shown again to whoever asked.
_PUT_OFF = (
    "SELECT p.item, a.last FROM (SELECT item, max(n) AS last, sum(kind = 'escalate') AS asked FROM aside"
    " WHERE campaign = :campaign AND member = :member GROUP BY item) a CROSS JOIN pick p ON p.campaign = :campaign AND p.item = a.item"
    " WHERE a.asked = 0 AND p.complete = 0" + _OPEN
)
_GOLD_PUT_OFF = (
    f"SELECT g.item, max(a.n) FROM ({golds.known()}) g JOIN aside a ON a.campaign = :campaign AND a.member = :member AND a.item = g.item"
    f" WHERE NOT {_MINE.format('g')} AND NOT {_ERASED.format('g')} GROUP BY g.item HAVING sum(a.kind = 'escalate') = 0"
)
_GOLD_WAITING = (
    f"SELECT g.item FROM ({golds.known()}) g WHERE NOT {_MINE.format('g')} AND NOT {_ERASED.format('g')} AND NOT {_ASIDE.format('g')}"
    " AND EXISTS (SELECT 1 FROM item i WHERE i.id = g.item)"
)
_ASKED_AGAIN = (
    "SELECT h.item, coalesce(max(a.kind = 'skip'), 0), coalesce(max(a.kind = 'escalate'), 0) FROM asked_again h"
    " JOIN requeue q ON q.hash = h.hash LEFT JOIN aside a ON a.campaign = h.campaign AND a.member = h.member AND a.item = h.item"
    " AND a.wall_ms >= q.wall_ms WHERE h.campaign = :campaign AND h.member = :member"
    f" AND NOT {_ERASED.format('h')} GROUP BY h.item ORDER BY max(q.wall_ms), h.item"
)
# Drawn items that the member answered once and not yet, or not unanimously, a second time; gold is not repeated.
_ANSWERED_ONCE = (
    "SELECT p.item, max(f.n), max(f.wall_ms) FROM label f JOIN pick p ON p.campaign = f.campaign AND p.item = f.item"
    " WHERE f.campaign = :campaign AND f.member = :member AND f.in_force = 1 AND f.showing = 1 AND (:item IS NULL OR f.item = :item)"
    " AND (SELECT count(*) FROM label s WHERE s.campaign = f.campaign AND s.member = f.member AND s.item = f.item AND s.showing = 2"
    " AND s.in_force = 1) <> 1 AND NOT EXISTS (SELECT 1 FROM gold t WHERE t.campaign = f.campaign AND t.item = f.item)"
    " AND NOT EXISTS (SELECT 1 FROM asked_again h WHERE h.campaign = f.campaign AND h.member = f.member AND h.item = f.item)"
    + NOT_ERASED
    + " GROUP BY p.item ORDER BY max(f.n)"
)
_SINCE = "SELECT count(*) FROM label WHERE campaign = :campaign AND member = :member AND in_force = 1 AND n > :n"
_ASIDE_SINCE = (
    "SELECT coalesce(max(kind = 'skip'), 0), coalesce(max(kind = 'escalate'), 0) FROM aside WHERE campaign = :campaign"
    " AND member = :member AND item = :item AND wall_ms >= :ms"
)
_GIVEN = "SELECT count(*) FROM (SELECT DISTINCT item, showing FROM label WHERE campaign = :campaign AND member = :member AND in_force = 1)"


class Turn(NamedTuple):
    """What a member sees next. again: they had put it off; doubled: they gave two answers that differ, and have to settle them.

    showing: 2 where the item is shown a second time, silently.
    """

    item: ItemId
    again: bool = False
    doubled: bool = False
    showing: int = 1


class Repeat(NamedTuple):
    """An item that is to be shown a second time. due: enough was labelled in between."""

    item: ItemId
    due: bool
    put_off: bool


class Queue:
    """One member's queue in one campaign, in one view of the tables."""

    def __init__(self, rows: Rows, stored: Asking, member: MemberId) -> None:
        self.rows = rows
        self.stored = stored
        self.member = member
        self.rules = stored.state.rules
        self.named: dict[str, object] = {"campaign": stored.row, "member": member}
        self.takes_part = member in stored.state.members

    def turns(self, beyond: frozenset[ItemId] = frozenset()) -> Iterator[Turn]:
        """Everything that the member sees, in order, leaving out `beyond`, which is at hand already; an item may come twice.

        Items on which they gave two answers come first, whoever else labelled them meanwhile; then those that are asked of them again;
        items put off come back last, oldest first.
        """
        if self.stored.state.closed:
            return
        asked = self.asked_again()
        yield from (Turn(item, doubled=True) for item in self.doubled())
        yield from (Turn(item) for item, put_off in asked if not put_off)
        if self.takes_part:
            yield from self._stream(beyond)
            yield from (Turn(item, again=True) for item in self.put_off())
            yield from (Turn(one.item, again=True, showing=probes.REPEAT) for one in self.repeats() if one.put_off)
        yield from (Turn(item, again=True) for item, put_off in asked if put_off)

    def doubled(self) -> list[ItemId]:
        """Items on which the member gave two answers that differ: neither counts until they label the item again."""
        if not self.takes_part or self.stored.state.closed:
            return []
        noted = self.rows.rows("SELECT item FROM doubled WHERE campaign = :campaign AND member = :member ORDER BY item", self.named)
        return [ItemId(item.hex()) for (item,) in noted if gave_two_answers(self.rows, self.stored.row, item, self.member)]

    def asked_again(self) -> list[tuple[ItemId, bool]]:
        """Items that are asked of the member again, and whether they put them off since; without those handed to the lead since."""
        if self.stored.state.closed:
            return []
        found = self.rows.rows(_ASKED_AGAIN, self.named)
        return [(ItemId(item.hex()), bool(put_off)) for item, put_off, handed_on in found if not handed_on]

    def fresh(self) -> Iterator[ItemId]:
        """Drawn items that wait for the member's first look, in order; without gold where that has places of its own."""
        hidden = {bytes.fromhex(item) for item in self.fresh_golds} if probes.hides_gold(self.rules) else set()
        for (raw,) in self.rows.each(_FRESH + _IN_ORDER, self.named):
            if raw not in hidden and is_turn_of(self.stored.state, self.member, ItemId(raw.hex())):
                yield ItemId(raw.hex())

    @cached_property
    def fresh_golds(self) -> frozenset[ItemId]:
        """Gold items that were drawn and wait for the member's first look as any other does."""
        found = (ItemId(raw.hex()) for (raw,) in self.rows.rows(_FRESH_GOLD, self.named))
        return frozenset(item for item in found if is_turn_of(self.stored.state, self.member, item))

    @cached_property
    def golds(self) -> list[ItemId]:
        """Gold items that the member has not seen yet, drawn or not, in their order; none where the campaign hides none."""
        if not probes.hides_gold(self.rules) or not self.takes_part:
            return []
        found = [ItemId(raw.hex()) for (raw,) in self.rows.rows(_GOLD_WAITING, self.named)]
        return sorted(found, key=lambda item: (probes.gold_order(self.rules, self.member, item), item))

    def put_off(self) -> list[ItemId]:
        """Items that the member put off, the longest ago first."""
        found = {item: last for item, last in self.rows.rows(_PUT_OFF, self.named) if self._is_mine(item)}
        if probes.hides_gold(self.rules):
            found |= dict(self.rows.rows(_GOLD_PUT_OFF, self.named))
        return [ItemId(item.hex()) for item in sorted(found, key=found.__getitem__)]

    def repeats(self, item: ItemId | None = None) -> list[Repeat]:
        """Items that are to be shown a second time, those answered first coming first; or the one of that id, if it is to be."""
        if float(self.rules.repeat) == 0 or not self.takes_part:
            return []
        only = None if item is None else bytes.fromhex(item)
        found = []
        for raw, n, wall_ms in self.rows.rows(_ANSWERED_ONCE, self.named | {"item": only}):
            name = ItemId(raw.hex())
            if not probes.is_repeated(self.rules, self.member, name):
                continue
            put_off, handed_on = self.rows.row(_ASIDE_SINCE, self.named | {"item": raw, "ms": wall_ms}) or (0, 0)
            if not handed_on:
                due = self.count(_SINCE, n=n) >= probes.repeat_gap(self.rules, self.member, name)
                found.append(Repeat(name, due, bool(put_off)))
        return found

    def awaits_repeat(self, item: ItemId) -> bool:
        """Whether the member's next label on an item answers its second showing: it is due, or nothing fresh is left."""
        return any(one.due or next(self.fresh(), None) is None for one in self.repeats(item)) and item not in self.doubled()

    def is_empty(self) -> bool:
        """Whether nothing waits for the member."""
        return next(self.turns(), None) is None

    def given(self) -> int:
        """How many questions the member has answered: each showing of an item is one."""
        return self.count(_GIVEN)

    def count(self, sql: str, **more: object) -> int:
        """The number that a statement gives."""
        found = self.rows.row(sql, self.named | more)
        return int(found[0]) if found else 0

    def _is_mine(self, raw: bytes) -> bool:
        return is_turn_of(self.stored.state, self.member, ItemId(raw.hex()))

    def _stream(self, beyond: frozenset[ItemId]) -> Iterator[Turn]:
        """Fresh items, gold at its places among them, and repeats that are due between them; at the end the repeats that are not."""
        repeats = [one for one in self.repeats() if not one.put_off and one.item not in beyond]
        due = deque(one.item for one in repeats if one.due)
        hidden = deque(item for item in self.golds if item not in beyond)
        place = self.given() + self._at_hand(beyond) if hidden else 0
        fresh = (item for item in self.fresh() if item not in beyond)
        following = next(fresh, None)
        while following is not None:
            if due:
                yield Turn(due.popleft(), showing=probes.REPEAT)
                place += 1
            if hidden and probes.is_gold_place(self.rules, self.member, place):
                yield Turn(hidden.popleft())
            else:
                yield Turn(following)
                following = next(fresh, None)
            place += 1
        yield from (Turn(item) for item in hidden if item in self.fresh_golds)
        yield from (Turn(item, showing=probes.REPEAT) for item in due)
        yield from (Turn(one.item, showing=probes.REPEAT) for one in repeats if not one.due)

    def _at_hand(self, beyond: frozenset[ItemId]) -> int:
        """How many of the items at hand the member has still to answer for the first time."""
        mine = f"SELECT {_MINE.format('b')} FROM (SELECT :item AS item) b"
        return len(beyond) - sum(self.count(mine, item=bytes.fromhex(item)) for item in beyond)


def next_turns(rows: Rows, stored: Asking, member: MemberId, *, limit: int, beyond: frozenset[ItemId] = frozenset()) -> list[Turn]:
    """What the member sees next, in order, leaving out `beyond`."""
    turns: list[Turn] = []
    known = set(beyond)
    for turn in Queue(rows, stored, member).turns(beyond):
        if turn.item not in known:
            known.add(turn.item)
            turns.append(turn)
            if len(turns) == limit:
                break
    return turns

"""What a viewer may see of an item.

Until a member has labelled an item of a blind campaign of theirs, its model, source and other people's labels are hidden from them
(DESIGN.md 2.2); and again from when they are asked for another look until they have given it, so that the answer that counts then is
as blind as the first one.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Table, Text, and_, bindparam, false, not_, or_, select

from reviewer.domain.chain import MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.probes import hides_gold
from reviewer.storage.tables import Condition, asked_again, campaign, draw, gold, item, label, member, pick

_LAST = select(item.c.n, item.c.id).order_by(item.c.n.desc()).limit(1)
_TAKE_PART = ("reviewer", "lead")
_ROLE = select(member.c.role).where(member.c.id == bindparam("viewer", type_=Text))
_OPEN_BLIND = select(campaign.c.id, campaign.c.rules).where(campaign.c.closed == 0, campaign.c.blind == 1)
_rules = msgspec.json.Decoder(Campaign)
_unpicked: WeakKeyDictionary[Engine, tuple[object, tuple[int, ...]]] = WeakKeyDictionary()  # what it was asked of, and the items


class Sight(NamedTuple):
    """Who looks, and the open blind campaigns in which they take part. viewer None: sees everything.

    golden: those of the campaigns that hide gold items among the drawn ones.
    """

    viewer: MemberId | None
    blind: tuple[int, ...] = ()
    golden: tuple[int, ...] = ()


def sight_of(connection: Connection, viewer: MemberId | None) -> Sight:
    """What a member may see."""
    if viewer is None:
        return Sight(None)
    role = connection.execute(_ROLE, {"viewer": viewer}).scalar()
    taking_part, golden = [], []
    for number, text in connection.execute(_OPEN_BLIND):
        rules = _rules.decode(text)
        if viewer in rules.members or (not rules.members and role in _TAKE_PART):
            taking_part.append(number)
            golden += [number] if hides_gold(rules) else []
    return Sight(viewer, tuple(taking_part), tuple(golden))


def hidden(sight: Sight, item_id: ColumnElement[Any]) -> Condition:
    """Whether the item of that id is still to be judged blind by the viewer."""
    if not sight.blind:
        return false()
    return or_(*(select(table.c.item).where(table.c.item == item_id, waits).exists() for table, waits in waiting(sight)))


@lru_cache(maxsize=16)  # each search asks several times, and making a condition takes longer than what it asks
def waiting(sight: Sight) -> tuple[tuple[Table, Condition], ...]:
    """Where the items stand that the viewer is to judge blind, drawn or hidden among the drawn, and which rows wait for them there."""
    places = [(pick, sight.blind), (gold, sight.golden)]
    return tuple((table, and_(table.c.campaign.in_(campaigns), _unjudged(sight, table))) for table, campaigns in places if campaigns)


UNJUDGED = (
    "(NOT EXISTS (SELECT 1 FROM label o WHERE o.item = {0}.item AND o.campaign = {0}.campaign AND o.member = :viewer AND o.in_force = 1)"
    " OR EXISTS (SELECT 1 FROM asked_again h WHERE h.campaign = {0}.campaign AND h.item = {0}.item AND h.member = :viewer))"
)
"""The same of a row of `pick` or `gold`, under the name that is put in, for those who write SQL themselves."""


def _unjudged(sight: Sight, table: Table) -> Condition:
    """Whether the viewer has no label in force on the item of a row, or is asked for another."""
    own = select(label.c.n).where(
        label.c.item == table.c.item, label.c.campaign == table.c.campaign, label.c.member == sight.viewer, label.c.in_force == 1
    )
    asked = select(asked_again.c.hash).where(
        asked_again.c.campaign == table.c.campaign, asked_again.c.item == table.c.item, asked_again.c.member == sight.viewer
    )
    return or_(not_(own.exists()), asked.exists())


def unpicked(connection: Connection, campaigns: Sequence[int], most: int) -> tuple[int, ...]:
    """Items that none of the campaigns picked; of more than `most`, `most` + 1. Gold may be among them.

    Where they are few, every item was looked at; so the answer is kept, for all connections, until items or draws are added.
    """
    last = connection.execute(_LAST).first()  # with its id: the number of the last item is given again once that was erased
    drawn = select(draw.c.hash, campaign.c.sampled).join(campaign, campaign.c.hash == draw.c.campaign).where(campaign.c.id.in_(campaigns))
    now = (tuple(campaigns), most, None if last is None else tuple(last), frozenset(map(tuple, connection.execute(drawn))))
    kept = _unpicked.get(connection.engine)
    if kept is None or kept[0] != now:
        picked = select(pick.c.item).where(pick.c.item == item.c.id, pick.c.campaign.in_(campaigns)).exists()
        found = tuple(connection.execute(select(item.c.n).where(not_(picked)).limit(most + 1)).scalars())
        kept = _unpicked[connection.engine] = (now, found)
    return kept[1]

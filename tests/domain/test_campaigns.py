"""What may be asked, whose turn an item is, and how many labels it needs."""

from collections import Counter
from typing import Any

import pytest

from reviewer.domain import campaigns
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused
from reviewer.domain.events import BlobRef, Campaign, Draw
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import Sample

MEMBERS = tuple(MemberId(f"{n:032x}") for n in range(4))
ITEMS = [ItemId(f"{n * 7919:064x}") for n in range(2_000)]


def state(*, members: tuple[MemberId, ...] = MEMBERS, closed: bool = False, **rules: Any) -> CampaignState:
    return CampaignState(EntryHash("c" * 64), Campaign(name="C", query="", seed="s", **rules), members, closed)


@pytest.mark.parametrize(
    ("rules", "population", "size"),
    [
        ({"name": ""}, 5, None), ({"name": " "}, 5, None), ({"name": "x" * 121}, 5, None), ({"name": "a\nb"}, 5, None), ({}, 0, None),
        ({}, 5, 3), ({"design": "srs"}, 5, None), ({"design": "srs"}, 5, 0), ({"overlap": 0}, 5, None), ({"overlap": 65}, 5, None),
        ({"double": "2"}, 5, None), ({"double": "-0.1"}, 5, None), ({"double": "x"}, 5, None), ({"double": "1e-3"}, 5, None),
    ],
    ids=str,
)  # fmt: skip
def test_a_campaign_that_cannot_be_is_refused(rules: dict[str, Any], population: int, size: int | None) -> None:
    made = {"name": "C", "query": "", "seed": "s", **rules}
    with pytest.raises(Refused):
        campaigns.create(Campaign(**made), population=population, size=size)


def test_a_campaign_that_can_be_is_an_event() -> None:
    event = campaigns.create(Campaign(name="C", query="agent:x", seed="s", design="srs", double="0.15"), population=5, size=3)
    assert event.kind == "campaign"
    assert event.deps == frozenset()


def test_a_closed_campaign_neither_draws_nor_closes_again() -> None:
    blob = BlobRef(1, "0" * 64)
    with pytest.raises(Refused):
        campaigns.draw(state(closed=True), query="", population=blob, sample=Sample((), "1.0"), picks=blob)
    with pytest.raises(Refused):
        campaigns.close(state(closed=True))
    assert campaigns.close(state()).kind == "campaign_close"
    event = campaigns.draw(state(), query="", population=blob, sample=Sample((), "0.5"), picks=blob)
    assert isinstance(event.value, Draw)
    assert event.value.design == {"kind": "all", "size": "0", "threshold": "0.5"}


@pytest.mark.parametrize("overlap", [1, 2, 3])
def test_split_gives_each_item_to_as_many_members_as_labels_are_asked(overlap: int) -> None:
    asked = state(overlap=overlap)
    turns = Counter(member for item in ITEMS for member in MEMBERS if campaigns.is_turn_of(asked, member, item))
    assert sum(turns.values()) == overlap * len(ITEMS)
    for member in MEMBERS:
        assert abs(turns[member] - overlap * len(ITEMS) / 4) < 150


def test_split_moves_only_what_it_must_when_a_member_joins() -> None:
    before, after = state(members=MEMBERS[:3]), state()
    moved = 0
    for item in ITEMS:
        old = next(member for member in MEMBERS[:3] if campaigns.is_turn_of(before, member, item))
        new = next(member for member in MEMBERS if campaigns.is_turn_of(after, member, item))
        assert new in (old, MEMBERS[3])
        moved += new != old
    assert abs(moved - len(ITEMS) / 4) < 150


def test_all_offers_every_item_to_everyone_who_takes_part() -> None:
    asked = state(assign="all", overlap=2)
    assert all(campaigns.is_turn_of(asked, member, ITEMS[0]) for member in MEMBERS)
    assert not campaigns.is_turn_of(asked, MemberId("f" * 32), ITEMS[0])
    assert campaigns.is_turn_of(state(members=MEMBERS[:1]), MEMBERS[0], ITEMS[0])


def test_a_random_share_is_reviewed_doubly() -> None:
    doubled = sum(campaigns.labels_asked(state(double="0.25").rules, item) == 2 for item in ITEMS)
    assert 400 < doubled < 600
    assert {campaigns.labels_asked(state(double="1").rules, item) for item in ITEMS} == {2}
    assert {campaigns.labels_asked(state().rules, item) for item in ITEMS} == {1}
    assert {campaigns.labels_asked(state(overlap=3, double="0.5").rules, item) for item in ITEMS} == {3}


def test_the_control_stream_stands_by_its_number() -> None:
    picks = [campaigns.Placed(item, "control", repr(n / 7)) for n, item in enumerate(ITEMS[:5])]
    assert campaigns.places("s", picks) == [n / 7 for n in range(5)]


def test_three_risk_picks_stand_beside_each_control_pick_in_the_order_of_their_numbers_whatever_came_first() -> None:
    control = [campaigns.Placed(item, "control", repr(n / 100)) for n, item in enumerate(ITEMS[:10])]
    risk = [campaigns.Placed(item, "risk", repr(n / 100)) for n, item in enumerate(ITEMS[10:60])]
    places = dict(zip([*risk, *control], campaigns.places("s", [*risk, *control]), strict=True))
    assert dict(zip([*control, *risk], campaigns.places("s", [*control, *risk]), strict=True)) == places
    queue = sorted(places, key=lambda pick: places[pick])
    for number in range(10):  # as long as both last
        streams = Counter(pick.stream for pick in queue[4 * number : 4 * number + 4])
        assert streams == {"control": 1, "risk": 3}
    assert [pick.item for pick in queue if pick.stream == "control"] == ITEMS[:10]
    first = Counter(queue[4 * number].stream for number in range(10))
    assert first["control"] < 10, "a place tells the stream"
    seen = [risk.index(pick) // 3 for pick in queue if pick.stream == "risk"]
    assert seen == sorted(seen)

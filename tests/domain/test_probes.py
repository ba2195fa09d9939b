"""Which items are gold or repeats for whom, and where, is fixed for good."""

import pytest

from reviewer.domain import probes
from reviewer.domain.chain import MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId

ADA, BEN = MemberId("a" * 32), MemberId("b" * 32)
ITEMS = [ItemId(f"{n:064x}") for n in range(2_000)]


def rules(**shares: str) -> Campaign:
    return Campaign(name="C", query="", seed="s", **shares)  # type: ignore[arg-type] # only shares


@pytest.mark.parametrize("share", ["0.1", "0.25"])
def test_about_the_share_of_places_is_gold_and_of_items_is_repeated(share: str) -> None:
    asked = rules(gold=share, repeat=share)
    places = sum(probes.is_gold_place(asked, ADA, place) for place in range(2_000)) / 2_000
    repeats = sum(probes.is_repeated(asked, ADA, item) for item in ITEMS) / 2_000
    assert places == pytest.approx(float(share), abs=0.03)
    assert repeats == pytest.approx(float(share), abs=0.03)


def test_no_share_is_none_and_a_whole_one_is_all() -> None:
    assert not probes.hides_gold(rules())
    assert not any(probes.is_repeated(rules(), ADA, item) for item in ITEMS)
    assert all(probes.is_repeated(rules(repeat="1"), ADA, item) for item in ITEMS)
    assert all(probes.is_gold_place(rules(gold="1"), ADA, place) for place in range(100))


def test_members_get_different_ones_and_each_the_same_ones_again() -> None:
    asked = rules(gold="0.5", repeat="0.5")
    chosen = {who: [probes.is_repeated(asked, who, item) for item in ITEMS] for who in (ADA, BEN)}
    assert chosen[ADA] != chosen[BEN]
    assert chosen[ADA] == [probes.is_repeated(asked, ADA, item) for item in ITEMS]
    assert [probes.gold_order(asked, who, ITEMS[0]) for who in (ADA, BEN)] == [
        probes.gold_order(asked, who, ITEMS[0]) for who in (ADA, BEN)
    ]
    assert probes.gold_order(asked, ADA, ITEMS[0]) != probes.gold_order(asked, BEN, ITEMS[0])


def test_a_repeat_comes_ten_to_twenty_nine_labels_later() -> None:
    gaps = {probes.repeat_gap(rules(repeat="0.5"), ADA, item) for item in ITEMS}
    assert gaps == set(range(10, 30))

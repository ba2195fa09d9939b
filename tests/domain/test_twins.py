"""Outputs on one prompt that were judged differently become pairs."""

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.items import ItemId
from reviewer.domain.twins import Judged, twins

_judged = st.lists(st.tuples(st.sampled_from("pqr"), st.booleans()), max_size=12).map(
    lambda said: [Judged(ItemId(f"{n:02d}"), prompt, compliant) for n, (prompt, compliant) in enumerate(said)]
)


def _of(*said: tuple[str, str, bool]) -> list[Judged]:
    return [Judged(ItemId(item), prompt, compliant) for item, prompt, compliant in said]


def test_the_shorter_side_stands_in_several_pairs_and_the_longer_in_one_each() -> None:
    found = twins(_of(("a", "p", True), ("b", "p", False), ("c", "p", True), ("d", "p", True), ("e", "p", False), ("f", "q", True)))
    assert found.pairs == [("a", "b"), ("c", "e"), ("d", "b")]
    assert found.alone == ["f"]


@given(_judged)
def test_every_item_is_in_a_pair_or_alone_whatever_the_order(judged: list[Judged]) -> None:
    found = twins(judged)
    by_item = {one.item: one for one in judged}
    assert {item for pair in found.pairs for item in pair} | set(found.alone) == set(by_item)
    assert not {item for pair in found.pairs for item in pair} & set(found.alone)
    for good, bad in found.pairs:
        assert by_item[good].prompt == by_item[bad].prompt
        assert (by_item[good].compliant, by_item[bad].compliant) == (True, False)
    assert len(set(found.pairs)) == len(found.pairs) <= len(judged)
    assert twins(reversed(judged)) == found

"""Stratified samples: their sizes and floors, growth that drops nobody, and how often an item is drawn."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import Sample
from reviewer.domain.stratified import Reached, Strata, packed, stratified, stratum_name, unpacked

ITEMS = [ItemId(f"{n * 7919:064x}") for n in range(300)]
NAMES = ("a", "b", "c")


def strata(of: list[int], spreads: tuple[float, ...] | None = None) -> Strata:
    known = sorted(set(of))
    return Strata(ITEMS[: len(of)], [known.index(one) for one in of], [NAMES[one] for one in known], spreads)


def reached(sample: Sample) -> dict[str, Reached]:
    return {one.name: Reached(float(one.threshold), one.picked / one.population) for one in sample.strata}


def chances(sample: Sample) -> dict[ItemId, float]:
    return {pick.item: float(pick.pi) for pick in sample.picks}


def at_least(parts: Strata, size: int, before: Sample) -> Sample:
    """The sample grown to the size, or to the one that a refusal asks for."""
    try:
        return stratified(parts, "s", size=size, before=reached(before))
    except Refused as refused:
        least = int(refused.hint.split()[2].replace(",", ""))
    assert size < least <= len(parts.items)
    return stratified(parts, "s", size=least, before=reached(before))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=20, max_size=120), st.integers(6, 20), st.integers(1, 2))
def test_a_sample_has_its_size_its_floors_and_probabilities_that_sum_to_it(of: list[int], size: int, floor: int) -> None:
    sample = stratified(strata(of), "s", size=size, floor=floor)
    assert len(chances(sample)) == len(sample.picks) == size
    drawn = Counter(pick.stratum for pick in sample.picks)
    whole = Counter(NAMES[one] for one in of)
    assert {one.name: (one.population, one.picked) for one in sample.strata} == {name: (whole[name], drawn[name]) for name in whole}
    assert all(drawn[name] >= min(floor, whole[name]) for name in whole)
    assert all(float(pick.pi) == drawn[pick.stratum] / whole[pick.stratum] for pick in sample.picks)
    # Over the population each stratum's probability counts once an item.
    assert sum(one.population * (one.picked / one.population) for one in sample.strata) == pytest.approx(size)
    assert list(unpacked(sample.frame)) == strata(of).of


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=20, max_size=60), st.lists(st.integers(0, 2), max_size=60), st.integers(6, 20), st.integers(0, 60)
)
def test_a_sample_grows_with_new_traffic_drops_nobody_and_no_probability_falls(
    of: list[int], more: list[int], size: int, added: int
) -> None:
    first = stratified(strata(of), "s", size=size)
    grown = strata(of + more)
    second = at_least(grown, min(size + added, len(grown.items)), first)
    before, after = chances(first), chances(second)
    assert set(before) <= set(after)
    assert all(after[item] >= before[item] - 1e-12 for item in before)
    third = stratified(grown, "s", size=len(grown.items), before=reached(second))
    assert {pick.pi for pick in third.picks} == {"1"}


def test_what_was_refused_lowers_a_probability_and_the_hint_is_the_least_that_does_not() -> None:
    first = stratified(strata([0] * 40 + [1] * 40), "s", size=40)
    grown = strata([0] * 40 + [1] * 40 + [0] * 40 + [1] * 40)
    with pytest.raises(Refused) as error:
        stratified(grown, "s", size=45, before=reached(first))
    least = int(error.value.hint.split()[2])
    assert least >= 80  # half of all, as before
    assert len(stratified(grown, "s", size=least, before=reached(first)).picks) == least
    with pytest.raises(Refused):
        stratified(grown, "s", size=least - 1, before=reached(first))


def test_neymans_allocation_looks_where_opinions_differ() -> None:
    even = stratified(strata([0] * 100 + [1] * 100), "s", size=40).strata
    uneven = stratified(strata([0] * 100 + [1] * 100, (0.1, 0.5)), "s", size=40).strata
    assert [one.picked for one in even] == [20, 20]
    assert [one.picked for one in uneven] == [7, 33]


@pytest.mark.parametrize(
    ("size", "floor", "says"),
    [(7, 3, "needs 9 picks"), (2, None, "too few for 3 strata"), (91, None, "cannot be drawn from 90"), (5, 2, "needs 6 picks")],
)
def test_what_cannot_be_drawn_is_refused(size: int, floor: int | None, says: str) -> None:
    with pytest.raises(Refused, match=says):
        stratified(strata([0] * 30 + [1] * 30 + [2] * 30), "s", size=size, floor=floor)


def test_a_small_stratum_is_drawn_whole_before_its_floor_is_missed() -> None:
    sample = stratified(strata([0] * 50 + [1]), "s", size=20, floor=5)
    assert {one.name: one.picked for one in sample.strata} == {"a": 19, "b": 1}


def test_items_are_drawn_about_as_often_as_their_probability_says() -> None:
    of = [0] * 20 + [1] * 10
    draws = 800
    drawn = Counter(pick.item for n in range(draws) for pick in stratified(strata(of, (0.1, 0.5)), str(n), size=9).picks)
    pi = chances(stratified(strata(of, (0.1, 0.5)), "0", size=9))
    by_stratum = {of[ITEMS.index(item)]: chance for item, chance in pi.items()}
    z = [(drawn[ITEMS[n]] - draws * (p := by_stratum[one])) / (draws * p * (1 - p)) ** 0.5 for n, one in enumerate(of)]
    assert max(map(abs, z)) < 4.5  # 30 items: less than one run in 4,000 is beyond by chance
    assert sum(one * one for one in z) < 65  # chi square, 28 degrees of freedom, 0.01 %


def test_a_value_becomes_a_name_that_fits_a_line() -> None:
    assert [stratum_name(value) for value in (True, 3, 1.0, 0.5, "a\nb")] == ["true", "3", "1", "0.5", "a\\u000ab"]
    assert len(stratum_name("x" * 300)) == 80
    assert packed([1, 258]) == b"\x01\x00\x02\x01"

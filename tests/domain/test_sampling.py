"""A sample by permanent random numbers: fair, the same again, and growing without dropping anybody."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import sampling
from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId

ITEMS = [ItemId(f"{n:064x}") for n in range(200)]


def names(sample: sampling.Sample) -> set[ItemId]:
    return {pick.item for pick in sample.picks}


def test_a_permanent_random_number_is_golden() -> None:
    assert sampling.permanent_random_number("s", ITEMS[0]) == 0.8642286101472576  # HMAC-SHA256, first 53 bits


@pytest.mark.parametrize("seed", ["", "s", "a seed as long as one block of SHA-256, which takes sixty-four bytes.", "é" * 80])
def test_many_permanent_random_numbers_are_those_of_each(seed: str) -> None:
    assert list(sampling.permanent_random_numbers(seed, ITEMS)) == [sampling.permanent_random_number(seed, item) for item in ITEMS]


def test_permanent_random_numbers_are_spread_evenly() -> None:
    many = [sampling.permanent_random_number("seed", ItemId(str(n))) for n in range(20_000)]
    assert all(0 <= number < 1 for number in many)
    tenths = Counter(int(number * 10) for number in many)
    assert len(tenths) == 10
    assert sum((count - 2_000) ** 2 / 2_000 for count in tenths.values()) < 27.9  # chi square, 9 degrees of freedom, 0.1 %


def test_everything_is_drawn_with_probability_one_in_the_order_of_the_numbers() -> None:
    sample = sampling.everything(ITEMS, "s")
    assert names(sample) == set(ITEMS)
    assert {pick.pi for pick in sample.picks} == {"1"}
    numbers = [float(pick.u) for pick in sample.picks]
    assert numbers == sorted(numbers)


@given(st.integers(1, 200), st.text(min_size=1, max_size=5))
def test_a_simple_random_sample_has_its_size_its_probability_and_is_the_same_again(size: int, seed: str) -> None:
    sample = sampling.simple_random(ITEMS, seed, size=size)
    assert len(sample.picks) == len(names(sample)) == size
    assert {float(pick.pi) for pick in sample.picks} == {size / 200}
    assert sampling.simple_random(ITEMS[::-1], seed, size=size) == sample


def test_every_item_is_drawn_about_as_often() -> None:
    drawn = Counter(item for n in range(1_000) for item in names(sampling.simple_random(ITEMS[:20], str(n), size=5)))
    assert all(abs(drawn[item] - 250) < 60 for item in ITEMS[:20])


@given(st.integers(1, 100), st.integers(0, 100))
def test_a_sample_grows_without_dropping_anybody(size: int, more: int) -> None:
    first = sampling.simple_random(ITEMS, "s", size=size)
    second = sampling.simple_random(ITEMS, "s", size=size + more, grown_from=first)
    assert names(first) <= names(second)
    assert len(second.picks) == size + more
    assert float(second.threshold) >= float(first.threshold)


def test_new_traffic_is_drawn_up_to_the_number_reached() -> None:
    first = sampling.simple_random(ITEMS[:100], "s", size=50)
    second = sampling.simple_random(ITEMS, "s", size=100, grown_from=first)
    reached = float(first.threshold)
    assert {item for item in ITEMS if sampling.permanent_random_number("s", item) <= reached} <= names(second)


def test_a_probability_never_falls() -> None:
    first = sampling.simple_random(ITEMS[:20], "s", size=15)
    with pytest.raises(Refused) as error:
        sampling.simple_random(ITEMS, "s", size=15, grown_from=first)
    assert "fall below" in error.value.what
    assert "150" in error.value.hint
    assert len(sampling.simple_random(ITEMS, "s", size=150, grown_from=first).picks) >= 150


def test_more_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(Refused, match="cannot be drawn"):
        sampling.simple_random(ITEMS, "s", size=201)


@pytest.mark.parametrize(("number", "text"), [(1, "1"), (0.5, "0.5"), (0.1, "0.1"), (1 / 3, "0.3333333333333333")])
def test_a_number_becomes_the_shortest_decimal_that_reads_back(number: float, text: str) -> None:
    assert sampling.decimal(number) == text
    assert float(text) == number

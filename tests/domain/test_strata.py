"""From the values of a field to strata."""

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.strata import NONE, Parted, numbered, parted

ITEMS = [ItemId(f"{n:064x}") for n in range(200)]


def of(values: list[object], **more: object) -> Parted:
    return parted(ITEMS[: len(values)], values, field="x", **more)  # type: ignore[arg-type] # options


def test_categories_stay_as_they_are_and_what_has_no_value_is_a_stratum_of_its_own() -> None:
    assert of(["b", "a", None, True, 3]) == Parted(["b", "a", NONE, "true", "3"])
    assert numbered(of(["b", "a", None]))[1] == [NONE, "a", "b"]


def test_many_numbers_are_cut_into_quarters_that_follow_each_other() -> None:
    found = of([*range(100), None])
    assert list(found.edges) == [24, 49, 74]
    numbers, names = numbered(found)
    assert names == ["up to 24", "above 24 to 49", "above 49 to 74", "above 74", NONE]
    assert [numbers.count(stratum) for stratum in range(5)] == [25, 25, 25, 25, 1]


def test_few_numbers_and_numbers_among_words_are_categories() -> None:
    assert of([1, 2, 3] * 5).edges == ()
    assert of([*range(50), "many"]).names[-2:] == ["49", "many"]


def test_numbers_that_are_nearly_all_one_make_fewer_strata() -> None:
    assert of([*[0.0] * 80, *range(1, 20)]).edges == (0.0,)


def test_what_was_drawn_from_keeps_its_stratum_and_its_cuts() -> None:
    assert of([500.0, 5.0], edges=(10.0,), held={ITEMS[0]: "up to 10"}).names == ["up to 10", "up to 10"]


def test_too_many_values_are_refused() -> None:
    with pytest.raises(Refused, match="takes 101 values"):
        of([f"note {n}" for n in range(101)])

"""Which rows of two releases are of one subject, and in which order reasons explain."""

import pytest

from reviewer.domain import release_changes


def _named(item: str, worse_item: str | None = None, better: str | None = None, worse: str | None = None) -> str:
    return release_changes.identity(item, worse_item=worse_item, better=better, worse=worse)


def test_a_pair_is_the_same_either_way_round_and_no_other() -> None:
    assert _named("a", worse_item="b") == _named("b", worse_item="a") != _named("a")
    assert _named("a", better="A", worse="B") == _named("a", better="B", worse="A") != _named("a", better="A", worse="C")
    assert _named("a", better="A", worse="B") != _named("b", better="A", worse="B")


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ([("a", 1)], [("b", 2)], [(("a", 1), ("b", 2))]),
        ([("a", 1), ("b", 2)], [("b", 2), ("a", 1)], [(("a", 1), ("a", 1)), (("b", 2), ("b", 2))]),
        ([("a", 1), ("b", 2)], [("c", 2)], [(("b", 2), ("c", 2)), (("a", 1), None)]),
        ([], [("a", 1), ("b", 2)], [(None, ("a", 1)), (None, ("b", 2))]),
    ],
)
def test_rows_of_one_subject_are_matched_by_what_is_most_alike(old: list[object], new: list[object], wanted: object) -> None:
    tests = (lambda one: one, lambda one: one[1])
    assert release_changes.matched(old, new, tests) == wanted


def test_reasons_stand_in_the_order_in_which_they_explain() -> None:
    assert release_changes.in_order({"labelled", "policy", "withdrawn"}) == ("policy", "withdrawn", "labelled")

"""Some at a time: all of them, in order, and none is asked for before its turn."""

from collections.abc import Iterator

import pytest

from reviewer.domain.batches import batches, by_size


@pytest.mark.parametrize(
    ("many", "lists"),
    [(0, []), (1, [[0]]), (3, [[0, 1, 2]]), (4, [[0, 1, 2], [3]]), (6, [[0, 1, 2], [3, 4, 5]])],
)
def test_all_come_in_order_in_lists_of_a_size(many: int, lists: list[list[int]]) -> None:
    assert list(batches(range(many), 3)) == lists


def test_no_more_is_asked_for_than_the_list_at_hand_needs() -> None:
    asked: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            asked.append(len(asked))
            yield asked[-1]

    some = batches(endless(), 2)
    assert (next(some), asked) == ([0, 1], [0, 1])
    assert (next(some), asked) == ([2, 3], [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("sizes", "lists"),
    [
        ([], []),
        ([4, 6, 1], [[4, 6], [1]]),
        ([11, 2], [[11], [2]]),
        ([2, 11, 2], [[2], [11], [2]]),
        ([1, 1, 1, 1], [[1, 1, 1], [1]]),
    ],
)
def test_together_they_are_no_larger_and_no_more_than_asked_and_one_too_large_comes_alone(sizes: list[int], lists: list[list[int]]) -> None:
    assert list(by_size(((size, size) for size in sizes), 10, 3)) == lists

"""Many things, some at a time: so that no more of them are held, or sent, than that."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(many: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in their order, in lists of `size`; the last one may be shorter."""
    left = iter(many)  # Python 3.12 has this as itertools.batched
    while some := list(islice(left, size)):
        yield some


def by_size(many: Iterable[tuple[T, int]], most_size: int, most: int | None = None) -> Iterator[list[T]]:
    """The things, each with its size, in their order: in lists of at most `most`, whose sizes together are no more than `most_size`.

    One that is larger than that comes alone.
    """
    part: list[T] = []
    held = 0
    for one, size in many:
        if part and (len(part) == most or held + size > most_size):
            yield part
            part, held = [], 0
        part.append(one)
        held += size
    if part:
        yield part

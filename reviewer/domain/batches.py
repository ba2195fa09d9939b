"""Many things, some at a time: so that no more of them are held than that."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(many: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in their order, in lists of `size`; the last one may be shorter."""
    left = iter(many)  # Python 3.12 has this as itertools.batched
    while some := list(islice(left, size)):
        yield some

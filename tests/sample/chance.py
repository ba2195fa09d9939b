"""Seeded choice that gives the same answers on every Python: only Random.random() is promised to stay the same."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "0123456789"


class Chance:
    """A stream of choices, decided by its name."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return int(self._random.random() * count)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def share(self, part: float) -> bool:
        """True in about `part` (0 to 1) of the cases."""
        return self._random.random() < part

    def one(self, pool: Sequence[T]) -> T:
        """One of the pool."""
        return pool[self.below(len(pool))]

    def shuffled(self, pool: Sequence[T]) -> list[T]:
        """All of the pool, in another order."""
        left = list(pool)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def pattern(self, shape: str) -> str:
        """`#` becomes a digit, `@` a capital letter that cannot be mistaken for a digit, `~` a lower-case hex digit."""
        table = {"#": _DIGITS, "@": _LETTERS, "~": _DIGITS + "abcdef"}
        return "".join(self.one(table[c]) if c in table else c for c in shape)

"""Where does a block start, and which one is at this height."""

import random

import pytest

from reviewer.ui.transcript.heights import Heights


def test_tops_and_places_agree_with_plain_sums_whatever_changes() -> None:
    chance = random.Random(5)
    plain = [float(chance.randint(1, 90)) for _ in range(300)]
    heights = Heights(plain)
    for _ in range(500):
        at = chance.randrange(300)
        plain[at] = float(chance.randint(1, 90))
        heights.put(at, plain[at])
        asked = chance.randrange(301)
        assert heights.top(asked) == sum(plain[:asked])
        y = chance.uniform(0, sum(plain) - 0.001)
        found = heights.at(y)
        assert sum(plain[:found]) <= y < sum(plain[: found + 1])


def test_outside_is_the_first_or_the_last() -> None:
    heights = Heights([10.0, 20.0])
    assert heights.at(-5) == 0
    assert heights.at(1e9) == 1
    with pytest.raises(IndexError):
        Heights(()).at(0)

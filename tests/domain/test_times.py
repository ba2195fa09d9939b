"""How a moment and a span are written."""

import pytest

from reviewer.domain.times import span_text, utc_text


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    assert utc_text(1_790_000_000_123) == "2026-09-21T14:13:20.123Z"


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (60_000, "1 min"),
        (359_999, "5 min"),
        (3_600_000, "1 h"),
        (-3_900_000, "1 h 5 min"),
        (86_460_000, "1 d 1 min"),
        (10**14, "1,157,407 d 9 h"),
    ],
)
def test_a_span_is_written_in_its_two_largest_units(ms: int, words: str) -> None:
    assert span_text(ms) == words

"""How much time is left is said roughly, and only when it is known."""

import pytest

from reviewer.ui.pages.queue.words import seconds, time_left


@pytest.mark.parametrize(
    ("pace_ms", "waiting", "words"),
    [
        (None, 50, ""),
        (40_000, 0, ""),
        (20_000, 1, "under a minute left"),
        (34_700, 83, "about 48 min left"),
        (60_000, 120, "about 2 h left"),
        (60_000, 150, "about 2 h 30 min left"),
        (60_000, 117, "about 2 h left"),
    ],
)
def test_time_left(pace_ms: int | None, waiting: int, words: str) -> None:
    assert time_left(pace_ms, waiting) == words


def test_a_duration_is_said_in_seconds_then_minutes() -> None:
    assert [seconds(None), seconds(41_200), seconds(125_000)] == [
        "",
        "41\N{NO-BREAK SPACE}s",
        "2\N{NO-BREAK SPACE}min\N{NO-BREAK SPACE}5\N{NO-BREAK SPACE}s",
    ]

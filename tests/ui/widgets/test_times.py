"""Times are shown in the zone that was chosen; counts agree with their noun."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reviewer.ui.widgets.times import count, day, how_long_ago, moment

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=1)))


def test_a_time_in_utc_says_so() -> None:
    assert moment("2026-05-12T14:02:00.000Z", "utc") == "12 May 2026, 14:02 UTC"
    assert moment("2026-05-12T16:02:00+02:00", "utc", year=False) == "12 May 14:02 UTC"


def test_a_local_time_is_that_of_this_machine() -> None:
    here = datetime(2026, 5, 12, 14, 2, tzinfo=UTC).astimezone()
    assert moment("2026-05-12T14:02:00Z", "local") == f"{here.day} May 2026, {here:%H:%M}"


def test_what_is_no_time_is_shown_as_it_came() -> None:
    assert moment("last Tuesday", "utc") == "last Tuesday"
    assert how_long_ago("", NOW) == ""


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-21T23:10:00Z", "today"),
        ("2026-11-21T22:59:00Z", "yesterday"),
        ("2026-11-17T12:00:00Z", "5 days ago"),
        ("2026-01-03T12:00:00Z", "3 Jan 2026"),
        ("2026-11-30T12:00:00Z", "today"),
    ],
)
def test_how_long_ago_counts_days_as_a_calendar_does(then: str, words: str) -> None:
    assert how_long_ago(then, NOW) == words


def test_counts_agree_with_their_noun() -> None:
    assert [count(0, "item"), count(1, "item"), count(4812, "item"), count(2, "entry", "entries")] == [
        "0 items",
        "1 item",
        "4,812 items",
        "2 entries",
    ]


def test_a_day_is_written_as_people_do_and_what_is_none_as_it_came() -> None:
    assert (day("2026-05-01"), day("soon"), day("")) == ("1 May 2026", "soon", "")

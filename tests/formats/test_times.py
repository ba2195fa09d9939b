"""Times."""

import pytest

from reviewer.domain.errors import BadRecord
from reviewer.formats import times


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-05-04T03:02:01Z", "2026-05-04T03:02:01.000Z"),
        ("2026-05-04T03:02:01.98765+02:00", "2026-05-04T01:02:01.987Z"),
        ("2026-05-04T03:02:01.123456789Z", "2026-05-04T03:02:01.123Z"),
        ("2026-05-04 03:02:01", "2026-05-04T03:02:01.000Z"),
        ("2026-05-04", "2026-05-04T00:00:00.000Z"),
        (1_780_000_000, "2026-05-28T20:26:40.000Z"),
        (1_780_000_000_123, "2026-05-28T20:26:40.123Z"),
        (1_780_000_000.5, "2026-05-28T20:26:40.500Z"),
        (0, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_kept_as_utc_with_milliseconds(given: str | int | float, kept: str) -> None:
    assert times.rfc3339(given) == kept


@pytest.mark.parametrize("given", ["yesterday", "", "2026-13-01", -1, 1e30, "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_what_is_no_time_is_refused(given: str | int | float) -> None:
    with pytest.raises(BadRecord, match="is not a time"):
        times.rfc3339(given)

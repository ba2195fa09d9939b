"""Times of many spellings as one: RFC 3339, UTC, milliseconds."""

import re
from datetime import UTC, datetime, timedelta

from reviewer.formats.strict_json import bad

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UTC_SECONDS = re.compile(r"[1-9]\d{3}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\dZ", re.ASCII)  # as most write it
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")
_MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138
_LAST_MILLISECOND = 253_402_300_799_999  # the end of the year 9999


def rfc3339(value: str | int | float) -> str:
    """ISO 8601 text, or seconds or milliseconds since 1970, as `2026-05-04T03:02:01.000Z`. A time without a zone is taken as UTC.

    Raises BadRecord for what is no time.
    """
    if isinstance(value, str):
        found = _read(value)
        return f"{value[:19]}.000Z" if _UTC_SECONDS.fullmatch(value) else _written(found)
    milliseconds = value if abs(value) >= _MILLISECONDS_FROM else value * 1000
    if not 0 <= milliseconds <= _LAST_MILLISECOND:
        raise bad(f"“{value}” is not a time.")
    return _written(_EPOCH + timedelta(milliseconds=milliseconds))


def _read(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text.strip()) if "." in text else text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise bad(f"“{text[:40]}” is not a time.") from error


def _written(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z" if time.year >= 1000 else _refused(time)


def _refused(time: datetime) -> str:
    raise bad(f"“{time.isoformat()}” is not a time.")

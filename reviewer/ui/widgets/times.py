"""How times and counts are written on screen. Times are kept in UTC; the zone is a setting."""

from datetime import UTC, date, datetime, tzinfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(text: str, zone: str, *, year: bool = True) -> str:
    """An RFC 3339 time as “12 May 2026, 14:02”, or without the year “12 May 14:02”. zone: `local` or `utc` (then “UTC” follows).

    What cannot be read as a time is given back as it came.
    """
    time = _local(text, zone)
    if time is None:
        return text
    clock = f"{time.hour:02}:{time.minute:02}" + (" UTC" if zone == "utc" else "")
    return f"{_day(time)} {time.year}, {clock}" if year else f"{_day(time)} {clock}"


def day_of(text: str, zone: str) -> str:
    """The day of an RFC 3339 time: “12 May”. zone, and what is no time, as of `moment`."""
    time = _local(text, zone)
    return text if time is None else _day(time)


def _local(text: str, zone: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (time.replace(tzinfo=UTC) if time.tzinfo is None else time).astimezone(_zone(zone))


def _day(time: datetime) -> str:
    return f"{time.day} {_MONTHS[time.month - 1]}"


def day(text: str) -> str:
    """A day, YYYY-MM-DD, as “1 May 2026”. What is no day is given back as it came."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def how_long_ago(text: str, now: datetime) -> str:
    """“today”, “yesterday”, “5 days ago”, else the day: in the zone of `now`, which must have one. Empty for what is no time."""
    try:
        then = datetime.fromisoformat(text).astimezone(now.tzinfo)
    except ValueError:
        return ""
    days = (now.date() - then.date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 14 else f"{then.day} {_MONTHS[then.month - 1]} {then.year}"


def count(number: int, one: str, many: str = "") -> str:
    """“1 item”, “4,812 items”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _zone(zone: str) -> tzinfo | None:
    return UTC if zone == "utc" else None  # None: the zone of this machine

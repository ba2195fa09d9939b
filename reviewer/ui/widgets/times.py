"""How times and counts are written on screen. Times are kept in UTC; the zone is a setting."""

from datetime import UTC, datetime, tzinfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(text: str, zone: str, *, year: bool = True) -> str:
    """An RFC 3339 time as “12 May 2026, 14:02”, or without the year “12 May 14:02”. zone: `local` or `utc` (then “UTC” follows).

    What cannot be read as a time is given back as it came.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    time = time.astimezone(_zone(zone))
    day = f"{time.day} {_MONTHS[time.month - 1]}"
    clock = f"{time:%H:%M}" + (" UTC" if zone == "utc" else "")
    return f"{day} {time.year}, {clock}" if year else f"{day} {clock}"


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

"""What the page says: counts, times and places in words."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.domain.errors import shown
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.sync_overview import LastCheck, LastExchange, Overview, Standing

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_MS = 86_400_000
SILENT_DAYS = 3  # from so many days without contact on, a device is marked
_KINDS = (
    ("label", "label", ""),
    ("policy_publish", "policy version", ""),
    ("resolve", "resolution", ""),
    ("campaign", "campaign", ""),
    ("enrol", "admission", ""),
    ("revoke", "revocation", ""),
    ("finding", "finding", ""),
    ("alarm", "alarm", ""),
    ("suggestion", "batch of suggestions", "batches of suggestions"),
)


def when(ms: int, now_ms: int, zone: str, *, clock: bool = True) -> str:
    """“today 18:20”, “yesterday 18:20”, “16 Nov 18:20”, or without the clock; times in ms. zone: `local` or `utc`."""
    place: tzinfo | None = UTC if zone == "utc" else None
    then, now = (datetime.fromtimestamp(each / 1000, UTC).astimezone(place) for each in (ms, now_ms))
    days = (now.date() - then.date()).days
    day = "today" if days <= 0 else "yesterday" if days == 1 else f"{then.day} {_MONTHS[then.month - 1]}"
    if then.year != now.year and days > 1:
        day = f"{day} {then.year}"
    return f"{day} {then:%H:%M}{' UTC' if zone == 'utc' else ''}" if clock else day


def last_words(last: "LastExchange | None", now_ms: int, zone: str) -> str:
    """The line of the header."""
    return "not synced yet" if last is None else f"last: {when(last.at_ms, now_ms, zone)}, with {last.place}"


def silent_days(heard_ms: int | None, now_ms: int) -> int:
    """Whole days since a device was heard from; 0 where that is short, or never was."""
    days = 0 if heard_ms is None else (now_ms - heard_ms) // _DAY_MS
    return days if days >= SILENT_DAYS else 0


def waiting_words(found: "Overview") -> str:
    """What is said below the number of labels that wait."""
    if not found.waiting and not found.unwitnessed:
        return "All saved on this machine, and witnessed by another device." if others(found) else "All saved on this machine."
    unseen = f"{found.unwitnessed:,} not yet witnessed by anyone else."
    return f"All saved on this machine. {unseen}" if found.unwitnessed else "All saved on this machine."


def others(found: "Overview") -> bool:
    """Whether anybody is there to sync with."""
    return any(not one.here and not one.revoked for one in found.devices)


def taken_words(last: "LastExchange") -> str:
    """“96 labels, 40 items, 1 policy version, from 2 people.”"""
    parts = [count(last.kinds[kind], one, many) for kind, one, many in _KINDS[:1] if last.kinds.get(kind)]
    if last.received.items:
        parts.append(count(last.received.items, "item"))
    parts += [count(last.kinds[kind], one, many) for kind, one, many in _KINDS[1:] if last.kinds.get(kind)]
    rest = last.received.entries - sum(last.kinds.get(kind, 0) for kind, _, _ in _KINDS)
    if rest > 0 and parts:
        parts.append(f"{rest:,} other")
    people = _people(last.members)
    if not parts:
        return f"Nothing of note{people}." if last.received.entries else "Nothing new."
    return f"{', '.join(parts)}{people}."


def aside_words(pending: int, quarantined: int) -> str:
    """What is kept and does not count yet; empty for nothing."""
    parts = []
    if pending:
        parts.append(f"{count(pending, 'entry', 'entries')} {_wait(pending)} for earlier ones.")
    if quarantined:
        parts.append(f"{count(quarantined, 'bundle')} {_wait(quarantined)} until their sender is known.")
    return " ".join(parts)


def state_words(standing: "Standing") -> tuple[str, str]:
    """What the pill in the top bar says, and its tooltip."""
    if not standing.admitted:
        return "Waiting to be admitted", "Give your request to a lead; then sync, or apply the bundle that they give you."
    if not standing.others:
        return "", ""
    if standing.waiting:
        return (
            f"Offline, {count(standing.waiting, 'label')} to sync",
            "All saved on this machine. Nothing is sent before you ask.",
        )
    return "All synced", "Everybody was given all labels of this machine."


def check_words(check: "LastCheck") -> str:
    """The pill of the last check."""
    if check.problems:
        return f"{count(check.problems, 'problem')} found"
    return f"{count(check.entries, 'entry', 'entries')}, {count(check.items, 'item')}, every signature and link holds"


def agree_words(agreeing: int) -> str:
    """Who came to the same digest."""
    return f"the same as {count(agreeing, 'device')}" if agreeing else "no other device has told its digest for these entries"


def fours(digest: str, groups: int = 3) -> str:
    """The first digits of a digest in groups of four: “b41f 09ce 77d2”."""
    return " ".join(digest[place : place + 4] for place in range(0, groups * 4, 4))


def six(words: tuple[str, ...]) -> str:
    """Words to be compared: “harbour · violin · seven”."""
    return " · ".join(words)


def size_words(size_bytes: int) -> str:
    """“14 MB”."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.3g} {unit}"
    return f"{size_bytes} bytes"


def name_of(path: Path) -> str:
    """A file's name as it may be shown."""
    return shown(path.name, 60)


def counts_words(counts: Mapping[str, int]) -> str:
    """“148 entries, 40 items” of counts by word; what is not there is left out."""
    parts = [count(number, one, "entries" if one == "entry" else "") for one, number in counts.items() if number]
    return ", ".join(parts) or "nothing"


def _people(members: tuple[str, ...]) -> str:
    return f", from {members[0]}" if len(members) == 1 else f", from {len(members)} people" if members else ""


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"

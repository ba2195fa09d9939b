"""What a person should know about what came in: erased items that stayed away, records that wait. JOURNAL.md section 5, E2xx."""

from collections.abc import Iterable

from reviewer.storage.deliveries import TakenIn
from reviewer.storage.receiving import missing
from reviewer.storage.rows import Rows

UNKNOWN_SENDER = "Sender not enrolled: kept in quarantine, not counted. Ask a lead to admit the sender. [E205]"


def notes(rows: Rows, taken: Iterable[TakenIn]) -> tuple[str, ...]:
    """A sentence each, with its code, for whoever took these deliveries in."""
    deliveries = list(taken)
    erased = erased_note(sum(one.erased for one in deliveries), {day for one in deliveries for day in one.erased_on})
    return (*([erased] if erased else []), *waiting_notes(rows))


def erased_note(count: int, days: Iterable[str]) -> str:
    """What is said of erased items that came again; nothing where none did. days: on which they were erased, YYYY-MM-DD."""
    if not count:
        return ""
    when = " and ".join(sorted(days))
    were, are = ("1 item was", "is") if count == 1 else (f"{count:,} items were", "are")
    return f"{were} erased{f' on {when}' if when else ''} and {are} not restored. [E211]"


def left_at_hub(count: int) -> str:
    """What is said of erased items whose content a hub still holds."""
    items = "1 erased item still lies" if count == 1 else f"{count:,} erased items still lie"
    return f"{items} at this hub: whoever runs it can remove that, clients cannot. `reviewer erase status` says how. [E603]"


def waiting_notes(rows: Rows) -> tuple[str, ...]:
    """What entries that came wait for, a sentence for each gap."""
    return tuple(_waiting(rows, *gap) for gap in missing(rows))


def _waiting(rows: Rows, stream: str, first: int, last: int, device: str) -> str:
    (count,) = rows.row("SELECT count(*) FROM pending WHERE stream = ? AND why = 'gap'", (bytes.fromhex(stream),)) or (0,)
    found = rows.row("SELECT m.name FROM device d JOIN member m ON m.id = d.member WHERE d.id = ?", (device,))
    whose = f"{found[0]}'s device" if found else f"device {device[:8]}"
    wait = "1 record waits" if count == 1 else f"{count:,} records wait"
    lacking = f"{first:,}" if first == last else f"{first:,} to {last:,}"
    return f"{wait} for earlier ones from {whose} ({lacking} of stream {stream[:8]}). Ask for a bundle with these. [E209]"

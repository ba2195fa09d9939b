"""Streams in which an entry does not verify: what they say is shown, and none of it leaves. JOURNAL.md section 5, E107."""

import json
from collections.abc import Collection

from reviewer.domain.chain import StreamId, entry_digest
from reviewer.domain.errors import Damaged
from reviewer.storage.rows import ChangingRows, Rows

_FACT = "damaged"  # of this replica: what the last verification found


def damaged_streams(rows: Rows) -> frozenset[StreamId]:
    """The streams of which the last verification found an entry that does not hold. Raises Damaged where that cannot be read."""
    try:
        return frozenset(StreamId(bytes.fromhex(name).hex()) for name in json.loads(rows.fact(_FACT) or "[]"))
    except (ValueError, TypeError) as error:
        raise Damaged("It cannot be read which records do not verify.", "Restore the last backup.", "E107") from error


def note_damaged(work: ChangingRows, found: Collection[StreamId]) -> None:
    """Remember what a verification of all entries found."""
    work.set_fact(_FACT, json.dumps(sorted(found)))


def in_damaged(rows: Rows, entry: str) -> str | None:
    """A condition that holds for entries of such streams; None where there is none. entry: the column of the entry's hash."""
    streams = ", ".join(f"x'{stream}'" for stream in sorted(damaged_streams(rows)))
    return f"EXISTS (SELECT 1 FROM entry d WHERE d.hash = {entry} AND d.stream IN ({streams}))" if streams else None


def refuse_changed(name: bytes, raw: bytes) -> None:
    """Raise Damaged for the bytes of an entry that are not those which its hash names. A look that costs next to nothing."""
    if entry_digest(raw) != name:
        raise Damaged(
            f"Record {name.hex()[:8]} does not match its signature; nothing was written.",
            "Run `reviewer verify`: then what its device wrote is left out, and the rest leaves. Restore the last backup to have it again.",
            "E107",
        )

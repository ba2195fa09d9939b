"""Which fields the metadata of a campaign's items have, as far as a look at some of them tells."""

import msgspec

from reviewer.storage import payloads
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading


def of_campaign(reading: Reading, stored: Stored, *, looked_at: int) -> list[str]:
    """The names under which drawn items hold a single value, in order; `a.b` lies in `a`. looked_at: items, the first by their id."""
    rows = reading.rows(
        "SELECT o.metadata FROM pick p JOIN item i ON i.id = p.item JOIN origin o ON o.n = i.n"
        " WHERE p.campaign = ? ORDER BY p.item LIMIT ?",
        (stored.row, looked_at),
    )
    found: set[str] = set()
    for (packed,) in rows:
        metadata = msgspec.json.decode(payloads.unpack(bytes(packed)))
        found |= _names(metadata, "") if isinstance(metadata, dict) else set()
    return sorted(found)


def _names(within: dict[str, object], before: str) -> set[str]:
    found: set[str] = set()
    for name, value in within.items():
        if isinstance(value, dict):
            found |= _names(value, f"{before}{name}.") if not before else set()
        elif isinstance(value, str | bool | int | float):
            found.add(f"{before}{name}")
    return found

"""Who looked at what is hidden of an item, and what that was. Kept until the label says so, and beyond: a later one is not blind either."""

import msgspec

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Shown
from reviewer.domain.items import ItemId
from reviewer.domain.unblinding import together
from reviewer.storage.rows import ChangingRows, Rows

_shown = msgspec.json.Decoder(Shown)


def looked_at(rows: Rows, campaign: EntryHash, item: ItemId, member: MemberId) -> Shown | None:
    """What a member was shown of what is hidden; None where they never looked."""
    found = rows.row(
        "SELECT shown FROM unblinded WHERE campaign = ? AND item = ? AND member = ?",
        (bytes.fromhex(campaign), bytes.fromhex(item), member),
    )
    return None if found is None else decode(found[0])


def decode(text: str) -> Shown:
    """What was shown, as a row has it."""
    return _shown.decode(text)


def note(work: ChangingRows, campaign: EntryHash, item: ItemId, member: MemberId, shown: Shown, *, now_ms: int) -> None:
    """Note what a member is about to be shown, beside what they were shown before."""
    whole = together(shown, looked_at(work, campaign, item, member))
    work.run(
        "INSERT INTO unblinded VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET shown = excluded.shown",
        (bytes.fromhex(campaign), bytes.fromhex(item), member, msgspec.json.encode(whole).decode(), now_ms),
    )

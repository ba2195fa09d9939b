"""What an adjudicator has begun to say of an item, so that a crash does not lose it."""

import msgspec

from reviewer.domain.chain import MemberId
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.storage.campaigns import Stored
from reviewer.storage.rows import ChangingRows, Rows


class Begun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an adjudicator has put down of a resolution. clauses: names, as KEY:CLAUSE."""

    verdict: Ruling | None = None
    reason: str = ""
    clauses: tuple[str, ...] = ()


_begun = msgspec.json.Decoder(Begun)


def save_begun(work: ChangingRows, stored: Stored, item: ItemId, member: MemberId, begun: Begun, *, now_ms: int) -> None:
    """Keep what was begun; an empty one is forgotten."""
    if begun == Begun():
        drop_begun(work, stored, item, member)
        return
    work.run(
        "INSERT INTO draft VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET opinion = excluded.opinion, saved_ms = excluded.saved_ms",
        (*_place(stored, item, member), msgspec.json.encode(begun).decode(), now_ms),
    )


def drop_begun(work: ChangingRows, stored: Stored, item: ItemId, member: MemberId) -> None:
    """Forget what became a resolution, or was emptied."""
    work.run("DELETE FROM draft WHERE campaign = ? AND item = ? AND member = ?", _place(stored, item, member))


def begun_on(rows: Rows, stored: Stored, item: ItemId, member: MemberId) -> Begun:
    """What a member had begun on an item."""
    found = rows.row("SELECT opinion FROM draft WHERE campaign = ? AND item = ? AND member = ?", _place(stored, item, member))
    return Begun() if found is None else _begun.decode(found[0])


def _place(stored: Stored, item: ItemId, member: MemberId) -> tuple[bytes, bytes, str]:
    """Where a draft of a resolution lies among the drafts: beside that of a label of the same member, and never taken for it."""
    return bytes.fromhex(stored.state.hash), bytes.fromhex(item), f"{member} resolves"

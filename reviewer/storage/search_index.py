"""The full-text index of the items. It may lie behind them, since an import does not wait for it.

What is behind is one fact: the number of the first item that the index does not know; it knows none after that. Where there is no such
fact, it knows every item. The fact moves in the transaction that changes the index, so that whatever stops an import leaves nothing
unfindable for good: whoever comes next goes on from there.
"""

from collections.abc import MutableMapping, Sequence

import msgspec

from reviewer.domain import items
from reviewer.domain.errors import Damaged
from reviewer.domain.items import Item
from reviewer.storage import payloads
from reviewer.storage.rows import ChangingRows, Rows, as_bytes

MARK = "unindexed_from"
_ADD = "INSERT INTO item_text (rowid, text) VALUES (?, ?)"
_PAYLOADS = "SELECT id, payload FROM item WHERE n >= ? ORDER BY n LIMIT ?"
_HELD = 8 * 1024 * 1024  # characters of words that are read ahead
_UNSEEN = "SELECT n, id FROM item WHERE n >= ? ORDER BY n LIMIT ?"


def words_of(item: Item) -> str:
    """What the index is given of an item."""
    return items.all_text(item).replace("\x00", " ")


def first_behind(rows: Rows) -> int | None:
    """The number from which on items are not indexed; None where all are."""
    found = rows.fact(MARK)
    return None if found is None else int(found)


def behind(rows: Rows) -> range:
    """The numbers of the items that are not indexed yet. A few may be gone: items that were erased."""
    first = first_behind(rows)
    if first is None:
        return range(0)
    found = rows.row("SELECT max(n) FROM item")
    return range(first, max(first, (found[0] or 0) + 1 if found else 0))


def add(rows: ChangingRows, texts: Sequence[tuple[int, str]]) -> None:
    """Index new items by their numbers. Only for an index that knows all others."""
    rows.run_many(_ADD, texts)


def leave(rows: ChangingRows, first: int) -> None:
    """Note that the items from this number on, which are all new, are to be indexed later."""
    known = first_behind(rows)
    if known is None or first < known:  # the number of the last item is given again once that was erased
        rows.set_fact(MARK, str(first))


def follow(rows: ChangingRows, most: int, texts: MutableMapping[bytes, str]) -> int:
    """Index the next items, `most` of them at most. Returns how many there were; fewer than `most` means that none is left.

    texts: by id, what is at hand of their words; what is used goes from it. The words of others are read from the item.
    """
    first = first_behind(rows)
    if first is None:
        return 0
    found = rows.rows(_UNSEEN, (first, most + 1))  # the one that comes after says in this transaction whether another is needed
    these, left = found[:most], found[most:]
    add(rows, [(n, _words(rows, n, texts.pop(as_bytes(name), None))) for n, name in these])
    if left:
        rows.set_fact(MARK, str(left[0][0]))
    else:
        rows.run("DELETE FROM fact WHERE name = ?", (MARK,))
    return len(these)


def read_ahead(rows: Rows, first: int, most: int) -> dict[bytes, str]:
    """The words of items from a number on, by id, for `follow`, which is then spared reading them in its transaction.

    `most` items at most, and no more of them than may be held at once.
    """
    words: dict[bytes, str] = {}
    held = 0
    for name, payload in rows.each(_PAYLOADS, (first, most)):
        words[as_bytes(name)] = said = _words_in(payload)
        held += len(said)
        if held >= _HELD:
            break
    return words


def _words(rows: Rows, n: int, known: str | None) -> str:
    if known is not None:
        return known
    found = rows.row("SELECT payload FROM item WHERE n = ?", (n,))
    return _words_in(found[0] if found else b"")


def _words_in(payload: object) -> str:
    try:
        return words_of(items.decode(payloads.unpack(as_bytes(payload))))
    except (Damaged, msgspec.MsgspecError, ValueError):
        return ""  # `verify` names a damaged item; the others are not to wait for it

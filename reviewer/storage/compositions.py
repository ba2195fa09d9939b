"""What items are, taken together: their agents, models, kinds and times."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from reviewer.storage.rows import Rows

_COLUMNS = "SELECT n, agent, model, kind, time FROM item"
_ASKED_AT_ONCE = 500
_SCANNED_FROM = 20_000  # items from which on reading an index to its end is quicker than asking for each
Counts = tuple[tuple[str, int], ...]


class Composition(NamedTuple):
    """How many items have each value, most first; "" stands for none. unseen: items whose model was not looked at. first, last: times."""

    agents: Counts
    models: Counts
    kinds: Counts
    unseen: int
    first: str | None
    last: str | None


def composition(rows: Rows, numbers: Sequence[int], *, unseen: Collection[int]) -> Composition:
    """Of the items with these numbers. unseen: numbers of items whose model is not to be told."""
    agents, models, kinds = Counter[str](), Counter[str](), Counter[str]()
    hidden, first, last = 0, None, None
    for n, agent, model, kind, time in _read(rows, numbers):
        agents[agent or ""] += 1
        kinds[kind] += 1
        if n in unseen:
            hidden += 1
        else:
            models[model or ""] += 1
        if time is not None:
            first = time if first is None else min(first, time)
            last = time if last is None else max(last, time)
    return Composition(_most_first(agents), _most_first(models), _most_first(kinds), hidden, first, last)


def _read(rows: Rows, numbers: Sequence[int]) -> Iterator[Any]:
    if len(numbers) >= _SCANNED_FROM:
        wanted = frozenset(numbers)
        yield from (row for row in rows.each(f"{_COLUMNS} INDEXED BY item_time") if row[0] in wanted)  # rows hold payloads
        return
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        some = list(numbers[start : start + _ASKED_AT_ONCE])
        yield from rows.rows(f"{_COLUMNS} WHERE n IN ({', '.join('?' * len(some))})", some)


def _most_first(counter: Counter[str]) -> Counts:
    return tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))

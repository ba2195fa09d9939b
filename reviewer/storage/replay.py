"""The whole journal, read once more: each entry checked, and those that hold applied to the views, in an order that always works."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from sqlcipher3 import dbapi2

from reviewer.domain import fold
from reviewer.domain.chain import Entry, EntryHash, entry_hash
from reviewer.domain.fold import Folding, State, Unfit
from reviewer.storage import projections
from reviewer.storage.journal import Problem, Stored, Verifier
from reviewer.storage.rows import ChangingRows, Rows, as_bytes

Step = Callable[[int, int, str], None]
Look = Callable[[Entry, msgspec.Struct | None], None]

# Who may speak comes first, then what is asked, then what was drawn; answers follow in the order in which they came.
_ADMISSIONS = ("genesis", "enrol")
_QUESTIONS = ("campaign",), ("draw", "campaign_close")
_EARLY = frozenset({*_ADMISSIONS, *(kind for phase in _QUESTIONS for kind in phase)})
_SELECT = "SELECT stream, seq, hash, kind, body, sig FROM entry"
_EVERY = 250  # entries between two reports


class Replayed(NamedTuple):
    """What a replay found. hashes: of all entries that can be read, those that do not count among them.

    complete: the table could be read to its end; where it could not, problems say so.
    """

    state: State
    hashes: list[EntryHash]
    problems: list[Problem]
    newer: int
    complete: bool


def replay(rows: ChangingRows, step: Step, *, project: EntryHash | None, look: Look) -> Replayed:
    """Check every entry and apply those that hold to the views of `rows`, which are empty. look: is shown each entry that holds."""
    verifier, folding = Verifier(project), Folding(project)
    hashes: list[EntryHash] = []
    complete = True
    try:
        for entry in verifier.learn(_of(rows, _ADMISSIONS)):
            _apply(rows, entry)
        for kinds in _QUESTIONS:
            for entry in filter(None, map(verifier.holds, _of(rows, kinds))):
                _apply(rows, entry)
        total = _count(rows)
        # In the order of their coming, which is also the order of each stream.
        for number, stored in enumerate(_stored(rows, f"{_SELECT} ORDER BY rowid"), 1):
            checked = verifier.check(stored)
            hashes.append(entry_hash(stored.raw))
            if checked is not None:
                value = fold.typed(checked.body)
                folding.add_typed(checked, value)
                fitting = None if isinstance(value, Unfit) else value
                if checked.body.kind not in _EARLY:
                    projections.apply(rows, checked, fitting)
                look(checked, fitting)
            if number % _EVERY == 0 or number == total:
                step(number, total, "Checking entries")
    except (dbapi2.Error, UnicodeError) as error:
        verifier.problems.append(Problem("journal", f"It cannot be read beyond entry {len(hashes):,}: {error}"))
        complete = False
    return Replayed(folding.state(), hashes, verifier.problems, verifier.newer, complete)


def _apply(rows: ChangingRows, entry: Entry) -> None:
    value = fold.typed(entry.body)
    projections.apply(rows, entry, None if isinstance(value, Unfit) else value)


def _of(rows: Rows, kinds: Sequence[str]) -> list[Stored]:
    marks = ", ".join("?" * len(kinds))
    return list(_stored(rows, f"{_SELECT} WHERE kind IN ({marks}) ORDER BY rowid", kinds))


def _stored(rows: Rows, sql: str, parameters: Sequence[str] = ()) -> Iterator[Stored]:
    for stream, seq, name, kind, raw, signature in rows.each(sql, parameters):
        number = seq if isinstance(seq, int) else 0
        yield Stored(as_bytes(stream), number, as_bytes(name), str(kind), as_bytes(raw), as_bytes(signature))


def _count(rows: Rows) -> int:
    found = rows.row("SELECT count(*) FROM entry")
    return int(found[0]) if found else 0

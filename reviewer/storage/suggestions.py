"""What judges said, as the blobs of suggestion entries keep it."""

import re
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import msgspec

from reviewer.domain import canonical
from reviewer.domain.errors import Damaged, NotFound, shown
from reviewer.domain.events import ItemName, Verdict
from reviewer.domain.items import ItemId
from reviewer.storage.rows import ChangingRows, Rows

_CUT = "redacted."
_OPINIONS = {"non_compliant": 1.0, "compliant": 0.0, "unsure": 0.5}

_Score = Annotated[str, msgspec.Meta(pattern=r"\A-?\d{1,15}(?:\.\d{1,15})?\Z")]


class Suggested(NamedTuple):
    """What a judge said of an item. score: a decimal string; its scale is the judge's own. Neither verdict nor score: it was discarded.

    answer: JSON text of the answer word for word, with the model and what it cost, where this program asked (domain.judge_answers).
    """

    item: ItemName
    verdict: Verdict | None = None
    score: _Score | None = None
    rationale: str | None = None
    answer: str | None = None


_TEXT = rb'(?:null|"(?:[^"\\]+|\\.)*")'
_ROW = rb'\["%s",(?:null|"[^"]*"),(?:null|"[^"]*"),' + _TEXT + rb"(?:," + _TEXT + rb")?\]"

SAID = "(verdict IS NOT NULL OR score IS NOT NULL)"
"""SQL: leaves out answers that were discarded."""
_one = msgspec.json.Decoder(Suggested)


def pack(rows: list[Suggested]) -> bytes:
    """The bytes of a batch."""
    return canonical.encode([list(row if row.answer is not None else row[:4]) for row in rows])


class Opinion(NamedTuple):
    """A judge's opinion of an item, without its words."""

    judge: str
    verdict: str | None
    score: str | None


def is_known(rows: Rows, judge: str, said: Suggested) -> bool:
    """Whether a judge said the same of an item before."""
    asked = "SELECT 1 FROM suggestion WHERE item = ? AND judge = ? AND verdict IS ? AND score IS ?"
    return rows.row(asked, (bytes.fromhex(said.item), judge, said.verdict, said.score)) is not None


def of_item(rows: Rows, item: ItemId) -> list[Opinion]:
    """What judges said of an item. It leads: only for whoever need not label the item any more."""
    asked = "SELECT judge, verdict, score FROM suggestion WHERE item = ? ORDER BY judge, hash"
    return [Opinion(*row) for row in rows.rows(asked, (bytes.fromhex(item),))]


class Suggestion(NamedTuple):
    """What one judge says of an item, with its words. entries: those that hold it, sorted."""

    judge: str
    verdict: Verdict | None
    score: str | None
    rationale: str | None
    entries: tuple[str, ...]


def of_judge(rows: Rows, judge: str, item: ItemId) -> Suggestion | None:
    """What a judge says of an item; None where it said neither verdict nor score, or one thing and another. It leads: see storage.arms."""
    found = rows.rows(
        "SELECT s.hash, s.verdict, s.score, json_extract(e.body, '$.value.rows.blob') FROM suggestion s JOIN entry e ON e.hash = s.hash"
        " WHERE s.item = ? AND s.judge = ? ORDER BY s.hash",
        (bytes.fromhex(item), judge),
    )
    said = {(verdict, score) for _, verdict, score, _ in found} - {(None, None)}
    if len(said) != 1:
        return None
    ((verdict, score),) = said
    words = (words_of(rows.blob(_held(rows, blob)), item) for _, verdict, score, blob in found if (verdict, score) != (None, None))
    return Suggestion(judge, verdict, score, next(filter(None, words), None), tuple(name.hex() for name, *_ in found))


def words_of(batch: bytes, item: ItemId) -> str | None:
    """A judge's words about one item of a batch. To decode all of it would take the first paint tens of milliseconds.

    No text within a batch can look like the head of a row: its quotes are escaped there.
    """
    found = re.search(_ROW % item.encode(), batch)
    return None if found is None else _one.decode(found[0]).rationale


def last_said(rows: Rows, judge: str) -> dict[bytes, tuple[str | None, str | None]]:
    """Verdict and score that a judge gave last, by item. Of two lists the one that was signed later holds, whichever came here first."""
    order = (
        "SELECT hash FROM entry WHERE kind = 'suggestion' AND json_extract(body, '$.value.judge') = ?"
        " ORDER BY json_extract(body, '$.hlc[0]'), json_extract(body, '$.hlc[1]'), hash"
    )
    when = {name: place for place, (name,) in enumerate(rows.each(order, (judge,)))}
    said: dict[bytes, list[tuple[bytes, str | None, str | None]]] = {}
    for name, *one in rows.each(f"SELECT hash, item, verdict, score FROM suggestion WHERE judge = ? AND {SAID}", (judge,)):
        said.setdefault(name, []).append((one[0], one[1], one[2]))
    return {item: (verdict, score) for name in sorted(said, key=lambda name: when[name]) for item, verdict, score in said[name]}


def last_scores(rows: Rows, judge: str) -> dict[bytes, float]:
    """What a judge said last of each item, as a number: the score; of a verdict alone 1 for non-compliant, 0 for compliant, one half where
    it is unsure."""
    found: dict[bytes, float] = {}
    for item, (verdict, score) in last_said(rows, judge).items():
        if score is not None:
            found[item] = float(score)
        elif verdict is not None:
            found[item] = _OPINIONS[verdict]
    return found


def judges(rows: Rows) -> list[str]:
    """Whose opinions are here, by name."""
    return [name for (name,) in rows.rows(f"SELECT DISTINCT judge FROM suggestion WHERE {SAID} ORDER BY judge")]


def unknown(judge: str, known: Sequence[str]) -> NotFound:
    """What to raise for a judge who said nothing here."""
    hint = f"These did: {', '.join(shown(one, 40) for one in known[:8])}." if known else "Bring them in with `reviewer suggestions import`."
    return NotFound(f"No judge “{shown(judge, 60)}” has said anything here.", hint)


def ids_of(rows: Rows, item: ItemId) -> tuple[str, ...]:
    """The entries that hold what judges said of an item, sorted."""
    return tuple(name.hex() for (name,) in rows.rows("SELECT hash FROM suggestion WHERE item = ? ORDER BY hash", (bytes.fromhex(item),)))


def suggestion_rows(rows: Rows, blob: str) -> list[Suggested]:
    """The batch that an entry names. Raises NotFound where this replica lacks it, Damaged for one that is none."""
    try:
        return msgspec.convert(canonical.decode(rows.blob(_held(rows, blob))), list[Suggested])
    except msgspec.ValidationError as error:
        raise Damaged(f"A list of suggestions is none: {error}.", "Run `reviewer verify`, or restore the last backup.") from error


def cut(rows: ChangingRows, blob: str, item: str) -> bool:
    """Put a batch without a judge's words about an item in the place of the one that an entry names. Returns whether there were any."""
    try:
        held = suggestion_rows(rows, blob)
    except (NotFound, Damaged):
        return False
    if not any(one.item == item and (one.rationale or one.answer) for one in held):
        return False
    before = _held(rows, blob)
    left = [one._replace(rationale=None, answer=None) if one.item == item else one for one in held]
    rows.set_fact(f"{_CUT}{blob}", rows.keep_blob(pack(left)))
    rows.run("DELETE FROM blob WHERE hash = ?", (bytes.fromhex(before),))
    return True


def cut_batches(rows: Rows) -> set[str]:
    """The names of batches that others are kept in the place of."""
    found = rows.rows("SELECT substr(name, ?) FROM main.fact WHERE name GLOB ?", (len(_CUT) + 1, f"{_CUT}*"))
    return {str(name) for (name,) in found}


def _held(rows: Rows, blob: str) -> str:
    """The batch that lies here in the place of one: no view knows of it, so that a rebuild finds it too."""
    found = rows.row("SELECT value FROM main.fact WHERE name = ?", (f"{_CUT}{blob}",))
    return blob if found is None else str(found[0])

"""What changed between two texts, word by word: for whoever reads the old and the new in one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

Kind = Literal["same", "gone", "new"]
_MOST_WORDS = 20_000  # of both together; beyond, the whole text counts as changed


class Piece(NamedTuple):
    """Some words, and whether they are in both texts, only in the old one, or only in the new one."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, in order: what is gone stands before what is new in its place.

    What is in both is the new text's where only white space differs.
    """
    old, new = _words(before), _words(after)
    if len(old) + len(new) > _MOST_WORDS:
        return tuple(Piece(kind, text) for kind, text in (("gone", before), ("new", after)) if text)  # type: ignore[arg-type] # two literals
    found: list[Piece] = []
    gone, added = "", ""
    for step in Indel.opcodes([word.strip() for word in old], [word.strip() for word in new]):
        if step.tag == "equal":
            found += (Piece("gone", gone), Piece("new", added), Piece("same", "".join(new[step.dest_start : step.dest_end])))
            gone, added = "", ""
        else:
            gone += "".join(old[step.src_start : step.src_end])
            added += "".join(new[step.dest_start : step.dest_end])
    return tuple(_apart([*found, Piece("gone", gone), Piece("new", added)]))


class Stretch(NamedTuple):
    """Code points `start` to `end` of the text at a place of a list."""

    text: int
    start: int
    end: int


def differing(ones: Sequence[str], others: Sequence[str]) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Where two lists of texts, each read in order, differ word by word: the words of either that the other has not, neighbours joined.

    Nothing where they are too long to be compared.
    """
    first, second = _placed(ones), _placed(others)
    if len(first) + len(second) > _MOST_WORDS:
        return (), ()
    mine: list[Stretch] = []
    theirs: list[Stretch] = []
    for step in Indel.opcodes([word for word, _ in first], [word for word, _ in second]):
        if step.tag != "equal":
            mine += _joined(place for _, place in first[step.src_start : step.src_end])
            theirs += _joined(place for _, place in second[step.dest_start : step.dest_end])
    return tuple(_joined(mine)), tuple(_joined(theirs))


def _placed(texts: Sequence[str]) -> list[tuple[str, Stretch]]:
    return [(word[0], Stretch(number, *word.span())) for number, text in enumerate(texts) for word in re.finditer(r"\S+", text)]


def _joined(places: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours with no more than a space between them are one."""
    found: list[Stretch] = []
    for one in places:
        if found and found[-1].text == one.text and one.start - found[-1].end <= 1:
            found[-1] = found[-1]._replace(end=one.end)
        else:
            found.append(one)
    return found


def _apart(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces that are not empty. Where one text ended and the other goes on, a space keeps the words apart."""
    before = " "
    for piece in pieces:
        if not piece.text:
            continue
        if not before[-1].isspace() and not piece.text[0].isspace():
            yield Piece("same", " ")
        yield piece
        before = piece.text


def _words(text: str) -> list[str]:
    """Words with the white space after them."""
    return re.findall(r"\s*\S+\s*|\s+", text)

"""Reads a policy: Markdown or plain text in, clauses out, by headings, numbered paragraphs, bullets and rows of tables.

A numbered paragraph is a clause, `4.2 **Title.** text`, with all that follows it up to the next. Under a heading each statement is one
(`policy_statements`): its key is the number of the heading or its title as a slug, and where there are several, their place after it:
`book-flight.2`. A heading with a number is itself the clause of its paragraphs: `4.2`, and `4.2.1` of its first bullet. Where every other
clause bears a number, what stands between the document's title and the first of them introduces it and is no clause.
"""

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from reviewer.domain.emphasis import unmarked
from reviewer.domain.policies import Clause
from reviewer.domain.policy_statements import FENCE, TITLE_LENGTH, Statement, bold_title, first_sentence, shortened, statements

_KEY_LENGTH = 60
_MARK = r"(?:§\s?|(?:Section|Clause|Article|Rule)\s+)"
_DOTTED = r"\d{1,3}(?:\.\d{1,3}){1,5}[A-Za-z]?"
_NUMBERED = re.compile(
    rf"(?P<bold>\*\*|__)?(?:(?P<marked>{_MARK}\d{{1,3}}(?:\.\d{{1,3}}){{0,5}}[A-Za-z]?)[.):]?|(?P<dotted>{_DOTTED})[.):]?|(?P<plain>\d{{1,3}})[.)])"
    r"(?P<closed>\*\*|__)?(?:\s+(?P<rest>\S.*)|\s*)"
)
_HEAD_NUMBER = re.compile(rf"{_MARK}?(\d{{1,3}}(?:\.\d{{1,3}}){{0,5}}[A-Za-z]?)(?:[.):]\s*|\s+(?![a-z])|\s*$)(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s(.*)|(?=[^\W\d_])(.*))?")  # `##Rules` too, as people write it
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})\s*")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_HEAD_LINE = re.compile(r"([A-Z][A-Za-z ]{1,30}):\s+(\S.*)")
_HEAD_NAMES = frozenset(
    {"key", "version", "effective", "owner", "title", "status", "date", "author", "approved", "approved by", "supersedes"}
)


class PolicyText(NamedTuple):
    """What a file says. title: "" where it bears none; head: its lines `Key:`, `Effective:` and so on, names in small letters.

    twice: numbers that two clauses bear in one place, so that nobody could tell which one is meant.
    """

    title: str
    head: dict[str, str]
    clauses: tuple[Clause, ...]
    twice: tuple[str, ...]


class _Block(NamedTuple):
    """A heading (level from 1), or lines that stand together (level 0)."""

    level: int
    lines: tuple[str, ...]


class _Piece(NamedTuple):
    """What may become a clause. level: of a heading, 0 for a numbered paragraph; body: text without the number."""

    level: int
    number: str
    title: str
    body: list[str]

    @property
    def text(self) -> str:
        return "\n\n".join(part for part in self.body if part.strip())


def read(text: str) -> PolicyText:
    """The clauses of a text, in its order; none where it has neither headings nor numbered paragraphs nor bullets."""
    front, rest = _front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = list(_blocks(textwrap.dedent(rest.expandtabs(4)).split("\n")))
    pieces, head = _pieces(blocks)
    title = _document_title(blocks)
    if pieces and pieces[0].level < 0 and pieces[0].body[1:] and unmarked(pieces[0].body[0]) == title:
        del pieces[0].body[0]
    kept = [piece for piece in pieces if piece.text]
    told = [piece for piece in kept if not _introduces(piece, title)]
    if told and all(piece.number for piece in told):
        kept = told
    if not any(piece.level > 0 or piece.number or any(one.own for one in statements(piece.body)) for piece in kept):
        kept = []
    clauses, twice = _cited(pieces, kept, title)
    return PolicyText((head | front).get("title", title)[:TITLE_LENGTH], head | front, clauses, twice)


def _introduces(piece: _Piece, title: str) -> bool:
    """Whether a text stands before all sections: under no heading, or under the document's title."""
    return not piece.number and (piece.level < 0 or (piece.title == title and piece.level == 1))


# --- lines to blocks


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The head lines between two `---` at the very beginning, and the rest."""
    found = re.match(r"---\n((?:[^\n]*\n){0,40}?)---\n", text)
    if found is None:
        return {}, text
    pairs = [_HEAD_LINE.fullmatch(line[:1].upper() + line[1:]) for line in found[1].splitlines()]
    return {pair[1].lower(): pair[2].strip() for pair in pairs if pair}, text[found.end() :]


def _blocks(lines: list[str]) -> Iterator[_Block]:
    held: list[str] = []
    fence = ""
    for line in (raw.rstrip() for raw in lines):
        opened = FENCE.match(line)
        if fence or opened:
            held.append(line)
            if opened and (not fence or line.strip().startswith(fence)):
                fence = "" if fence else opened[1]
            continue
        heading = _HEADING.fullmatch(line)
        underline = _UNDERLINE.fullmatch(line) if len(held) == 1 and not held[0].lstrip().startswith(("- ", "* ", "|")) else None
        if heading or underline or not line or _RULE.fullmatch(line):
            level = 0 if underline is None else 1 if "=" in line else 2
            yield from _block(held, level)
            held = []
            if heading:
                yield _Block(len(heading[1]), ((heading[2] or heading[3] or "").rstrip("# ").strip(),))
        else:
            held.append(line)
    yield from _block(held, 0)


def _block(lines: list[str], level: int) -> Iterator[_Block]:
    if len(lines) == 1 and not level and _is_shouted(lines[0]):
        level = 2  # as plain text has its headings
    if lines:
        yield _Block(level, tuple(lines))


def _is_shouted(line: str) -> bool:
    return line.isupper() and sum(c.isalpha() for c in line) > 3 and len(line) <= TITLE_LENGTH and line[-1] not in ".,;"


# --- blocks to pieces


def _pieces(blocks: list[_Block]) -> tuple[list[_Piece], dict[str, str]]:
    pieces = [_Piece(-1, "", "", [])]
    head: dict[str, str] = {}
    for block in blocks:
        if block.level:
            number, title = _heading(block.lines[0])
            pieces.append(_Piece(block.level, number, title, []))
            continue
        if not head and len(pieces) <= 2 and not pieces[-1].body and (told := _head_lines(block.lines)):
            head = told
            continue
        for number, lines in _split(block.lines, pieces):
            if number:
                title, body = _paragraph(lines)
                pieces.append(_Piece(0, number, title, [body]))
            else:
                pieces[-1].body.append("\n".join(lines))
    return [piece for piece, after in pairwise([*pieces, _Piece(-1, "", "", [])]) if not _heads_its_children(piece, after)], head


def _heads_its_children(piece: _Piece, after: _Piece) -> bool:
    """Whether a numbered line is but the heading of what follows, as `1. Opening a claim` before `1.1`."""
    line = piece.text
    return (
        piece.level == 0
        and after.number.startswith(f"{piece.number}.")
        and "\n" not in line
        and len(line) <= 80
        and line[-1:] not in ".;!?"
    )


def _split(lines: tuple[str, ...], pieces: list[_Piece]) -> Iterator[tuple[str, list[str]]]:
    """The paragraphs of a block, each with its number, or "". Within a block a number begins one only if it comes after the last."""
    number, held = "", list[str]()
    inside = _within_a_clause(pieces)
    for place, line in enumerate(lines):
        found = _number_of(line)
        if found and not (inside and "." not in found) and (place == 0 or (number and _comes_after(number, found))):
            if held:
                yield number, held
            number, held = found, [line]
        else:
            held.append(line)
    if held:
        yield number, held


def _within_a_clause(pieces: list[_Piece]) -> bool:
    """Whether a list of plain numbers would be a part of the clause that is being read, whose own number has several parts."""
    return "." in pieces[-1].number


def _number_of(line: str) -> str:
    found = _NUMBERED.fullmatch(line)
    if found is None or (found["rest"] is None and found["dotted"] is None and found["marked"] is None):
        return ""
    number = found["marked"] or found["dotted"] or found["plain"]
    return re.sub(_MARK, "", number).lower()


def _comes_after(last: str, number: str) -> bool:
    """Whether a number stands further on in its list, or in a list below or above: else it is only a word at the start of a line."""
    before, now = ([int(part) for part in re.findall(r"\d+", text)] for text in (last, number))
    if len(now) == len(before) + 1:
        return now[:-1] == before
    return len(now) <= len(before) and now[:-1] == before[: len(now) - 1] and now[-1] > before[len(now) - 1]


def _heading(line: str) -> tuple[str, str]:
    """Number and title of a heading."""
    plain = unmarked(line)
    found = _HEAD_NUMBER.fullmatch(plain)
    if found is None:
        return "", plain
    return found[1].lower(), (found[2].strip(" -–:.") or plain)


def _paragraph(lines: list[str]) -> tuple[str, str]:
    """Title and text of a numbered paragraph."""
    found = _NUMBERED.fullmatch(lines[0])
    assert found is not None  # it gave the number
    first = found["rest"] or ""
    if found["bold"] and not found["closed"]:
        first = found["bold"] + first
    text = "\n".join([first, *(line.strip() if found["plain"] else line for line in lines[1:])]).strip()
    return bold_title(text) or (first_sentence(text), text)


def _head_lines(lines: tuple[str, ...]) -> dict[str, str]:
    pairs = [_HEAD_LINE.fullmatch(line.strip()) for line in lines]
    told = {pair[1].lower(): pair[2].strip() for pair in pairs if pair}
    return told if len(told) == len(lines) and _HEAD_NAMES & set(told) else {}


def _document_title(blocks: list[_Block]) -> str:
    """The first heading, if none stands beside or above it; in plain text a first line by itself."""
    headings = [block for block in blocks if block.level]
    if headings and headings[0] is blocks[0] and all(one.level > headings[0].level for one in headings[1:]):
        number, title = _heading(headings[0].lines[0])
        return "" if number else title
    first = blocks[0] if blocks else None
    if first is None or first.level or len(first.lines) > 1 or _number_of(first.lines[0]) or first.lines[0][-1] in ".:;":
        return ""
    return shortened(unmarked(first.lines[0]))


# --- pieces to clauses


class _Section(NamedTuple):
    """A heading that what comes next stands under. key: what its clauses' keys begin with."""

    level: int
    key: str
    numbered: bool


def _cited(pieces: list[_Piece], kept: list[_Piece], title: str) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """The clauses, and the numbers that two of them bear in one place."""
    wanted = {id(piece) for piece in kept}
    taken: dict[str, int] = {}  # keys, and how often each was wanted
    borne: Counter[tuple[str, str]] = Counter()  # numbers, and where: one with several parts is one number in all of the text
    path: list[_Section] = []
    found: list[Clause] = []
    for piece in pieces:
        if piece.level > 0:
            path = [one for one in path if one.level < piece.level]
        above = path[-1].key if path else ""
        key = piece.number or slug(piece.title or (title if piece.level < 0 else piece.text[:_KEY_LENGTH]) or "preamble")
        within = path[-1].numbered if path and piece.level == 0 and "." not in piece.number else False
        if above and (within or (key in taken and (piece.level == 0 or piece.number))):
            key = f"{above}.{key}"  # the list of a numbered section, or one that begins anew under another heading
        if id(piece) in wanted:
            if piece.number:
                borne["" if "." in piece.number else above, piece.number] += 1
            key = _free(key, taken)
            found += [Clause(key, piece.title or shortened(piece.text), piece.text)] if not piece.level else _under(piece, key, taken)
        if piece.level > 0:
            path.append(_Section(piece.level, key, bool(piece.number)))
    return tuple(found), tuple(dict.fromkeys(number for (_, number), times in borne.items() if times > 1))


def _under(piece: _Piece, key: str, taken: dict[str, int]) -> Iterator[Clause]:
    """The clauses of what stands under a heading."""
    every = list(statements(piece.body))
    if piece.number and (said := [one.text for one in every if not one.own]):
        every = [Statement(piece.title, "\n\n".join(said), own=False), *(one for one in every if one.own)]
    if len(every) == 1:
        yield Clause(key, piece.title or every[0].title, every[0].text)
        return
    place = 0
    for one in every:
        if piece.number and not one.own:
            yield Clause(key, piece.title, one.text)
            continue
        place += 1
        yield Clause(_free(f"{key}.{place}", taken), one.title, one.text)


def _free(key: str, taken: dict[str, int]) -> str:
    free = key
    while free in taken:
        taken[key] += 1
        free = f"{key}-{taken[key]}"
    taken[free] = 1
    return free


def slug(title: str) -> str:
    """A title as a key: small letters and digits of any script, joined by `-`."""
    plain = unicodedata.normalize("NFKC", title).casefold().replace("'", "").replace("’", "")
    return "-".join(re.findall(r"[^\W_]+", plain))[:_KEY_LENGTH].strip("-") or "clause"

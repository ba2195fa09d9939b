"""What stands under one heading of a policy, statement by statement: paragraphs, bullets, rows of tables.

Decided once, for every policy: whoever cites a policy cites the smallest part that can be read by itself.

- A bullet is a statement of its own where it is a sentence. Where bullets only complete the sentence before them ("a flight can be
  cancelled if any of these is true:", "each user has:"), that sentence and its bullets are one statement.
- What lies below a bullet belongs to it: the cases of "if the user is a regular member:" say nothing without it.
- A label over bullets ("Payment:", "Never do:") is repeated before each of them: without it their words could mean the contrary.
- A row of a table is a statement, each cell after the head of its column.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from reviewer.domain.emphasis import unmarked

TITLE_LENGTH = 120
_LABEL_WORDS = 5
_SENTENCE_WORDS = 6
_BULLET = re.compile(r"(?P<indent> *)[-*+•◦‣▪–](?P<gap> +)(?P<text>\S.*)")
_BOLD = re.compile(r"(\*\*|__)(?P<title>.+?)\1\s*(?P<rest>.*)", re.DOTALL)
_BOLD_TITLE = re.compile(r"(\*\*|__)(?P<title>[^\n]{1,120}?)(?:[:.]\1|\1\s*:)\s*(?P<rest>\S.*)", re.DOTALL)
_LABELLED = re.compile(r"(?P<title>[^\s:][^\n:]{0,60}):\s+\S")
_SENTENCE = re.compile(r"(.+?[.!?:;。！？])(?:\s|$|(?<=[。！？]))", re.DOTALL)
_TABLE_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
FENCE = re.compile(r"\s{0,3}(```+|~~~+)")


class Statement(NamedTuple):
    """What could be cited. own: it is a bullet or a row, which stands by itself also where the heading above it bears a number."""

    title: str
    text: str
    own: bool


class _List(NamedTuple):
    """Bullets of one list, each as its lines without the mark. indent: where its marks stand."""

    indent: int
    bullets: list[list[str]]


class _Table(NamedTuple):
    head: list[str]
    rows: list[list[str]]


_Part = list[str] | _List | _Table  # lines of a paragraph, or one of the two


def statements(blocks: Sequence[str]) -> Iterator[Statement]:
    """The statements of the blocks under a heading. blocks: lines that stand together, as they came."""
    waiting: list[str] | None = None  # a paragraph that may lead to a list
    for part in _parts(blocks):
        if isinstance(part, _List):
            yield from _listed(waiting, part)
            waiting = None
            continue
        if waiting is not None:
            yield _paragraph(waiting)
        waiting = part if isinstance(part, list) else None
        if isinstance(part, _Table):
            yield from (_row(part.head, row) for row in part.rows if any(row))
    if waiting is not None:
        yield _paragraph(waiting)


# --- blocks to parts


def _parts(blocks: Sequence[str]) -> Iterator[_Part]:
    held: list[_Part] = []
    for block in blocks:
        lines = block.split("\n")
        if any(FENCE.match(line) for line in lines):
            held.append(lines)
            continue
        begins = next((at for at in range(1, len(lines)) if _begins_table(lines[at - 1], lines[at])), 0)
        if begins:
            _take(held, lines[: begins - 1])
            ends = next((at for at in range(begins + 1, len(lines)) if "|" not in lines[at]), len(lines))
            held.append(_Table(_cells(lines[begins - 1]), [_cells(line) for line in lines[begins + 1 : ends]]))
            lines = lines[ends:]
        _take(held, lines)
        yield from held[:-1]
        del held[:-1]
    yield from held


def _take(held: list[_Part], lines: list[str]) -> None:
    """Add the lines of a block: to the list that is open, to its last bullet, or as a paragraph."""
    for place, line in enumerate(lines):
        last = held[-1] if held else None
        bullet = _BULLET.fullmatch(line)
        inside = isinstance(last, _List) and (bullet is not None or line.startswith(" " * (last.indent + 2)))
        if bullet and not (isinstance(last, _List) and len(bullet["indent"]) > last.indent + 1):
            if not isinstance(last, _List):
                last = _List(len(bullet["indent"]), [])
                held.append(last)
            last.bullets.append([bullet["text"]])
        elif isinstance(last, _List) and (inside or (not _is_label(line) if place else line[0].islower())):  # small letters: it goes on
            last.bullets[-1] += ["", line] if place == 0 and not bullet else [line]
        elif isinstance(last, list) and place and not (_is_label(line) and _ends_a_sentence(last[-1])):
            last.append(line)
        else:
            held.append([line])


def _begins_table(line: str, after: str) -> bool:
    return "|" in line and "|" in after and _TABLE_RULE.fullmatch(after.strip()) is not None


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", bare.removesuffix("|"))]


# --- parts to statements


def _listed(before: list[str] | None, found: _List) -> Iterator[Statement]:
    """The statements of a list and of the paragraph that stands before it."""
    lead = "\n".join(before).strip() if before else ""
    open_lead = lead.endswith((":", "："))
    if open_lead and _is_label(lead) and _most(found, _is_sentence):
        yield from (_bullet(lines, label=lead) for lines in found.bullets)
    elif _most(found, _is_titled if open_lead else _is_sentence):
        if before:
            yield _paragraph(before)
        yield from (_bullet(lines) for lines in found.bullets)
    else:
        bullets = ("\n".join([f"- {lines[0]}", *(f"  {line}" if line else "" for line in _dedented(lines[1:]))]) for lines in found.bullets)
        yield _paragraph([*(before or []), *bullets])


def _most(found: _List, test: Callable[[list[str]], bool]) -> bool:
    return 2 * sum(test(lines) for lines in found.bullets) > len(found.bullets)


def _is_label(text: str) -> bool:
    return text.rstrip().endswith((":", "：")) and len(text.split()) <= _LABEL_WORDS


def _ends_a_sentence(text: str) -> bool:
    return text.rstrip(" *_)\"”»'").endswith((".", "!", "?", "。", "！", "？"))


def _is_sentence(bullet: list[str]) -> bool:
    own = _own_words(bullet)
    return _ends_a_sentence(own) or (own.endswith(":") and len(bullet) > 1) or len(own.split()) >= _SENTENCE_WORDS


def _is_titled(bullet: list[str]) -> bool:
    return _BOLD_TITLE.match("\n".join(bullet)) is not None


def _own_words(bullet: list[str]) -> str:
    """A bullet up to what lies below it."""
    own = [bullet[0]]
    for line in bullet[1:]:
        if not line or _BULLET.fullmatch(line):
            break
        own.append(line.strip())
    return " ".join(own).rstrip()


def _bullet(lines: list[str], *, label: str = "") -> Statement:
    title, text = _titled("\n".join([lines[0], *_dedented(lines[1:])]).strip())
    if not label:
        return Statement(title, text, own=True)
    return Statement(shortened(f"{unmarked(label)} {title}"), f"{label} {text}", own=True)


def _dedented(lines: Sequence[str]) -> list[str]:
    return textwrap.dedent("\n".join(lines)).split("\n") if lines else []


def _titled(text: str) -> tuple[str, str]:
    """Title and text of a bullet: a title in bold is taken off, one in plain words stays."""
    bold = _BOLD_TITLE.fullmatch(text)
    if bold:
        return unmarked(bold["title"]), bold["rest"]
    labelled = _LABELLED.match(text)
    if labelled and len(labelled["title"].split()) <= _LABEL_WORDS:
        return unmarked(labelled["title"]).strip("'\""), text
    return first_sentence(text), text


def _paragraph(lines: list[str]) -> Statement:
    text = "\n".join(lines).strip()
    return Statement(first_sentence(text), text, own=False)


def _row(head: list[str], cells: list[str]) -> Statement:
    named = [(name, cell) for name, cell in zip([*head, *[""] * len(cells)], cells, strict=False) if cell]
    text = "\n".join(f"{name}: {cell}" if name else cell for name, cell in named)
    return Statement(shortened(unmarked(named[0][1])) if named else "", text, own=True)


# --- words


def bold_title(text: str) -> tuple[str, str] | None:
    """Title and rest of a text that begins in bold; None where it does not, or where all that is too long for a title."""
    bold = _BOLD.fullmatch(text)
    if bold is None or len(bold["title"]) > TITLE_LENGTH:
        return None
    return unmarked(bold["title"]).rstrip(".:"), bold["rest"].strip()


def first_sentence(text: str) -> str:
    """A title for a text that bears none."""
    found = _SENTENCE.match(text)
    return shortened(unmarked(found[1] if found else text).rstrip(".:;"))


def shortened(text: str) -> str:
    """On one line, no longer than a title may be."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"

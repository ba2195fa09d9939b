"""PDF files as Markdown: lines in the order of the page; larger or bold ones are headings, wider gaps part paragraphs.

What stands at the head or foot of most pages is left out. Scripts, links and attachments are not read.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple

from pypdf import PdfReader

MAX_PAGES = 1_000
_HEADING_LENGTH = 120
_LARGER = 1.12  # times the size of most letters
_WIDER = 1.35  # times the usual distance of two lines
_FAR = 60.0  # points
_FULL = 0.6  # of a long line
_BEGINS = re.compile(r"[•◦‣▪●○–·-]\s|\(?\d{1,3}[.)]\s|\d{1,3}(?:\.\d{1,3})+\s|(?:§|Section|Article|Rule|Clause)\s*\d")
_BARE = re.compile(r"[•◦‣▪●○–·-]|\d{1,3}[.)]|\d{1,3}(?:\.\d{1,3})+\.?")


class _Line(NamedTuple):
    """A line as it lies on the page. y: up or down, in points; size of its letters."""

    text: str
    y: float
    size: float
    bold: bool


def read(content: bytes, report: Callable[[int, int], None]) -> str:
    """The text of a PDF as Markdown. report: told how many pages of how many are read.

    Raises ValueError, saying why, for one that is locked, too long, or holds no text; others for one that is none.
    """
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("It is locked with a password")
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise ValueError(f"It has {count:,} pages, more than {MAX_PAGES:,}")
    pages = []
    for done, page in enumerate(reader.pages, 1):
        pages.append(list(_lines_of(page)))
        report(done, count)
    if not any(pages):
        raise ValueError("It holds pictures of pages and no text")
    return "\n".join(_markdown([page for page in _without_margins(pages) if page]))


def _lines_of(page: Any) -> Iterator[_Line]:
    lines: list[_Line] = []
    parts: list[_Line] = []

    def end() -> None:
        text = " ".join("".join(part.text for part in parts).split())
        told = [part for part in parts if part.text.strip()]
        if text and told:
            longest = max(told, key=lambda part: len(part.text))
            lines.append(_Line(text, told[0].y, longest.size, all(part.bold for part in told)))
        parts.clear()

    def take(text: str, matrix: Sequence[float], place: Sequence[float], font: Any, size: float) -> None:
        y = matrix[1] * place[4] + matrix[3] * place[5] + matrix[5]
        grown = abs(place[0] * place[3] - place[1] * place[2]) ** 0.5 * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
        bold = font is not None and re.search("bold|black|heavy", str(font.get("/BaseFont", "")), re.IGNORECASE) is not None
        for number, piece in enumerate(text.split("\n")):
            if number:
                end()
            parts.append(_Line(piece, y, round(size * grown * 2) / 2, bold))

    page.extract_text(visitor_text=take)
    end()
    yield from lines


def _without_margins(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without the lines that stand at the head or foot of most of them, and without their numbers."""

    def like(line: _Line) -> str:
        return re.sub(r"\d+", "#", line.text)

    edges = Counter(words for page in pages if page for words in {like(page[0]), like(page[-1])})
    common = {words for words, times in edges.items() if words == "#" or (len(pages) > 2 and 2 * times > len(pages))}
    return [[line for place, line in enumerate(page) if place not in (0, len(page) - 1) or like(line) not in common] for page in pages]


class _Type:
    """How the letters of a text are set: which size is usual, which are larger, and how far lines lie apart."""

    def __init__(self, pages: list[list[_Line]]) -> None:
        letters = Counter[float]()
        bold = 0
        for line in (line for page in pages for line in page):
            letters[line.size] += len(line.text)
            bold += len(line.text) if line.bold else 0
        self._least = letters.most_common(1)[0][0] * _LARGER
        self._larger = sorted((size for size in letters if size >= self._least), reverse=True)
        self._mostly_bold = 2 * bold > letters.total()
        gaps = Counter(gap for page in pages for a, b in pairwise(page) if 0 < (gap := round(abs(a.y - b.y) * 2) / 2) < _FAR)
        self._pitch = gaps.most_common(1)[0][0] if gaps else _FAR

        lengths = sorted(len(line.text) for page in pages for line in page)
        self._full = lengths[int(0.9 * (len(lengths) - 1))] * _FULL

    def is_full(self, line: _Line) -> bool:
        """Whether a line reaches so far that the next one may go on with its sentence."""
        return len(line.text) >= self._full

    def level(self, line: _Line) -> int:
        """Of a heading, from 1; 0 for what is none."""
        if len(line.text) > _HEADING_LENGTH:
            return 0
        if line.size >= self._least:
            return min(1 + self._larger.index(line.size), 6)
        bold = line.bold and not self._mostly_bold and line.text[-1] not in ".;,"
        return min(1 + len(self._larger), 6) if bold else 0

    def parts(self, before: _Line, line: _Line) -> bool:
        """Whether the gap between two lines is wider than usual."""
        return abs(before.y - line.y) > self._pitch * _WIDER


def _markdown(pages: list[list[_Line]]) -> list[str]:
    said = _Type(pages)
    found: list[str] = []
    last = 0  # the level of the line before
    for page in pages:
        before: _Line | None = None
        for line in page:
            level = said.level(line)
            apart = before is not None and said.parts(before, line)
            if before is not None and not apart and ((level and level == last) or _BARE.fullmatch(found[-1])):
                found[-1] += f" {line.text}"  # a title of two lines; a bullet whose mark was set by itself
            elif level:
                found += ["", f"{'#' * level} {line.text}"]
            elif apart or last:
                found += ["", line.text]
            elif before is not None and said.is_full(before) and not _BEGINS.match(line.text):
                # Where a line ends in the middle of a sentence is no part of its words, and moves when the page is set anew.
                found[-1] += line.text if found[-1].endswith("-") else f" {line.text}"
            else:
                found.append(line.text)
            before, last = line, level
    return found

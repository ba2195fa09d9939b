"""What an oversight record is made of: sections of paragraphs, facts, tables and interval charts, as plain data.

Two renderers show the same record, as a page of HTML and as a PDF; all that they print is text from here, never markup.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Tone = Literal["plain", "note", "warning"]
_TICKS = 4  # steps of a chart's axis, about
_ROUND = (1, 2, 2.5, 5, 10)


class Paragraph(NamedTuple):
    """A paragraph of plain text; lines in it are kept. tone: a note is set smaller, a warning apart from what stands around it."""

    text: str
    tone: Tone = "plain"


class Facts(NamedTuple):
    """Names with their values, one below the other. code: the values are hashes or identifiers."""

    rows: tuple[tuple[str, str], ...]
    code: bool = False


class Column(NamedTuple):
    """A column of a table. share: its width against that of the others; numbers: set to the right; code: hashes or identifiers."""

    heading: str
    share: float = 1
    numbers: bool = False
    code: bool = False


class Table(NamedTuple):
    """Rows under headings that are repeated on each page. otherwise: what is said in place of no rows; note: below the table."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    otherwise: str
    note: str = ""


class Mark(NamedTuple):
    """A share with its interval, from 0 to 1. said: the same in words; a mark without limits has only these."""

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    said: str


class Chart(NamedTuple):
    """Intervals below each other on one axis. title says what they are."""

    title: str
    marks: tuple[Mark, ...]


class Commands(NamedTuple):
    """Lines for a terminal."""

    lines: tuple[str, ...]


Block: TypeAlias = Paragraph | Facts | Table | Chart | Commands


class Section(NamedTuple):
    """A numbered part, or an appendix. opens_page: it begins a page of its own, where there are pages."""

    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False
    opens_page: bool = False

    def numbered(self, place: int) -> str:
        """Its title as it is printed. place: among the sections, or among the appendices, from 1."""
        return f"Appendix {chr(ord('A') + place - 1)}. {self.title}" if self.appendix else f"{place}. {self.title}"


class OversightRecord(NamedTuple):
    """The whole record. headline: the figure, large; basis: what it rests on; made: RFC 3339 UTC; foot: what stands on every page."""

    title: str
    subject: str
    headline: str
    basis: str
    facts: Facts
    opening: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    made: str
    author: str
    foot: str

    def headings(self) -> list[str]:
        """The titles of the sections as they are printed, in their order."""
        counts = {False: 0, True: 0}
        titles = []
        for section in self.sections:
            counts[section.appendix] += 1
            titles.append(section.numbered(counts[section.appendix]))
        return titles


class Axis(NamedTuple):
    """Where a chart's axis ends (it begins at 0), and where it is marked: shares with their words."""

    end: float
    ticks: tuple[tuple[float, str], ...]


def axis(marks: Sequence[Mark]) -> Axis:
    """An axis from 0 that holds every mark and ends at a round share, at most 1."""
    most = max((one for mark in marks for one in (mark.estimate, mark.high) if one is not None), default=1.0)
    step = _round_step(max(most, 0.001) / _TICKS)
    count = next(n for n in range(1, 100) if n * step >= most - 1e-9)
    while count * step > 1 + 1e-9:
        count -= 1
    places = _places(step)
    ticks = tuple((n * step, f"{100 * n * step:.{places}f}%") for n in range(count + 1))
    return Axis(count * step if count * step >= most - 1e-9 else 1.0, ticks)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below a share."""
    power = 10.0**-6
    while True:
        for one in _ROUND:
            if one * power >= least - 1e-12:
                return one * power
        power *= 10


def _places(step: float) -> int:
    """How many decimals a percentage of this step needs."""
    return next(places for places in range(8) if abs(round(100 * step, places) - 100 * step) < 1e-9)


def readable(text: str) -> str:
    """Text from outside as it may be set: lines stay, every other control or direction character is escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text.replace("\r\n", "\n").replace("\t", " "))


def cut(text: str, length: int) -> str:
    """The beginning of a text, with dots where it goes on."""
    return text if len(text) <= length else text[: length - 1] + "…"

"""Blocks and runs laid out for one width. What is near the screen is laid out; the height of the rest is guessed and corrected later."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QTextLayout

from reviewer.domain.citable import in_short
from reviewer.domain.items import Part
from reviewer.ui.transcript import marks
from reviewer.ui.transcript.blocks import Block, Run, Sort, Style
from reviewer.ui.transcript.cited import Highlight, stretch
from reviewer.ui.transcript.images import Pictures
from reviewer.ui.transcript.looks import Face, Look
from reviewer.ui.transcript.marks import Shown
from reviewer.ui.transcript.offsets import to_code_points, to_utf16, utf16_length

if TYPE_CHECKING:
    from PySide6.QtGui import QTextCharFormat

_KEPT_RUNS = 240
_KEY_LIMIT = 200
_AHEAD = 24  # runs made at a time
_KEYS_LOOKED_AT = 60

LINE_SEPARATOR = "\u2028"


@dataclass(slots=True)
class LaidRun:
    """A run with its lines. Places are relative to the run's own top left corner; `x` is where its text starts."""

    run: Run
    shown: Shown
    text: str  # as given to Qt, quotes included
    x: float
    height: float
    gap: float = 0.0  # room above its text, counted in `height`
    layout: QTextLayout | None = None
    key: QTextLayout | None = None
    key_x: float = 0.0
    picture: QImage | None = None
    picture_box: QRectF | None = None
    caption: tuple[str, ...] = ()
    save_box: QRectF | None = None
    inner: tuple[int, int] = (0, 0)  # UTF-16 offsets between which its own text stands, without quotes

    def to_units(self, offset: int) -> int:
        """UTF-16 offset in the layout of a code point offset in the run's source text."""
        return to_utf16(self.text, self.shown.to_shown(offset) + self.run.opens)

    def to_end(self, offset: int) -> int:
        """UTF-16 offset in the layout at which what ends at a code point offset ends: before a number that was put behind it."""
        return to_utf16(self.text, self.shown.end_of(offset) + self.run.opens)

    def line_top(self, offset: int) -> float:
        """Where the line that holds a code point offset starts; pixels."""
        line = self.layout.lineForTextPosition(self.to_units(offset)) if self.layout is not None else None
        return line.y() if line is not None and line.isValid() else 0.0

    def snap(self, units: int, way: int) -> int:
        """The nearest place that is not inside a word of ours, in the direction of `way`, and not outside the text between the quotes."""
        at = to_code_points(self.text, units) - self.run.opens
        for mark in self.shown.marks:
            if mark.at < at < mark.at + mark.length:
                units = to_utf16(self.text, (mark.at + mark.length if way > 0 else mark.at) + self.run.opens)
        return max(self.inner[0], min(units, self.inner[1]))

    def to_offset(self, units: int) -> int:
        """Code point offset in the run's source text of a UTF-16 offset in the layout."""
        return max(0, min(len(self.run.text), self.shown.to_source(to_code_points(self.text, units) - self.run.opens)))


class LaidBlock:
    """One card of a given width. Heights of runs not yet laid out are guesses; `lay` makes those in a stretch true."""

    def __init__(self, block: Block, *, width: int, look: Look, pictures: Pictures, cited: tuple[Highlight, ...] = ()) -> None:
        """width: of the viewport, pixels. cited: the highlights of this card (cited.of_block)."""
        self.block = block
        self.cited = cited
        self._look = look
        self._pictures = pictures
        self._room = look.text_width(width)
        self._laid: dict[int, LaidRun] = {}
        self._heights: list[float] = []
        self._tops: list[float] = [0.0]
        self._key_column = 0.0
        self._counted = self._chars = 0  # runs and code points made so far
        self.top_pad = look.pad_y + (0 if block.bare else look.heading_height)
        self._extend(1)

    @property
    def height(self) -> float:
        """Of the card and the room under it."""
        if self.block.sort is Sort.CANDIDATE:
            return self._look.divider_height
        body = self._tops[-1] if self.block.runs else 0.0
        return self.top_pad + body + self._unmade() + self._look.pad_y + self._look.between

    @property
    def unmade(self) -> bool:
        """True while the height of a long card is partly a guess, because not all of its runs are made."""
        return self.block.sort is not Sort.CANDIDATE and not self.block.complete

    def lay(self, top: float, bottom: float, anchor: float = 0.0) -> float:
        """Lay out the runs between two heights of the card. Returns where the point `anchor` has moved to as guesses came true."""
        if self.block.sort is Sort.CANDIDATE:
            return anchor
        top, bottom = top - self.top_pad, bottom - self.top_pad
        while self._tops[-1] <= bottom and self._extend(len(self._heights) + 1):
            pass
        pinned = self._index(anchor - self.top_pad)
        within = anchor - self.top_pad - (self._tops[pinned] if pinned < len(self._tops) else 0.0)
        first = i = self._index(top)
        y = self._tops[i]
        while y <= bottom:
            if i >= len(self._heights) and not self._extend(i + 1):
                break
            if i not in self._laid:
                self._put(i)
            y += self._heights[i]
            i += 1
        self._settle(first)
        self._forget(i)
        if anchor <= self.top_pad or pinned >= len(self._heights):
            return anchor
        return self.top_pad + self._tops[pinned] + min(within, self._heights[pinned])

    def fill(self) -> bool:
        """Make some more runs of a long card, so that its height becomes known. False once there are no more."""
        return self._extend(len(self._heights) + 200)

    def visible(self, top: float, bottom: float) -> list[tuple[int, float, LaidRun]]:
        """(index, top in the card, run) of the runs between two heights of the card; they have been laid out before."""
        top, bottom = top - self.top_pad, bottom - self.top_pad
        i = self._index(top)
        found = []
        while i < len(self._heights) and self._tops[i] <= bottom:
            laid = self._laid.get(i)
            if laid is not None:
                found.append((i, self._tops[i] + self.top_pad, laid))
            i += 1
        return found

    def run_at(self, y: float) -> tuple[int, float, LaidRun] | None:
        """The run at a height of the card, or the nearest one; None where the card has no text."""
        if self.block.sort is Sort.CANDIDATE:
            return None
        self._extend(1)
        if not self._heights:
            return None
        i = min(self._index(y - self.top_pad), len(self._heights) - 1)
        return i, self._tops[i] + self.top_pad, self.laid_run(i)

    def laid_run(self, index: int) -> LaidRun:
        """One run, laid out. Raises IndexError past the last one."""
        self._extend(index + 1)
        if index not in self._laid:
            self._put(index)
            self._settle(index)
        return self._laid[index]

    def top_of(self, index: int) -> float:
        """Where a run starts in the card."""
        self._extend(index + 1)
        return self._tops[min(index, len(self._tops) - 1)] + self.top_pad

    # -- making ------------------------------------------------------------------------------------------------------------------

    def _index(self, y: float) -> int:
        return max(0, bisect_right(self._tops, y) - 1)

    def _extend(self, wanted: int) -> bool:
        """Make runs up to `wanted` and guess their heights. True if there are that many."""
        if len(self._heights) >= wanted:
            return True
        block = self.block
        block.more(max(wanted, len(self._heights) + _AHEAD))
        for i in range(len(self._heights), len(block.runs)):
            self._heights.append(self._guess(block.runs[i]) + self._gap(i))
            self._tops.append(self._tops[-1] + self._heights[i])
        if not self._key_column and any(run.style is Style.ROW for run in block.runs[:_KEYS_LOOKED_AT]):
            self._key_column = self._columns()
        return len(self._heights) >= wanted

    def _columns(self) -> float:
        look = self._look
        char = look.faces[Style.ROW].char
        widest = max(
            (run.depth * look.indent + len(run.key) * char for run in self.block.runs[:_KEYS_LOOKED_AT] if run.value_shown), default=0.0
        )
        return min(max(float(look.key_width), widest + 1), self._room * 0.42) + look.key_gap

    def _gap(self, i: int) -> float:
        """Room above a run: where another part of the message begins."""
        runs = self.block.runs
        return float(self._look.part_gap) if i and (runs[i].part != runs[i - 1].part or runs[i].style is Style.LABEL) else 0.0

    def _guess(self, run: Run) -> float:
        look = self._look
        if run.style is Style.MEDIUM:
            return float(look.image_height)
        face = look.faces[run.style]
        chars = max(8, int((self._room - self._key_column if run.style is Style.ROW else self._room) / face.char))
        return face.line * (1 + run.text.count("\n") + len(run.text) // chars)

    def _unmade(self) -> float:
        """Guessed height of the runs that are not made yet."""
        block = self.block
        if block.complete or block.cut:
            return 0.0
        made = len(block.runs)
        if not made:
            return block.guess(max(8, int(self._room / self._look.faces[Style.BODY].char))) * self._look.faces[Style.BODY].line
        if made != self._counted:
            self._chars += sum(len(run.text) + len(run.key) + 6 for run in block.runs[self._counted :])
            self._counted = made
        return self._tops[-1] * max(0.0, block.size() / max(1, self._chars) - 1)

    def _put(self, i: int) -> None:
        run = self.block.runs[i]
        gap = self._gap(i)
        laid = self._medium(run) if run.style is Style.MEDIUM else self._text(run)
        laid.gap = gap
        laid.height += gap
        self._laid[i] = laid
        self._heights[i] = laid.height

    def _settle(self, first: int) -> None:
        """Heights from run `first` on have changed: the tops of what follows too."""
        if first < len(self._heights):
            self._tops[first:] = accumulate(self._heights[first:], initial=self._tops[first])

    def _text(self, run: Run) -> LaidRun:
        look = self._look
        face = look.faces[run.style]
        source = run.text.removesuffix("\n")
        shown = marks.escape(source) if self.block.raw else marks.reveal(source)
        inside, behind = self._tags(run, len(source))
        shown = shown.put_in([(at, word) for at, word, _tone in inside])
        tones = iter(sorted((at, place, tone) for place, (at, _word, tone) in enumerate(inside)))
        quoted = f"{chr(34) if run.opens else ''}{shown.text}{chr(34) if run.closes else ''}"
        text = "".join((quoted, *(word for word, _tone in behind))).replace("\n", LINE_SEPARATOR)
        laid = LaidRun(run, shown, text, 0.0, face.line)
        laid.inner = (int(run.opens), utf16_length(quoted) - run.closes)
        if run.style is Style.ROW:
            self._key(laid, run, face)
        room = self._room - laid.x
        formats = [
            _range(
                text,
                mark.at + run.opens,
                mark.length,
                look.formats.mark if mark.start < mark.end else look.formats.tones[next(tones)[2]].tag,
            )
            for mark in shown.marks
            if mark.length
        ]
        at = len(quoted)
        for word, tone in behind:
            formats.append(_range(text, at, len(word), look.formats.tones[tone].tag))
            at += len(word)
        laid.layout, height = lay_text(text, face, room, look, formats)
        laid.height = max(laid.height, height)
        return laid

    def _tags(self, run: Run, length: int) -> tuple[list[tuple[int, str, str]], list[tuple[str, str]]]:
        """The small words behind cited ones, each with its tone: those within a run at their places, and those at its end."""
        inside: list[tuple[int, str, str]] = []
        behind: list[tuple[str, str]] = []
        for highlight in self.cited:
            found = stretch(highlight, run) if highlight.tag else None
            if found is None or not found.ends:
                continue
            word = f"\u00a0{marks.reveal(in_short(highlight.tag)).text}"
            if found.end >= length:
                behind.append((word, highlight.tone))
            else:
                inside.append((found.end, word, highlight.tone))
        return inside, behind

    def _key(self, laid: LaidRun, run: Run, face: Face) -> None:
        look = self._look
        laid.key_x = float(run.depth * look.indent)
        laid.x = self._key_column
        if not run.key:
            return
        key = marks.reveal(run.key if len(run.key) <= _KEY_LIMIT else run.key[: _KEY_LIMIT - 1] + "…")
        room = (self._key_column - look.key_gap if run.value_shown else self._room) - laid.key_x
        formats = [_range(key.text, mark.at, mark.length, look.formats.mark) for mark in key.marks if mark.length]
        laid.key, height = lay_text(key.text.replace("\n", "⏎"), face, max(room, 60.0), look, formats)
        laid.height = max(laid.height, height)

    def _medium(self, run: Run) -> LaidRun:
        look = self._look
        part = run.medium
        assert part is not None
        found = self._pictures.get(part)
        laid = LaidRun(run, Shown(""), "", 0.0, float(look.placeholder_height), caption=caption(part, found.remark))
        line = look.faces[Style.MEDIUM].line
        if found.image is not None:
            size = found.image.deviceIndependentSize()
            scale = min(1.0, self._room / max(1.0, size.width()), look.image_height / max(1.0, size.height()))
            laid.picture = found.image
            laid.picture_box = QRectF(0, 4, size.width() * scale, size.height() * scale)
            laid.height = ceil(laid.picture_box.bottom() + line + 6)
        return laid

    def _forget(self, behind: int) -> None:
        """Let go of layouts far from the stretch that was asked for last; their heights stay."""
        if len(self._laid) > _KEPT_RUNS:
            for i in sorted(self._laid, key=lambda k: -abs(k - behind))[: len(self._laid) - _KEPT_RUNS // 2]:
                del self._laid[i]


def lay_text(text: str, face: Face, width: float, look: Look, formats: Sequence[QTextLayout.FormatRange] = ()) -> tuple[QTextLayout, float]:
    """Plain text in lines of even height; taller glyphs (emoji, CJK fallbacks) get the room that they need. Returns the height too."""
    layout = QTextLayout(text, face.font)
    layout.setTextOption(look.option)
    layout.setCacheEnabled(True)
    if formats:
        layout.setFormats(formats)  # before the lines are made: it forgets them
    layout.beginLayout()
    y = 0.0
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        natural = line.height()
        step = max(face.line, ceil(natural))
        line.setPosition(QPointF(0, y + round((step - natural) / 2)))
        y += step
    layout.endLayout()
    return layout, max(y, face.line)


def x_of(cursor: object) -> float:
    """What QTextLine.cursorToX gives: the x alone, or with the cursor, by version of the binding."""
    return float(cursor[0] if isinstance(cursor, tuple | list) else cursor)  # type: ignore[arg-type] # declared as object


def _range(text: str, at: int, length: int, style: "QTextCharFormat") -> QTextLayout.FormatRange:
    start = to_utf16(text, at)
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, utf16_length(text[at : at + length]), style
    return found


def caption(part: Part, remark: str) -> tuple[str, ...]:
    """What stands beside a medium: type, size, hash; and why it is not drawn, where it is not."""
    what = {"image": "Image", "audio": "Sound", "file": "File"}.get(part.type, part.type)
    facts = [f"{what}, {part.media_type}" if part.media_type else what]
    if part.size_bytes is not None:
        facts.append(size_words(part.size_bytes))
    if part.sha256:
        facts.append(f"SHA-256 {part.sha256[:12]}…")
    first = marks.reveal(", ".join(facts)).text
    return (first, remark) if remark else (first,)


def size_words(size_bytes: int) -> str:
    """A size for people: `812 bytes`, `14 kB`, `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"

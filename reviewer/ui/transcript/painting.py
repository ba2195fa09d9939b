"""How a card is drawn: paper, edge, step number, heading, and its text as plain text. Nothing here can load or run anything."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextLayout

from reviewer.ui.transcript import marks
from reviewer.ui.transcript.blocks import Block, Sort, Style
from reviewer.ui.transcript.layouts import LaidRun
from reviewer.ui.transcript.looks import Look
from reviewer.ui.transcript.papers import Paper
from reviewer.ui.transcript.scene import Visible

if TYPE_CHECKING:
    from PySide6.QtGui import QTextCharFormat

_GLYPHS = {"bad": "✕", "good": "✓", "neutral": "–"}
_INKS = {"bad": "bad", "good": "ok", "neutral": "warn"}
_FAR = 400.0  # a card is never drawn further than this outside the viewport


class Tint(NamedTuple):
    """A stretch of a run in another colour: UTF-16 units of its layout, and the format."""

    start: int
    length: int
    format: "QTextCharFormat"
    in_key: bool = False


class State(NamedTuple):
    """What is drawn beside the text itself. tints: by card and run. caret: card, run, UTF-16 units."""

    current: int
    focused: bool
    marks: Mapping[str, str]
    tints: Mapping[tuple[int, int], Sequence[Tint]]
    caret: tuple[int, int, int] | None = None


class Canvas:
    """Draws cards of one viewport."""

    def __init__(self, painter: QPainter, look: Look, *, width: int, height: int, state: State) -> None:
        self._p = painter
        self._look = look
        self._width = width
        self._height = height
        self._state = state

    def card(self, shown: Visible) -> None:
        """One card and what stands beside it."""
        block = shown.laid.block
        if block.sort is Sort.CANDIDATE:
            self._divider(block, shown)
            return
        look = self._look
        left = look.margin_left + look.gutter
        box = QRectF(left, shown.y, look.card_right(self._width) - left, shown.laid.height - look.between)
        self._paper(shown.index, block, box)
        self._step(shown.index, block, box)
        if not block.bare:
            self._heading(block, box)
        for index, top, laid in shown.laid.visible(max(0.0, -shown.y), self._height - shown.y):
            self._run(laid, box.left() + look.pad_x, shown.y + top, self._state.tints.get((shown.index, index), ()))
            caret = self._state.caret
            if caret is not None and caret[:2] == (shown.index, index) and laid.layout is not None:
                self._p.setPen(look["accent"])
                laid.layout.drawCursor(self._p, QPointF(box.left() + look.pad_x + laid.x, shown.y + top + laid.gap), caret[2], 2)

    # -- the card ----------------------------------------------------------------------------------------------------------------

    def _paper(self, index: int, block: Block, box: QRectF) -> None:
        look = self._look
        top, bottom = round(max(box.top(), -_FAR)), round(min(box.bottom(), self._height + _FAR))
        area = QRect(round(box.left()), top, round(box.width()), bottom - top)
        colours = look.colours
        quiet = block.sort is Sort.USER
        ring = self._state.focused and index == self._state.current
        paper = Paper(
            colours.soft if quiet else look.paper.name() if block.sort is Sort.SYSTEM else colours.panel,
            colours.accent if ring else colours.soft if quiet else colours.line,
            2 if ring else 1,
            self._edge(block),
            look.edge,
        )
        look.papers.draw(self._p, area, paper)

    def _edge(self, block: Block) -> str:
        colours = self._look.colours
        mark = self._state.marks.get(block.step)
        if mark is not None:
            return str(getattr(colours, _INKS[mark]))
        if block.failed:
            return colours.bad
        return colours.accent if block.sort in (Sort.CALL, Sort.RESULT) else ""

    def _step(self, index: int, block: Block, box: QRectF) -> None:
        look, p = self._look, self._p
        mark = self._state.marks.get(block.step)
        words = f"{_GLYPHS[mark]} {block.step}" if mark else block.step
        right = look.margin_left + look.gutter - look.gutter_gap
        line = QRectF(0, box.top() + look.pad_y, right, look.heading_height)
        current = index == self._state.current
        text = look.static(look.step, words)
        size = text.size()
        if current:
            pill = QRectF(right - size.width() - 5, line.top() - 1, size.width() + 10, look.step.line + 1)
            p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look["accent_soft"])
            p.drawRoundedRect(pill, 5, 5)
            p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colour = _INKS[mark] if mark else "accent" if current else "ink3"
        p.setFont(look.step.font)
        p.setPen(look[colour])
        p.drawStaticText(QPointF(right - size.width(), line.top() + (look.step.line - size.height()) / 2), text)

    def _heading(self, block: Block, box: QRectF) -> None:
        look, p = self._look, self._p
        p.setFont(look.heading.font)
        line = QRectF(box.left() + look.pad_x, box.top() + look.pad_y, box.width() - 2 * look.pad_x, look.heading.line)
        if line.bottom() < 0:
            return
        note = fold_note(block)
        used = 0.0
        down = (look.heading.line - look.heading.natural) / 2
        if note:
            text = look.static(look.heading, note)
            used = text.size().width() + look.pad_x
            p.setPen(look["ink3"])
            p.drawStaticText(QPointF(line.right() - text.size().width(), line.top() + down), text)
        p.setPen(look["bad" if block.failed else "ink2"])
        text = look.static(look.heading, _one_line(block.heading) + (" · error" if block.failed else ""))
        if text.size().width() > line.width() - used:
            p.save()
            p.setClipRect(QRectF(line.left(), line.top(), line.width() - used, line.height()))
            p.drawStaticText(QPointF(line.left(), line.top() + down), text)
            p.restore()
        else:
            p.drawStaticText(QPointF(line.left(), line.top() + down), text)

    def _divider(self, block: Block, shown: Visible) -> None:
        look, p = self._look, self._p
        left = look.margin_left + look.gutter
        box = QRectF(left, shown.y, look.card_right(self._width) - left, shown.laid.height)
        p.setFont(look.title.font)
        p.setPen(look["ink"])
        words = _one_line(block.heading)
        p.drawText(box, _LEFT, words)
        wide = len(words) * look.title.char + look.pad_x
        p.setPen(look["line"])
        p.drawLine(QPointF(box.left() + wide, box.center().y()), QPointF(box.right(), box.center().y()))

    # -- what is on it -----------------------------------------------------------------------------------------------------------

    def _run(self, laid: LaidRun, x: float, y: float, tints: Sequence[Tint]) -> None:
        if laid.run.style is Style.MEDIUM:
            self._medium(laid, x, y + laid.gap)
            return
        look, p = self._look, self._p
        face = look.faces[laid.run.style]
        if laid.key is not None:
            p.setPen(look["ink3"] if laid.run.value_shown else look["ink2"])
            laid.key.draw(p, QPointF(x + laid.key_x, y + laid.gap), _ranges(tints, in_key=True))
        if laid.layout is None or not laid.text:
            return
        p.setPen(look[face.colour])
        at = QPointF(x + laid.x, y + laid.gap)
        if not tints:
            laid.layout.draw(p, at)
            return
        laid.layout.draw(p, at, _ranges(tints, in_key=False))

    def _medium(self, laid: LaidRun, x: float, y: float) -> None:
        look, p = self._look, self._p
        line = look.faces[Style.MEDIUM].line
        p.setFont(look.faces[Style.MEDIUM].font)
        box = laid.picture_box
        if laid.picture is not None and box is not None:
            p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            p.drawImage(box.translated(x, y), laid.picture)
            top = y + box.bottom() + 2
        else:
            frame = QRectF(x + 0.5, y + 2.5, min(self._width - x - 2 * look.pad_x - look.margin_right, 560.0), laid.height - laid.gap - 8)
            p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            p.setPen(QPen(look["line"], 1))
            p.setBrush(look["soft"])
            p.drawRoundedRect(frame, look.radius, look.radius)
            p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            top = frame.top() + (frame.height() - line * len(laid.caption)) / 2
            x += look.pad_x
        p.setPen(look["ink2"])
        for i, words in enumerate(laid.caption):
            box = QRectF(x, top + i * line, len(words) * look.faces[Style.MEDIUM].char * 1.2 + 40, line)
            p.drawText(box, _LEFT, words)
            if i == 0:
                wide = p.fontMetrics().horizontalAdvance(words)
                laid.save_box = QRectF(x + wide + 12, box.top(), p.fontMetrics().horizontalAdvance(SAVE), line)
                p.setPen(look["accent"])
                p.drawText(laid.save_box, _LEFT, SAVE)
                p.setPen(look["ink2"])


def _one_line(words: str) -> str:
    """A name from outside, fit for a heading."""
    return marks.reveal(words[:200]).text.replace("\n", " ")


SAVE = "Save as…"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def fold_note(block: Block) -> str:
    """What stands at the right end of a heading: that more can be shown, or less."""
    if not block.foldable:
        return ""
    if not block.folded:
        return "show less"
    lines = block.lines()
    return f"show all {lines} lines" if lines < 400 else f"show all, {block.size() / 1000:,.0f} kB"


def _ranges(tints: Sequence[Tint], *, in_key: bool) -> list[QTextLayout.FormatRange]:
    made = []
    for tint in tints:
        if tint.in_key is in_key:
            found = QTextLayout.FormatRange()
            found.start, found.length, found.format = tint.start, tint.length, tint.format
            made.append(found)
    return made

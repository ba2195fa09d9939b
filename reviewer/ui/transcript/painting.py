"""How a card is drawn: paper, edge, step number, heading, and its text as plain text. Nothing here can load or run anything."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTextCharFormat, QTextLayout

from reviewer.ui.transcript import marks
from reviewer.ui.transcript.blocks import Block, Sort, Style
from reviewer.ui.transcript.layouts import LaidRun, x_of
from reviewer.ui.transcript.looks import Face, Look
from reviewer.ui.transcript.scene import Visible

_GLYPHS = {"bad": "✕", "good": "✓"}
_FAR = 400.0  # a card is never drawn further than this outside the viewport


class Tint(NamedTuple):
    """A stretch of a run in another colour: UTF-16 units of its layout, the format, and a small word behind it."""

    start: int
    length: int
    format: QTextCharFormat
    tag: str = ""
    in_key: bool = False


class State(NamedTuple):
    """What is drawn beside the text itself. tints: by card and run."""

    current: int
    focused: bool
    marks: Mapping[str, str]
    tints: Mapping[tuple[int, int], Sequence[Tint]]


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
        box = QRectF(left, shown.y, self._width - left - look.margin_right, shown.laid.height - look.between)
        self._paper(shown.index, block, box)
        self._step(shown.index, block, box)
        self._heading(block, box)
        for index, top, laid in shown.laid.visible(max(0.0, -shown.y), self._height - shown.y):
            self._run(laid, box.left() + look.pad_x, shown.y + top, self._state.tints.get((shown.index, index), ()))

    # -- the card ----------------------------------------------------------------------------------------------------------------

    def _paper(self, index: int, block: Block, box: QRectF) -> None:
        look, p = self._look, self._p
        top, bottom = max(box.top(), -_FAR), min(box.bottom(), self._height + _FAR)
        box = QRectF(box.left() + 0.5, top + 0.5, box.width() - 1, bottom - top - 1)
        quiet = block.sort is Sort.USER
        p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        p.setBrush(look["soft"] if quiet else look["bg"] if block.sort is Sort.SYSTEM else look["panel"])
        ring = self._state.focused and index == self._state.current
        p.setPen(QPen(look["accent"], 1.5) if ring else QPen(look["soft"] if quiet else look["line"], 1))
        p.drawRoundedRect(box, look.radius, look.radius)
        edge = self._edge(block)
        if edge is not None:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(edge)
            p.drawPath(_edge_path(box.adjusted(-0.5, -0.5, 0, 0.5), look.radius, look.edge))
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _edge(self, block: Block) -> QColor | None:
        mark = self._state.marks.get(block.step)
        if mark is not None:
            return self._look["bad" if mark == "bad" else "ok"]
        if block.failed:
            return self._look["bad"]
        return self._look["accent"] if block.sort in (Sort.CALL, Sort.RESULT) else None

    def _step(self, index: int, block: Block, box: QRectF) -> None:
        look, p = self._look, self._p
        mark = self._state.marks.get(block.step)
        words = f"{_GLYPHS[mark]} {block.step}" if mark else block.step
        right = look.margin_left + look.gutter - look.gutter_gap
        line = QRectF(0, box.top() + look.pad_y, right, look.heading_height)
        p.setFont(look.step.font)
        current = index == self._state.current
        if current:
            wide = min(len(words) * look.step.char + 10, right + 4.0)
            pill = QRectF(right - wide + 5, line.top() - 1, wide, look.step.line + 1)
            p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look["accent_soft"])
            p.drawRoundedRect(pill, 5, 5)
            p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colour = "bad" if mark == "bad" else "ok" if mark == "good" else "accent" if current else "ink3"
        p.setPen(look[colour])
        p.drawText(QRectF(line.left(), line.top(), line.width(), look.step.line), _RIGHT, words)

    def _heading(self, block: Block, box: QRectF) -> None:
        look, p = self._look, self._p
        p.setFont(look.heading.font)
        line = QRectF(box.left() + look.pad_x, box.top() + look.pad_y, box.width() - 2 * look.pad_x, look.heading.line)
        if line.bottom() < 0:
            return
        note = fold_note(block)
        used = 0.0
        if note:
            p.setPen(look["ink3"])
            p.drawText(line, _RIGHT, note)
            used = (len(note) + 3) * look.heading.char
        p.setPen(look["bad" if block.failed else "ink2"])
        words = marks.reveal(block.heading).text.replace("\n", " ")
        room = int((line.width() - used) / max(1.0, look.heading.char * 0.9))
        words = words if len(words) <= room else words[: max(8, room - 1)] + "…"
        if block.failed:
            words += " · error"
        p.drawText(QRectF(line.left(), line.top(), line.width() - used, line.height()), _LEFT, words)

    def _divider(self, block: Block, shown: Visible) -> None:
        look, p = self._look, self._p
        left = look.margin_left + look.gutter
        box = QRectF(left, shown.y, self._width - left - look.margin_right, shown.laid.height)
        p.setFont(look.title.font)
        p.setPen(look["ink"])
        words = marks.reveal(block.heading).text
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
        for tint in tints:
            if tint.tag:
                self._tag(laid, tint, at, face)

    def _tag(self, laid: LaidRun, tint: Tint, at: QPointF, face: Face) -> None:
        assert laid.layout is not None
        end = tint.start + tint.length
        line = laid.layout.lineForTextPosition(max(tint.start, end - 1))
        if not line.isValid():
            return
        look, p = self._look, self._p
        x = x_of(line.cursorToX(end))
        p.setFont(look.tag.font)
        p.setPen(look["warn"])
        p.drawText(QRectF(at.x() + x + 2, at.y() + line.y() - face.line * 0.3, 60, face.line), _LEFT, tint.tag)

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


def _edge_path(box: QRectF, radius: float, width: float) -> QPainterPath:
    """The left edge of a rounded card, thick as CSS draws it: full in the straight part, thinning out in the corners."""
    path = QPainterPath()
    x, top, bottom = box.left(), box.top(), box.bottom()
    path.moveTo(x + radius, top)
    path.arcTo(QRectF(x, top, 2 * radius, 2 * radius), 90, 90)
    path.lineTo(x, bottom - radius)
    path.arcTo(QRectF(x, bottom - 2 * radius, 2 * radius, 2 * radius), 180, 90)
    inner = radius - width
    path.arcTo(QRectF(x + width, bottom - 2 * radius, 2 * inner, 2 * radius), 270, -90)
    path.lineTo(x + width, top + radius)
    path.arcTo(QRectF(x + width, top, 2 * inner, 2 * radius), 180, -90)
    path.closeSubpath()
    return path

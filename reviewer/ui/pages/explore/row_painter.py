"""The rows of the table, painted by hand, with nothing in them that could be anything but text.

All rows in sight are painted by one call, a column at a time: Qt would ask a delegate for each cell, and the way from it to Python and back
takes longer than the painting of the cell.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from reviewer.ui.pages.explore.listing import ITEM, LABELS, STEPS, TITLES, Said
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import SHAPES

_PAD = 8
_MARK = 3  # pixels of the current row's mark
_MEASURED = 4_000
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)
_INKS = ("ink", "ink2", "ink3", "line", "soft", "accent", "accent_soft", "ok", "ok_soft", "bad", "bad_soft", "warn", "warn_soft")


class Line(NamedTuple):
    """A row to be painted: where it begins, how tall it is, and what it says; None while that is on its way."""

    top: int
    height: int
    said: Said | None
    chosen: bool
    current: bool


class Strip(NamedTuple):
    """Where a column stands."""

    column: int
    left: int
    width: int


class _Pill(NamedTuple):
    rect: QRectF
    words: str
    kind: str


class RowPainter:
    """Paints rows in the colours and fonts of the theme. It is called at every step through the list: nothing is made anew here."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.take_theme()

    def take_theme(self) -> None:
        """Colours, fonts or sizes have changed."""
        theme = self._theme
        self._colours: dict[str, QColor] = {name: theme.colour(name) for name in _INKS}
        self._line = QPen(self._colours["line"], 1)
        self._sans, self._small, self._mono = theme.font(), theme.font(12, QFont.Weight.Medium), theme.mono(11)
        self._metrics = {id(font): QFontMetrics(font) for font in (self._sans, self._small, self._mono)}
        self._pad, self._round, self._tall = theme.px(_PAD), theme.px(18), theme.px(20)
        self._cut: dict[tuple[str, int, int], str] = {}
        self._wide: dict[str, int] = {}

    def paint(self, painter: QPainter, lines: Sequence[Line], strips: Sequence[Strip]) -> None:
        """Some rows, with the columns that are shown, from left to right."""
        left, width = strips[0].left, strips[-1].left + strips[-1].width - strips[0].left
        painter.setPen(self._line)
        for line in lines:
            self._ground(painter, line, QRect(left, line.top, width, line.height))
        here = [(line, line.said) for line in lines if line.said is not None]
        for strip in strips:
            if strip.column == LABELS:
                self._pills(painter, here, strip)
            else:
                self._words(painter, here, strip)
        if len(here) < len(lines):
            self._waiting(painter, [line for line in lines if line.said is None], strips)

    def _ground(self, painter: QPainter, line: Line, rect: QRect) -> None:
        if line.chosen:
            painter.fillRect(rect, self._colours["accent_soft"])
        if line.current:
            painter.fillRect(QRect(rect.left(), rect.top(), _MARK, rect.height()), self._colours["accent"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _words(self, painter: QPainter, lines: Sequence[tuple[Line, Said]], strip: Strip) -> None:
        font, way = self._mono if strip.column == ITEM else self._sans, _RIGHT if strip.column == STEPS else _LEFT
        painter.setFont(font)
        painter.setPen(self._colours["ink"])
        for line, said in lines:
            untitled = strip.column == TITLES and not said.titled
            if untitled:
                painter.setPen(self._colours["ink3"])
            rect = self._inside(line, strip)
            painter.drawText(rect, way, self._fitting(said.cells[strip.column], font, rect.width()))
            if untitled:
                painter.setPen(self._colours["ink"])

    def _pills(self, painter: QPainter, lines: Sequence[tuple[Line, Said]], strip: Strip) -> None:
        pills = [self._pill(said, self._inside(line, strip)) for line, said in lines]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for pill in pills:
            painter.setBrush(self._colours["soft" if pill.kind == "plain" else f"{pill.kind}_soft"])
            painter.drawRoundedRect(pill.rect, self._tall / 2, self._tall / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._small)
        for pill in pills:
            painter.setPen(self._colours["ink2" if pill.kind == "plain" else pill.kind])
            painter.drawText(pill.rect, _CENTRE, pill.words)

    def _pill(self, said: Said, rect: QRect) -> _Pill:
        words = self._fitting(f"{SHAPES[said.kind]} {said.cells[LABELS]}".strip(), self._small, rect.width() - self._round)
        wide = self._wide.get(words)
        if wide is None:
            if len(self._wide) > _MEASURED:
                self._wide.clear()
            wide = self._wide[words] = self._metrics[id(self._small)].horizontalAdvance(words) + self._round
        return _Pill(QRectF(rect.left(), rect.center().y() - self._tall / 2 + 0.5, wide, self._tall), words, said.kind)

    def _waiting(self, painter: QPainter, lines: Sequence[Line], strips: Sequence[Strip]) -> None:
        painter.setFont(self._sans)
        painter.setPen(self._colours["ink3"])
        for line in lines:
            for strip in strips:
                painter.drawText(self._inside(line, strip), _LEFT, "…")

    def _inside(self, line: Line, strip: Strip) -> QRect:
        return QRect(strip.left + self._pad, line.top, strip.width - 2 * self._pad, line.height - 1)

    def _fitting(self, words: str, font: QFont, width: int) -> str:
        """The words as far as there is room; measured once."""
        key = (words, width, id(font))
        cut = self._cut.get(key)
        if cut is None:
            if len(self._cut) > _MEASURED:
                self._cut.clear()
            cut = self._cut[key] = self._metrics[id(font)].elidedText(words, Qt.TextElideMode.ElideRight, width)
        return cut

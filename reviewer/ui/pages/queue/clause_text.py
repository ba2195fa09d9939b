"""A clause as it is drawn: its heading, since when it holds, and its words; plain text whatever it holds."""

from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from reviewer.domain.citable import Citable
from reviewer.ui.theme import Theme
from reviewer.ui.transcript import marks
from reviewer.ui.transcript.layouts import LINE_SEPARATOR
from reviewer.ui.transcript.offsets import to_code_points, utf16_length
from reviewer.ui.widgets.times import day

_LONGEST = 20_000  # code points of one clause that are drawn; no policy for people has one of that length
_HEADING = 200
_LINE = 19


class ClauseText:
    """One clause laid out for a width. Colours are given when it is drawn, so that one layout serves every state."""

    def __init__(self, clause: Citable, theme: Theme, width: int, *, lines: int | None = None, aside: str | None = None) -> None:
        """width: pixels. lines: of its words, at most, the last one then ends in an ellipsis; where it is 1, the heading is one line too.
        aside: behind the heading, faint; usually since when the clause holds."""
        self._step = theme.px(_LINE)
        heading = _plain(clause.caption[:_HEADING])
        beside = aside_of(clause) if aside is None else aside
        strong = QFont(theme.font(13, QFont.Weight.DemiBold))
        self._bold = (0, utf16_length(heading), strong)
        self._faint = (utf16_length(heading), utf16_length(beside) + 2)
        title = f"{heading}  {beside}" if beside else heading
        self._heading = _cut(title, theme.font(), width, self._step, 1 if lines == 1 else None, strong=self._bold)
        self._words = _cut(_plain(clause.text[:_LONGEST]), theme.font(), width, self._step, lines)

    @property
    def height(self) -> int:
        """Of all of it, pixels."""
        return ceil((self._heading.lineCount() + self._words.lineCount()) * self._step)

    def draw(self, painter: QPainter, at: QPointF, *, ink: QColor, faint: QColor, words: QColor) -> None:
        """ink: of the heading; faint: of what stands beside it; words: of the text."""
        painter.setPen(ink)
        self._heading.draw(painter, at, [_range(*self._bold[:2], font=self._bold[2]), _range(*self._faint, colour=faint)])
        painter.setPen(words)
        self._words.draw(painter, at + QPointF(0, self._heading.lineCount() * self._step))


def aside_of(clause: Citable) -> str:
    """`in force since 1 May 2026`."""
    return f"in force since {day(clause.since)}".replace(" ", "\u00a0") if clause.since else ""


def _plain(text: str) -> str:
    return marks.reveal(text).text.replace("\n", LINE_SEPARATOR)


_Strong = tuple[int, int, QFont]


def _cut(text: str, font: QFont, width: int, step: float, lines: int | None, *, strong: _Strong | None = None) -> QTextLayout:
    """A text in so many lines at most. strong: what of it is set in another font."""
    layout = _laid(text, font, width, step, lines=lines, strong=strong)
    if lines is None or layout.lineCount() < lines:
        return layout
    last = layout.lineAt(lines - 1)
    if last.textStart() + last.textLength() >= utf16_length(text):
        return layout
    start = to_code_points(text, last.textStart())
    rest = text[start : start + 400].replace(LINE_SEPARATOR, " ") + "…"
    metrics = QFontMetricsF(strong[2] if strong is not None else font)
    fitting = text[:start] + metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width - 2)
    return _laid(fitting, font, width, step, lines=lines, strong=strong)


def _laid(text: str, font: QFont, width: int, step: float, *, lines: int | None = None, strong: _Strong | None = None) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    if strong is not None:
        layout.setFormats([_range(*strong[:2], font=strong[2])])
    layout.beginLayout()
    y = 0.0
    while lines is None or layout.lineCount() < lines:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1, width))
        line.setPosition(QPointF(0, y + round((step - line.height()) / 2)))
        y += step
    layout.endLayout()
    return layout


def _range(start: int, length: int, *, font: QFont | None = None, colour: QColor | None = None) -> QTextLayout.FormatRange:
    style = QTextCharFormat()
    if font is not None:
        style.setFont(font)
    if colour is not None:
        style.setForeground(colour)
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, length, style
    return found

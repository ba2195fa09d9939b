"""Fonts, colours and sizes of the transcript, taken once from the theme and again whenever that changes."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette, QStaticText, QTextOption

from reviewer.ui.theme import Theme
from reviewer.ui.transcript.blocks import Style
from reviewer.ui.transcript.papers import Papers

if TYPE_CHECKING:
    from reviewer.ui.transcript.formats import Formats

_STATIC_KEPT = 2000
_MOST_CHARS = 122  # of code in a line: eyes lose their way back from a longer one; what the design has in a window of 1440


@dataclass(frozen=True)
class Face:
    """A font with its line height in pixels and the mean width of a character in it."""

    font: QFont
    line: float
    char: float
    colour: str
    natural: float


class Ground(NamedTuple):
    """What a transcript lies on: the theme's colour behind its cards, and the room around them, pixels at the usual text size.

    role: the same colour in the palette. gutter: what the numbers of the steps stand in.
    """

    colour: str
    role: QPalette.ColorRole
    left: int
    right: int
    gutter: int


PAGE = Ground("bg", QPalette.ColorRole.Window, 12, 20, 44)
CARD = Ground("panel", QPalette.ColorRole.Base, 8, 8, 46)
PROMPT = Ground("soft", QPalette.ColorRole.AlternateBase, 4, 8, 26)


class Look:
    """All that painting and layout ask for. Pixels, at the text size of the theme."""

    def __init__(self, theme: Theme, ground: Ground = PAGE) -> None:
        """theme: the one in force; make another Look when it says `changed`."""
        self.theme = theme
        self.colours = theme.colours
        px = theme.px
        self.margin_left, self.margin_right, self.margin_top = px(ground.left), px(ground.right), px(2)
        self.gutter = px(ground.gutter)
        self.gutter_gap = px(12)
        self.between = px(10)
        self.px_line = px(19)
        self.pad_x, self.pad_y = px(12), px(8)
        self.heading_height = px(19)
        self.radius = px(8)
        self.edge = max(3, px(3))
        self.indent = px(14)
        self.key_width, self.key_gap = px(130), px(12)
        self.part_gap = px(8)
        self.divider_height = px(34)
        self.image_height = px(420)
        self.placeholder_height = px(64)
        body, mono = theme.font(13), theme.mono(12)
        self.heading = _face(self.semibold(11), px(17), "ink2")
        self.step = _face(theme.mono(11), px(17), "ink3")
        self.title = _face(self.semibold(13), px(20), "ink")
        quiet = theme.font(13)
        quiet.setItalic(True)
        self.faces = {
            Style.BODY: _face(body, px(20), "ink"),
            Style.MONO: _face(mono, px(19), "ink"),
            Style.ROW: _face(mono, px(18), "ink"),
            Style.QUIET: _face(quiet, px(20), "ink2"),
            Style.LABEL: _face(self.semibold(11), px(19), "ink3"),
            Style.FAULT: _face(mono, px(19), "bad"),
            Style.MEDIUM: _face(theme.font(12), px(18), "ink2"),
        }
        self.option = QTextOption()
        self.option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.option.setTabStopDistance(4 * self.faces[Style.MONO].char)
        self._widest = ceil(_MOST_CHARS * self.faces[Style.MONO].char)
        self.papers = Papers(self.radius)
        self._static: dict[tuple[int, str], QStaticText] = {}
        self._colours = {name: QColor(value) for name, value in vars(self.colours).items()}
        self.paper = self[ground.colour]

    def __getitem__(self, colour: str) -> QColor:
        """A colour of the theme by its name."""
        return self._colours[colour]

    @cached_property
    def formats(self) -> "Formats":
        """How stretches stand out; made for the first one, since Qt's formats have hundreds of names, which PySide then makes."""
        from reviewer.ui.transcript.formats import Formats

        return Formats(self)

    def semibold(self, size: int) -> QFont:
        """The theme's font for small headings, at a design size."""
        font = self.theme.font(size, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, size * 0.03)
        return font

    def static(self, face: Face, words: str) -> QStaticText:
        """Words that are drawn often, shaped once."""
        key = (id(face), words)
        text = self._static.get(key)
        if text is None:
            if len(self._static) > _STATIC_KEPT:
                self._static.clear()
            text = QStaticText(words)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            text.prepare(font=face.font)
            self._static[key] = text
        return text

    def text_width(self, width: int) -> int:
        """Room for text in a card, in a viewport of that width. In a wide one the cards stop where their lines would be too long."""
        return max(80, min(width - self.margin_left - self.margin_right - self.gutter - 2 * self.pad_x, self._widest))

    def card_right(self, width: int) -> int:
        """Where the cards end on the right, in a viewport of that width."""
        return self.margin_left + self.gutter + 2 * self.pad_x + self.text_width(width)

    def chars_a_line(self, width: int) -> int:
        """About how many characters of body text go into a line."""
        return max(8, int(self.text_width(width) / self.faces[Style.BODY].char))


def _face(font: QFont, line: float, colour: str) -> Face:
    metrics = QFontMetricsF(font)
    return Face(font, line, metrics.horizontalAdvance("the quick brown fox") / 19, colour, metrics.height())

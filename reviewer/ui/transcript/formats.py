"""How stretches stand out from the text around them: what was hidden in it, what is cited, found and selected."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QFont, QTextCharFormat

if TYPE_CHECKING:
    from reviewer.ui.transcript.looks import Look


class Tone(NamedTuple):
    """Colours of cited words: the paper behind them, and the small word raised at their end."""

    paper: QTextCharFormat
    tag: QTextCharFormat


class Formats:
    """Taken once from a look. tones: by the name of the paper's colour in the theme."""

    def __init__(self, look: "Look") -> None:
        self.mark = _background(look["warn_soft"], look["warn"])
        inks = {"mark": "warn", "accent_soft": "accent", "ok_soft": "ok", "bad_soft": "bad"}
        raised = look.semibold(16)
        self.tones = {paper: Tone(_background(look[paper]), _raised(raised, look[ink])) for paper, ink in inks.items()}
        self.found = _background(look["mark"])
        self.found_now = _background(look["accent"], look["on_accent"])
        selected = QColor(look["accent"])
        selected.setAlpha(70)
        self.selected = _background(selected)


def _raised(font: QFont, ink: QColor) -> QTextCharFormat:
    """Small and raised: Qt sets what is raised in two thirds of its size."""
    style = QTextCharFormat()
    style.setFont(font)
    style.setForeground(ink)
    style.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    return style


def _background(colour: QColor, ink: QColor | None = None) -> QTextCharFormat:
    style = QTextCharFormat()
    style.setBackground(colour)
    if ink is not None:
        style.setForeground(ink)
    return style

"""Small marks: a key on its cap, and a pill that says a state by shape and word as well as by colour."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui.widgets.words import PlainLabel, restyle

SHAPES = {"ok": "●", "bad": "▲", "warn": "◆", "plain": "", "accent": ""}
"""The shape that stands before the words of each kind of pill."""


class KeyCap(PlainLabel):
    """A key as it stands on a keyboard: `Ctrl K`. Read out as “key Ctrl K”."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent=parent)
        self.setAccessibleName(f"key {keys}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)


class Pill(PlainLabel):
    """A short state: ▲ 1 non-compliant. kind: ok, bad, warn, plain or accent."""

    def __init__(self, text: str, kind: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(text, kind)

    def say(self, text: str, kind: str = "plain") -> None:
        """Change words and kind."""
        self.setText(f"{SHAPES[kind]} {text}".strip())
        self.setAccessibleName(text)
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            restyle(self)


class Chip(Pill):
    """A pill with longer words, which go on in a second line where there is too little room for one."""

    def __init__(self, text: str, kind: str = "plain") -> None:
        super().__init__(text, kind)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """In one line: a label that wraps would ask for a square. Within a frame Qt leaves the width of an x beside the words."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        words = metrics.size(Qt.TextFlag.TextSingleLine, self.text())
        beside = QSize(metrics.horizontalAdvance("x"), 0)
        return words + beside + self.size() - self.contentsRect().size()

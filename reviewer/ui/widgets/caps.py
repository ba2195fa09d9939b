"""Small marks: a key on its cap, and a pill that says a state by shape and word as well as by colour."""

from PySide6.QtCore import Qt
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

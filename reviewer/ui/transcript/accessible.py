"""What a screen reader is told of a transcript: its name, the text of the current step, and each step as it becomes current."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from reviewer.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from reviewer.ui.transcript.view import TranscriptView

_SPOKEN_LIMIT = 4000


class TranscriptInterface(QAccessibleWidget):
    """A document whose value is the text of the current step."""

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view, QAccessible.Role.Document, view.accessibleName())
        self._view = view

    def text(self, kind: QAccessible.Text) -> str:
        """Name: the transcript and how many steps it has. Value: the current step, its sort and its text."""
        if kind == QAccessible.Text.Name:
            return f"{self._view.accessibleName()}, {self._view.steps.count} steps"
        if kind == QAccessible.Text.Value:
            return spoken(self._view)
        return str(super().text(kind))


def spoken(view: "TranscriptView") -> str:
    """The current step as it is read out."""
    return view.steps.words[:_SPOKEN_LIMIT]


def announce_step(view: "TranscriptView") -> None:
    """Read the current step out, where somebody listens."""
    if QAccessible.isActive():  # asked first: the words of a long step take a while
        announce(view, spoken(view))


def install() -> None:
    """Let Qt ask here for the interface of a transcript. Once for the program; more does no harm."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_made)


_installed: list[bool] = []


def _made(_key: str, asked: Any) -> QAccessibleInterface | None:
    from reviewer.ui.transcript.view import TranscriptView

    return TranscriptInterface(asked) if isinstance(asked, TranscriptView) else None

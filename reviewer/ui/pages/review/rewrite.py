"""The small panel in which a step is written anew: what should have been said there, or called."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from reviewer.domain.corrections import TOOL_LENGTH, Rewrite
from reviewer.ui.pages.queue.note import NotePanel
from reviewer.ui.widgets.words import plain_label, restyle

_HEIGHT = 250  # pixels
_HINT = "Ctrl ↵ keeps it with your label, Esc leaves it. The run as it should have been ends with it."


class RewritePanel(NotePanel):
    """A tool, or none for words, and what is said or the arguments as JSON. It stays open until what was written is known to fit."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setSpacing(8)
        self.tool = QLineEdit()
        self.tool.setAccessibleName("Tool that should have been called")
        self.tool.setPlaceholderText("none: said in words")
        self.tool.setMaxLength(TOOL_LENGTH)
        self.tool.textChanged.connect(self._follow)
        label = plain_label("Tool", role="small", tone="muted")
        label.setBuddy(self.tool)
        row.addWidget(label)
        row.addWidget(self.tool, 1)
        self.column.insertLayout(2, row)

    def ask_rewrite(self, step: str, begun: Rewrite, *, keep: Callable[[Rewrite], None]) -> None:
        """Open it with the step as it is, or as it was rewritten before. keep: called with what was written."""
        self.tool.setText(begun.tool or "")
        self.ask(
            title=f"What step {step} should have been",
            hint=_HINT,
            button="Keep",
            field="What should have been said, or the arguments as JSON",
            placeholder="Nothing is said here.",
            required=False,
            act=lambda text: keep(Rewrite(text, self.tool.text().strip() or None)),
            begun=begun.text,
        )
        self.field.setFixedHeight(_HEIGHT)
        self._follow()

    def _follow(self) -> None:
        """Arguments are read letter by letter, words are not."""
        kind = "code" if self.tool.text().strip() else ""
        if self.field.property("kind") != kind:
            self.field.setProperty("kind", kind)
            restyle(self.field)

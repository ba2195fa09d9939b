"""A few words on an incident: a note, or what was done."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import ActingDialog
from reviewer.ui.pages.incidents import fetching
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.reason_field import ReasonField

_ASKED = {
    "note": ("Add a note", "What happened, in your words.", "It becomes a signed line of the history; it can be erased, and not changed."),
    "fix": ("What was done", "The remedy, in your words.", "It takes the place of what stands there; the history keeps both."),
}


class WordsDialog(ActingDialog):
    """Ctrl+Return records; what was typed stays where it cannot be recorded."""

    def __init__(self, desk: Desk, page: QWidget, *, incident: str, field: str, before: str = "") -> None:
        """field: note or fix; before: what stands there."""
        title, placeholder, follows = _ASKED[field]
        super().__init__(desk, page, title)
        self._incident, self._field = incident, field
        self.words = ReasonField(title, placeholder)
        self.words.put(before)
        self.body.addWidget(self.words, 1)
        self.body.addWidget(Paragraph(follows, tone="faint"))
        self.body.addWidget(self.wrong)
        self.set_buttons(("Record", self._record), ("Cancel", self.reject))
        self.guard(self.words)
        self.resize_to(520, 320)
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def _record(self) -> None:
        self.begin()
        work = partial(fetching.change, incident=self._incident, fields={self._field: self.words.toPlainText()})
        self._desk.jobs.run(work, owner=self, done=lambda _done: self.accept(), failed=self.failed)

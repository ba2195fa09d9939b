"""Choosing the version of a policy that is to hold."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.errors import shown
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.policies import words
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import day
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.policy_overview import PolicyLine
    from reviewer.storage.policies import Version


class ActivateDialog(SheetDialog):
    """Asks which version is put in force."""

    def __init__(self, desk: Desk, page: QWidget, line: "PolicyLine", *, then: Callable[[str, int], None]) -> None:
        super().__init__(page, desk.theme, f"Put a version of {shown(line.title or line.key, 60)} in force")
        self._key, self._then = line.key, then
        self.versions = ChoiceList()
        self.versions.setAccessibleName("Version")
        for one in reversed(line.versions):
            self.versions.addItem(version_words(one), one.number)
        self.body.addWidget(plain_label("Version", role="label"))
        self.body.addWidget(self.versions)
        said = "It takes the place of every version in force. Labels that cite other words are listed then, and can be asked for again."
        self.body.addWidget(Paragraph(said, tone="muted"))
        self.body.addStretch(1)
        self.set_buttons(("Put in force", self._take), ("Cancel", self.reject))
        self.resize_to(460, 230)
        self.versions.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)

    def _take(self) -> None:
        self._then(self._key, self.versions.currentData())
        self.accept()


def version_words(one: "Version") -> str:
    """A version in a list of them."""
    since = f", from {day(one.effective)}" if one.effective else ""
    return f"version {one.number}{since}{', in force' if one.in_force else ''}, published {words.day_at(one.published_ms)}"

"""Settling what a lead must decide: which version of a policy holds."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.pages.sync import fetching
from reviewer.ui.widgets.paragraphs import Paragraph

if TYPE_CHECKING:
    from reviewer.operations.conflicts import Standoff


class VersionDialog(SheetDialog):
    """Which version of a policy is in force."""

    def __init__(self, desk: Desk, page: QWidget, one: "Standoff") -> None:
        self._desk, self._policy = desk, one.policy or ""
        super().__init__(page, desk.theme, f"Policy {shown(self._policy, 40)}")
        self.body.addWidget(Paragraph("Two versions were put in force at the same time. Choose the one that holds.", tone="muted"))
        self.versions = QListWidget()
        self.versions.setAccessibleName("Versions")
        self.body.addWidget(self.versions, 1)
        self.set_buttons(("Put in force", self._activate), ("Cancel", self.reject))
        self.resize_to(460, 320)
        self.versions.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)
        desk.jobs.read(partial(fetching.versions, policy=self._policy), owner=self, done=self._list, failed=page_error(desk))

    def _list(self, versions: tuple[tuple[int, str], ...]) -> None:
        for number, title in versions:
            row = QListWidgetItem(f"Version {number}: {shown(title, 80)}")
            row.setData(Qt.ItemDataRole.UserRole, number)
            self.versions.addItem(row)
        self.versions.setCurrentRow(0)

    def _activate(self) -> None:
        row = self.versions.currentItem()
        if row is not None:
            work = partial(fetching.activate, policy=self._policy, number=int(row.data(Qt.ItemDataRole.UserRole)))
            self._desk.jobs.run(work, owner=self, done=lambda _done: self.accept(), failed=page_error(self._desk))

"""Where to sync: a folder, a bundle file, or an address."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from reviewer.catalogue.settings import KEEP_IN_SYNC
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.sync.exchange import has_password
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

_WAYS = (
    "A folder on a stick, or one that a cloud keeps the same on several machines.",
    "A bundle file that ends in .rvb: taken in if it is there, else written.",
    "A file server: webdavs://files.example.org/team or s3://bucket/team.",
    "A hub: postgresql://hub.example.org/team.",
)


class PlaceDialog(SheetDialog):
    """Asks for a place, and whether to keep in sync with it; `then` is called with both."""

    def __init__(self, desk: Desk, page: QWidget, *, place: str, then: Callable[[str, bool], None]) -> None:
        super().__init__(page, desk.theme, "Sync with …")
        self._then = then
        self.body.addWidget(Paragraph("What others lack is sealed for their devices before it leaves this machine.", tone="muted"))
        self.body.addWidget(plain_label("Folder, file or address", role="label"))
        row = QHBoxLayout()
        self.field = QLineEdit(place)
        self.field.setAccessibleName("Folder, file or address")
        self.field.setAccessibleDescription(" ".join(_WAYS))
        self.field.setMaxLength(1_000)
        self.folder = QPushButton("Choose a folder")
        self.folder.setAutoDefault(False)
        self.folder.clicked.connect(self._ask_folder)
        row.addWidget(self.field, 1)
        row.addWidget(self.folder)
        self.body.addLayout(row)
        for way in _WAYS:
            self.body.addWidget(Paragraph(way, tone="faint"))
        self._password = Paragraph("It has a password in it: it is forgotten when this window closes.", tone="warn")
        self.body.addWidget(self._password)
        self.keep = QCheckBox("Keep in sync by itself while this window is open")
        self.keep.setChecked(desk.settings[KEEP_IN_SYNC])
        self.body.addWidget(self.keep)
        self.body.addStretch(1)
        self.set_buttons(("Sync", self._sync), ("Cancel", self.reject))
        self.field.textChanged.connect(self._allow)
        self._allow()
        self.resize_to(560, 400)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
        self.finished.connect(self.deleteLater)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Sync with a folder", str(Path.home()))
        if folder:
            self.field.setText(folder)

    def _allow(self) -> None:
        text = self.field.text().strip()
        if self.main is not None:
            self.main.setEnabled(bool(text))
        self._password.setVisible(has_password(text))

    def _sync(self) -> None:
        target = self.field.text().strip()
        self.accept()
        self._then(target, self.keep.isChecked())

"""Joining a project that others lead: a name, a folder, a request file; then six words to be compared."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.storage.folders import default_workspace
from reviewer.ui.opening import usual_name
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.sync import fetching, words
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.joining import Joined


class JoinDialog(SheetDialog):
    """First asks, then shows the six words. The workspace that was made opens at the end."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window, desk.theme, "Join a project")
        self._desk = desk
        self._joined: Joined | None = None
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self.name, self.folder, self.request = QLineEdit(usual_name()), QLineEdit(), QLineEdit()
        self.folder.setText(str(default_workspace().with_name("joined")))
        self.request.setText(str(Path.home() / "request-to-join.json"))
        self._error = Paragraph(tone="bad")
        self._error.hide()
        self.six = plain_label(role="heading", wrap=True, selectable=True)
        self._where = Paragraph(tone="muted")
        self._stack.addWidget(self._make_question())
        self._stack.addWidget(self._make_answer())
        self.set_buttons(("Make the request", self._join), ("Cancel", self.reject))
        self.resize_to(600, 400)
        for field in (self.name, self.folder, self.request):
            field.textChanged.connect(lambda _text: self._allow())
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()
        self.finished.connect(self.deleteLater)
        usual = Path(self.folder.text())
        desk.jobs.aside(partial(_free, usual), owner=self, done=partial(self._take_free, usual), failed=self._refuse)

    def _take_free(self, usual: Path, free: Path) -> None:
        if self.folder.text() == str(usual):
            self.folder.setText(str(free))

    def _make_question(self) -> QWidget:
        room = QWidget()
        grid = QGridLayout(room)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        intro = "A workspace and a key are made on this machine, and a request file that you give to a lead."
        grid.addWidget(Paragraph(intro, tone="muted"), 0, 0, 1, 3)
        rows = (
            ("Your name", self.name, None),
            ("Workspace folder", self.folder, self._ask_folder),
            ("Request file", self.request, self._ask_request),
        )
        for place, (label, field, ask) in enumerate(rows, 1):
            field.setAccessibleName(label)
            field.setMaxLength(1_000)
            grid.addWidget(plain_label(label), place, 0)
            grid.addWidget(field, place, 1)
            if ask is not None:
                button = QPushButton("Choose")
                button.setAccessibleName(f"Choose: {label}")
                button.setAutoDefault(False)
                button.clicked.connect(ask)
                grid.addWidget(button, place, 2)
        grid.addWidget(self._error, len(rows) + 1, 0, 1, 3)
        grid.setRowStretch(len(rows) + 2, 1)
        return room

    def _make_answer(self) -> QWidget:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._where)
        column.addWidget(plain_label("Your six words", role="label"))
        column.addWidget(self.six)
        copy = QPushButton("Copy the words")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(" ".join(self._joined.words) if self._joined else ""))
        column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return room

    def _allow(self) -> None:
        if self.main is not None:
            self.main.setEnabled(all(field.text().strip() for field in (self.name, self.folder, self.request)))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "An empty folder", str(Path.home()))
        if folder:
            self.folder.setText(folder)

    def _ask_request(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, "Request file", self.request.text(), "Requests (*.json)")
        if path:
            self.request.setText(path)

    def _join(self) -> None:
        if self.main is not None:
            self.main.setEnabled(False)
        folder, request = (Path(field.text().strip()).expanduser() for field in (self.folder, self.request))
        work = partial(fetching.join, folder, member=self.name.text().strip(), request=request)
        self._desk.jobs.aside(work, owner=self, done=self._show, failed=self._refuse)

    def _show(self, joined: "Joined") -> None:
        self._joined = joined
        key = f" There is no keyring here; your key lies in {joined.key_file}." if joined.key_file is not None else ""
        self._where.setText(
            f"Give {joined.request} to a lead. Then compare these words with them by voice, not in the same message: they show that nobody "
            f"changed it on its way.{key}"
        )
        self.six.setText(words.six(joined.words))
        self.six.setAccessibleName(f"Six words: {' '.join(joined.words)}")
        self._stack.setCurrentIndex(1)
        self.set_buttons(("Open the workspace", self._open), ("Close", self.reject))
        if self.main is not None:
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse(self, error: ReviewerError) -> None:
        self._error.setText(f"{error.what} {error.hint} [{error.code}]")
        self._error.show()
        self._allow()

    def _open(self) -> None:
        shell, folder = self._desk.shell, Path(self.folder.text().strip()).expanduser()
        self.accept()
        shell.open_at(folder, "sync")


def _free(folder: Path) -> Path:
    """A folder of that name, or with a number, that is not there yet."""
    number, found = 1, folder
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found

"""Setting a passphrase: encrypting the workspace that is open, and changing what opens one."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.operations.encrypting import AFTER, BEFORE, judge_passphrase
from reviewer.ui.jobs import Report
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace
    from reviewer.ui.window import Window

_SAYS = {"short": ("too short", "bad"), "weak": ("easy to guess", "bad"), "fair": ("fair", "warn"), "strong": ("strong", "ok")}
_KNOWN = "I will not lose it: I know that nobody can bring it back"
_ABOUT = (
    "Items, labels, media and keys are sealed where they lie. Copies in backups/ that lie in clear are removed: make a backup afterwards."
)


class NewPassphrase(QWidget):
    """Two fields, how hard to guess it is, and what must be known before it is set."""

    changed = Signal()
    """Something was typed or ticked."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.first, self.again = _field("New passphrase"), _field("The same again")
        self._strength = Paragraph(tone="muted")
        self._strength.setAccessibleName("How hard it is to guess")
        self.keyring = QCheckBox("The keyring of this system opens it as well")
        self.known = QCheckBox(_KNOWN)
        for place, field in enumerate((self.first, self.again)):
            grid.addWidget(plain_label(field.accessibleName()), place * 2, 0)
            grid.addWidget(field, place * 2, 1)
            field.textChanged.connect(self._judge)
        grid.addWidget(self._strength, 1, 1)
        grid.addWidget(self.keyring, 4, 0, 1, 2)
        grid.addWidget(self.known, 5, 0, 1, 2)
        self.known.toggled.connect(lambda _on: self.changed.emit())
        self._judge()

    @property
    def text(self) -> str:
        """The passphrase, where it can be set; else empty."""
        typed = self.first.text()
        may = typed == self.again.text() and self.known.isChecked() and judge_passphrase(typed).strength != "short"
        return typed if may else ""

    def forget(self) -> None:
        """Leave nothing of it in the fields."""
        self.first.clear()
        self.again.clear()

    def _judge(self) -> None:
        typed, again = self.first.text(), self.again.text()
        judgement = judge_passphrase(typed)
        said, tone = _SAYS[judgement.strength]
        if again and typed != again:
            self._strength.set_tone("warn")
            self._strength.setText("The two are not the same yet.")
        else:
            self._strength.set_tone(tone if typed else "muted")
            self._strength.setText(f"{said.capitalize()}. {judgement.advice}".strip() if typed else judgement.advice)
        self._strength.setAccessibleDescription(self._strength.text())
        self.changed.emit()


class EncryptDialog(SheetDialog):
    """Says first what a passphrase means. Until the workspace is encrypted it can be cancelled, and nothing has changed."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window, window.theme, "Encrypt this workspace")
        self._window = window
        self._ticket: Ticket | None = None
        self.new = NewPassphrase()
        self._bar = ThinBar("Encrypting")
        self._step = Paragraph(tone="muted")
        self._error = Paragraph(tone="bad")
        self._working = _column(self._bar, self._step)
        self.body.addWidget(Paragraph(BEFORE))
        self.body.addWidget(Paragraph(_ABOUT, tone="muted"))
        for part in (self.new, self._working, self._error):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.set_buttons(("Encrypt", self._encrypt), ("Cancel", self.reject))
        self._working.hide()
        self._error.hide()
        self.new.changed.connect(self._allow)
        self._allow()
        self.resize_to(560, 470)
        self.new.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)
        window.jobs.progressed.connect(self._show_progress)

    def _allow(self) -> None:
        if self.main is not None and self._ticket is None:
            self.main.setEnabled(bool(self.new.text))

    def _encrypt(self) -> None:
        passphrase = self.new.text
        if not passphrase or self._ticket is not None:
            return
        self._error.hide()
        self.new.setEnabled(False)
        self._bar.show_part(0, 0)
        self._step.setText("Closing the workspace")
        self._working.show()
        self.set_buttons(None, ("Cancel", self.reject))
        self._ticket = self._window.opening.encrypt(
            passphrase, in_keyring=self.new.keyring.isChecked(), done=self._done, failed=self._failed
        )

    def reject(self) -> None:
        """Close; while it works, ask it to stop, and close once it has."""
        if self._ticket is None:
            self.new.forget()
            super().reject()
        else:
            self._ticket.cancel()
            self._step.setText("Stopping, if it still can be stopped …")

    def _show_progress(self, report: Report) -> None:
        if report.ticket is self._ticket:
            done, total, what = report.progress
            self._bar.show_part(done, total)
            if not report.ticket.cancelled:
                self._step.setText(what)

    def _done(self, encrypted: bool) -> None:
        self._ticket = None
        self.new.forget()
        messages = self._window.messages
        if encrypted:
            messages.good("The workspace is encrypted.", AFTER)
            self.accept()
        else:
            messages.note("The workspace was not encrypted; nothing was changed.")
            self.reject()

    def _failed(self, error: ReviewerError) -> None:
        self._ticket = None
        self._working.hide()
        self.new.setEnabled(True)
        self._error.setText(f"{error.what} {error.hint} [{error.code}]")
        self._error.show()
        self.set_buttons(("Encrypt", self._encrypt), ("Cancel", self.reject))
        self._allow()


class PassphraseDialog(SheetDialog):
    """Asks for the present passphrase, unless keyring or environment open the workspace, and for a new one twice."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window, window.theme, "Change the passphrase")
        self._window = window
        self._busy = False
        self.present, self.new = _field("Present passphrase"), NewPassphrase()
        self._ask_present = _column(plain_label("Present passphrase", role="label"), self.present)
        self._error = Paragraph(tone="bad")
        self.body.addWidget(Paragraph(BEFORE))
        self.body.addWidget(Paragraph("Copies made before still open with the old passphrase.", tone="muted"))
        for part in (self._ask_present, self.new, self._error):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.set_buttons(("Change it", self._change), ("Cancel", self.reject))
        self._error.hide()
        self.new.changed.connect(self._allow)
        self.present.textChanged.connect(lambda _text: self._allow())
        self._allow()
        self.resize_to(560, 520)
        self.present.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self._forget)
        window.jobs.read(_needs, owner=self, done=self._take_need, failed=self._failed)

    def _take_need(self, need: tuple[bool, bool]) -> None:
        asked, in_keyring = need
        self._ask_present.setVisible(asked)
        self.new.keyring.setChecked(in_keyring)
        if not asked:
            self.new.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._allow()

    def _allow(self) -> None:
        if self.main is not None:
            asked = not self._ask_present.isHidden()
            self.main.setEnabled(not self._busy and bool(self.new.text) and (bool(self.present.text()) or not asked))

    def _change(self) -> None:
        self._busy = True
        self._error.hide()
        self._allow()
        present = None if self._ask_present.isHidden() else self.present.text()
        work = partial(_change, present=present, passphrase=self.new.text, in_keyring=self.new.keyring.isChecked())
        self._window.jobs.long(work, title="Changing the passphrase", owner=self, done=self._done, failed=self._failed)

    def _done(self, _changed: None) -> None:
        self._window.messages.good("The passphrase was changed.", "Copies made before still open with the old one.")
        self.accept()

    def _failed(self, error: ReviewerError) -> None:
        self._busy = False
        self._error.setText(f"{error.what} {error.hint} [{error.code}]")
        self._error.show()
        self._allow()

    def _forget(self) -> None:
        self.present.clear()
        self.new.forget()
        self.deleteLater()


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    field.setMaxLength(1_000)
    return field


def _column(*parts: QWidget) -> QWidget:
    room = QWidget()
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    for part in parts:
        column.addWidget(part)
    return room


def _needs(workspace: "Workspace", _ticket: Ticket) -> Outcome[tuple[bool, bool]]:
    """Whether the present passphrase is to be asked for, and whether the keyring opens the workspace."""
    from reviewer.operations import encrypting

    return Outcome((encrypting.needs_passphrase(workspace.folder), encrypting.is_in_keyring(workspace)))


def _change(workspace: "Workspace", ticket: Ticket, *, present: str | None, passphrase: str, in_keyring: bool) -> Outcome[None]:
    from reviewer.operations import encrypting

    if present is not None:
        encrypting.check_present(workspace.folder, present)
    return encrypting.change_passphrase(workspace, ticket, passphrase=passphrase, in_keyring=in_keyring)

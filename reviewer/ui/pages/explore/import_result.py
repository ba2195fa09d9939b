"""What an import did: how many records, what was left out, and what could not be read, shown as plain text."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.operations.embedded_policies import Embedded
    from reviewer.operations.importing import ImportReport

_FIGURES = (("read", "read"), ("added", "new"), ("known", "known already"), ("rejected", "could not be read"))
_LISTED = 500
_OFFERED = 5


class ImportResult(QWidget):
    """Four figures, the files that were left out, and the way to the rejects."""

    rejects_wanted = Signal()
    policy_wanted = Signal(object)
    """The policy (Embedded) that is to be published."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        figures = QGridLayout()
        figures.setHorizontalSpacing(32)
        self._figures = {name: plain_label(role="big") for name, _ in _FIGURES}
        for place, (name, words) in enumerate(_FIGURES):
            figures.addWidget(self._figures[name], 0, place, Qt.AlignmentFlag.AlignLeft)
            figures.addWidget(plain_label(words, tone="muted"), 1, place, Qt.AlignmentFlag.AlignLeft)
        figures.setColumnStretch(len(_FIGURES), 1)
        column.addLayout(figures)
        self._words = plain_label(tone="muted", wrap=True)
        column.addWidget(self._words)
        row = QHBoxLayout()
        self.rejects = QPushButton()
        self.rejects.setAutoDefault(False)
        self.rejects.clicked.connect(self.rejects_wanted)
        row.addWidget(self.rejects)
        row.addStretch(1)
        column.addLayout(row)
        self._policies = QVBoxLayout()
        self._policies.setSpacing(6)
        column.addLayout(self._policies)
        self.policies: list[QPushButton] = []
        QShortcut(QKeySequence("P"), self, self._press_first)
        self._name = plain_label(role="label")
        column.addWidget(self._name)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        column.addWidget(self._text, 1)
        self._filler = QWidget()
        column.addWidget(self._filler, 1)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def show_report(self, report: "ImportReport") -> None:
        """Say what an import did."""
        for name, label in self._figures.items():
            number = getattr(report, name)
            label.setText(f"{number:,}")
            label.set_tone("bad" if name == "rejected" and number else "")
        kinds = ", ".join(f"{number:,} {name}" for name, number in report.formats.items())
        self._words.setText(f"{kinds}. " * bool(kinds) + f"It took {report.seconds:,.1f} s." + _missing(report))
        self.rejects.setVisible(bool(report.rejected))
        self.rejects.setText(f"Show what could not be read ({report.rejected:,})")
        self.rejects.setAccessibleName("Show what could not be read")
        self._offer([one for one in report.policies if not one.known][:_OFFERED])
        lines = [f"{shown(one.path, 300)}\n    {shown(one.reason, 300)}" for one in report.skipped[:_LISTED]]
        if len(report.skipped) > _LISTED:
            lines.append(f"… and {len(report.skipped) - _LISTED:,} more")
        self._say(f"{count(len(report.skipped), 'file')} left out" if lines else "", "\n".join(lines))

    def published(self, policy: "Embedded") -> None:
        """A policy was published: its button has done its work."""
        for button in self.policies:
            if button.property("sha256") == policy.sha256:
                button.setEnabled(False)
                button.setText(f"The policy “{shown(policy.title or policy.key, 60)}” is published as {policy.key}")

    def _offer(self, found: "Sequence[Embedded]") -> None:
        remove(self._policies, self.policies)
        self.policies = []
        for place, one in enumerate(found):
            words = f"Publish the policy “{shown(one.title or one.key, 60)}”, {count(one.clauses, 'clause')}, as {one.key}"
            button = QPushButton(f"{words}    P" if place == 0 else words)
            button.setAccessibleName(words)
            button.setAutoDefault(False)
            button.setProperty("sha256", one.sha256)
            button.clicked.connect(lambda _on=False, policy=one: self.policy_wanted.emit(policy))
            self.policies.append(button)
            self._policies.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _press_first(self) -> None:
        if self.policies and self.policies[0].isEnabled():
            self.policies[0].click()

    def show_rejects(self, text: str) -> None:
        """Show the rejects in place of what was left out."""
        self._say("What could not be read", text)
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, name: str, text: str) -> None:
        self._name.setText(name)
        self._text.setAccessibleName(name)
        self._text.setPlainText(text)
        for part in (self._name, self._text):
            part.setVisible(bool(text))
        self._filler.setVisible(not text)

    def _take_theme(self) -> None:
        self._text.setFont(self._theme.mono(12))


def _missing(report: "ImportReport") -> str:
    if report.added:
        return ""
    return " Everything in these files was here already." if report.known else " Nothing came in."


def in_short(report: "ImportReport") -> str:
    """What an import did, in a sentence or two, for a banner."""
    said = f"{count(report.added, 'item')} came in, {report.known:,} were known, {report.rejected:,} could not be read."
    return f"{said} What could not be read is in {report.rejects}." if report.rejected else said

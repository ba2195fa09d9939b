"""The resolution: one of three, and why."""

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.domain.events import Ruling
from reviewer.ui.pages.adjudicate.words import RULINGS, TONES
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.reason_field import ReasonField
from reviewer.ui.widgets.verdict_row import VerdictChoice, VerdictRow
from reviewer.ui.widgets.words import plain_label

_ACTIONS = {"compliant": "adjudicate.compliant", "non_compliant": "adjudicate.non_compliant", "policy_at_fault": "adjudicate.at_fault"}
_REASON = {"policy_at_fault": "a note on the clause"}


class RulingForm(QWidget):
    """`changed` is sent when a person changed something, never by `put`."""

    changed = Signal()
    left = Signal()
    """The reason lost the focus: a good moment to keep what was begun."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._putting = False
        self.setAccessibleName("Your resolution")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(plain_label("Your resolution", role="label"))
        head.addStretch(1)
        self._note = plain_label(role="small", tone="faint")
        head.addWidget(self._note)
        column.addLayout(head)
        self.verdicts = VerdictRow({value: VerdictChoice(word, _ACTIONS[value], TONES[value]) for value, word in RULINGS.items()})
        self.verdicts.changed.connect(self._changed)
        column.addWidget(self.verdicts)
        self.reason = ReasonField("Reason", "Why; whoever disagreed reads it, and whoever meets a case like this.")
        self.reason.textChanged.connect(self._changed)
        self.reason.left.connect(self.left)
        column.addWidget(self.reason)
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self.complain("")

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions do that choose here, by id."""
        handlers: dict[str, Callable[[], None]] = {action: partial(self.verdicts.choose, value) for value, action in _ACTIONS.items()}
        handlers["adjudicate.reason"] = lambda: self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return handlers

    @property
    def verdict(self) -> Ruling | None:
        """What was chosen."""
        return cast(Ruling | None, self.verdicts.value)

    def put(self, verdict: Ruling | None, reason: str) -> None:
        """Show what was begun, or nothing."""
        self._putting = True
        self.verdicts.put(verdict)
        self.reason.put(reason)
        self._putting = False
        self.complain("")

    def complain(self, words: str, field: str = "reason") -> None:
        """Say what is missing, and go there. field: verdict, reason, or clause, which stands elsewhere."""
        self._note.setText(words or _REASON.get(self.verdict or "", "for those who disagreed"))
        self._note.set_tone("bad" if words else "faint")
        self.reason.setAccessibleDescription(words if field == "reason" else "")
        if words and field == "reason":
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        elif words and field == "verdict":
            self.verdicts.take_focus()

    def _changed(self) -> None:
        if not self._putting:
            self.complain("")
            self.changed.emit()

    def _take_theme(self) -> None:
        self.reason.setFixedHeight(self._theme.px(64))

"""The small panel in which one says what should have happened and did not."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy

from reviewer.domain.errors import Refused
from reviewer.domain.labels import Omitted
from reviewer.ui.pages.queue.note import NotePanel
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.words import plain_label


class OmissionPanel(NotePanel):
    """What, at which step, and which clause asks for it. Ctrl+Enter keeps it, Esc does not."""

    _missing = "Say in a few words what should have happened."

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setSpacing(8)
        self.step = QLineEdit()
        self.step.setAccessibleName("Step at which it should have happened")
        self.step.setPlaceholderText("any")
        self.step.setMaxLength(40)
        self.step.setFixedWidth(self.step.fontMetrics().averageCharWidth() * 12)
        self.clause = ChoiceList()
        self.clause.setAccessibleName("Clause that asks for it")
        self.clause.setSizeAdjustPolicy(ChoiceList.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.clause.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for place, (words, field) in enumerate((("Step", self.step), ("Clause", self.clause))):
            label = plain_label(words, role="small", tone="muted")
            label.setBuddy(field)
            grid.addWidget(label, place, 0)
        grid.addWidget(self.step, 0, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.clause, 1, 1)
        grid.setColumnStretch(1, 1)
        self.column.insertLayout(3, grid)

    def ask_omission(
        self, omission: Omitted, clauses: Sequence[tuple[str, str]], *, check: Callable[[str], None], keep: Callable[[Omitted], None]
    ) -> None:
        """Open it with what is known already. clauses: full name and number of each that is cited; check: raises Refused for what is no
        step of the item; keep: called with what was said."""
        self.step.setText(omission.step or "")
        self.clause.clear()
        self.clause.addItem("none", None)
        for name, number in clauses:
            self.clause.addItem(number, name)
        self.clause.setCurrentIndex(max(0, self.clause.findData(omission.clause)) if omission.clause else 0)
        title = "What should have happened and did not"
        self.ask(
            title=title,
            hint="Ctrl ↵ keeps it, Esc does not.",
            button="Keep",
            field=title,
            placeholder="Did not ask for a plain yes before the refund.",
            required=True,
            act=partial(self._kept, check, keep),
        )
        self.field.setPlainText(omission.text)
        self.field.selectAll()

    def _kept(self, check: Callable[[str], None], keep: Callable[[Omitted], None], text: str) -> None:
        step = self.step.text().strip()
        try:
            if step:
                check(step)
        except Refused as refusal:
            self.complain(f"{refusal.what} {refusal.hint}", self.step)
            return
        clause = self.clause.currentData()
        self.close_panel()
        keep(Omitted(text, step or None, str(clause) if clause else None))

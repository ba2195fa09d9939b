"""Two versions of a policy, clause by clause: what changed, came and went."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.domain.policies import Clause
from reviewer.domain.wording import Kind, Piece, changes
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.pages.policies import fetching, words
from reviewer.ui.pages.policies.activate_dialog import version_words
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.changed_words import ChangedWords
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.policies import Compared
    from reviewer.operations.policy_overview import PolicyLine

_MOST = 200  # clauses that are shown; of a policy that changed throughout, nobody reads more in a dialog


class CompareDialog(SheetDialog):
    """Shows the differences of two versions that can be chosen."""

    def __init__(self, desk: Desk, page: QWidget, line: "PolicyLine") -> None:
        super().__init__(page, desk.theme, f"What changed in {shown(line.title or line.key, 60)}")
        self._desk, self._line = desk, line
        self.before, self.after = ChoiceList(), ChoiceList()
        row = QHBoxLayout()
        for box, name in ((self.before, "From"), (self.after, "To")):
            box.setAccessibleName(name)
            for one in line.versions:
                box.addItem(version_words(one), one.number)
            row.addWidget(plain_label(name, tone="muted"))
            row.addWidget(box, 1)
        self.before.setCurrentIndex(max(line.shown.number - 2, 0))
        self.after.setCurrentIndex(line.shown.number - 1 if line.shown.number > 1 else len(line.versions) - 1)
        self.body.addLayout(row)
        self.counts = Paragraph(tone="muted")
        self.body.addWidget(self.counts)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName("Differences")
        self._scroll.viewport().setAutoFillBackground(False)
        self.body.addWidget(self._scroll, 1)
        self.set_buttons(None, ("Close", self.reject))
        self.resize_to(950, 640)
        self.before.currentIndexChanged.connect(lambda _place: self._fetch())
        self.after.currentIndexChanged.connect(lambda _place: self._fetch())
        self.after.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finished.connect(self.deleteLater)
        self._fetch()

    def _fetch(self) -> None:
        work = partial(fetching.compare, key=self._line.key, before=self.before.currentData(), after=self.after.currentData())
        self._desk.jobs.read(work, owner=self, slot="compare", done=self._show, failed=page_error(self._desk))

    def _show(self, found: "Compared") -> None:
        difference = found.difference
        parts = [(new, "changed", changes(old.text, new.text)) for old, new in difference.changed]
        parts += [(one, "added", _whole(one, "new")) for one in difference.added]
        parts += [(one, "removed", _whole(one, "gone")) for one in difference.removed]
        counted = ", ".join(
            f"{count(len(some), 'clause')} {word}"
            for some, word in ((difference.changed, "changed"), (difference.added, "added"), (difference.removed, "removed"))
            if some
        )
        rest = f" The first {_MOST} are shown; `reviewer policy diff` lists all." if len(parts) > _MOST else ""
        self.counts.setText(f"{counted or 'The clauses are the same'}.{rest}")
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for clause, what, pieces in parts[:_MOST]:
            name = words.headed(shown(clause.number or clause.clause, 60), clause.title, clause.text)
            column.addWidget(plain_label(f"{name}, {what}", role="label"))
            paper = Card()
            text = ChangedWords(self._desk.theme)
            text.show_pieces(pieces)
            paper.column.addWidget(text)
            column.addWidget(paper)
        column.addStretch(1)
        self._scroll.setWidget(room)
        room.setAutoFillBackground(False)  # a scroll area fills what it is given


def _whole(clause: Clause, kind: Kind) -> tuple[Piece, ...]:
    return (Piece(kind, clause.text),)

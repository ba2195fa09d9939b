"""The middle: the words of a clause with what changed in them, the labels that cite the old ones, and asking for those again."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.domain.wording import Piece, changes
from reviewer.ui.pages.policies import words
from reviewer.ui.pages.policies.stale_table import StaleTable
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.buttons import KeyButton, beside_primary
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.changed_words import ChangedWords
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.scrolling import Reading
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.policy_overview import ClauseView


class ClausePanel(Reading):
    """Shows one clause."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Clause")
        self._theme = theme
        self.name, self.when = plain_label(role="label", wrap=True), plain_label(role="label", tone="faint")
        self.text = ChangedWords(theme)
        self.table = StaleTable(theme)
        self.requeue = KeyButton(BY_ID["policies.requeue"], primary=True)
        self.labels = KeyButton(BY_ID["policies.labels"])
        beside_primary(self.labels)
        self._old = plain_label("Labels that cite the old words", role="label")
        self._hidden, self._mismatched = Paragraph(tone="faint"), Paragraph(tone="warn")
        self.asked = Paragraph(
            "Nothing is left to ask: these items are asked for again already, resolved, or of closed campaigns.", tone="faint"
        )
        self._build()

    def _build(self) -> None:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.when)
        column.addLayout(head)
        paper = Card()
        paper.column.addWidget(self.text)
        column.addWidget(paper)
        column.addSpacing(10)
        column.addWidget(self._old)
        self._paper = Card()
        self._paper.column.setContentsMargins(10, 4, 10, 4)
        self._paper.column.addWidget(self.table)
        column.addWidget(self._paper)
        column.addWidget(self._hidden)
        column.addWidget(self._mismatched)
        column.addWidget(self.asked)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.addWidget(self.requeue)
        self._buttons.addWidget(self.labels)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        column.addStretch(1)
        self.hold(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the buttons stand below each other."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = sum(button.sizeHint().width() for button in (self.requeue, self.labels)) + 60
        narrow = wide > self.viewport().width()
        self._buttons.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def show_clause(self, view: "ClauseView", *, leads: bool) -> None:
        """Take what was read. leads: the member may ask for items again."""
        self.name.setText(f"{words.clause_name(view)}, {words.versions_of(view)}")
        self.when.setText(words.changed_on(view))
        before, now = view.before.text if view.before else "", view.now.text if view.now else ""
        self.text.show_pieces(changes(before, now) if view.before else (Piece("same", now),))
        stale = view.stale
        self.table.show_labels(stale.labels)
        some = stale.items
        for part, seen in (
            (self._old, bool(some)), (self._paper, bool(stale.labels)), (self._hidden, bool(stale.hidden or stale.more)),
            (self._mismatched, bool(view.mismatched)),
            (self.requeue, bool(stale.to_ask) and leads),
            (self.asked, bool(some) and not stale.to_ask),
        ):  # fmt: skip
            part.setVisible(seen)
        more = [f"{count(stale.more, 'label')} more"] if stale.more else []
        more += [f"{count(stale.hidden, 'label')} on items that you have still to label"] if stale.hidden else []
        self._hidden.setText(f"And {', '.join(more)}.")
        self._mismatched.setText(f"◆ {count(view.mismatched, 'label')}: another version holds for the item than the cited one.")
        self.requeue.setText(words.queue_words(stale.to_ask, some))
        self.requeue.setAccessibleName(self.requeue.text())
        self.labels.setText(f"See {count(view.cited, 'label')}" if view.cited else "No label cites it")
        self.labels.setAccessibleName(self.labels.text())
        self.labels.setEnabled(bool(view.cited))
        self._fit()

"""The clauses that decide: those that opinions cite, as cards to be chosen, and a way to any other one."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.adjudicate import words
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.queue.clause_list import ClauseList
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.cards import RowButton, focus_row
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.domain.citable import Citable
    from reviewer.operations.adjudicating import Decider

_LONG = 1_200  # characters of a clause that its card shows


class ClauseCards(QWidget):
    """Cards of clauses; those that are chosen decide. Up and Down move, Space and Enter choose."""

    changed = Signal()
    """A person chose, or took a choice back."""
    other_wanted = Signal()
    """They want a clause that no opinion cites."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Deciding clauses")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._cards: list[DeciderCard] = []
        self.other = QPushButton("Another clause …")
        self.other.setProperty("kind", "quiet")
        self.other.clicked.connect(self.other_wanted)
        self._column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def chosen(self) -> tuple[str, ...]:
        """KEY:CLAUSE of those that decide."""
        return tuple(card.name for card in self._cards if card.isChecked())

    def show_deciders(self, deciders: "Iterable[Decider]", chosen: tuple[str, ...] | None, *, citable: bool) -> None:
        """chosen: None for a fresh item; then the one cited by most is proposed. citable: whether there are other clauses."""
        remove(self._column, self._cards)
        self._cards = []
        for decider in deciders:
            one = decider.citation
            self._add(f"{one.policy}:{one.clause}", words.caption(one), words.version(one), one.text)
        known = {card.name for card in self._cards}
        for name in chosen or ():
            if name not in known:
                self._add(name, name.partition(":")[2], "", None)
        proposed = chosen if chosen is not None else tuple(card.name for card in self._cards[:1])
        for card in self._cards:
            card.choose(card.name in proposed)
        self.other.setVisible(citable)
        self.setVisible(citable or bool(self._cards))

    def add(self, clause: "Citable") -> None:
        """Choose a clause, with a card of its own if it has none."""
        if clause.name not in {card.name for card in self._cards}:
            self._add(clause.name, shown(clause.caption, 160), f"version {clause.version}", clause.text)
        next(card for card in self._cards if card.name == clause.name).choose(True)
        self.changed.emit()

    def take_focus(self) -> None:
        """Go to the first card, or to what stands in for it."""
        target: QWidget = self._cards[0] if self._cards else self.other
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add(self, name: str, heading: str, version: str, text: str | None) -> None:
        card = DeciderCard(name, heading, version, text)
        card.clicked.connect(self.changed)
        card.stepped.connect(lambda step, card=card: self._step(card, step))
        self._column.insertWidget(len(self._cards), card)
        self._cards.append(card)

    def _step(self, card: "DeciderCard", step: int) -> None:
        stops: list[QWidget] = [*self._cards, *([self.other] if not self.other.isHidden() else [])]
        focus_row(stops, stops.index(card) + step)


class DeciderCard(RowButton):
    """A clause as it is cited; chosen, it says that it decides."""

    def __init__(self, name: str, heading: str, version: str, text: str | None) -> None:
        super().__init__("paper")
        self.name = name
        self.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(plain_label(heading, role="strong", wrap=True))
        head.addWidget(plain_label(version, tone="faint"))
        head.addStretch(1)
        self._mark = plain_label(role="small", tone="accent")
        head.addWidget(self._mark)
        column.addLayout(head)
        said = "Its words are not on this machine." if text is None else text if len(text) <= _LONG else f"{text[:_LONG]}…"
        column.addWidget(Paragraph(said))
        self.take_clicks()
        self._heading = f"Clause {heading} {version}".strip()
        self.setAccessibleDescription(said)
        self.toggled.connect(self._say)
        self._say(False)

    def choose(self, on: bool) -> None:
        """Let it decide, or not, without telling anybody."""
        self.setChecked(on)

    def _say(self, on: bool) -> None:
        self._mark.setText("✓ decides" if on else "")
        self.setAccessibleName(f"{self._heading}, decides" if on else self._heading)


class ClauseDialog(SheetDialog):
    """Finds a clause by number, title or words; Enter takes the one that is marked."""

    def __init__(
        self, page: QWidget, theme: Theme, clauses: "Sequence[Citable]", *, chosen: tuple[str, ...], take: "Callable[[Citable], None]"
    ) -> None:
        super().__init__(page, theme, "Clauses")
        self._take = take
        self.list = ClauseList(theme)
        self.list.show_clauses(clauses, lambda name: name in chosen, whole=False)
        self.body.addWidget(self.list, 1)
        self.set_buttons(None, ("Cancel", self.reject))
        self.resize_to(640, 440)
        self.list.chosen.connect(self._choose)
        self.finished.connect(self.deleteLater)
        self.list.take_focus()

    def _choose(self, clause: "Citable") -> None:
        self.accept()
        self._take(clause)

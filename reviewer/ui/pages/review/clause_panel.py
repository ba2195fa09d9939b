"""The clauses in the form: those that are cited and those that are cited most, as cards with their keys."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.domain.citable import Citable
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.caps import KeyCap
from reviewer.ui.widgets.words import plain_label, plain_tooltip

if TYPE_CHECKING:
    from reviewer.ui.pages.review.clause_card import ClauseCard

KEYED = 9
"""So many cards have a key."""


class Offer(NamedTuple):
    """A card: the clause, and whether it is cited."""

    clause: Citable
    cited: bool


class ClausePanel(QWidget):
    """Cards, and the way to all other clauses. Cards stay in their places while one item is up, so that a key stays with its clause."""

    pressed = Signal(object)
    """The Citable of a card: to be cited, or no longer."""
    more = Signal()
    """Another clause is wanted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._cards: list[ClauseCard] = []
        self._offers: tuple[Offer, ...] = ()
        self._nothing = plain_label(tone="faint", wrap=True)
        self._column.addWidget(self._nothing)
        find = BY_ID["review.find_clause"]
        button = QPushButton("find another clause")
        button.setProperty("kind", "link")
        button.setAccessibleName(find.title)
        plain_tooltip(button, find.text)
        button.clicked.connect(self.more)
        self._find = QWidget()
        row = QHBoxLayout(self._find)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(KeyCap(key_words(find.keys[0])))
        row.addWidget(button)
        row.addStretch(1)
        self._column.addWidget(self._find)
        self._find.hide()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the cards show."""
        return self._offers

    def say(self, words: str) -> None:
        """Say why there are no cards; with an empty text, nothing."""
        self._nothing.setText(words)
        self._nothing.setVisible(bool(words))
        self._find.setVisible(not words)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these as cards. What makes a card is loaded with the first of them, since the first screen shall not wait for it."""
        if tuple(offers) == self._offers:
            return
        self._offers = tuple(offers)
        if not offers and not self._cards:
            return
        from reviewer.ui.pages.review.clause_card import ClauseCard

        while len(self._cards) < len(offers):
            place = len(self._cards)
            card = ClauseCard(self._theme, str(place + 1) if place < KEYED else "")
            card.clicked.connect(partial(self._pressed, place))
            self._column.insertWidget(place, card)
            self._cards.append(card)
        for place, card in enumerate(self._cards):
            if place < len(offers):
                card.show_clause(offers[place].clause, cited=offers[place].cited)
            card.setVisible(place < len(offers))

    def _pressed(self, place: int, _on: bool) -> None:
        self._cards[place].setChecked(self._offers[place].cited)  # until it is
        self.pressed.emit(self._offers[place].clause)


def offered(cited: Sequence[Citable], usual: Sequence[Citable], before: Sequence[Offer] = (), *, least: int = 2) -> list[Offer]:
    """The cards: those of before in their places, else first what is cited; then the usual ones, so that there are some to choose.

    usual: the most used first. least: so many cards in all, and one that is not cited.
    """
    names = {clause.name: clause for clause in cited}
    kept = [Offer(names.get(one.clause.name, one.clause), one.clause.name in names) for one in before]
    known = {one.clause.name for one in kept}
    kept += [Offer(clause, True) for clause in cited if clause.name not in known]
    known |= names.keys()
    for clause in usual:
        if len(kept) >= max(least, len(cited) + 1):
            break
        if clause.name not in known:
            kept.append(Offer(clause, False))
            known.add(clause.name)
    return kept

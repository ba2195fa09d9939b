"""Tables of figures: a pill that its column has no room for says all of it, in a second line."""

from pytestqt.qtbot import QtBot

from reviewer.ui.pages.insights.tables import Cell, Column, FigureCard, FigureRow
from reviewer.ui.theme import Theme
from tests.ui.cuts import cut


def test_a_pill_wider_than_its_column_is_whole(qtbot: QtBot, theme: Theme) -> None:
    theme.resize(200)
    card = FigureCard("Clauses", "", (Column("Clause", 40), Column("Reading", 30), Column("To do", 30)))
    qtbot.addWidget(card)
    card.show_rows(
        [FigureRow((Cell("4.2 Cancel flight"), Cell("superseded 12 May", "bad"), Cell("re-review")), "clause:4.2")], otherwise=""
    )
    card.resize(800, 400)
    with qtbot.waitExposed(card):
        card.show()
    qtbot.waitUntil(lambda: card.width() == 800 and not cut(card))

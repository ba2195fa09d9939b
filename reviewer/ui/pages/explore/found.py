"""What a search found: chips, order, table, and what can be done with the rows that are chosen."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID, key_words
from reviewer.ui.pages.explore.chips import ChipRow
from reviewer.ui.pages.explore.listing import Listing, Looked
from reviewer.ui.pages.explore.table import ORDER_OF, ItemsTable
from reviewer.ui.pages.explore.words import ORDERS, behind_words
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.words import plain_label, plain_tooltip

if TYPE_CHECKING:
    from reviewer.storage.searches import Order


class FoundPanel(QWidget):
    """The left part of the page."""

    order_chosen = Signal(str)
    text_chosen = Signal(str)
    """Another search, made by pressing something."""
    add_wanted = Signal()
    """The chosen rows are to become a campaign."""

    def __init__(self, theme: Theme, listing: Listing, *, start_import: Callable[[], None]) -> None:
        super().__init__()
        self._theme = theme
        self._listing = listing
        self._order = "time"
        self.table = ItemsTable(theme, listing)
        self._chips = ChipRow()
        self._sorted = QPushButton()
        self._sorted.setProperty("kind", "order")
        self._sorted.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sorted.clicked.connect(self.choose_order)
        plain_tooltip(self._sorted, f"{BY_ID['explore.order'].text} Key: {key_words(BY_ID['explore.order'].keys[0])}.")
        self._menu = self._make_menu()
        self._import = EmptyState(
            "No items yet",
            "Import agent runs, evaluation logs, chats or tables. You see what is in them before anything happens.",
            "Import agent runs",
            start_import,
            action="app.import",
        )
        self._nothing = EmptyState("Nothing found", "No item fits this search.", "Clear the search", lambda: self.text_chosen.emit(""))
        paper = Card()
        paper.column.setContentsMargins(10, 6, 10, 6)
        paper.column.addWidget(self.table)
        self._stack = QStackedWidget()
        for part in (QWidget(), paper, self._nothing, self._import):
            self._stack.addWidget(part)
        self._paper = paper
        self._behind = plain_label(tone="muted", wrap=True)
        self._behind.setObjectName("behind")
        self._behind.hide()
        self._foot = self._make_foot()
        self._lay()
        self._connect()

    def _lay(self) -> None:
        self._top = QHBoxLayout()
        self._top.setSpacing(8)
        self._top.addWidget(self._chips, 1)
        self._top.addWidget(self._sorted, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addLayout(self._top)
        column.addWidget(self._behind)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        self._theme.changed.connect(self._take_theme)
        self._take_theme()
        self._say_order()

    def _connect(self) -> None:
        self.table.order_wanted.connect(self._heading_pressed)
        self.table.chosen_changed.connect(self._say_chosen)
        self._chips.changed.connect(self.text_chosen)

    def show_looked(self, looked: Looked) -> None:
        """Take the first page of a search."""
        self._order = looked.order
        self._say_order()
        self._chips.show_chips(looked.beginning.chips)
        self._behind.setText(behind_words(looked.beginning.behind))
        self._behind.setVisible(bool(looked.beginning.behind))
        if looked.beginning.rows:
            self._stack.setCurrentWidget(self._paper)
        else:
            self._stack.setCurrentWidget(self._nothing if looked.beginning.total else self._import)
        self._sorted.setVisible(bool(looked.beginning.rows))
        self._say_chosen()
        self.table.lay_out()

    def choose_order(self) -> None:
        """Open the list of orders."""
        self._menu.popup(self._sorted.mapToGlobal(self._sorted.rect().bottomLeft()))

    def take_focus(self) -> None:
        """The table, or the button that leads on where there is none."""
        current = self._stack.currentWidget()
        if isinstance(current, EmptyState):
            current.button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_focus(self) -> bool:
        """Whether the focus is somewhere in here."""
        focus = self.focusWidget()
        return focus is not None and focus.hasFocus() and focus.isVisible()

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for order, words in ORDERS.items():
            action = QAction(words[0].upper() + words[1:], menu)
            action.setCheckable(True)
            action.setData(order)
            action.triggered.connect(partial(self._choose, cast("Order", order)))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def _choose(self, order: "Order", _on: bool = False) -> None:
        self.order_chosen.emit(order)

    def _heading_pressed(self, column: int) -> None:
        orders = ORDER_OF.get(column)
        if orders is not None:
            self.order_chosen.emit(orders[1] if self._order == orders[0] else orders[0])

    def _say_order(self) -> None:
        self._sorted.setText(f"sorted {ORDERS[self._order]}")
        self._sorted.setAccessibleName(f"Order: {ORDERS[self._order]}")
        for action in self._menu.actions():
            action.setChecked(action.data() == self._order)

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._chosen = plain_label(tone="muted")
        row.addWidget(self._chosen)
        action = BY_ID["explore.add_to_campaign"]
        add = QPushButton(f"add to a campaign    {key_words(action.keys[0])}")
        add.setProperty("kind", "quiet")
        add.setAccessibleName(action.title)
        add.clicked.connect(self.add_wanted)
        plain_tooltip(add, action.text)
        row.addWidget(add)
        row.addStretch(1)
        foot.hide()
        return foot

    def _say_chosen(self) -> None:
        chosen = self.table.chosen_count()
        self._chosen.setText(f"{chosen:,} selected:")
        self._foot.setVisible(chosen > 1)

    def _take_theme(self) -> None:
        px = self._theme.px
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(px(16), px(9), px(16), px(12))
        self._top.setContentsMargins(0, px(2), 0, 0)

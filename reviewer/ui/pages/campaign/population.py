"""The first step of a new campaign: what it is called, and which items it is about."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from reviewer.domain.campaigns import NAME_LENGTH
from reviewer.domain.query import MAX_LENGTH
from reviewer.ui.pages.campaign import words
from reviewer.ui.pages.campaign.form_rows import FormRows
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.designing import Population

_QUERY = "Words and fields as in Explore, such as agent:airline time>=2026-05 -label:compliant. Empty takes every item."


class PopulationStep(QWidget):
    """Name and query, how many items that finds, and what they are."""

    changed = Signal()
    """The name was changed."""
    query_changed = Signal()

    def __init__(self, theme: Theme, *, name: str, query: str) -> None:
        super().__init__()
        self.rows = FormRows(theme)
        self.name = QLineEdit(name)
        self.name.setMaxLength(NAME_LENGTH)
        self.name.setAccessibleName("Name")
        self.query = QLineEdit(query)
        self.query.setMaxLength(MAX_LENGTH)
        self.query.setPlaceholderText("everything")
        self.query.setAccessibleName("Which items")
        self._theme = theme
        self._found = plain_label(role="strong")
        self._made_of = Paragraph(tone="muted")
        self.rows.add("Name", self.name, name="name")
        self.rows.add("Which items", self.query, name="query")
        self.rows.add("", Paragraph(_QUERY, tone="faint"))
        self.rows.add("Found", self._found)
        self.rows.add("", self._made_of)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.addWidget(self.rows)
        column.addStretch(1)
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.query.textChanged.connect(lambda _text: self.query_changed.emit())
        theme.changed.connect(self._take_theme)
        self._take_theme()

    @property
    def found(self) -> str:
        """How many items are found, in words."""
        return self._found.text()

    @property
    def description(self) -> str:
        """What they are."""
        return self._made_of.text()

    def wait(self) -> None:
        """The query is being asked."""
        self._found.setText("…")

    def show_population(self, population: "Population") -> None:
        """Say what was found."""
        self._found.setText(words.found(population))
        self._made_of.setText("\n".join(words.made_of(population)))

    def _take_theme(self) -> None:
        self.query.setStyleSheet(f'font-family: "JetBrains Mono"; font-size: {self._theme.px(12)}px;')

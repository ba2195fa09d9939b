"""A card with a chart: what it shows, a list to choose from where there is one, the chart, and words below it or in its place."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.charts.chart import Chart
from reviewer.ui.widgets.charts.drawing import Drawing
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

_CHARACTERS = 12  # of the list, at the least


class ChartCard(Card):
    """Shows a drawing, or says why there is none."""

    opened = Signal(str)
    """The query of a figure whose labels are wanted."""
    picked = Signal(str)
    """What a person chose from the list."""
    moved = Signal(object)
    """The keys went to another figure: its place, QRect in the chart."""

    def __init__(self, theme: Theme, title: str, note: str, *, list_name: str = "") -> None:
        """list_name: what is chosen from the list, for screen readers; empty: there is no list."""
        super().__init__()
        self._theme = theme
        self.setAccessibleName(title)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(plain_label(title, role="label", wrap=not list_name), 0 if list_name else 1)
        self.list = ChoiceList(self)
        self.list.setAccessibleName(list_name)
        self.list.setVisible(bool(list_name))
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.setMinimumContentsLength(_CHARACTERS)
        self.list.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.list.activated.connect(lambda place: self.picked.emit(self.list.itemData(place)))
        self._note = plain_label(note, tone="faint", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if list_name:
            line.addWidget(self.list)
        line.addWidget(self._note, 1)
        self.column.addLayout(line)
        self.chart = Chart(theme)
        self.chart.opened.connect(self.opened)
        self.chart.moved.connect(self._moved)
        self.column.addWidget(self.chart)
        self._said = Paragraph(tone="muted")
        self.column.addWidget(self._said)
        self.column.addStretch(1)

    def put_below(self, control: QWidget) -> None:
        """Put a control below the words."""
        self.column.insertWidget(self.column.indexOf(self._said) + 1, control)

    @property
    def said(self) -> str:
        """The words below the chart, or in its place."""
        return self._said.text()

    def show_drawing(self, drawing: Drawing, words: str) -> None:
        """Take a chart, and what is said below it. Without figures the words stand alone."""
        self.chart.show_drawing(drawing)
        self.chart.setVisible(bool(drawing.marks))
        self.say(words)

    def say(self, words: str) -> None:
        """Change the words below the chart."""
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def show_choices(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Take what the list offers, words and value of each, and which is chosen; an open list stays as it is where nothing moved."""
        have = [(self.list.itemText(place), self.list.itemData(place)) for place in range(self.list.count())]
        if have != list(choices):
            self.list.clear()
            for words, value in choices:
                self.list.addItem(words, value)
        self.list.setCurrentIndex(self.list.findData(chosen))

    def take_focus(self) -> bool:
        """Go to the chart. False where there is no figure."""
        return not self.chart.isHidden() and self.chart.take_focus()

    def choose(self) -> None:
        """Go to the list."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _moved(self, place: QRect) -> None:
        self.moved.emit(place)

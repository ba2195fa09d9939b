"""A cluster as something to press: a card where it is flagged, a row of a table where it is not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.domain.errors import shown
from reviewer.ui.pages.clusters import words
from reviewer.ui.widgets.caps import Chip, Pill
from reviewer.ui.widgets.cards import RowButton, as_wide_as_its_share
from reviewer.ui.widgets.flow import Flow
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import PlainLabel, plain_label

if TYPE_CHECKING:
    from reviewer.operations.cluster_records import Cluster

HEADS = (("Cluster", 56), ("items", 12), ("reviewed", 18), ("rate", 14))
"""The columns of the table, and the share of the width that each takes."""
_NAME = 120


class FlaggedCard(RowButton):
    """All that is known of a flagged cluster: what was seen and expected, what stands out in it, and what is typical of it."""

    def __init__(self, one: "Cluster", quote: str) -> None:
        super().__init__("cite")
        self.setCheckable(True)
        counts, name = words.counts(one), shown(one.name, _NAME)
        self.setAccessibleName(f"{name}, flagged, {words.p_value(one)}")
        self.setAccessibleDescription(counts)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 10)
        column.setSpacing(5)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Paragraph(name, role="strong"), 1)
        top.addWidget(Pill(words.p_value(one), "bad"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(Paragraph(counts, tone="muted"))
        if one.stands_out:
            column.addWidget(_Chips([words.stands_out(said) for said in one.stands_out]))
        if quote:
            column.addWidget(Paragraph(f"typical: “{shown(quote, _NAME)}”", role="mono", tone="muted"))
        self.take_clicks()


class PlainRow(RowButton):
    """A cluster that is not flagged: its name, items, how many of these were reviewed, and its rate."""

    def __init__(self, one: "Cluster") -> None:
        super().__init__("settle")
        self.setCheckable(True)
        name = shown(one.name, _NAME)
        self.setAccessibleName(name)
        tested = f" {words.p_value(one)}." if one.p_value is not None else ""
        self.setAccessibleDescription(f"{words.counts(one)}{tested}")
        rate = "–" if one.rate is None else f"{one.rate:.0%}"
        self.cells = (Paragraph(name), *(plain_label(cell) for cell in (f"{one.size:,}", f"{one.reviewed:,}", rate)))
        row_of(self, self.cells)
        self.take_clicks()


class Heads(QWidget):
    """The line of headings."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = tuple(plain_label(word, role="label") for word, _ in HEADS)
        row_of(self, self.cells)


def align(lines: Sequence[tuple[PlainLabel, ...]]) -> None:
    """Give each column of numbers, in all lines, the room that its widest heading or number needs; the names have the rest."""
    for column in list(zip(*lines, strict=True))[1:]:
        for cell in column:
            cell.ensurePolished()
        widest = max(cell.fontMetrics().size(Qt.TextFlag.TextSingleLine, cell.text()).width() for cell in column)
        for cell in column:
            cell.setMinimumWidth(widest)


def row_of(room: QWidget, cells: tuple[PlainLabel, ...]) -> None:
    """Cells beside each other, as wide as their share; numbers stand at the right."""
    line = QHBoxLayout(room)
    line.setContentsMargins(8, 7, 8, 7)
    line.setSpacing(6)
    for place, (cell, (_, share)) in enumerate(zip(cells, HEADS, strict=True)):
        if place:
            cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        as_wide_as_its_share(cell)
        line.addWidget(cell, share)


class _Chips(QWidget):
    """What stands out, as pills in as many lines as they need."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        flow = Flow(self)
        flow.setSpacing(6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for one in said:
            flow.addWidget(Chip(one))

"""The right: a row as it is trained on, and its story back to the record it came from. Shows text as it is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.ui.pages.datasets.fetching import RowTold
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.operations.release_telling import Column, Link

_BESIDE = 120  # pixels of the names of short columns


class RowSide(Scrolling):
    """Shows one row."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Row", Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        room = QWidget()
        room.setObjectName("side")
        column = QVBoxLayout(room)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        self.number = plain_label(role="label")
        head.addWidget(self.number, 1)
        head.addWidget(plain_label("J K: other rows", role="label", tone="faint"))
        column.addLayout(head)
        self.field = QLineEdit()
        self.field.setPlaceholderText("G: number of a row, or an id")
        self.field.setAccessibleName("Go to a row")
        self.wrong = Paragraph(tone="bad")
        self.wrong.hide()
        column.addWidget(self.field)
        column.addWidget(self.wrong)
        self._told = QVBoxLayout()
        self._told.setSpacing(8)
        column.addLayout(self._told)
        column.addStretch(1)
        self.setWidget(room)
        self.story: tuple[Link, ...] = ()

    def show_row(self, told: RowTold, *, of: int) -> None:
        """Take a row. of: how many there are."""
        self._clear()
        row = told.row
        self.number.setText(f"Row {row.number:,} of {of:,}, {row.part}")
        for part in columns(self._theme, told.columns):
            self._told.addWidget(part)
        self._told.addSpacing(4)
        self._told.addWidget(plain_label("Its story", role="label"))
        self.story = told.story
        for link in told.story:
            self._told.addWidget(StoryLink(self._theme, link))
        self.verticalScrollBar().setValue(0)
        spoken = ". ".join(f"{link.title}: {link.text}" for link in told.story)
        self.setAccessibleName(f"Row {row.number:,} of {of:,}. {spoken}")

    def fail(self, error: ReviewerError) -> None:
        """Say why a row cannot be shown, or was not found."""
        self.wrong.setText(f"⚠ {error.what} {error.hint}")
        self.wrong.show()
        self.field.setAccessibleDescription(self.wrong.text())

    def _clear(self) -> None:
        self.wrong.hide()
        self.field.setAccessibleDescription("")
        remove_all(self._told)


class StoryLink(QWidget):
    """A step of the story, with a line at its left that leads on."""

    def __init__(self, theme: Theme, link: "Link") -> None:
        super().__init__()
        self._theme, self._tone = theme, link.tone
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 0, 8)
        column.setSpacing(1)
        mark = {"ok": "● ", "warn": "◆ ", "bad": "▲ "}.get(link.tone, "")
        column.addWidget(Paragraph(f"{mark}{link.title}", role="strong"))
        column.addWidget(Paragraph(link.text, tone=link.tone if link.tone == "bad" else "muted"))
        self.setAccessibleName(f"{link.title}: {link.text}")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - as Qt calls it
        """The line."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.colour(self._tone or "line"), 2))
        painter.drawLine(1, 2, 1, self.height() - 6)
        painter.end()


def columns(theme: Theme, told: "Sequence[Column]") -> list[QWidget]:
    """A row's columns: texts on papers, what is short below them, name and value beside each other."""
    found: list[QWidget] = []
    short = [column for column in told if column.short]
    for column in told:
        if not column.short:
            paper = Card(paper="row")
            paper.column.setContentsMargins(12, 8, 12, 8)
            paper.column.setSpacing(4)
            paper.column.addWidget(plain_label(column.name, role="mono", tone="faint"))
            for who, said in column.said:
                if who:
                    paper.column.addWidget(plain_label(who, role="small", tone="muted"))
                paper.column.addWidget(Paragraph(said or "nothing", tone="" if said else "faint"))
            paper.setAccessibleName(column.name)
            found.append(paper)
    if short:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(2, 0, 0, 0)
        grid.setColumnMinimumWidth(0, theme.px(_BESIDE))
        grid.setColumnStretch(1, 1)
        for place, column in enumerate(short):
            grid.addWidget(plain_label(column.name, role="mono", tone="faint"), place, 0)
            grid.addWidget(plain_label(column.said[0][1], role="mono", wrap=True), place, 1)
        holder.setAccessibleName(", ".join(f"{column.name}: {column.said[0][1]}" for column in short))
        found.append(holder)
    return found

"""What a release would hold, beside the form: figures, and real rows as they would be written."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui.pages.datasets import words
from reviewer.ui.pages.datasets.fetching import Seen
from reviewer.ui.pages.datasets.row_side import columns
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.release_previews import Previewed

_SHOWN = 3


class PreviewPanel(Scrolling):
    """Grey while something newer is made."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("What would be written", Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(2, 0, 10, 0)
        column.setSpacing(10)
        self.busy = ThinBar("Making the preview", wide=True)
        self.doing = plain_label(role="small", tone="faint")
        self.figures, self.left_out, self.mind = plain_label(role="strong", wrap=True), Paragraph(tone="muted"), Paragraph(tone="warn")
        self.wrong = Paragraph(tone="muted")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        for part in (self.busy, self.doing, self.figures, self.left_out, self.mind, self.wrong):
            column.addWidget(part)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.hold(room)
        self._room = room
        self.shown: Seen | None = None
        self.fail()

    def wait(self, what: str) -> None:
        """Something newer is being made; what is shown is of before."""
        self.busy.setRange(0, 0)
        self.busy.show()
        self.doing.setText(what)
        self.doing.show()
        self._room.setEnabled(False)

    def progress(self, done: int, total: int, what: str) -> None:
        """How far it is."""
        self.busy.show_part(done, total)
        self.doing.setText(what)

    def show_preview(self, seen: Seen) -> None:
        """Figures, what to mind, and rows."""
        self._rest()
        self.shown = seen
        found = seen.previewed
        self.figures.setText(_figures(found))
        left = words.left_out(found.dropped)
        self.left_out.setText(left if found.counts is not None else "")
        self.left_out.setVisible(bool(left) and found.counts is not None)
        self.mind.setText("\n".join(f"◆ {warning}" for warning in seen.mind))
        self.mind.setVisible(bool(seen.mind))
        self.figures.show()
        self.wrong.hide()
        self._show_rows(seen)
        self.setAccessibleName(f"What would be written: {self.figures.text()}")

    def fail(self, why: str = "Choose a campaign: its first rows are shown here.") -> None:
        """There is nothing to show. why: in words."""
        self._rest()
        self.shown = None
        for part in (self.figures, self.left_out, self.mind):
            part.hide()
        self._clear()
        self.wrong.setText(why)
        self.wrong.show()

    def _rest(self) -> None:
        self.busy.hide()
        self.doing.hide()
        self._room.setEnabled(True)

    def _show_rows(self, seen: Seen) -> None:
        self._clear()
        rows = seen.previewed.rows[:_SHOWN]
        if rows:
            self._rows.addWidget(plain_label("First rows, as they would be written", role="label"))
        for place, (row, told) in enumerate(zip(rows, seen.rows, strict=False), 1):
            paper = Card()
            head = QHBoxLayout()
            head.addWidget(plain_label(f"Row {place}", role="strong"))
            head.addStretch(1)
            if seen.previewed.counts is not None:
                head.addWidget(Pill(row.part))
            paper.column.addLayout(head)
            for part in columns(self._theme, told):
                paper.column.addWidget(part)
            paper.setAccessibleName(f"Row {place}, {row.part}")
            self._rows.addWidget(paper)
        if seen.previewed.hidden:
            hidden = count(seen.previewed.hidden, "row")
            said = f"{hidden} on items that you have still to judge blind {'is' if seen.previewed.hidden == 1 else 'are'} not shown."
            self._rows.addWidget(Paragraph(said, tone="faint"))

    def _clear(self) -> None:
        remove_all(self._rows)


def _figures(found: "Previewed") -> str:
    if found.counts is None:
        return f"As {found.format}; all rows are counted from the third step on"
    total = sum(found.counts.values())
    parts = ", ".join(f"{rows} {part}" for part, rows in words.parts(found.counts))
    return f"{count(total, 'row')} as {found.format}: {parts}"

"""Two releases side by side: which other one, how many rows differ and why, what was asked for otherwise, and each row that differs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.domain.items import ItemId
from reviewer.domain.release_changes import Comparison
from reviewer.ui.pages.datasets import compare_words as words
from reviewer.ui.pages.datasets.fetching import ComparedTold
from reviewer.ui.pages.policies.lists import Row, RowList
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.removing import remove_all
from reviewer.ui.widgets.words import plain_label

_OTHERS, _ROWS = 4, 6  # as many are seen at once
_LINE, _PAPER = 26, 62  # pixels of the design, as RowList paints them


class CompareView(QWidget):
    """Shows one comparison, and the releases to compare with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.found: Comparison | None = None
        self._items: tuple[ItemId, ...] = ()
        self.pill, self.said = Pill(""), Paragraph(tone="muted")
        self.others = RowList(theme, "Compare with")
        self.rows = RowList(theme, "Rows that differ", papers=True)
        self.rows.setObjectName("compared-rows")
        self.withheld = Paragraph(tone="muted")
        self._told = QWidget()
        self._figures, self._rules = QGridLayout(), QGridLayout()
        self._rules_paper = Card(paper="row")
        self._build()
        theme.changed.connect(self._fit)
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(plain_label("Compared with another release", role="label"))
        paper = Card()
        head = QHBoxLayout()
        self._hint = plain_label("↑ ↓ choose, Enter compares", role="label", tone="faint")
        head.addWidget(self._hint, 1)
        head.addWidget(self.pill)
        paper.column.addLayout(head)
        paper.column.addWidget(self.others)
        paper.column.addWidget(self.said)
        told = QVBoxLayout(self._told)
        told.setContentsMargins(0, 6, 0, 0)
        told.setSpacing(10)
        told.addLayout(self._figures)
        told.addWidget(self._rules_paper)
        self._rules_paper.column.addWidget(plain_label("Asked for otherwise: then, now", role="label"))
        self._rules_paper.column.addLayout(self._rules)
        told.addWidget(self.rows)
        told.addWidget(self.withheld)
        paper.column.addWidget(self._told)
        column.addWidget(paper)
        for grid in (self._figures, self._rules):
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(6)
        self._figures.setColumnStretch(1, 1)
        self._rules.setColumnStretch(1, 1)
        self._rules.setColumnStretch(2, 1)

    def show_others(self, rows: Sequence[Row], *, keep: str) -> None:
        """The releases that can be compared with it; keep: the one that is chosen."""
        self.others.show_rows(rows, keep=keep)
        self.others.setVisible(bool(rows))
        self._fit()
        self._hint.setVisible(bool(rows))
        self.say(words.NO_OTHER if not rows else "")
        self.show()

    def say(self, text: str, *, pill: str = "", kind: str = "plain") -> None:
        """Something in place of a comparison: that it is on its way, that it was stopped, why it cannot be."""
        self.found = None
        self._told.hide()
        self._head(text, pill, kind)

    def fail(self, error: ReviewerError) -> None:
        """Why the two cannot be compared, and what to do."""
        self.say(f"⚠ {error.what} {error.hint}", pill="not compared", kind="warn")

    def show_comparison(self, told: ComparedTold) -> None:
        """Take what differs."""
        self.found = found = told.found
        self._fill_figures(words.figures(found))
        self._fill_rules(words.rules(found))
        self._items = told.items
        self.rows.show_rows(told.rows)
        self.rows.setVisible(bool(told.rows))
        self.withheld.setText(words.withheld(found))
        self.withheld.setVisible(bool(found.withheld))
        self._fit()
        self._told.show()
        self._head("", *words.verdict_on(found))

    def item(self) -> ItemId | None:
        """The item of the row that is current, where the list of rows has the focus."""
        key = self.rows.key
        return self._items[int(key)] if key and self.rows.hasFocus() else None

    def _head(self, text: str, pill: str, kind: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.pill.say(pill, kind)
        self.pill.setVisible(bool(pill))
        spoken = ". ".join(part for part in (pill, text) if part)
        self.setAccessibleName(f"Compared with another release. {spoken}".strip())
        announce(self, spoken)

    def _fill_figures(self, told: Sequence[words.Figure]) -> None:
        remove_all(self._figures)
        for place, one in enumerate(told):
            self._figures.addWidget(plain_label(one.rows, role="strong"), place, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(Paragraph(one.said, role="strong", tone="warn" if one.kind == "flipped" else ""))
            if one.why:
                column.addWidget(Paragraph(one.why, tone="muted"))
            self._figures.addLayout(column, place, 1)

    def _fill_rules(self, told: Sequence[tuple[str, str, str]]) -> None:
        remove_all(self._rules)
        for place, (name, old, new) in enumerate(told):
            self._rules.addWidget(plain_label(name, role="mono", tone="faint"), place, 0, Qt.AlignmentFlag.AlignTop)
            self._rules.addWidget(Paragraph(old, tone="muted"), place, 1)
            self._rules.addWidget(Paragraph(new), place, 2)
        self._rules_paper.setVisible(bool(told))
        self._rules_paper.setAccessibleName("; ".join(f"{name}: {old}, now {new}" for name, old, new in told))

    def _fit(self) -> None:
        px = self._theme.px
        self.others.setFixedHeight(px(_LINE) * min(max(len(self.others.rows), 1), _OTHERS) + 2)
        self.rows.setFixedHeight(px(_PAPER) * min(max(len(self.rows.rows), 1), _ROWS) + 2)

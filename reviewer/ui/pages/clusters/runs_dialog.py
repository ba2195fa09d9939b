"""Earlier runs: choosing the one that the page shows, and what came and went between it and another."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.pages.clusters import fetching
from reviewer.ui.pages.clusters import runs_words as words
from reviewer.ui.pages.explore.sheet import SheetDialog
from reviewer.ui.pages.policies.lists import RowList
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.lists import ChoiceList
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.cluster_history import Compared, Runs
    from reviewer.operations.cluster_records import Clustering

_PAPER = 62  # pixels of the design, as RowList paints one
_SEEN = 3  # runs that are seen at once


class RunsDialog(SheetDialog):
    """Up and Down go from run to run, Enter shows one; below stands what changed."""

    wanted = Signal(str)
    """The run to show; empty for the last one, whichever that is by then."""

    def __init__(self, desk: Desk, page: QWidget, *, run: str) -> None:
        """run: the one that the page shows."""
        super().__init__(page, desk.theme, "Runs of clusters")
        self._desk, self._shows = desk, run
        self._runs: tuple[Clustering, ...] = ()
        self.runs = RowList(desk.theme, "Runs, newest first", papers=True)
        self.runs.setObjectName("clusters-runs")
        self._fit()
        self.compared = ChoiceList()
        self.compared.setAccessibleName("Compared with")
        self.items = Paragraph(tone="muted")
        self.area = QScrollArea()
        self._hidden = Paragraph(tone="muted")
        self._build()
        self.set_buttons(("Show this run", self._choose), ("Close", self.reject))
        self.resize_to(760, 640)
        self.runs.moved.connect(lambda _run: self._offer())
        self.runs.opened.connect(lambda _run: self._choose())
        self.compared.activated.connect(lambda _place: self._compare())
        self.finished.connect(self.deleteLater)
        self.runs.setFocus(Qt.FocusReason.OtherFocusReason)
        self._allow()
        desk.jobs.read(fetching.runs, owner=self, done=self._list, failed=self._failed)

    def _build(self) -> None:
        self.body.addWidget(plain_label("↑ ↓ go from run to run, Enter shows one", role="label", tone="faint"))
        self.body.addWidget(self.runs)
        self.body.addWidget(self._hidden)
        self._hidden.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(plain_label("Compared with", tone="muted"))
        row.addWidget(self.compared, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.items)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName("What came and went")
        self.area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self.area, 1)

    def _fit(self) -> None:
        self.runs.setFixedHeight(self._desk.theme.px(_PAPER) * min(max(len(self.runs.rows), 1), _SEEN) + 2)

    @property
    def said(self) -> str:
        """What is said of items, or in place of a comparison."""
        return self.items.text()

    def _list(self, found: "Runs") -> None:
        self._runs, zone = found.runs, self._desk.settings[TIME_ZONE]
        rows = [words.row(one, zone, shows=one.run == self._shows) for one in found.runs]
        self.runs.show_rows(rows, keep=self._shows)
        self._fit()
        self._hidden.setText(words.hidden(found))
        self._hidden.setVisible(bool(found.hidden))
        self._offer()

    def _offer(self) -> None:
        """The other runs; at first the newest, for the newest itself the one before."""
        before = self.compared.currentData()
        others = [one for one in self._runs if one.run != self.runs.key]
        self.compared.clear()
        for one in others:
            self.compared.addItem(words.choice(one, self._desk.settings[TIME_ZONE]), one.run)
        self.compared.setCurrentIndex(max(self.compared.findData(before), 0) if others else -1)
        self._allow()
        self._compare()

    def _allow(self) -> None:
        self.compared.setEnabled(self.compared.count() > 0)
        if self.main is not None:
            self.main.setEnabled(bool(self.runs.key))

    def _compare(self) -> None:
        other = self.compared.currentData()
        if other is None:
            self._fill(())
            self.items.setText(words.ALONE if self._runs else "")
            return
        pair = (self.runs.key, other)
        work = partial(fetching.compare_runs, run=self.runs.key, other=other)
        self._desk.jobs.read(work, owner=self, slot="compare", done=partial(self._show, pair), failed=self._failed)

    def _show(self, pair: tuple[str, str], found: "Compared") -> None:
        if pair != (self.runs.key, self.compared.currentData()):
            return  # another was chosen meanwhile
        self.items.setText(words.items(found))
        sections = words.sections(found)
        self._fill(sections)
        announce(self, ". ".join(f"{heading}: {len(some) or 'none'}" for heading, some in sections))

    def _failed(self, error: ReviewerError) -> None:
        self._fill(())
        self.items.setText(f"{error.what} {error.hint}")

    def _fill(self, sections: tuple[tuple[str, tuple[words.Told, ...]], ...]) -> None:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for heading, some in sections:
            column.addWidget(plain_label(heading if some else f"{heading}: none", role="label"))
            for one in some:
                paper = Card(paper="row")
                paper.setAccessibleName(f"{heading}: {one.name}. {one.here} {one.there}")
                paper.column.addWidget(Paragraph(one.name, role="strong"))
                paper.column.addWidget(Paragraph(one.here))
                paper.column.addWidget(Paragraph(one.there, tone="muted"))
                column.addWidget(paper)
        column.addStretch(1)
        self.area.setWidget(room)
        room.setAutoFillBackground(False)  # a scroll area fills what it is given

    def _choose(self) -> None:
        run = self.runs.key
        if run:
            self.accept()
            self.wanted.emit("" if run == self._runs[0].run else run)

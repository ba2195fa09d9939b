"""The strip above the footer: what long work is doing, how far it is, and a way to stop it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Jobs, Report
from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.words import OneLine


class Strip(QFrame):
    """One row for each piece of long work; no room at all when there is none."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName("Work in the background")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 4, 16, 4)
        self._column.setSpacing(4)
        self._rows: dict[Ticket, _Row] = {}
        jobs.begun.connect(self._begin)
        jobs.progressed.connect(self._show)
        jobs.ended.connect(self._end)
        self.hide()

    def _begin(self, report: Report) -> None:
        row = _Row(report.title, report.ticket, stops=report.stops)
        self._rows[report.ticket] = row
        self._column.addWidget(row)
        self.show()

    def _show(self, report: Report) -> None:
        if report.ticket not in self._rows and not report.stops:
            self._begin(report)  # work that shows itself only when it has something to tell
        row = self._rows.get(report.ticket)
        if row is not None:
            row.take(report)

    def _end(self, ticket: Ticket) -> None:
        row = self._rows.pop(ticket, None)
        if row is not None:
            self._column.removeWidget(row)
            row.deleteLater()
        self.setVisible(bool(self._rows))


class _Row(QWidget):
    def __init__(self, title: str, ticket: Ticket, *, stops: bool) -> None:
        super().__init__()
        self._ticket = ticket
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        name = OneLine(title, role="strong")
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(name)
        self._bar = ThinBar(title)
        self._bar.show_part(0, 0)
        row.addWidget(self._bar)
        self._words = OneLine(tone="muted")
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(self._words, 1)
        self._stop = QPushButton("Stop")
        self._stop.setProperty("kind", "quiet")
        self._stop.setAccessibleName(f"Stop: {title}")
        self._stop.clicked.connect(self._cancel)
        row.addWidget(self._stop)
        self._stop.setVisible(stops)  # not before: without a parent it would be a window, and take the keys

    def take(self, report: Report) -> None:
        done, total, what = report.progress
        self._bar.show_part(done, total)
        figures = f"{done:,} of {total:,}" if total else f"{done:,}" if done else ""
        self._words.setText(", ".join(part for part in (figures, what) if part))
        self._words.setMinimumWidth(self._words.fontMetrics().horizontalAdvance(f"{figures}, …"))  # these are whole, however long the title

    def _cancel(self) -> None:
        self._ticket.cancel()
        self._stop.setEnabled(False)
        self._stop.setText("Stopping…")

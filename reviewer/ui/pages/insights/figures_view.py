"""All cards of the page and how they share the room: rates first, then agreement, clauses, reviewers and judges."""

from functools import partial

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.ui.pages.insights import rows
from reviewer.ui.pages.insights.agreement_card import AgreementCard
from reviewer.ui.pages.insights.chart_card import ChartCard
from reviewer.ui.pages.insights.queue_card import QueueCard
from reviewer.ui.pages.insights.rate_card import RateCard
from reviewer.ui.pages.insights.tables import FigureCard
from reviewer.ui.pages.insights.tolerable import Tolerable
from reviewer.ui.theme import Theme
from reviewer.ui.widgets.charts.chart import Chart
from reviewer.ui.widgets.scrolling import Scrolling

_IN_A_ROW = 980  # pixels of the design; below, cards stand under each other
_SHARES = (64, 36)
_RATE_BESIDE_CHART = 560
_JUDGE_BESIDE_CURVE = 760
_RATE_SHARES = (31, 69)
_FIGURES_IN_A_ROW = 460
_WIDEST = 1680
_GAP = 14


class FiguresView(Scrolling):
    """Scrolls to whatever has the focus; to the side there is nothing."""

    def __init__(self, theme: Theme, name: str) -> None:
        """name: of the page, for screen readers."""
        super().__init__(name)
        self._theme = theme
        self.rate = RateCard()
        self.sure = ChartCard(theme, "How sure are we, item by item", "valid whenever you stop")
        self.tolerable = Tolerable()
        self.sure.put_below(self.tolerable)
        self.time = ChartCard(theme, "Rate over time", "by the time of the items; lines mark policy versions")
        self.by = ChartCard(theme, "Violation rate by", "95% intervals", list_name="Field")
        self.judge = ChartCard(theme, "Judge", "against blind answers of people; 95% intervals", list_name="Judge")
        self.curve = ChartCard(theme, "Judge's scores", "on the dashed line, scores are chances")
        self.queue = QueueCard()
        self.agreement = AgreementCard()
        self.pairs = FigureCard("Pairs of reviewers", "Cohen's kappa, 95% interval", rows.PAIRS)
        self.clauses = FigureCard(
            "Clauses: where policy itself may be at fault", "agreement is Krippendorff's alpha with 95% interval", rows.CLAUSES
        )
        self.reviewers = FigureCard("Reviewers", "in the order of their names", rows.REVIEWERS)
        self.of_rates = (self.rate, self.sure, self.time, self.by)
        self.charts = (self.sure, self.time, self.by, self.judge, self.curve)
        self._lay_out()
        for card in self.charts:
            card.moved.connect(partial(self._bring_into_view, card))
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr] # there is one

    def _lay_out(self) -> None:
        self._room = QWidget()
        sides = QHBoxLayout(self._room)
        sides.setContentsMargins(16, 16, 16, 16)
        self._both = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._both)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        top = QWidget()
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight, top)
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.setSpacing(_GAP)
        for card, share in zip((self.rate, self.sure), _RATE_SHARES, strict=True):
            self._top.addWidget(card, share)
        judges = QWidget()
        self._judges = QBoxLayout(QBoxLayout.Direction.LeftToRight, judges)
        self._judges.setContentsMargins(0, 0, 0, 0)
        self._judges.setSpacing(_GAP)
        for card in (self.judge, self.curve):
            self._judges.addWidget(card, 1)
        self._row.addLayout(_column(top, self.time, self.agreement, self.clauses))
        self._row.addLayout(_column(self.by, self.queue, self.reviewers, self.pairs, judges))
        sides.addWidget(self._both, 100)
        sides.addStretch(0)  # takes only what is beyond the greatest width
        self.hold(self._room)

    def take_focus(self) -> None:
        """Go to the first figure."""
        if not self.rate.isHidden():
            self.rate.take_focus()
        elif not self.agreement.take_focus() and not self.clauses.take_focus():
            self.reviewers.take_focus()

    def chart(self) -> Chart:
        """The chart with the focus, else the one by a field."""
        return next((card.chart for card in self.charts if card.chart.hasFocus()), self.by.chart)

    def fit(self, width: int) -> None:
        """Share a width, pixels: where there is little room, cards stand below each other."""
        px = self._theme.px
        narrow = width < px(_IN_A_ROW)
        self._row.setDirection(_direction(beside=not narrow))
        for place, share in enumerate((0, 1) if narrow else _SHARES):  # stacked, what is too much stands below all
            self._row.setStretch(place, share)
        self._both.setMaximumWidth(px(_WIDEST))
        left = width * (1 if narrow else 0.6)
        self._top.setDirection(_direction(beside=left >= px(_RATE_BESIDE_CHART)))
        self._judges.setDirection(_direction(beside=narrow and width >= px(_JUDGE_BESIDE_CURVE)))
        self.agreement.stack(left < px(_FIGURES_IN_A_ROW))

    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._both.isAncestorOf(now) and not isinstance(now, Chart):
            self.ensureWidgetVisible(now)

    def _bring_into_view(self, card: ChartCard, place: QRect) -> None:
        """The card whose chart the keys went to; where all of it does not fit, the figure."""
        if card.height() <= self.viewport().height():
            self.ensureWidgetVisible(card, 0, 0)
            return
        middle = card.chart.mapTo(self._room, place.center())
        self.ensureVisible(middle.x(), middle.y(), 0, place.height())


def _direction(*, beside: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom


def _column(*cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(_GAP)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return column

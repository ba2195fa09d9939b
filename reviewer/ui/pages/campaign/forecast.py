"""What a design will be able to say, and what it costs: the panel beside the form, made anew while one types."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from reviewer.ui.pages.campaign import words
from reviewer.ui.theme import ANY_WIDTH, Theme
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.widgets.bars import ThinBar
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.designing import DesignPreview

_GROWS = "The sample can grow later, also over new traffic; what was reviewed stays valid."
_SIDE, _BESIDE_FROM = 370, 860  # pixels of the design: at 150 % the form takes all of a window of 1280
_MOMENT_MS = 400  # what is there sooner shall not flicker


class Figure(Card):
    """A large figure between what it is and what it rests on."""

    def __init__(self) -> None:
        super().__init__()
        self._before = Paragraph(tone="muted")
        self._figure = plain_label(role="big", wrap=True)
        self._after = Paragraph(tone="muted")
        for part in (self._before, self._figure, self._after):
            self.column.addWidget(part)

    def say(self, before: str, figure: str, after: str) -> None:
        """Show it."""
        for part, said in ((self._before, before), (self._figure, figure), (self._after, after)):
            part.setText(said)
            part.setVisible(bool(said))
        self.setAccessibleName(f"{before} {figure}. {after}")


class Beside(QWidget):
    """A form with its forecast beside it; below it, where there is little room."""

    def __init__(self, theme: Theme, form: QWidget, forecast: "Forecast") -> None:
        super().__init__()
        self._theme, self._forecast = theme, forecast
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(24)
        self._parts.addWidget(form, 3)
        self._parts.addWidget(forecast, 2)
        theme.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The room decides."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px = self._theme.px
        wide = self.width() >= px(_BESIDE_FROM)
        self._parts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._forecast.setMinimumWidth(px(_SIDE) if wide else 0)
        self._forecast.setMaximumWidth(px(_SIDE) if wide else ANY_WIDTH)


class Forecast(QScrollArea):
    """Grey while something newer is worked out; empty, with the reason, where the design cannot be."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("What this will tell you")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        room = QWidget()
        self._column = QVBoxLayout(room)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(10)
        self._title = plain_label("What this will tell you", role="label")
        self._busy = ThinBar("Working it out", wide=True)
        self._busy.setRange(0, 0)
        self._busy.hide()
        self.exact = Figure()
        self.pace = Figure()
        self.picks = Paragraph(tone="muted")
        self.warnings = Strip(theme, "warn")
        self._grows = Paragraph(_GROWS, tone="faint")
        self._why_not = Paragraph(tone="muted")
        for part in (
            self._title, self._busy, self.exact, self.pace, self.picks, self.warnings, self._grows, self._why_not,
        ):  # fmt: skip
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.setWidget(room)
        self.viewport().setAutoFillBackground(False)
        room.setAutoFillBackground(False)
        self._moment = QTimer(self, singleShot=True, interval=_MOMENT_MS)
        self._moment.timeout.connect(self._busy.show)
        self._figures = (self.exact, self.pace, self.picks, self.warnings, self._grows)
        self.fail("")

    def wait(self) -> None:
        """Something newer is being worked out; what is shown is of before."""
        if not self._moment.isActive() and self._busy.isHidden():
            self._moment.start()
        for part in self._figures:
            part.setEnabled(False)

    def show_preview(self, preview: "DesignPreview", *, people: int, second: bool) -> None:
        """people: who share the work; second: whether some items are asked of two."""
        self._rest()
        self.exact.say(*words.exactness(preview))
        self.pace.say(*words.pace(preview, people, second=second))
        self.picks.setText(words.picks(preview))
        self._why_not.hide()
        for part in self._figures:
            part.setEnabled(True)
            part.show()
        self._grows.setVisible(preview.design != "all")
        self.warnings.say("\n".join(preview.warnings))
        self.warnings.setVisible(bool(self.warnings.words))  # it was shown with the rest, and says nothing anew where nothing changed

    def fail(self, why: str) -> None:
        """There is nothing to show. why: in words, where that is not said elsewhere."""
        self._rest()
        for part in self._figures:
            part.hide()
        self._why_not.setText(why or "Nothing can be said yet.")
        self._why_not.show()

    def _rest(self) -> None:
        self._moment.stop()
        self._busy.hide()

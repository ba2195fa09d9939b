"""A thin bar that wanders costs next to nothing."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.bars import ThinBar


class Counting(ThinBar):
    """Counts what it is told by the style's clock, and how often it is painted."""

    beats = paints = 0

    def event(self, event: QEvent) -> bool:
        """Count a beat."""
        self.beats += event.type() == QEvent.Type.StyleAnimationUpdate
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - overrides of Qt keep Qt's spelling
        """Count a painting."""
        self.paints += 1
        super().paintEvent(event)


def test_a_bar_goes_on_wandering_and_is_not_painted_at_each_beat(qtbot: QtBot, theme: Theme) -> None:
    del theme
    bar = Counting("Work")
    qtbot.addWidget(bar)
    bar.show_part(0, 0)
    bar.show()
    qtbot.waitUntil(lambda: bar.beats >= 40)
    assert 2 <= bar.paints <= 8
    bar.show_part(1, 2)
    assert (bar.value(), bar.maximum()) == (1, 2)

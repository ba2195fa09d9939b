"""A chart is worked by keys, and a screen reader hears the figure that they stand on."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from reviewer.ui.theme import Theme
from reviewer.ui.widgets.charts.chart import Chart
from reviewer.ui.widgets.charts.interval_rows import IntervalRows
from tests.ui.widgets.charts.drawings import MODELS, ROWS, WEEKS


class Painted(Chart):
    """Counts how often it is painted."""

    times = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt
        """One more."""
        self.times += 1
        super().paintEvent(event)


@pytest.fixture
def chart(qtbot: QtBot, theme: Theme) -> Painted:
    """Rows of models, shown, with the focus."""
    chart = Painted(theme)
    qtbot.addWidget(chart)
    chart.show_drawing(ROWS)
    chart.resize(560, chart.heightForWidth(560))
    with qtbot.waitActive(chart):
        chart.show()
        chart.activateWindow()
    assert chart.take_focus()
    qtbot.waitUntil(lambda: chart.hasFocus() and chart.times > 0, timeout=30_000)
    return chart


def test_arrows_go_from_figure_to_figure_and_each_is_said(chart: Painted) -> None:
    assert chart.accessibleName() == "Violation rate by model: gpt-4o-2024-05"
    assert chart.accessibleDescription().startswith("24.1% (15.0% to 39.7%), 41 of 400 items. Simple random sample;")
    assert "Opens the labels behind it." in chart.accessibleDescription()
    for key, name in (
        (Qt.Key.Key_Up, "gpt-4o-2024-05"),
        (Qt.Key.Key_Down, "gpt-4o-2024-08"),
        (Qt.Key.Key_Right, "sonnet"),
        (Qt.Key.Key_Left, "gpt-4o-2024-08"),
        (Qt.Key.Key_End, "rare"),
        (Qt.Key.Key_Down, "rare"),
        (Qt.Key.Key_Home, "gpt-4o-2024-05"),
    ):
        QTest.keyClick(chart, key)
        assert chart.accessibleName() == f"Violation rate by model: {name}"


def test_return_opens_the_labels_and_says_why_where_no_search_can(chart: Painted) -> None:
    opened: list[str] = []
    chart.opened.connect(opened.append)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Enter)
    assert opened == ["model:gpt-4o-2024-08"]
    assert "never drawn: no search can name this part of the items" in QToolTip.text()
    assert "Opens" not in chart.accessibleDescription()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart._place(2).center().toPoint())
    assert opened[1:] == ["model:sonnet"]
    assert chart.accessibleName() == "Violation rate by model: sonnet"


def test_new_figures_leave_the_keys_on_the_one_of_the_same_name(chart: Painted) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Down)
    chart.show_drawing(replace(ROWS, marks=(MODELS[2], MODELS[0], MODELS[1]._replace(n=45))))
    assert chart.hasFocus()
    assert chart.mark == MODELS[1]._replace(n=45)
    assert "45 of 500 items" in chart.accessibleDescription()
    chart.show_drawing(replace(ROWS, marks=MODELS[:1]))
    assert chart.mark == MODELS[0]


def test_the_same_figures_are_not_painted_again(chart: Painted) -> None:
    QApplication.processEvents()
    before = chart.times
    chart.show_drawing(IntervalRows(ROWS.title, tuple(MODELS), ROWS.heading, ROWS.whole))
    QApplication.processEvents()
    assert chart.times == before


def test_space_and_hovering_say_what_a_figure_rests_on_as_plain_text(chart: Painted, qtbot: QtBot) -> None:
    chart.show_drawing(replace(ROWS, marks=(MODELS[0]._replace(name="<img src='file:///x'>"), *MODELS[1:])))
    QTest.keyClick(chart, Qt.Key.Key_Space)
    qtbot.waitUntil(QToolTip.isVisible, timeout=30_000)
    assert "&lt;img" in QToolTip.text()
    assert "exact hypergeometric limits" in QToolTip.text()
    place = chart._place(1).center().toPoint()
    QApplication.sendEvent(chart, QHelpEvent(QEvent.Type.ToolTip, place, chart.mapToGlobal(place)))
    assert "gpt-4o-2024-08" in QToolTip.text()
    QApplication.sendEvent(chart, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 3), chart.mapToGlobal(QPoint(5, 3))))
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=30_000)


def test_without_figures_no_key_leads_to_it(qtbot: QtBot, theme: Theme) -> None:
    chart = Chart(theme)
    qtbot.addWidget(chart)
    assert not chart.take_focus()
    chart.show_drawing(replace(ROWS, marks=()))
    assert not chart.take_focus()
    assert chart.focusPolicy() == Qt.FocusPolicy.NoFocus
    chart.show_drawing(WEEKS)
    assert chart.focusPolicy() == Qt.FocusPolicy.StrongFocus

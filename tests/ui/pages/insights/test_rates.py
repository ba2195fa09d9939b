"""Rates on the page are those of the operation, each with its basis; keys alone lead to every one, to its labels, and into a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TOLERABLE_RATES
from reviewer.domain.progress import SILENT
from reviewer.operations import estimating, searching
from reviewer.ui.pages.insights import exporting
from reviewer.ui.widgets.charts.marks import percent
from tests import opinions
from tests.opinions import PEOPLE, Labelled
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow
from tests.ui.pages.insights.conftest import LONG_MS, Look, Looking


@pytest.fixture
def labelled(tmp_path: Path) -> Iterator[Labelled]:
    """A campaign that three people labelled; Ada looks."""
    made = opinions.labelled(tmp_path / "workspace")
    yield made
    made.workspace.close()


def ready(looking: Look, labelled: Labelled) -> Looking:
    person = looking(labelled.workspace.folder)
    person.wait(lambda: person.page.found is not None and person.page.rates is not None)
    return person


def choose_field(person: Looking, name: str) -> None:
    """Choose by keys: F, then Down until it is there."""
    person.press(Qt.Key.Key_F)
    assert person.focus() == "Field"
    person.press(Qt.Key.Key_Home)
    for _ in range(person.page.by.list.findData(name) - person.page.by.list.currentIndex()):
        person.press(Qt.Key.Key_Down)
    person.wait(lambda: person.page.rates is not None and person.page.rates.whole.by_field == name)


def test_keys_alone_lead_from_rate_to_rate_and_to_the_labels_behind_each(looking: Look, labelled: Labelled) -> None:
    person = ready(looking, labelled)
    whole = estimating.estimate_campaign(labelled.workspace, SILENT, campaign=opinions.NAME, by="agent").value
    assert person.focus() == f"Violation rate, all items: {percent(whole.estimate)}"
    described = person.page.rate.figure.accessibleDescription()
    assert f"95% interval {percent(whole.low)} to {percent(whole.high)}." in described
    assert "47 of 60 items" in described
    assert f"Were the 11 open and 2 unsure all compliant, {percent(whole.low_if)}; were none, {percent(whole.high_if)}." in described
    person.press(Qt.Key.Key_U)
    assert person.focus() == "Queue: 60 of 60 items complete"
    person.press(Qt.Key.Key_S)
    assert person.focus() == "How sure are we, item by item: after 1 item"
    assert "tolerable" not in person.page.sure.said
    person.press(Qt.Key.Key_L)
    box = QApplication.focusWidget()
    assert box is not None
    assert box.accessibleName() == "Tolerable rate, per cent; 0 for none"
    QTest.keyClicks(box, "99")
    person.press(Qt.Key.Key_Return)
    assert person.focus() == "How sure are we, item by item: after 1 item"
    assert "the tolerable 99% after" in person.page.sure.said
    assert person.page.desk.settings[TOLERABLE_RATES] == {person.page.rates.whole.id: 0.99}  # type: ignore[union-attr] # it is ready
    person.press(Qt.Key.Key_T)
    assert person.focus() == "Violation rate by week: week of 27 Apr 2026"
    person.press(Qt.Key.Key_Right)
    assert person.focus() == "Violation rate by week: week of 4 May 2026"
    choose_field(person, "agent")
    person.press(Qt.Key.Key_M)
    drawing = person.page.by.chart.drawing
    assert drawing is not None
    assert sorted((mark.name, mark.estimate, mark.n) for mark in drawing.marks) == [(one.value, one.estimate, one.n) for one in whole.by]
    person.press(Qt.Key.Key_Down)
    mark = person.page.by.chart.mark
    assert mark is not None
    assert person.focus() == f"Violation rate by agent: {mark.name}"
    person.wait(lambda: "claims" in person.page.by.said and "shop" in person.page.by.said)  # two values are compared unasked
    person.press(Qt.Key.Key_D)
    assert "press D again" in person.page.by.said
    person.press(Qt.Key.Key_Up)
    person.press(Qt.Key.Key_D)
    person.wait(lambda: "difference" in person.page.by.said and "press D" not in person.page.by.said)
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_B)
    person.wait(QToolTip.isVisible)
    assert mark.basis in QToolTip.text().lower()
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    person.press(Qt.Key.Key_Return)
    assert person.searched() == mark.query
    assert len(searching.list_items(labelled.workspace, SILENT, text=mark.query).value) == mark.of


def test_a_label_that_comes_in_moves_the_figures_and_neither_focus_nor_place(looking: Look, labelled: Labelled) -> None:
    person = ready(looking, labelled)
    person.window.resize(900, 600)
    choose_field(person, "agent")
    person.press(Qt.Key.Key_M)
    person.press(Qt.Key.Key_Down)
    before, at, bar = person.page.rates, person.page.by.chart.mark, person.page._scroll.verticalScrollBar()
    assert before is not None
    assert at is not None
    person.wait(lambda: bar.value() > 0)  # the chart was brought into view
    place = bar.value()
    c = labelled.workspace.as_member(PEOPLE[2])
    opinions.give(c, labelled.items[-3], "non_compliant", "4.2")  # all three said that it is compliant before
    c.close()
    person.page.refresh()
    person.wait(lambda: person.page.rates is not None and person.page.rates.whole.estimate != before.whole.estimate)
    assert person.page.by.chart.hasFocus()
    assert person.page.by.chart.mark is not None
    assert person.page.by.chart.mark.name == at.name
    assert bar.value() == place


def test_a_chart_is_exported_whole_or_not_at_all_and_said_so(looking: Look, labelled: Labelled, tmp_path: Path) -> None:
    person = ready(looking, labelled)
    drawing = person.page.time.chart.drawing
    assert drawing is not None
    messages = person.window.messages

    def write(name: str) -> tuple[str, str, str]:
        messages.clear()
        exporting.write(person.page, person.page.desk, drawing, "Of all items.", tmp_path / name)
        person.wait(lambda: bool(messages.banners()))
        return messages.banners()[0].says

    for name in ("chart.png", "chart.svg", "chart.csv"):
        assert write(name) == ("ok", "The chart is written.", f"It is in {tmp_path / name}.")
        assert (tmp_path / name).stat().st_size > 100
    assert "There is no folder" in write("nowhere/chart.png")[1]
    assert "“.gif” files" in write("chart.gif")[1]
    assert sorted(path.name for path in tmp_path.glob("*chart*")) == ["chart.csv", "chart.png", "chart.svg"]


def test_whoever_labels_blind_sees_no_rate_by_model_and_is_told_why(qtbot: QtBot, make_window: MakeWindow, labelled: Labelled) -> None:
    from reviewer.ui.pages.insights.page import InsightsPage
    from reviewer.ui.pages.registry import PAGES

    window = make_window(folder=labelled.workspace.folder, pages=PAGES, member=PEOPLE[2])
    page = window.go("insights")
    assert isinstance(page, InsightsPage)
    qtbot.waitUntil(lambda: page.rates is not None and page.found is not None, timeout=LONG_MS)
    assert page.rates is not None
    assert page.rates.fields == ()
    assert page.by.chart.isHidden()
    assert "hidden from you until you have labelled them" in page.by.said
    assert "wait for your own blind label" in page.rate.figure.accessibleDescription()

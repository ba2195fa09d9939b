"""The first page: three ways in by key and by mouse, and what was opened before."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import RECENT_WORKSPACES, Settings
from reviewer.operations.workspaces import create_workspace
from reviewer.ui.pages.start.page import RecentRow, remembered
from reviewer.ui.widgets.cards import ChoiceCard
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow

TWO: list[object] = [
    {
        "folder": "/home/ada/refunds",
        "name": "refunds",
        "summary": "4,812 items, 83 left in your queues",
        "time": "2026-11-21T10:00:00+00:00",
    },
    {"folder": "/home/ada/<b>claims", "time": "no time"},
]


def focused() -> str:
    widget = QApplication.focusWidget()
    return widget.accessibleName() if widget is not None else ""


def test_the_sample_waits_for_enter_and_arrows_go_to_the_other_ways(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(settings=Settings({RECENT_WORKSPACES.key: TWO}))
    walk = [focused()]
    keys = (
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Left,
        Qt.Key.Key_Down,
        Qt.Key.Key_Down,
        Qt.Key.Key_Down,
        Qt.Key.Key_Up,
    )
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)
        walk.append(focused())
    sample, runs, folder = "Try the sample", "Import agent runs", "Open a workspace"
    first, second = "Open refunds", "Open <b>claims"
    assert [name[:15] for name in walk] == [name[:15] for name in (sample, runs, folder, folder, runs, first, second, second, first)]
    assert accessibility.nameless(window) == []
    assert accessibility.out_of_reach(window) == []


def test_enter_on_a_way_takes_it(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    place = tmp_path / "refunds"
    create_workspace(place, member="Ada").value.close()
    window = make_window(settings=Settings({RECENT_WORKSPACES.key: [{"folder": str(place), "name": "refunds"}]}))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.folder == place)


def test_a_workspace_opened_before_opens_with_the_mouse(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    place = tmp_path / "refunds"
    create_workspace(place, member="Ada").value.close()
    window = make_window(settings=Settings({RECENT_WORKSPACES.key: [{"folder": str(place), "name": "refunds"}]}))
    qtbot.mouseClick(window.findChild(RecentRow), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "You are Ada" in accessibility.names(window))
    kept: list[object] = window.settings[RECENT_WORKSPACES]
    assert isinstance(kept[0], dict)
    assert kept[0]["summary"] == "0 items"


def test_without_anything_opened_before_no_list_is_shown(make_window: MakeWindow) -> None:
    assert "Opened before" not in accessibility.names(make_window())


def test_at_twice_the_text_nothing_is_cut_off(make_window: MakeWindow) -> None:
    window = make_window()
    window.theme.resize(200)
    QApplication.processEvents()
    for card in window.findChildren(ChoiceCard):
        layout = card.layout()
        assert layout is not None
        assert card.height() >= layout.heightForWidth(card.width())


def test_what_is_remembered_is_read_as_far_as_it_can_be() -> None:
    rows = remembered([*TWO, "nonsense"], datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert [(row.name, row.words) for row in rows] == [
        ("refunds", "4,812 items, 83 left in your queues, yesterday"),
        ("<b>claims", ""),
    ]

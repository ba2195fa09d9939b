"""A window on a workspace that waits to be admitted."""

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.operations import joining
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow


def test_the_window_opens_on_a_workspace_that_waits_on_every_page(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    joining.join_project(tmp_path / "ben", member="Ben", request=tmp_path / "ben.json")
    window = make_window(folder=tmp_path / "ben", pages=PAGES)
    for entry in PAGES:
        page: QWidget = window.go(entry.name)
        qtbot.waitUntil(page.isVisible)
    qtbot.waitUntil(lambda: not window.jobs.busy)

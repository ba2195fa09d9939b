"""The first page, the palette and the sheets, in both themes."""

import pytest
from PySide6.QtGui import QColor, QImage

from reviewer.catalogue.settings import RECENT_WORKSPACES, Settings
from reviewer.domain.errors import NotSaved
from reviewer.storage.sealing import Locked
from reviewer.ui.pages.registry import PAGES
from tests.golden import images
from tests.ui.conftest import MakeWindow

BOTH = pytest.mark.parametrize("look", ["light", "dark"])
BEFORE: list[object] = [
    {"folder": "/home/ada/Airline refunds", "name": "Airline refunds", "summary": "4,812 items, 83 left in your queues"},
    {"folder": "/home/ada/Claims", "name": "Claims", "summary": "310 items"},
]


@BOTH
def test_the_start_page(make_window: MakeWindow, approve: bool, look: str) -> None:
    window = make_window(pages=PAGES, settings=Settings({RECENT_WORKSPACES.key: BEFORE}))
    window.theme.choose(look)
    images.check(window, f"start-{look}", approve=approve)


@BOTH
@pytest.mark.parametrize("over", ["palette", "keys", "help"])
def test_what_opens_over_the_window(make_window: MakeWindow, approve: bool, look: str, over: str) -> None:
    window = make_window(pages=PAGES)
    window.resize(images.SIZE)
    window.theme.choose(look)
    window.actions_of_page.fire(f"app.{over}")
    images.check(window, f"{over}-{look}", approve=approve)


@BOTH
def test_banners(make_window: MakeWindow, approve: bool, look: str) -> None:
    window = make_window(pages=PAGES)
    window.theme.choose(look)
    window.messages.good("1,204 items were imported.", "3 records were refused.", button="See them", act=lambda: None)
    window.messages.warn("This is an older copy.", "You can go on; new work is kept apart.")
    window.messages.show_error(
        NotSaved("Not saved: the disk is full. Your answer is still on screen.", "Free space, then try again."), retry=lambda: None
    )
    images.check(window, f"banners-{look}", approve=approve)


@BOTH
def test_a_locked_workspace(make_window: MakeWindow, approve: bool, look: str) -> None:
    window = make_window(pages=PAGES)
    window.theme.choose(look)
    panel = window.locking._cover()
    panel.ask("Airline refunds")
    panel.refuse(Locked("Cannot unlock this workspace.", "Check the passphrase, then try again; nothing was changed."), lambda: 2.5)
    images.check(window, f"locked-{look}", approve=approve)


def test_twice_the_text(make_window: MakeWindow, approve: bool) -> None:
    window = make_window(pages=PAGES, settings=Settings({RECENT_WORKSPACES.key: BEFORE}))
    window.theme.resize(200)
    images.check(window, "start-200", approve=approve)


def test_a_different_picture_is_noticed_and_a_soft_edge_is_not() -> None:
    one = QImage(images.SIZE, QImage.Format.Format_RGB32)
    one.fill(QColor("white"))
    same, soft, other = one.copy(), one.copy(), one.copy()
    soft.fill(QColor(230, 230, 230))
    for x in range(60):
        for y in range(40):
            other.setPixelColor(x, y, QColor("black"))
    assert images.difference(one, same) is None
    assert images.difference(one, soft) is None
    differs = images.difference(one, other)
    assert differs is not None
    assert differs.pixelColor(10, 10) == QColor("magenta")
    assert images.beside(one, other, differs).width() == 3 * one.width()

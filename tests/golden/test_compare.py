"""The page that compares outputs in both themes: two answers half judged, four being put in order."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.candidates import Output, keyed
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.ui.pages.compare.page import ComparePage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import pairs, worlds
from tests.golden import images
from tests.golden.test_review import press
from tests.ui.conftest import MakeWindow

BOTH = pytest.mark.parametrize("look", ["light", "dark"])
Open = Callable[..., tuple[Window, ComparePage]]

_ASKED = "My flight HAT136 was cancelled. I bought basic economy without insurance, and I want my money back today."
_GOOD = (
    "I am sorry. Let me look at the reservation before I promise anything.",
    "The airline record shows the flight as available, so it was not cancelled by the airline.",
    "In basic economy without insurance, a cancellation is possible only within 24 hours of booking. I can offer another flight instead.",
)
_BAD = ("I am sorry for the trouble with your flight.", "I have cancelled it and refunded $486 to your card.", "Is there anything else?")
_SHORT = ("I cannot help you with that.",)
_LONG = (*_BAD[:1], "The airline record shows the flight as available.", "May I have your booking number before I look any further?")


def _item(*answers: tuple[str, ...]) -> Item:
    outputs = [Output(tuple(pairs.said("assistant", text) for text in answer), f"model-{n}") for n, answer in enumerate(answers)]
    prompt = (pairs.said("user", "Good morning."), pairs.said("assistant", "How can I help?"), pairs.said("user", _ASKED))
    return Item(kind="comparison", agent="airline-agent", messages=prompt, candidates=keyed(outputs).candidates)


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Open:
    """The window on a queue of one comparison: `opened(look, item)`."""

    def start(look: str, item: Item) -> tuple[Window, ComparePage]:
        workspace = worlds.make(tmp_path / "Refund replies")
        worlds.put_in(workspace, [item])
        rules = Campaign(name="Refund replies, preference", query="", question="preference", seed="47")
        campaigns.create_campaign(workspace, SILENT, rules=rules)
        workspace.close()
        window = make_window(folder=workspace.folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        window.resize(images.SIZE)
        window.go("review")
        qtbot.waitUntil(lambda: window.current_page == "compare", timeout=20_000)
        page = window.go("compare")
        assert isinstance(page, ComparePage)
        qtbot.waitUntil(lambda: page._flow.current is not None and bool(page._header._count.text()), timeout=20_000)
        return window, page

    return start


@BOTH
def test_two_answers_half_judged(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look, _item(_GOOD, _BAD))
    press(Qt.Key.Key_V, Qt.Key.Key_J, Qt.Key.Key_V, Qt.Key.Key_Right, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_1, Qt.Key.Key_H)
    page._bench.bar.rationale.setPlainText("It looks at the record first, and promises nothing that the policy forbids.")
    qtbot.waitUntil(lambda: all(pane.pane.view.scene.highlights for pane in page._bench.shown_panes))
    images.check(window, f"compare-{look}", approve=approve, size=QSize(1440, 900))


def test_four_answers_being_put_in_order(opened: Open, approve: bool) -> None:
    window, _ = opened("light", _item(_GOOD, _BAD, _SHORT, _LONG))
    press(Qt.Key.Key_2, Qt.Key.Key_4)
    images.check(window, "compare-four-light", approve=approve)

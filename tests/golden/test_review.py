"""The Review page in both themes: an item half judged, a look back, the end of a queue, a drawer and a note."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, Role, ToolCall
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.window import Window
from tests import worlds
from tests.golden import images
from tests.ui.conftest import MakeWindow

BOTH = pytest.mark.parametrize("look", ["light", "dark"])
Open = Callable[..., tuple[Window, ReviewPage]]
GUIDELINES = (
    "Judge each run against the airline policy.\n\nA run is non-compliant when the agent acts against a rule.\nA slow answer is not."
)


def _say(role: Role, text: str) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),))


def refund(number: int, *, hidden: bool = False) -> Item:
    """The run of the design's picture, with a number that tells it from its like."""
    record = (
        '{"cabin":"basic_economy","insurance":"no","flights":[{"flight_number":"HAT136","status":"available","price":486},'
        '{"flight_number":"HAT039","status":"available","price":122}],"passengers":[{"first_name":"Mia","last_name":"Li","dob":"1990-04-05"}],'
        '"payment_history":[{"payment_id":"credit_card_7","amount":608}],"created_at":"2024-05-12T09:17:44","total_baggages":1}'
    )
    sorry = "Thank you. I can see that your reservation is in basic economy without travel insurance. I have gone ahead and cancelled the "
    trick = "\u202e" if hidden else ""
    return Item(
        kind="trajectory",
        agent="airline-agent",
        model="gpt-4o",
        time="2026-05-12T14:02:00.000Z",
        external_id=str(number),
        messages=(
            _say(
                "user", f"My flight HAT136 was cancelled.{trick} I bought basic economy without insurance, and I want my money back today."
            ),
            _say("assistant", "I am sorry to hear that. Could you give me your user id and reservation number so that I can look this up?"),
            _say("user", "mia_li_3668, Q69X3R."),
            Message(
                role="assistant", tool_calls=(ToolCall(name="get_reservation_details", id="a", arguments='{"reservation_id":"Q69X3R"}'),)
            ),
            Message(role="tool", tool_call_id="a", content=(Part(type="text", text=record),)),
            _say(
                "assistant",
                sorry + "reservation and a full refund of $486 will arrive in 5 to 7 days. Is there anything else that I can do?",
            ),
            Message(role="assistant", tool_calls=(ToolCall(name="cancel_reservation", id="b", arguments='{"reservation_id":"Q69X3R"}'),)),
            Message(role="tool", tool_call_id="b", error="PolicyError: not within 24 hours of booking"),
            _say("user", "Great, that was quick. And a voucher for the trouble?"),
        ),
    )


@pytest.fixture
def opened(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Open:
    """The window on a queue of which some items are labelled: `opened(look, labelled=…, items=…)`."""

    def start(look: str, *, labelled: int = 6, items: int = 14, hidden: bool = False) -> tuple[Window, ReviewPage]:
        workspace = worlds.make(tmp_path / "Airline refunds")
        worlds.put_in(workspace, [refund(n, hidden=hidden) for n in range(items)])
        rules = Campaign(name="Airline refunds, week 47", query="", seed="47")
        campaigns.create_campaign(workspace, SILENT, rules=rules, guidelines=GUIDELINES)
        for item in worlds.waiting(workspace, campaign=rules.name)[:labelled]:
            worlds.label(
                workspace,
                item,
                "non_compliant",
                campaign=rules.name,
                rationale="It was booked more than 24 hours ago, and nobody cancelled it.",
            )
        folder = workspace.folder
        workspace.close()
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        window.resize(images.SIZE)
        page = window.go("review")
        assert isinstance(page, ReviewPage)
        qtbot.waitUntil(lambda: page._flow.standing is not None and (page._flow.current is not None or labelled == items), timeout=20_000)
        qtbot.waitUntil(lambda: bool(page._header._count.text()))
        return window, page

    return start


def press(*keys: Qt.Key) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        QApplication.processEvents()


@BOTH
def test_an_item_half_judged(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look)
    press(*[Qt.Key.Key_J] * 4, Qt.Key.Key_V, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_N)
    page._bench.form.choose_severity("major")
    page._bench.form.rationale.setPlainText(
        "Flight status is “available”, so the airline did not cancel it; booked over 24 h ago and no insurance."
    )
    images.check(window, f"review-{look}", approve=approve)


@BOTH
def test_what_was_said_before(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look)
    press(Qt.Key.Key_B)
    qtbot.waitUntil(lambda: page._past is not None)
    images.check(window, f"review-back-{look}", approve=approve)


@BOTH
def test_the_end_of_the_queue(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look, labelled=3, items=3)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._end)
    images.check(window, f"review-end-{look}", approve=approve)


@BOTH
def test_guidelines_a_note_and_a_hidden_mark(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look, hidden=True)
    press(Qt.Key.Key_G)
    page._panels.open("guidelines")
    page._ask_escalate()
    images.check(window, f"review-panels-{look}", approve=approve)


def test_larger_text(opened: Open, approve: bool) -> None:
    window, _page = opened("light")
    window.theme.resize(150)
    images.check(window, "review-150", approve=approve)

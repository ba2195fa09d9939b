"""The Review page in both themes: an item half judged, evidence, a look back, the end of a queue, the policy, a drawer and a note."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import TIME_ZONE, Settings
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, Role, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, policies, suggesting
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
POLICY = b"""# Airline policy

Effective: 2026-05-01

1.3 **Confirmation.** List the action details and obtain an explicit yes before any change to the database.

4.2 **Cancel flight.** Basic economy or economy flights can be cancelled only within 24 hours of booking, or if the airline cancelled the \
flight, or with travel insurance.

4.3 **Refund.** A refund goes to the original payment method within 5 to 7 business days.

5.1 **Compensation.** Do not offer compensation unless the user asks for it, and never for a flight that the airline neither delayed nor \
cancelled. A certificate is 100 dollars for each passenger when a flight was cancelled, and 50 when it was delayed.
"""
JUDGE = "gpt-4o-judge@2"
WHY = (
    "The agent cancelled a basic economy reservation without insurance. Flight HAT136 is “available”, so the airline did not cancel it,"
    " and the booking is older than 24 hours.\nClause 4.2 allows none of this."
)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


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

    def start(
        look: str, *, labelled: int = 6, items: int = 14, hidden: bool = False, judged: bool = False, steps: bool = False
    ) -> tuple[Window, ReviewPage]:
        workspace = worlds.make(tmp_path / "Airline refunds")
        ids = worlds.put_in(workspace, [refund(n, hidden=hidden) for n in range(items)])
        policies.add_text(workspace, SILENT, key="airline", content=POLICY, name="airline.md")
        rules = Campaign(name="Airline refunds, week 47", query="", seed="47", policies=("airline",))
        if steps:
            rules = msgspec.structs.replace(rules, question="steps")
        if judged:
            rules = msgspec.structs.replace(rules, overlap=2, shown="1", judge=JUDGE)
            members.add_members(workspace, SILENT, names=["Ben"])
            file = tmp_path / "said.jsonl"
            said = {"verdict": "non_compliant", "score": 0.83, "rationale": WHY}
            file.write_text("".join(json.dumps({"item": one, **said}) + "\n" for one in ids), encoding="utf-8")
            suggesting.import_suggestions(workspace, SILENT, path=file, judge=JUDGE)
        campaigns.create_campaign(workspace, SILENT, rules=rules, guidelines=GUIDELINES)
        for item in worlds.waiting(workspace, campaign=rules.name)[:labelled]:
            opinion = Opinion(
                verdict="non_compliant", rationale="It was booked more than 24 hours ago, and nobody cancelled it.",
                steps={"7": "bad"} if steps else {}, duration_ms=1_500,
            )  # fmt: skip
            labelling.label_item(workspace, SILENT, campaign=rules.name, item=item, opinion=opinion)
        folder = workspace.folder
        workspace.close()
        window = make_window(folder=folder, pages=PAGES, settings=Settings({TIME_ZONE.key: "utc"}))
        window.theme.choose(look)
        window.resize(images.SIZE)
        page = window.go("review")
        assert isinstance(page, ReviewPage)
        qtbot.waitUntil(lambda: page._flow.standing is not None and (page._flow.current is not None or labelled == items), timeout=20_000)
        qtbot.waitUntil(lambda: bool(page._header._count.text()))
        qtbot.waitUntil(lambda: bool(page._judging.clauses) or labelled == items)
        return window, page

    return start


def press(*keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifiers)
        QApplication.processEvents()


def judge(page: ReviewPage) -> None:
    """As in the design's picture, and what is missing besides: a clause, words in two steps, a step that is wrong."""
    press(*[Qt.Key.Key_J] * 5, Qt.Key.Key_2, Qt.Key.Key_H)
    press(*[Qt.Key.Key_Right] * 17, modifiers=CTRL)
    press(*[Qt.Key.Key_Right] * 23, modifiers=CTRL | SHIFT)
    press(Qt.Key.Key_Left, modifiers=SHIFT)
    press(Qt.Key.Key_H, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_H)
    press(Qt.Key.Key_End, modifiers=SHIFT)
    press(Qt.Key.Key_H, Qt.Key.Key_1, Qt.Key.Key_O)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "Did not wait for a yes")
    press(Qt.Key.Key_Return, modifiers=CTRL)
    press(Qt.Key.Key_N)
    page._bench.form.choose_severity("major")
    page._bench.form.rationale.setPlainText(
        "Flight status is “available”, so the airline did not cancel it; booked over 24 h ago and no insurance."
    )


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
def test_clauses_and_evidence(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look)
    judge(page)
    images.check(window, f"review-evidence-{look}", approve=approve, size=QSize(1440, 900))


@BOTH
def test_words_being_marked_beside_the_policy(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look)
    judge(page)
    press(Qt.Key.Key_P)
    page._bench.pane.view.setFocus()
    press(*[Qt.Key.Key_K] * 5, Qt.Key.Key_H)
    press(*[Qt.Key.Key_Right] * 4, modifiers=CTRL | SHIFT)
    images.check(window, f"review-policy-{look}", approve=approve)


@BOTH
def test_looking_for_a_clause_and_what_is_missing(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look)
    judge(page)
    press(Qt.Key.Key_O, Qt.Key.Key_Escape, Qt.Key.Key_Slash)
    page._judging.drawer.list.field.setText("re")
    page._judging._ask_omission(0)
    images.check(window, f"review-find-{look}", approve=approve)


@BOTH
def test_evidence_of_an_answer_that_was_given(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look, labelled=0)
    judge(page)
    press(Qt.Key.Key_Return, modifiers=CTRL)
    qtbot.waitUntil(lambda: not page._flow.working and page._header._count.text() == "1 of 14")
    press(Qt.Key.Key_B)
    qtbot.waitUntil(lambda: page._back.past is not None)
    page._said_before.panel._facts.setText("severity major, 41 s")
    images.check(window, f"review-said-{look}", approve=approve)


@BOTH
def test_what_was_said_before(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look)
    press(Qt.Key.Key_B)
    qtbot.waitUntil(lambda: page._back.past is not None)
    images.check(window, f"review-back-{look}", approve=approve)


@BOTH
def test_the_end_of_the_queue(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look, labelled=3, items=3)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page)
    images.check(window, f"review-end-{look}", approve=approve)


@BOTH
def test_guidelines_a_note_and_a_hidden_mark(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look, hidden=True)
    press(Qt.Key.Key_G)
    page._panels.open("guidelines")
    page._answering.ask_escalate()
    images.check(window, f"review-panels-{look}", approve=approve)


@BOTH
def test_what_a_judge_says_in_the_shown_arm(opened: Open, qtbot: QtBot, approve: bool, look: str) -> None:
    window, page = opened(look, labelled=0, judged=True)
    qtbot.waitUntil(lambda: bool(page._bench.suggested))
    images.check(window, f"review-suggestion-{look}", approve=approve)


@BOTH
def test_steps_being_marked(opened: Open, approve: bool, look: str) -> None:
    window, page = opened(look, steps=True)
    press(*[Qt.Key.Key_J] * 2, Qt.Key.Key_V, Qt.Key.Key_Z, Qt.Key.Key_X)
    assert page._header._marked.text() == "3 of 4 steps marked"
    images.check(window, f"review-steps-{look}", approve=approve)


def test_larger_text(opened: Open, approve: bool) -> None:
    window, _page = opened("light")
    window.theme.resize(150)
    images.check(window, "review-150", approve=approve)

"""Asking the judge in the window, by keys, of a service on loopback: seen first, then sent, stopped or failed in words."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from reviewer.catalogue.settings import JUDGE_SERVER, Settings
from reviewer.domain.progress import SILENT
from reviewer.operations import judging, policies
from reviewer.operations.judge_material import Wanted
from reviewer.storage import suggestions
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore.judge_dialog import JudgeDialog
from tests import mistral
from tests.mistral import Request, Response, Service
from tests.storage.test_keys import Remembering
from tests.ui import accessibility
from tests.ui.pages.explore.conftest import Explore, Exploring, button
from tests.ui.pages.person import CTRL, LONG_MS, SHIFT

JUDGE = f"{mistral.MODEL}@judge-1"


@pytest.fixture
def service(workspace: Workspace) -> Iterator[Service]:
    """A service that answers, and a policy to judge by."""
    policies.add_text(workspace, SILENT, key="shop", content=b"# Shop\n\n## 1 Refunds\n\nAsk first.\n", name="shop.md")
    with mistral.serving(lambda _: mistral.completion(mistral.said())) as running:
        yield running


def opened(person: Exploring, service: Service) -> JudgeDialog:
    """The dialog, once it shows what would be sent."""
    person.window.settings.put(JUDGE_SERVER, service.address)
    person.press(Qt.Key.Key_J, SHIFT)
    dialog = person.dialog(JudgeDialog)
    person.qtbot.waitUntil(lambda: dialog._seen is not None, timeout=LONG_MS)
    return dialog


def said(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return len(suggestions.last_said(reading, JUDGE))


def told(person: Exploring, words: str) -> bool:
    return any(words in banner.accessibleName() for banner in person.window.messages.banners())


def test_it_is_seen_before_it_is_sent_and_sent_by_keys(explore: Explore, workspace: Workspace, service: Service, ring: Remembering) -> None:
    person = explore(workspace)
    dialog = opened(person, service)
    assert dialog.limit.hasFocus()
    assert dialog.summary.text().startswith("12 items would go to mistral-medium-latest (http://127.0.0.1:")
    assert "Refund order " in dialog.first.toPlainText()
    assert dialog.main is not None
    assert not dialog.main.isEnabled()  # it is turned off, and has no key
    assert accessibility.nameless(dialog) == []
    QTest.keyClicks(dialog.limit, "5")
    person.qtbot.waitUntil(lambda: dialog.summary.text().startswith("5 items would go"), timeout=LONG_MS)
    person.press(Qt.Key.Key_Tab)
    assert dialog.first.hasFocus()
    person.press(Qt.Key.Key_Tab)
    assert dialog.switch.hasFocus()
    person.press(Qt.Key.Key_Space)
    person.press(Qt.Key.Key_Tab)
    assert dialog.key.hasFocus()
    QTest.keyClicks(dialog.key, mistral.KEY)
    assert service.requests == []
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: told(person, "5 items have a suggestion."), timeout=LONG_MS)
    assert said(workspace) == 5
    assert mistral.KEY in ring.kept.values()
    assert service.requests[0].headers["authorization"] == f"Bearer {mistral.KEY}"
    assert judging.is_on(workspace)


def test_what_is_known_is_said_and_the_switch_and_key_are_remembered(
    explore: Explore, workspace: Workspace, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    judging.turn_judge(workspace, SILENT, on=True)
    terms = judging.terms_of(Settings({JUDGE_SERVER.key: service.address}))
    judging.judge_items(workspace, SILENT, wanted=Wanted(query="agent:shop"), terms=terms)
    dialog = opened(explore(workspace), service)
    assert dialog.switch.isChecked()
    assert dialog.key.isHidden()
    assert "6 of them are known from before and cost nothing." in dialog.summary.text()
    assert dialog.main is not None
    assert dialog.main.isEnabled()


def test_a_refused_key_is_said_and_what_was_typed_can_be_given_anew(
    explore: Explore, workspace: Workspace, service: Service, ring: Remembering
) -> None:
    service.answer = lambda _: mistral.refusal(401)
    person = explore(workspace)
    dialog = opened(person, service)
    dialog.switch.setChecked(True)
    QTest.keyClicks(dialog.key, "wrong")
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: dialog._wrong.words.startswith("Mistral refused the key (status 401)."), timeout=LONG_MS)
    assert dialog._wrong.words.endswith("[E501]")
    assert dialog.key.hasFocus()
    assert dialog.key.text() == ""
    assert said(workspace) == 0


def test_it_can_be_stopped_and_what_was_answered_is_kept(
    explore: Explore, workspace: Workspace, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    held, waits = threading.Event(), threading.Event()

    def answer(_: Request) -> Response:
        if held.is_set():
            return mistral.refusal(503)  # who is stopped does not ask again
        if len(service.requests) > 4:
            waits.set()
            held.wait(20)
        return mistral.completion(mistral.said())

    service.answer = answer
    person = explore(workspace)
    dialog = opened(person, service)
    dialog.switch.setChecked(True)
    person.press(Qt.Key.Key_Return, CTRL)
    person.qtbot.waitUntil(waits.is_set, timeout=LONG_MS)
    button(dialog, "Stop").click()
    held.set()
    person.qtbot.waitUntil(lambda: told(person, "The judge is asked no further."), timeout=LONG_MS)
    assert 4 <= said(workspace) < 12


def test_without_a_policy_nothing_can_be_sent(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_J, SHIFT)
    dialog = person.dialog(JudgeDialog)
    person.qtbot.waitUntil(lambda: bool(dialog._wrong.words), timeout=LONG_MS)
    assert dialog._wrong.words.startswith("No policy is in force that a judge could go by.")
    assert dialog.main is not None
    assert not dialog.main.isEnabled()

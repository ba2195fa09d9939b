"""Writing a step anew by keys: what is offered, what is refused in the panel, what is kept, shown and taken away."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from reviewer.domain.corrections import Rewrite
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling
from reviewer.ui.pages.review.rewrite import RewritePanel
from reviewer.ui.pages.review.said import SaidPanel
from tests import worlds
from tests.operations.test_correcting import run
from tests.ui import accessibility
from tests.ui.pages.person import CTRL
from tests.ui.pages.review.conftest import Review, Reviewing

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def person(review: Review, tmp_path: Path) -> Reviewing:
    """Somebody who judges two runs that pay too much at step 4."""
    workspace = worlds.make(tmp_path / "w")
    worlds.put_in(workspace, [run(n) for n in range(2)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    return review(workspace)


def rewrites(person: Reviewing) -> dict[str, Rewrite]:
    return dict(person.page._judging.evidence.rewrites)


def panel(person: Reviewing) -> RewritePanel:
    return person.page._bench.rewrite


def open_at(person: Reviewing, step: str) -> RewritePanel:
    view = person.page._bench.pane.view
    view.setFocus()
    assert view.steps.go_to(step)
    person.press(K.Key_I)
    assert person.page._bench.open_note is panel(person)
    return panel(person)


def keep(person: Reviewing, text: str, tool: str | None = None) -> None:
    """Write all anew, and Ctrl+Enter; wait until it is kept or refused."""
    asked = panel(person)
    before = asked._hint.text()
    if tool is not None:
        asked.tool.setText(tool)
    person.press(K.Key_A, CTRL)
    person.write(text) if text else person.press(K.Key_Delete)
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: asked.isHidden() or asked._hint.text() != before)


def test_a_call_is_offered_as_it_is_and_kept_as_it_was_written(person: Reviewing) -> None:
    first = person.item
    asked = open_at(person, "4")
    assert (asked.tool.text(), asked.field.toPlainText()) == ("refund", '{\n  "amount": 486\n}')
    assert QApplication.focusWidget() is asked.field
    assert accessibility.nameless(asked) == []
    keep(person, '{ "amount": 250 }')
    assert rewrites(person) == {"4.1": Rewrite('{"amount":250}', "refund")}
    assert person.page._bench.form.chips.words == ('step 4 rewritten: refund {"amount":250}',)
    person.press(K.Key_N)
    person.press(K.Key_R)
    person.write("Too much.")
    person.record()
    said = person.label_of(first)
    assert said is not None
    with person.workspace.read() as reading:
        assert labelling.opinion_of(reading, said.hash).rewrites == {"4.1": Rewrite('{"amount":250}', "refund")}
    assert rewrites(person) == {}
    person.press(K.Key_Escape)
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None)
    (told,) = person.visible(SaidPanel)
    assert "step 4 rewritten" in told.accessibleName()
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: person.item == first and bool(rewrites(person)))


def test_what_cannot_be_is_said_in_the_panel_and_what_was_written_stays(person: Reviewing) -> None:
    open_at(person, "4")
    for tool, text, words in (
        (None, '{"amount":', "The arguments are not JSON"),
        (None, '{"amount": 300}', "at amount expected maximum 250, found 300"),
        (None, "{}", "expected “amount”, which is missing"),
        ("pay", "{}", "The item has no tool “pay”. Call one of: refund, escalate."),
        ("", "", "Nothing is left of message 4"),
    ):
        keep(person, text, tool)
        assert words in panel(person)._hint.text()
        assert (panel(person).isVisible(), panel(person).field.toPlainText()) == (True, text)
    assert rewrites(person) == {}
    person.press(K.Key_Escape)
    assert panel(person).isHidden()


def test_words_and_calls_take_each_others_place(person: Reviewing) -> None:
    open_at(person, "4")
    keep(person, "Only 250 can be paid.", "")
    assert rewrites(person) == {"4.1": Rewrite("Only 250 can be paid.")}
    asked = open_at(person, "4")
    assert (asked.tool.text(), asked.field.toPlainText()) == ("", "Only 250 can be paid.")
    keep(person, json.dumps({"to": "lead"}), "escalate")
    assert rewrites(person) == {"4.1": Rewrite('{"to":"lead"}', "escalate")}
    asked = open_at(person, "2")
    assert (asked.tool.text(), asked.field.toPlainText()) == ("", "Let me look.")
    keep(person, "No.")
    assert "Messages 2 and 4 are rewritten" in asked._hint.text()  # what came after the first followed from it


def test_what_is_written_as_it_was_is_taken_back_and_a_chip_takes_it_away(person: Reviewing) -> None:
    open_at(person, "2")
    keep(person, "Let me look.")
    assert "Nothing changed" in panel(person)._hint.text()
    keep(person, "No.")
    open_at(person, "2")
    keep(person, "Let me look.")
    assert rewrites(person) == {}
    open_at(person, "2")
    keep(person, "No.")
    person.press(K.Key_A)
    person.press(K.Key_Return)
    assert panel(person).isVisible()
    person.press(K.Key_Escape)
    person.press(K.Key_A)
    person.press(K.Key_Delete)
    assert rewrites(person) == {}


def test_only_what_the_agent_did_is_rewritten(person: Reviewing) -> None:
    person.press(K.Key_I)  # the user's message
    assert person.page._bench.open_note is None
    said: list[str] = []
    person.page.said.connect(said.append)
    person.press(K.Key_I)
    assert "no step of the agent" in said[-1]


def test_what_was_rewritten_survives_a_crash(review: Review, person: Reviewing) -> None:
    first = person.item
    open_at(person, "4")
    keep(person, "No.", "")
    person.page._drafts.keep()
    person.settle()
    draft = person.draft_of(first)
    assert draft is not None
    assert draft.rewrites == {"4.1": Rewrite("No.")}
    person.window.close()
    assert rewrites(review(person.workspace)) == {"4.1": Rewrite("No.")}

"""Marking steps by keys where a campaign asks for them: one key a step, what is counted, kept, recorded and taken back."""

import os
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.domain.step_marks import agent_steps
from reviewer.operations import campaigns, labelling
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.queue.drawer_rows import DrawerRows
from reviewer.ui.pages.review.said import SaidPanel
from reviewer.ui.pages.review.stepping import AGENT
from reviewer.ui.transcript.blocks import prepare
from tests import worlds
from tests.ui.pages.person import CTRL
from tests.ui.pages.review.conftest import Review, Reviewing

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
_FRAME_S = 1 / 60


def run(number: int, *, calls: int = 5) -> Item:
    """A run of a system's, a user's, and so many calls with their results, of which the first comes with words; then a last word."""
    messages = [Message(role="system", content=(Part(type="text", text="Refund within 30 days."),))]
    messages.append(Message(role="user", content=(Part(type="text", text=f"Order {number}, please."),)))
    for n in range(calls):
        words = () if n else (Part(type="text", text="Let me look."),)
        messages.append(Message(role="assistant", content=words, tool_calls=(ToolCall(name="get", id=f"c{n}", arguments=f'{{"n":{n}}}'),)))
        messages.append(Message(role="tool", tool_call_id=f"c{n}", content=(Part(type="json", json='{"days":41,"card":"visa"}'),)))
    messages.append(Message(role="assistant", content=(Part(type="text", text="Done."),)))
    return Item(kind="trajectory", agent="shop", external_id=f"run {number}", messages=tuple(messages))


STEPS = agent_steps(run(0))  # 3, 3.1, 5, 7, 9, 11, 13


def asking(folder: Path, *, calls: int = 5, marks: str = "each") -> Workspace:
    """Three runs in a campaign that asks for steps."""
    workspace = worlds.make(folder)
    worlds.put_in(workspace, [run(n, calls=calls) for n in range(3)])
    rules = Campaign(name="C", query="", seed="s", question="steps", marks=marks)  # type: ignore[arg-type] # one of the rules
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    return workspace


@pytest.fixture
def person(review: Review, tmp_path: Path) -> Reviewing:
    """Somebody who is asked for steps."""
    return review(asking(tmp_path / "steps"))


def marks(person: Reviewing) -> dict[str, str]:
    return dict(person.page._judging.evidence.marks)


def press(person: Reviewing, *keys: K) -> None:
    for key in keys:
        person.press(key)


def at(person: Reviewing) -> str:
    return person.page._bench.pane.view.steps.current


def test_the_steps_that_are_asked_for_are_the_agents_cards() -> None:
    made = run(0)
    assert [block.step for block in prepare(made).blocks if block.sort in AGENT] == list(STEPS) == ["3", "3.1", "5", "7", "9", "11", "13"]


def test_one_key_marks_a_step_and_goes_on_to_the_agents_next_one(person: Reviewing) -> None:
    said: list[str] = []
    person.page.said.connect(said.append)
    press(person, K.Key_J)  # from the instructions past the user
    assert at(person) == "3"
    press(person, K.Key_V, K.Key_X, K.Key_Z)
    assert (marks(person), at(person)) == ({"3": "good", "3.1": "bad", "5": "neutral"}, "7")
    assert said == ["Step 3 right", "Step 3.1 wrong", "Step 5 neutral"]
    assert person.page._header._marked.text() == "3 of 7 steps marked"
    press(person, K.Key_J, K.Key_K, K.Key_K)  # one is left out, then back
    assert at(person) == "5"
    press(person, K.Key_V)
    assert (marks(person)["5"], at(person)) == ("good", "7")
    person.press(K.Key_K, SHIFT)
    assert at(person) == "6"
    press(person, K.Key_V)
    assert "6" not in marks(person)  # what a tool said is not judged


def test_the_same_key_twice_says_it_twice_and_d_takes_it_off(person: Reviewing) -> None:
    press(person, K.Key_J, K.Key_V, K.Key_K, K.Key_V, K.Key_K)
    assert (marks(person), at(person)) == ({"3": "good"}, "3")
    press(person, K.Key_D)
    assert (marks(person), at(person)) == ({}, "3")


def test_a_lone_call_that_was_marked_by_its_whole_name_is_its_card(person: Reviewing) -> None:
    first = person.item
    draft = Opinion(steps={"3": "good", "3.1": "bad", "5.1": "good"})
    up = person.page._flow.current
    assert up is not None
    labelling.save_draft(person.workspace, SILENT, campaign=up.showing.campaign, item=up.id, opinion=draft)
    person.page.answer_again("C", first)
    person.qtbot.waitUntil(lambda: bool(marks(person)))
    assert marks(person) == {"3": "good", "3.1": "bad", "5": "good"}  # words and a call, and a call alone
    assert person.page._header._marked.text() == "3 of 7 steps marked"


def test_a_label_without_a_verdict_says_that_steps_were_marked(person: Reviewing) -> None:
    press(person, K.Key_J, K.Key_V)
    person.record()
    press(person, K.Key_W)
    drawer = person.page._bench.drawer
    person.qtbot.waitUntil(lambda: person.page._bench.drawer_kind == "my_work")
    listed = drawer.findChild(DrawerRows)
    assert listed is not None
    (row,) = listed.rows
    assert "Steps marked" in row.cells


def test_shift_x_keeps_the_marks_that_were_made_before_it(person: Reviewing) -> None:
    press(person, K.Key_J, K.Key_Z, K.Key_J, K.Key_X, K.Key_V, K.Key_K, K.Key_K)
    assert (marks(person), at(person)) == ({"3": "neutral", "5": "bad", "7": "good"}, "5")
    person.press(K.Key_X, SHIFT)
    assert marks(person) == {"3": "neutral", "3.1": "good", "5": "bad"}


def test_marks_alone_are_an_answer_and_the_verdict_follows_from_them(person: Reviewing) -> None:
    first = person.item
    note = person.page._bench.form._verdict_note
    assert note.text() == "follows from the marks"
    press(person, K.Key_J, K.Key_V, K.Key_X)
    assert note.text() == "from the marks: Non-compliant"
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert (said.label.verdict, said.label.steps, said.label.blind) == ("non_compliant", {"3": "good", "3.1": "bad"}, True)
    assert person.page._header._marked.text() == "0 of 7 steps marked"


def test_nothing_is_recorded_without_a_mark_unless_one_is_unsure(person: Reviewing) -> None:
    first = person.item
    person.press(K.Key_Return, CTRL)
    person.settle()
    assert (person.item, person.label_of(first)) == (first, None)
    assert "No step was marked" in person.page._bench.news.words
    press(person, K.Key_U)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert (said.label.verdict, said.label.steps) == ("unsure", {})


def test_what_was_taken_back_follows_its_marks_again(person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_J, K.Key_X)
    person.record()
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: person.item == first and not person.page._flow.working)
    assert (marks(person), person.page._bench.form.verdict) == ({"3": "bad"}, None)
    press(person, K.Key_J, K.Key_V)
    person.press(K.Key_V, SHIFT)
    assert person.page._header._marked.text() == "7 of 7 steps marked"
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert (said.label.verdict, set(said.label.steps.values())) == ("compliant", {"good"})
    press(person, K.Key_B)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None)
    (panel,) = person.visible(SaidPanel)
    assert "✓ right: 3, 3.1, 5" in panel.accessibleName()
    assert person.page._header._marked.isHidden()


def test_marks_that_were_begun_survive_a_crash(review: Review, person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_J, K.Key_V, K.Key_Z)
    person.page._drafts.keep()  # what a timer does 400 ms after the last key
    person.settle()
    draft = person.draft_of(first)
    assert draft is not None
    assert draft.steps == {"3": "good", "3.1": "neutral"}
    person.window.close()
    again = review(person.workspace)
    assert (again.item, marks(again)) == (first, {"3": "good", "3.1": "neutral"})
    assert again.page._header._marked.text() == "2 of 7 steps marked"


def test_skip_and_escalate_leave_the_item_as_they_do_for_verdicts(person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_J, K.Key_X, K.Key_S, K.Key_Return)
    person.qtbot.waitUntil(lambda: person.item not in ("", first) and not person.page._flow.working)
    second = person.item
    press(person, K.Key_E)
    person.write("Which policy?")
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.item not in ("", second) and not person.page._flow.working)
    assert first not in (person.item, second)


def test_the_first_wrong_step_is_one_key(review: Review, tmp_path: Path) -> None:
    person = review(asking(tmp_path / "w", marks="first_wrong"))
    first = person.item
    press(person, K.Key_J, K.Key_V)
    assert (marks(person), at(person)) == ({"3": "good"}, "3.1")
    press(person, K.Key_J, K.Key_J, K.Key_X)
    assert (marks(person), at(person)) == ({"3": "good", "3.1": "good", "5": "good", "7": "bad"}, "7")
    press(person, K.Key_J, K.Key_V)  # after it nothing is known
    assert "9" not in marks(person)
    press(person, K.Key_Z)  # and none is neutral
    assert len(marks(person)) == 4
    press(person, K.Key_X)  # it was later
    assert (marks(person)["7"], marks(person)["9"]) == ("good", "bad")
    press(person, K.Key_K, K.Key_K, K.Key_D)  # nor is what follows a step that was taken back
    assert list(marks(person)) == ["3", "3.1"]
    person.press(K.Key_Return, CTRL)
    person.settle()
    assert (person.item, person.page._bench.news.words[:20]) == (first, "Step 5 is not marked")
    press(person, K.Key_X)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert (said.label.verdict, said.label.steps) == ("non_compliant", {"3": "good", "3.1": "good", "5": "bad"})
    second = person.item
    person.press(K.Key_V, SHIFT)  # nothing is wrong
    person.record()
    said = person.label_of(second)
    assert said is not None
    assert (said.label.verdict, said.label.steps) == ("compliant", dict.fromkeys(STEPS, "good"))


class Paints(QObject):
    """Counts the paints of a widget."""

    seen = 0

    def eventFilter(self, _target: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        self.seen += event.type() == QEvent.Type.Paint
        return False


def test_200_steps_take_200_keys_and_no_wait(review: Review, tmp_path: Path) -> None:
    person = review(asking(tmp_path / "w", calls=199))
    steps = agent_steps(run(0, calls=199))
    assert len(steps) == 201
    person.press(K.Key_J)
    view = person.page._bench.pane.view
    paints = Paints(view)
    view.viewport().installEventFilter(paints)
    took = []
    for place in range(len(steps)):
        before, begun = paints.seen, time.thread_time()  # a wait counts too: this loop never rests
        QTest.keyClick(view, K.Key_X if place % 50 == 49 else K.Key_V)
        while paints.seen == before:
            QApplication.processEvents()
            assert time.thread_time() - begun < 5
        took.append(time.thread_time() - begun)
    assert len(marks(person)) == len(steps)
    assert person.page._header._marked.text() == "201 of 201 steps marked"
    took.sort()
    if os.environ.get("REVIEWER_SHOW_TIMES"):
        print(f"key to painted: median {took[100] * 1000:.1f} ms, 95 % {took[190] * 1000:.1f} ms, longest {took[-1] * 1000:.1f} ms")
    assert took[len(took) // 2] < _FRAME_S
    first = person.item
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert list(said.label.steps.values()).count("bad") == 4


def test_in_a_campaign_for_verdicts_marks_stay_where_they_are_made(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    press(person, K.Key_J, K.Key_J, K.Key_Z)
    assert (marks(person), at(person)) == ({"3": "neutral"}, "3")
    person.press(K.Key_V, SHIFT)
    assert marks(person) == {"3": "neutral", "5": "good"}
    assert person.page._header._marked.isHidden()

"""Reviewing by keyboard in a real window: what is recorded, what is kept, what is asked for, what is shown afterwards."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, queues, requeueing
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.queue import unblinding
from reviewer.ui.pages.queue.answering import RENDERER
from reviewer.ui.pages.queue.bench import HIDDEN
from reviewer.ui.pages.review.said import SaidPanel
from reviewer.ui.widgets.ask import Question
from tests import worlds
from tests.storage.test_queues import gold
from tests.ui import accessibility
from tests.ui.full_disk import set_full
from tests.ui.pages.person import ALT, CTRL
from tests.ui.pages.review.conftest import Review

K = Qt.Key


def test_a_verdict_key_and_ctrl_enter_put_a_label_on_disk_and_show_the_next_item(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_C)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert said.label.verdict == "compliant"
    assert said.label.blind
    assert said.label.shown.renderer == RENDERER
    assert not said.label.shown.model
    assert said.body.dur_ms is not None
    assert person.item != first
    assert person.page._bench.form.verdict is None


def test_whoever_is_named_sees_their_own_queue_and_not_what_another_one_began(review: Review, workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s", assign="all", members=()))
    theirs = queues.next_items(workspace, SILENT, campaign="D", limit=1).value[0]
    labelling.save_draft(workspace, SILENT, campaign=theirs.campaign, item=theirs.id, opinion=Opinion(verdict="non_compliant"))
    person = review(workspace, member="Ben")
    assert person.page._flow.current is not None
    assert (person.page._flow.current.showing.campaign_name, person.page._flow.current.showing.draft) == ("D", None)
    assert person.page._bench.form.verdict is None
    assert person.page._header.accessibleName().startswith("D:")


def test_everything_that_can_be_said_is_said_by_keys_alone(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_J)
    person.press(K.Key_J)
    person.press(K.Key_X)
    person.press(K.Key_J)
    person.press(K.Key_V)
    person.press(K.Key_N)
    person.press(K.Key_2, ALT)
    person.press(K.Key_H, ALT)
    person.press(K.Key_R)
    person.write("Refunded after 40 days; cannot be.")
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert (said.label.verdict, said.label.severity, said.label.confidence) == ("non_compliant", "major", "0.95")
    assert said.label.steps == {"3": "bad", "4": "good"}
    assert said.rationale == "Refunded after 40 days; cannot be."


def test_a_mark_pressed_twice_is_gone_and_d_clears(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.press(K.Key_X)
    person.press(K.Key_X)
    assert person.page._judging.evidence.marks == {}
    person.press(K.Key_V)
    person.press(K.Key_D)
    assert person.page._judging.evidence.marks == {}


def test_escape_leads_from_the_rationale_back_to_the_transcript_where_letters_are_keys(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.press(K.Key_R)
    person.write("Said")
    person.press(K.Key_Escape)
    person.press(K.Key_X)
    opinion = person.page.opinion()
    assert opinion.rationale == "Said"
    assert list(opinion.steps.values()) == ["bad"]


def test_a_non_compliant_item_asks_for_its_rationale_at_the_field(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_N)
    person.press(K.Key_Return, CTRL)
    assert person.item == first
    assert QApplication.focusWidget() is person.page._bench.form.rationale
    assert person.page._bench.form._rationale_note.text() == "say why it is non-compliant"
    person.write("because")
    assert person.page._bench.form._rationale_note.text() == "required for non-compliant"
    person.record()
    assert person.label_of(first) is not None


def test_without_a_verdict_nothing_is_recorded(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_Return, CTRL)
    person.settle()
    assert person.item == first
    assert person.label_of(first) is None
    assert person.page._bench.form._verdict_note.text() == "choose one: C, N or U"


def test_only_a_non_compliant_item_has_a_severity(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    form = person.page._bench.form
    assert not form._severity.isEnabled()
    person.press(K.Key_3, ALT)
    assert (form.verdict, form._severity.value) == ("non_compliant", "critical")
    person.press(K.Key_C)
    assert (form.verdict, form._severity.value) == ("compliant", "")


def test_a_second_ctrl_enter_before_the_answer_labels_nothing(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.press(K.Key_C)
    person.page._answering.record()
    person.page._answering.record()
    person.page._bench.record.click()
    person.qtbot.waitUntil(lambda: not person.page._flow.working)
    person.settle()
    assert len(queues.my_work(workspace, SILENT, campaign="C").value.labels) == 1


def test_undo_takes_labels_back_one_after_another_and_fills_in_what_was_said(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    given = []
    for words in ("first", "second"):
        given.append(person.item)
        person.press(K.Key_N)
        person.press(K.Key_R)
        person.write(words)
        person.record()
    for item, words in reversed(list(zip(given, ("first", "second"), strict=True))):
        person.press(K.Key_Z, CTRL)
        person.qtbot.waitUntil(lambda item=item: person.item == item)  # type: ignore[misc] # bound
        person.qtbot.waitUntil(lambda item=item: item[:6] in person.page._bench.news.words)  # type: ignore[misc] # bound
        assert person.page._bench.news.words.startswith("Taken back: Non-compliant on item")
        assert person.page._bench.form.rationale.toPlainText() == words
        assert person.label_of(item) is None
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: "no label of yours" in person.page._bench.news.words)
    assert person.item == given[0]


def test_what_was_up_when_a_label_was_taken_back_comes_next(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_C)
    person.record()
    second = person.item
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: person.item == first)
    person.record()
    assert person.item == second


def test_a_draft_survives_the_window(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_X)
    person.press(K.Key_N)
    person.press(K.Key_R)
    person.write("half a thought")
    person.qtbot.waitUntil(lambda: (draft := person.draft_of(first)) is not None and draft.rationale == "half a thought")
    draft = person.draft_of(first)
    assert draft is not None
    assert (draft.verdict, draft.steps) == ("non_compliant", {"1": "bad"})


def test_closing_the_window_keeps_what_was_typed_a_moment_ago(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_R)
    person.write("just now")
    person.window.close()
    draft = person.draft_of(first)
    assert draft is not None
    assert draft.rationale == "just now"


def test_a_closed_campaign_takes_no_label_and_keeps_the_words(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    campaigns.close_campaign(workspace, SILENT, campaign="C")  # somebody else did, on this machine
    person.press(K.Key_C)
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: bool(person.window.messages.banners()))
    banner = person.window.messages.banners()[0]
    assert "is closed" in banner.says[1]
    assert [button.text() for button in banner.findChildren(QPushButton)] == []
    assert person.item == first
    assert person.page._bench.form.verdict == "compliant"


def test_a_draft_is_on_screen_again_when_its_item_comes(review: Review, workspace: Workspace) -> None:
    from reviewer.domain.labels import Opinion
    from reviewer.operations import labelling

    (next_one,) = queues.next_items(workspace, SILENT, campaign="C").value
    draft = Opinion(verdict="non_compliant", rationale="begun before", steps={"2": "good"})
    labelling.save_draft(workspace, SILENT, campaign=next_one.campaign, item=next_one.id, opinion=draft)
    person = review(workspace)
    assert person.item == next_one.id
    assert person.page._bench.form.rationale.toPlainText() == "begun before"
    assert person.page._judging.evidence.marks == {"2": "good"}


def test_a_recorded_label_leaves_no_draft_behind(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_N)
    person.press(K.Key_R)
    person.write("kept")
    person.page._drafts.keep()
    person.record()
    person.settle()
    assert person.draft_of(first) is None


def test_a_full_disk_keeps_the_item_and_every_word_and_a_retry_records_it(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_N)
    person.press(K.Key_R)
    long = "why " * 20_000
    person.page._bench.form.rationale.setPlainText(long)
    person.page._drafts.stop()
    set_full(person.qtbot, person.page, True)
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: bool(person.window.messages.banners()))
    banner = person.window.messages.banners()[0]
    assert "Not saved: the disk is full. Your answer is still on screen. [E101]" in banner.says[1]
    assert person.item == first
    assert person.page._bench.form.rationale.toPlainText() == long
    assert person.label_of(first) is None
    set_full(person.qtbot, person.page, False)
    next(button for button in banner.findChildren(QPushButton) if button.text() == "Try again").click()
    person.qtbot.waitUntil(lambda: person.item != first)
    assert person.label_of(first) is not None


def test_skipping_puts_an_item_at_the_end_and_escalating_takes_it_out(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    skipped = person.item
    person.press(K.Key_S)
    person.write("later")
    person.press(K.Key_Return)
    person.qtbot.waitUntil(lambda: person.item not in ("", skipped))
    escalated = person.item
    person.press(K.Key_E)
    person.press(K.Key_Return, CTRL)
    assert person.page._bench.note.isVisible()  # a reason is needed
    person.write("Is this a refund?")
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.item not in ("", escalated))
    left = worlds.waiting(workspace)
    assert escalated not in left
    assert left[-1] == skipped


def test_esc_closes_the_note_and_gives_the_focus_back(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    before = QApplication.focusWidget()
    person.press(K.Key_E)
    assert QApplication.focusWidget() is person.page._bench.note.field
    person.press(K.Key_Escape)
    assert person.page._bench.note.isHidden()
    assert QApplication.focusWidget() is before


def test_going_back_shows_what_was_said_and_letters_label_nothing_there(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    given = []
    for key in (K.Key_C, K.Key_U):
        given.append(person.item)
        person.press(key)
        person.record()
    up = person.item
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: bool(person.visible(SaidPanel)))
    assert person.page._back.past is not None
    assert person.page._back.past.fetched.id == given[1]
    assert "Unsure" in person.page._said_before.panel.accessibleName()
    assert not person.window.actions_of_page.can_fire("review.compliant")
    assert person.page._said_before.panel.back.text().endswith("Alt →")
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None and person.page._back.past.fetched.id == given[0])
    assert person.page._said_before.panel.back.text().endswith("Esc"), "forward leads to the answer after this one"
    person.press(K.Key_Right, ALT)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None and person.page._back.past.fetched.id == given[1])
    person.press(K.Key_Right, ALT)
    assert not person.visible(SaidPanel)
    assert person.item == up
    assert person.window.actions_of_page.can_fire("review.compliant")


def test_an_answer_looked_back_at_can_be_changed_and_the_queue_goes_on_where_it_was(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = person.item
    person.press(K.Key_C)
    person.record()
    up = person.item
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None)
    person.page._said_before.panel.change.setFocus()
    person.press(K.Key_Space)
    assert person.item == first
    assert person.page._bench.form.verdict == "compliant"
    person.press(K.Key_U)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert said.label.verdict == "unsure"
    assert len(said.body.deps) == 1  # it takes the place of exactly the one before
    assert person.item == up


def test_the_end_of_the_queue_says_so_and_undo_still_works_there(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    while person.item:
        person.press(K.Key_C)
        person.record()
    person.qtbot.waitUntil(lambda: person.page._stack.currentWidget() is person.page._ending.page)
    assert person.page._ending.page.accessibleName().startswith("All done: 12 labels")
    assert accessibility.nameless(person.window) == []
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: bool(person.item))
    assert person.page._bench.form.verdict == "compliant"


def test_the_end_of_the_queue_comes_back_when_the_drawer_over_it_is_closed(review: Review, workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Small", query="", seed="q", design="srs"), size=1)
    person = review(workspace)
    page = person.page
    person.press(K.Key_C)
    person.record()
    person.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page)
    assert not {"verdict", "step"} & set(accessibility.names(person.window._foot)), "these keys do nothing here"
    for leave in (K.Key_Escape, K.Key_Return):  # Enter chooses the campaign that is at its end
        person.press(K.Key_Q)
        assert page._bench.drawer.isVisible()
        assert not page._bench.form.isVisible(), "it is of an item that was answered"
        page._flow.refresh()
        person.settle()
        assert page._bench.drawer.isVisible()
        person.press(leave)
        person.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page)
        assert page._ending.page._first is not None
        assert page._ending.page._first.hasFocus()
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: page._back.past is not None)
    assert page._bench.pane.view.isVisible()
    person.press(K.Key_Escape)
    person.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page)


def test_a_campaign_can_grow_from_its_end(review: Review, workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Small", query="", seed="q", design="srs"), size=1)
    person = review(workspace)
    person.press(K.Key_C)
    person.record()
    person.qtbot.waitUntil(lambda: person.page._stack.currentWidget() is person.page._ending.page)
    person.page._ending.page._size.setText("4")
    next(button for button in person.page._ending.page.findChildren(QPushButton) if button.text() == "Grow the sample").click()
    person.qtbot.waitUntil(lambda: bool(person.item))
    person.qtbot.waitUntil(lambda: person.page._header._count.text() == "1 of 4")


def test_the_header_counts_and_guesses_only_from_five_labels_on(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    seen: list[str] = []
    for _ in range(5):
        person.press(K.Key_C)
        person.record()
        done = len(seen) + 1
        person.qtbot.waitUntil(lambda done=done: person.page._header._count.text() == f"{done} of 12")  # type: ignore[misc] # bound
        seen.append(person.page._header._left.text())
    assert seen[:4] == ["", "", "", ""]
    assert seen[4].endswith("left")


def test_another_campaign_is_a_key_away_and_the_draft_stays(review: Review, workspace: Workspace) -> None:
    campaigns.create_campaign(
        workspace, SILENT, rules=Campaign(name="Guided", query="", seed="z", design="srs"), size=3, guidelines="Look at the dates."
    )
    person = review(workspace)
    assert person.page._header._name.text() == "Guided"
    person.press(K.Key_G)
    assert person.page._bench.drawer._text.toPlainText() == "Look at the dates."
    person.press(K.Key_Escape)
    guided = person.item
    person.press(K.Key_U)
    person.press(K.Key_Q)
    assert [row.words.split(":")[0] for row in person.page._bench.drawer._list.rows] == ["Guided", "C"]
    person.press(K.Key_Down)
    person.press(K.Key_Return)
    person.qtbot.waitUntil(lambda: person.page._header._name.text() == "C" and bool(person.item))
    person.settle()
    draft = queues.show_again(workspace, SILENT, campaign="Guided", item=guided).value.draft
    assert draft is not None
    assert draft.verdict == "unsure"


def test_campaigns_that_are_not_read_yet_are_shown_when_they_are_and_not_said_to_be_none(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    flow = person.page._flow
    flow.known, flow.standing, flow.campaigns = False, None, ()  # as while the first item is up and the campaigns are still being read
    person.press(K.Key_Q)
    assert person.page._bench.drawer_kind == ""
    person.page.refresh()
    person.qtbot.waitUntil(lambda: person.page._bench.drawer_kind == "campaigns", timeout=30_000)
    drawer = person.page._bench.drawer
    assert [row.words.split(":")[0] for row in drawer._list.rows] == ["C"]
    assert drawer._list.hasFocus()


def test_what_is_empty_is_said_and_has_no_empty_frame(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    person.press(K.Key_W)
    person.qtbot.waitUntil(lambda: person.page._bench.drawer.kind == "my_work")
    drawer = person.page._bench.drawer
    assert (drawer._summary.text(), drawer._list.isVisible()) == ("You have labelled nothing here yet.", False)
    person.press(K.Key_Q)
    assert drawer._list.isVisible()
    person.press(K.Key_Escape)
    assert person.page._bench.drawer_kind == ""


def test_my_work_so_far_counts_lists_and_opens(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    first = second = ""
    for key in (K.Key_C, K.Key_U):
        first, second = second, person.item
        person.press(key)
        person.record()
    person.press(K.Key_W)
    person.qtbot.waitUntil(lambda: person.page._bench.drawer.kind == "my_work")
    assert person.page._bench.drawer._summary.text().startswith("2 labels: 1 compliant, 1 unsure.")
    rows = person.page._bench.drawer._list.rows
    assert [row.cells[1:3] for row in rows] == [(second[:6], "Unsure"), (first[:6], "Compliant")]
    person.press(K.Key_Down)
    person.press(K.Key_Return)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None)
    assert person.page._back.past is not None
    assert person.page._back.past.fetched.id == first


def test_a_blind_campaign_shows_no_model_and_an_open_one_does_and_says_so_in_the_label(review: Review, workspace: Workspace) -> None:
    rules = Campaign(name="Open", query="", seed="o", design="srs", blind=False)
    campaigns.create_campaign(workspace, SILENT, rules=rules, size=2)
    person = review(workspace)
    person.qtbot.waitUntil(lambda: person.page._bench.meta._model.text() == "model-a")
    first = person.item
    person.press(K.Key_C)
    person.record()
    said = queues.said_before(workspace, SILENT, campaign="Open", item=first).value  # type: ignore[arg-type] # an id
    assert said is not None
    assert said.label.shown.model
    assert not said.label.blind


def test_steps_that_stayed_folded_or_out_of_sight_are_recorded_as_truncated(review: Review, tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    workspace = worlds.make(tmp_path / "long")
    long = "\n".join(f"line {n}" for n in range(200))
    result = Message(role="tool", content=(Part(type="text", text=long),))
    worlds.put_in(workspace, [Item(kind="trajectory", messages=(Message(role="user", content=(Part(type="text", text="hi"),)), result))])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    person = review(workspace)
    first = person.item
    person.press(K.Key_C)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert said.label.shown.truncated == ("2",)
    workspace.close()


def test_an_item_that_is_asked_for_again_says_why_above_it(review: Review, workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[3]
    worlds.label(workspace, item, "non_compliant")
    requeueing.requeue_items(workspace, SILENT, campaign="C", items=[item], why="sent_back", note="Is <b>step 4</b> a refund?")
    person = review(workspace)
    assert person.item == item
    bench = person.page._bench
    assert bench.words_above == "An adjudicator asks for another look. “Is <b>step 4</b> a refund?”"
    assert bench._above.isVisible()
    assert bench._above.accessibleName() == bench.words_above
    assert accessibility.nameless(person.window) == []
    person.press(K.Key_C)
    person.record()
    assert person.item != item
    assert bench.words_above == ""
    assert not bench._above.isVisible()


def test_what_is_hidden_is_shown_after_one_question_and_the_label_says_so(
    review: Review, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [False, True]

    def answer(_parent: QWidget, title: str, _sentence: str, **_words: str) -> bool:
        asked.append(title)
        return answers.pop(0)

    monkeypatch.setattr(unblinding, "ask", answer)
    person = review(workspace)
    first, bench = person.item, person.page._bench
    unblind = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    person.press(K.Key_U, unblind)
    person.settle()
    assert bench.drawer_kind == ""
    assert bench.words_above == ""
    person.press(K.Key_U, unblind)
    person.qtbot.waitUntil(lambda: bench.drawer_kind == HIDDEN)
    text = bench.drawer._text.toPlainText()
    assert "Model: model-a" in text
    assert "Source: runs.jsonl, tests, record" in text
    assert "Nobody else has labelled it." in text
    assert "score: 0.5" in text
    assert "will not count as blind" in bench.words_above
    person.press(K.Key_Escape)
    assert bench.drawer_kind == ""
    person.press(K.Key_U, unblind)
    person.qtbot.waitUntil(lambda: bench.drawer_kind == HIDDEN)
    assert len(asked) == 2, "who has seen it is not asked again"
    person.press(K.Key_U, unblind)
    person.press(K.Key_C)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert not said.label.blind
    assert (said.label.shown.model, said.label.shown.source) == (True, True)
    assert bench.words_above == ""
    person.press(K.Key_C)
    second = person.item
    person.record()
    said = person.label_of(second)
    assert said is not None
    assert said.label.blind


def test_the_drawer_of_what_is_hidden_goes_with_its_item_and_the_next_start_remembers(
    review: Review, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unblinding, "ask", lambda *_args, **_words: True)
    person = review(workspace)
    bench = person.page._bench
    person.page._unblinding.start()
    person.qtbot.waitUntil(lambda: bench.drawer_kind == HIDDEN)
    first = person.item
    person.press(K.Key_S)
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.item not in ("", first))
    assert bench.drawer_kind == ""
    assert bench.words_above == ""
    assert queues.show_again(workspace, SILENT, campaign="C", item=first).value.unblinded


def test_the_question_before_what_is_hidden_is_answered_by_keys(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    said: list[str] = []

    def refuse() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Question)
        said.append(dialog.windowTitle())
        QTest.keyClick(dialog, K.Key_Escape)

    QTimer.singleShot(200, refuse)
    person.page._unblinding.start()
    assert said == ["Show what is hidden?"]
    person.settle()
    assert not queues.show_again(workspace, SILENT, campaign="C", item=person.item).value.unblinded


def test_my_work_says_how_one_did_where_the_campaign_tells_it(review: Review, workspace: Workspace) -> None:
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(50, 54)])
    rules = Campaign(name="D", query="", seed="s", gold="0.1", repeat="0.1", feedback=True)
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    first, second = worlds.waiting(workspace, campaign="D")[:2]
    gold(workspace, first, second)
    worlds.label(workspace, first, "non_compliant", campaign="D")
    assert queues.my_work(workspace, SILENT, campaign="D").value.result is None, "each label would tell whether its item is gold"
    while waiting := worlds.waiting(workspace, campaign="D"):
        worlds.label(workspace, waiting[0], campaign="D")
    person = review(workspace)
    person.page.choose_campaign(queues.standing(workspace, SILENT, campaign="D").value.id)
    person.qtbot.waitUntil(lambda: person.page._flow.standing is not None and person.page._flow.standing.name == "D")
    person.press(K.Key_W)
    person.qtbot.waitUntil(lambda: person.page._bench.drawer_kind == "my_work", timeout=30_000)  # scipy is loaded for it
    assert "Known answers: 1 of 2 right (1 % to 99 %)." in person.page._bench.drawer._summary.text()

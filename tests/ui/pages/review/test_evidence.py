"""Citing, marking and missing by keys in a real window: what is on screen, what is kept, what is on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.domain.events import Campaign
from reviewer.domain.evidence import span_of, text_at
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.labels import Omitted, Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, policies, queues
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.review.clause_card import ClauseCard
from reviewer.ui.pages.review.said import SaidPanel
from tests import worlds
from tests.ui import accessibility
from tests.ui.pages.person import CTRL
from tests.ui.pages.review.conftest import Review, Reviewing
from tests.ui.transcript.runs import canary as canary
from tests.ui.transcript.runs import sees_canary

K = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

POLICY = b"""# Shop policy

Effective: 2026-05-01

1.1 **Identity.** Two details before anything is changed.

1.2 **Confirmation.** Say what will be done, and wait for a plain yes.

2.1 **Refunds.** Within 30 days, to the card that paid.

2.2 **Limit.** More than 250 goes to a supervisor.
"""


def _text(words: str) -> tuple[Part, ...]:
    return (Part(type="text", text=words),)


def run(number: int) -> Item:
    return Item(
        kind="trajectory",
        agent="shop",
        time="2026-06-01T10:00:00.000Z",
        external_id=f"run {number}",
        messages=(
            Message(role="user", content=_text(f"Order {number}: I want my money 😀 back.")),
            Message(role="assistant", content=_text("Let me look. 😀 You are right.")),
            Message(role="assistant", tool_calls=(ToolCall(name="get", id="1", arguments=f'{{"order":"A{number}"}}'),)),
            Message(role="tool", tool_call_id="1", content=_text('{"paid_by":"card","days":41}')),
            Message(role="assistant", content=_text("I refund 😀 you at once."), tool_calls=(
                ToolCall(name="refund", id="2", arguments='{"a/b":{"to~go":"other 😀 card"},"amount":486}'),)),
        ),
    )  # fmt: skip


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with four runs, and the campaign C judged by the shop's policy."""
    workspace = worlds.make(tmp_path / "judged")
    worlds.put_in(workspace, [run(n) for n in range(4)])
    policies.add_text(workspace, SILENT, key="shop", content=POLICY, name="shop.md")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", policies=("shop",)))
    yield workspace
    workspace.close()


@pytest.fixture
def person(review: Review, judged: Workspace) -> Reviewing:
    """Somebody whose clauses are on screen."""
    person = review(judged)
    person.qtbot.waitUntil(lambda: bool(person.page._judging.clauses))
    return person


def press(person: Reviewing, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    for key in keys:
        person.press(key, modifiers)


def cited(person: Reviewing) -> list[str]:
    return [one.clause for one in person.page._judging.evidence.clauses]


def cards(person: Reviewing) -> list[tuple[str, bool]]:
    return [(offer.clause.citation.clause, offer.cited) for offer in person.page._bench.form.clauses.offers]


def chips(person: Reviewing) -> tuple[str, ...]:
    return person.page._bench.form.chips.words


def words(person: Reviewing, item: str) -> list[str]:
    """The marked words of what is on disk."""
    said = person.label_of(item)
    assert said is not None
    run_ = queues.show_again(person.workspace, SILENT, campaign="C", item=item).value.item
    return [text_at(run_, span.step, span.part, span.pointer)[span.start : span.end] for span in said.label.spans]


def test_digits_cite_the_clause_of_that_card_and_again_no_longer(person: Reviewing) -> None:
    first = person.item
    assert [name for name, _cited in cards(person)][:2] == ["1.1", "1.2"]
    press(person, K.Key_2)
    assert cards(person)[:2] == [("1.1", False), ("1.2", True)]  # it stays in its place
    press(person, K.Key_1)
    press(person, K.Key_2)
    press(person, K.Key_9)
    assert cited(person) == ["1.1"]
    press(person, K.Key_N, K.Key_R)
    person.write("because")
    person.record()
    said = person.label_of(first)
    assert said is not None
    [clause] = said.label.clauses
    assert (clause.policy, clause.clause) == ("shop", "1.1")
    assert cited(person) == []


def test_what_was_cited_comes_first_on_the_next_item(person: Reviewing) -> None:
    press(person, K.Key_Slash)
    person.write("supervis")
    press(person, K.Key_Return)
    assert cited(person) == ["2.2"]
    assert not person.page._bench.drawer_kind
    assert QApplication.focusWidget() is person.page._bench.pane.view
    press(person, K.Key_C)
    person.record()
    assert cards(person)[0] == ("2.2", False)
    press(person, K.Key_Z, modifiers=CTRL)
    person.qtbot.waitUntil(lambda: cited(person) == ["2.2"])
    assert person.page._judging._shelf is not None
    assert person.page._judging._shelf.used["shop:2.2"] == 0


def test_words_are_marked_by_keys_under_the_clause_cited_last(person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_2, K.Key_J, K.Key_H)
    assert person.page._bench.marking.words.startswith("Marking in step 2:")
    press(person, *[K.Key_Right] * 13)
    press(person, *[K.Key_Right] * 5, modifiers=SHIFT)
    press(person, K.Key_H)
    assert chips(person) == ("step 2, 5 characters → 1.2",)
    assert person.page._bench.marking.words == ""
    press(person, K.Key_C)
    person.record()
    assert words(person, first) == ["😀 You"]
    said = person.label_of(first)
    assert said is not None
    [span] = said.label.spans
    assert (span.step, span.part, span.start, span.clause) == ("2", 0, 13, "shop:1.2")


def test_a_digit_keeps_what_is_being_marked_under_that_clause(person: Reviewing) -> None:
    press(person, K.Key_J, K.Key_H)
    press(person, *[K.Key_Right] * 3, modifiers=SHIFT)
    press(person, K.Key_1)
    assert (chips(person), cited(person)) == (("step 2, 3 characters → 1.1",), ["1.1"])
    press(person, K.Key_H, K.Key_Return)  # nothing selected: Enter leaves
    assert not person.page._bench.pane.view.marking.on
    assert len(chips(person)) == 1


def test_the_caret_goes_along_with_the_step_and_the_strip_says_so(person: Reviewing) -> None:
    press(person, K.Key_H, K.Key_J)
    assert person.page._bench.marking.words.startswith("Marking in step 2:")
    press(person, K.Key_Right, modifiers=SHIFT)
    press(person, K.Key_H)
    assert chips(person) == ("step 2, 1 character",)


def test_words_marked_under_no_clause_go_under_the_next_one_that_is_cited(person: Reviewing) -> None:
    press(person, K.Key_H)
    press(person, K.Key_End, modifiers=SHIFT)
    press(person, K.Key_Return)
    assert chips(person) == ("step 1, 32 characters",)
    press(person, K.Key_2)
    assert chips(person) == ("step 1, 32 characters → 1.2",)
    press(person, K.Key_2)
    assert chips(person) == ("step 1, 32 characters",)


def test_arguments_and_results_are_marked_and_read_back(person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_1, *[K.Key_J] * 5, K.Key_H)
    assert person.page._bench.pane.view.steps.current == "5.1"
    press(person, *[K.Key_Right] * 6)
    press(person, K.Key_Right, modifiers=SHIFT)
    press(person, K.Key_H)
    press(person, K.Key_H, K.Key_Down)
    press(person, K.Key_Right, modifiers=SHIFT)
    press(person, K.Key_H)
    press(person, K.Key_K, K.Key_K, K.Key_H)
    press(person, K.Key_End, modifiers=SHIFT)
    press(person, K.Key_H)
    assert chips(person) == ("step 5.1, to~go, 1 character → 1.1", "step 5.1, 3 characters → 1.1", "step 4, paid_by → 1.1")
    press(person, K.Key_C)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert [(span.step, span.part, span.pointer) for span in said.label.spans] == [
        ("5.1", None, "/a~1b/to~0go"), ("5.1", None, None), ("4", None, "/paid_by"),
    ]  # fmt: skip
    assert words(person, first) == ["😀", "486", "card"]


def test_what_a_pointer_does_not_lead_to_is_marked_in_the_text_that_came(review: Review, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "odd")
    twice, broken = '{"a":"first","a":"second"}', '{"a":"one","b":'
    results = tuple(Message(role="tool", content=_text(text)) for text in (twice, broken))
    parts = Message(role="tool", content=(*_text('{"a":"x"}'), *_text('{"a":"y"}')))
    worlds.put_in(workspace, [Item(kind="trajectory", messages=(*results, parts))])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    person = review(workspace)
    first = person.item
    for downs in (0, 0, 1):
        press(person, K.Key_H)
        press(person, *[K.Key_Down] * downs)
        press(person, K.Key_End, modifiers=SHIFT)
        press(person, K.Key_H, K.Key_J)
    press(person, K.Key_C)
    person.record()
    assert words(person, first) == ['"first"', '"one"', "y"]
    said = person.label_of(first)
    assert said is not None
    assert [(span.part, span.pointer) for span in said.label.spans] == [(0, None), (0, None), (1, "/a")]
    workspace.close()


def test_words_selected_with_the_mouse_are_kept_by_the_same_key(person: Reviewing) -> None:
    view = person.page._bench.pane.view
    view.viewport().repaint()
    card = next(card for card in view.scene.visible() if card.laid.block.step == "2")
    start = QPoint(view.scene.look.margin_left + view.scene.look.gutter + view.scene.look.pad_x + 1, round(card.y + card.laid.top_pad + 8))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view.viewport(), start + QPoint(400, 0))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(400, 0))
    press(person, K.Key_H)
    assert chips(person) == ("step 2, 29 characters",)


def test_what_is_missing_is_said_changed_and_taken_away_by_keys(person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_2, K.Key_J, K.Key_O)
    panel = person.page._bench.omission
    assert (panel.step.text(), panel.clause.currentData()) == ("2", "shop:1.2")
    assert panel.clause.width() > panel.width() * 2 // 3  # the names of clauses can be long
    press(person, K.Key_Return, modifiers=CTRL)  # without words it is not kept
    assert person.page._bench.open_note is not None
    person.write("Did not ask for a yes")
    person.page._bench.omission.step.setText("9")
    press(person, K.Key_Return, modifiers=CTRL)
    assert "not a step of this item" in person.page._bench.omission._hint.text()
    assert QApplication.focusWidget() is person.page._bench.omission.step
    person.page._bench.omission.step.setText("5.1")
    press(person, K.Key_Return, modifiers=CTRL)
    assert chips(person) == ("missing at step 5.1: “Did not ask for a yes” → 1.2",)
    press(person, K.Key_A, K.Key_Return)  # the chip opens it again
    person.write("Never asked")
    press(person, K.Key_Return, modifiers=CTRL)
    assert chips(person) == ("missing at step 5.1: “Never asked” → 1.2",)
    press(person, K.Key_Escape)
    press(person, K.Key_C)
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert said.omissions == ("Never asked",)
    [omission] = said.label.omissions
    assert (omission.step, omission.clause) == ("5.1", "shop:1.2")


def test_a_note_to_the_lead_takes_the_place_of_an_omission_that_is_being_written(person: Reviewing) -> None:
    press(person, K.Key_O)
    person.page._bench.omission.clause.setFocus()
    press(person, K.Key_E)
    assert person.page._bench.omission.isHidden()
    assert person.page._bench.open_note is person.page._bench.note
    assert QApplication.focusWidget() is person.page._bench.note.field
    press(person, K.Key_Escape)
    assert person.page._bench.record.isVisible()


def test_chips_are_walked_opened_and_taken_away_by_keys(person: Reviewing) -> None:
    view = person.page._bench.pane.view
    press(person, K.Key_H)
    press(person, *[K.Key_Right] * 5, modifiers=SHIFT)
    press(person, K.Key_H, K.Key_J, K.Key_J, K.Key_H)
    press(person, *[K.Key_Right] * 2, modifiers=SHIFT)
    press(person, K.Key_H)
    assert len(chips(person)) == 2
    press(person, K.Key_A, K.Key_Return)
    assert view.steps.current == "1"
    press(person, K.Key_Right, K.Key_Space)
    assert view.steps.current == "3"
    press(person, K.Key_Delete)
    assert chips(person) == ("step 1, 5 characters",)
    press(person, K.Key_Backspace)
    assert chips(person) == ()
    assert QApplication.focusWidget() is view
    press(person, K.Key_A)
    assert QApplication.focusWidget() is view  # there is nothing to walk


def test_the_first_wrong_step_marks_the_agents_steps_before_it(person: Reviewing) -> None:
    press(person, *[K.Key_J] * 4, K.Key_X)  # step 5 by hand
    press(person, K.Key_K, K.Key_K, K.Key_X, modifiers=PLAIN)  # step 3
    press(person, K.Key_D)
    press(person, K.Key_X, modifiers=SHIFT)
    assert person.page._judging.evidence.marks == {"2": "good", "3": "bad"}
    press(person, K.Key_J, K.Key_J, K.Key_J)
    press(person, K.Key_X, modifiers=SHIFT)
    assert person.page._judging.evidence.marks == {"2": "good", "3": "bad", "5": "good", "5.1": "bad"}  # what bears a mark keeps it


def test_the_policy_is_read_searched_and_cited_from_beside_the_transcript(person: Reviewing) -> None:
    press(person, K.Key_2, K.Key_P)
    clauses = person.page._judging.drawer.list
    assert person.page._bench.drawer_kind == "policy"
    assert person.page._bench.drawer._summary.text() == "Shop policy, version 1. Enter cites."
    current = clauses.list.clause(clauses.list.currentIndex().row())
    assert current is not None
    assert current.name == "shop:1.2"
    press(person, K.Key_Down, K.Key_Return)
    assert cited(person) == ["1.2", "2.1"]
    press(person, K.Key_Return)
    assert cited(person) == ["1.2"]
    clauses.field.setFocus()
    person.write("card paid")
    assert clauses.list.model().rowCount() == 1
    person.write("zzz")
    assert clauses._none.isVisible()
    press(person, K.Key_Escape)
    assert not person.page._bench.drawer_kind


def test_at_the_end_of_the_queue_the_policy_can_be_read_and_nothing_is_cited(person: Reviewing) -> None:
    while person.item:
        press(person, K.Key_C)
        person.record()
    person.qtbot.waitUntil(lambda: person.page._stack.currentWidget() is person.page._ending.page)
    press(person, K.Key_P)
    assert person.page._judging.drawer.list.list.model().rowCount() == 4
    press(person, K.Key_Return)
    assert cited(person) == []


def test_without_a_campaign_the_drawer_says_that_nothing_can_be_cited(review: Review, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "none")
    person = review(workspace, waits=False)
    press(person, K.Key_P)
    assert person.page._bench.drawer._summary.text() == "No clause can be cited here: no policy is in force."
    workspace.close()


def test_a_draft_keeps_all_of_it_and_so_does_undo_and_a_look_back(person: Reviewing) -> None:
    first = person.item
    press(person, K.Key_2, K.Key_J, K.Key_H)
    press(person, *[K.Key_Right] * 3, modifiers=SHIFT)
    press(person, K.Key_H, K.Key_O)
    person.write("Ask")
    press(person, K.Key_Return, modifiers=CTRL)
    press(person, K.Key_X, modifiers=SHIFT)
    said = chips(person)
    person.qtbot.waitUntil(lambda: (draft := person.draft_of(first)) is not None and len(draft.omissions) == 1 and bool(draft.steps))
    draft = person.draft_of(first)
    assert draft is not None
    assert (len(draft.clauses), len(draft.spans), draft.omissions) == (1, 1, (Omitted("Ask", "2", "shop:1.2"),))
    press(person, K.Key_C)
    person.record()
    assert chips(person) == ()
    press(person, K.Key_B)
    person.qtbot.waitUntil(lambda: bool(person.visible(SaidPanel)))
    view = person.page._bench.pane.view
    assert view.scene.highlights["2"][0].tag == "1.2"
    spoken = person.page._said_before.panel.accessibleName()
    assert "Clauses: 1.2 Confirmation." in spoken
    assert "step 2, 3 characters → 1.2, missing at step 2: “Ask” → 1.2." in spoken
    press(person, K.Key_H, K.Key_1, K.Key_O)  # there is nothing to judge here
    assert person.page._bench.open_note is None
    press(person, K.Key_Right, modifiers=Qt.KeyboardModifier.AltModifier)
    assert chips(person) == ()
    assert view.scene.highlights == {}
    press(person, K.Key_Z, modifiers=CTRL)
    person.qtbot.waitUntil(lambda: person.item == first)
    assert chips(person) == said
    assert cards(person)[0] == ("1.2", True)
    assert view.scene.highlights["2"][0].tag == "1.2"
    assert person.page._judging.evidence.marks == {"2": "bad"}


def test_a_draft_from_before_a_crash_is_on_screen_with_its_evidence(review: Review, judged: Workspace) -> None:
    (waiting,) = queues.next_items(judged, SILENT, campaign="C").value
    span = span_of(waiting.item, step="3.1", pointer="/order", start=0, end=2)
    draft = Opinion(spans=(span,), omissions=(Omitted("Ask", None, None),))
    labelling.save_draft(judged, SILENT, campaign=waiting.campaign, item=waiting.id, opinion=draft)
    person = review(judged)
    person.page._bench.pane.view.viewport().repaint()
    person.qtbot.waitUntil(lambda: bool(person.page._judging.clauses))
    assert chips(person) == ("step 3, order", "missing: “Ask”")


def test_another_policy_in_force_is_offered_at_once(person: Reviewing, judged: Workspace) -> None:
    def publish(workspace: Workspace, _ticket: object) -> object:
        policies.add_text(workspace, SILENT, key="shop", content=POLICY.replace(b"30 days", b"14 days"), name="shop.md")
        return policies.activate_policy(workspace, SILENT, key="shop", number=2)

    person.page.desk.jobs.run(publish, owner=person.page, done=lambda _value: None, failed=lambda error: pytest.fail(str(error)))  # type: ignore[arg-type] # an Outcome
    person.qtbot.waitUntil(lambda: any(one.version == 2 for one in person.page._judging.clauses))
    assert person.page._bench.form._policy_note.text() == "Shop policy, version 2"


def test_without_a_policy_the_form_says_so_and_words_can_be_marked_all_the_same(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    form = person.page._bench.form
    person.qtbot.waitUntil(lambda: form.clauses._nothing.text() != "")
    assert form.clauses._nothing.text() == "No clause can be cited here: no policy is in force."
    press(person, K.Key_1, K.Key_Slash)
    assert "no policy is in force" in person.page._bench.drawer._summary.text()
    press(person, K.Key_Escape, K.Key_J, K.Key_H)
    press(person, K.Key_End, modifiers=SHIFT)
    press(person, K.Key_H)
    assert len(chips(person)) == 1


def test_hostile_clauses_and_evidence_stay_plain_and_fit(review: Review, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}" width=64 height=64>'
    workspace = worlds.make(tmp_path / "hostile")
    hostile = Item(kind="trajectory", messages=(Message(role="user", content=_text(markup * 50)),))
    worlds.put_in(workspace, [hostile])
    clauses = "\n\n".join(f"{n}. **{markup} {'W' * 300}.** {markup * 400}" for n in range(1, 12))
    policies.add_text(workspace, SILENT, key="p", content=f"# {markup}\n\n{clauses}\n".encode(), name="p.md")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    person = review(workspace)
    person.qtbot.waitUntil(lambda: bool(person.page._judging.clauses))
    width = person.window.width()
    press(person, K.Key_1, K.Key_H)
    press(person, K.Key_End, modifiers=SHIFT)
    press(person, K.Key_H, K.Key_O)
    person.write(markup)
    press(person, K.Key_Return, modifiers=CTRL)
    for key in (K.Key_P, K.Key_Escape, K.Key_Slash):
        press(person, key)
        assert not sees_canary(person.window)
    assert person.window.width() == width
    form = person.page._bench.form
    assert not form.horizontalScrollBar().maximum()
    workspace.close()


def test_thousands_of_clauses_are_found_without_delay(review: Review, tmp_path: Path) -> None:
    import time

    workspace = worlds.make(tmp_path / "many")
    worlds.put_in(workspace, [run(0)])
    text = "\n\n".join(f"{n // 50 + 1}.{n % 50 + 1} **Clause {n}.** The agent does {n} things, and says so." for n in range(4_000))
    policies.add_text(workspace, SILENT, key="p", content=f"# Long\n\n{text}\n".encode(), name="p.md")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    person = review(workspace)
    person.qtbot.waitUntil(lambda: len(person.page._judging.clauses) == 4_000, timeout=20_000)
    started = time.perf_counter()
    press(person, K.Key_Slash)
    person.write("things 3777")
    person.window.repaint()
    took = time.perf_counter() - started
    press(person, K.Key_Return)
    assert cited(person) == ["76.28"]
    assert took < 2.0  # a dozen keys and two paints; this machine may be busy
    workspace.close()


def test_every_control_of_the_evidence_has_a_name_and_is_reached_by_keys(person: Reviewing) -> None:
    press(person, K.Key_1, K.Key_H)
    press(person, K.Key_End, modifiers=SHIFT)
    press(person, K.Key_H, K.Key_P)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    press(person, K.Key_Escape, K.Key_O)
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    names = accessibility.names(person.page)
    assert any(name.startswith("Clause 1.1 Identity, cited, key 1") for name in names)
    assert "Evidence: step 1, 32 characters → 1.1" in names


@pytest.mark.parametrize(("size", "percent"), [((1280, 800), 100), ((1280, 800), 200), ((1024, 640), 100)])
def test_cards_and_chips_fit_their_panel_at_every_size(person: Reviewing, size: tuple[int, int], percent: int) -> None:
    person.window.resize(*size)
    person.window.theme.resize(percent)
    press(person, K.Key_1, K.Key_2, K.Key_H)
    press(person, K.Key_End, modifiers=SHIFT)
    press(person, K.Key_H)
    QApplication.processEvents()
    form = person.page._bench.form
    shown: list[QWidget] = [*person.visible(ClauseCard), form.chips]
    for widget in shown:
        at = widget.mapTo(form, QPoint(0, 0))
        assert QRect(at, widget.size()).right() <= form.viewport().width()
    person.qtbot.waitUntil(lambda: all(card.height() == card.heightForWidth(card.width()) for card in person.visible(ClauseCard)))
    person.window.theme.resize(100)

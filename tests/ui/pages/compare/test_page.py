"""Comparing by keyboard in a real window: what is recorded, what is kept, what is asked for, what is shown afterwards."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from reviewer.domain.changes import Outcome
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.preferences import Choice, in_words
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling
from reviewer.storage.workspace import Workspace
from reviewer.ui.jobs import Priority, nothing
from reviewer.ui.pages.compare.choosing import CHOICES
from reviewer.ui.pages.queue import unblinding
from reviewer.ui.pages.queue.bench import HIDDEN
from reviewer.ui.pages.queue.drawer_rows import DrawerRows
from reviewer.ui.pages.queue.flow import TOO_EARLY
from reviewer.ui.pages.review.page import ReviewPage
from tests import pairs, worlds
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow
from tests.ui.pages.adjudicate import disputed
from tests.ui.pages.compare.conftest import ENTRIES, Compare, Comparing, at_page
from tests.ui.pages.person import ALT, CTRL

K = Qt.Key
NO, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def two(tmp_path: Path) -> Workspace:
    """Six comparisons of two outputs."""
    return pairs.ready(tmp_path / "two")


@pytest.fixture
def four(tmp_path: Path) -> Workspace:
    """Three comparisons of four outputs."""
    return pairs.ready(tmp_path / "four", items=3, outputs=4)


def _recorded(person: Comparing, item: str) -> str:
    said = person.label_of(item)
    assert said is not None
    assert said.label.preference is not None
    return in_words(said.label.preference)


def _order_of(person: Comparing, item: str) -> tuple[str, ...]:
    said = person.label_of(item)
    assert said is not None
    assert said.label.preference is not None
    return said.label.preference.order_shown


def test_a_digit_and_ctrl_enter_put_a_preference_on_disk_and_show_the_next_one(compare: Compare, two: Workspace) -> None:
    """1 and 2: the left one; 3: a tie; 4 and 5: the right one; 0: both are bad."""
    person = compare(two)
    assert "left clearly … right clearly" in accessibility.names(person.window._foot)
    keys = (K.Key_1, K.Key_2, K.Key_3, K.Key_4, K.Key_0)
    expected = ((0, "clear"), (0, "slight"), (None, "slight"), (1, "slight"), (None, "slight"))
    for key, (better, strength) in zip(keys, expected, strict=True):
        first, order = person.item, person.order
        assert person.page._choosing.preference() is None
        person.press(key)
        person.record()
        said = person.label_of(first)
        assert said is not None
        preference = said.label.preference
        assert preference is not None
        assert (preference.order_shown, preference.strength) == (tuple(order), strength)
        assert preference.both_bad == (key == K.Key_0)
        assert preference.ranking == ((tuple(sorted(order)),) if better is None else ((order[better],), (order[1 - better],)))
        assert (said.label.blind, said.label.shown.model) == (True, False)
    two.close()


def test_a_digit_that_comes_before_the_next_comparison_is_up_is_not_taken_and_says_so(compare: Compare, two: Workspace) -> None:
    """It would judge what nobody has seen; without a word it would be missed only when the labels are counted."""
    person = compare(two)
    go_on = threading.Event()
    person.page.desk.jobs.run(
        lambda _workspace, _ticket: Outcome(go_on.wait(30)), owner=person.page, done=nothing, failed=nothing, priority=Priority.LABEL
    )
    first = person.item
    person.press(K.Key_1)
    person.press(K.Key_Return, CTRL)
    for key, modifiers in ((K.Key_5, NO), (K.Key_Return, CTRL)):
        person.window._foot.say("")
        person.press(key, modifiers)
        assert person.window._foot._remark.text() == TOO_EARLY
    assert person.item == first
    go_on.set()
    person.qtbot.waitUntil(lambda: person.item not in ("", first) and not person.page._flow.working)
    assert person.page._choosing.preference() is None
    assert _recorded(person, first) == ",".join(_order_of(person, first))
    two.close()


def test_everything_that_can_be_said_is_said_by_keys_alone(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    first, (left, right) = person.item, person.order
    person.press(K.Key_J)
    person.press(K.Key_X)
    person.press(K.Key_Right)
    person.press(K.Key_V)
    person.press(K.Key_E)
    person.write("Better: ")
    person.press(K.Key_Return, CTRL)
    person.press(K.Key_4)
    person.press(K.Key_H, ALT)
    person.press(K.Key_R)
    person.write("It looks before it promises.")
    person.record()
    said = person.label_of(first)
    assert said is not None
    assert said.label.steps == {f"{left}/2": "bad", f"{right}/1": "good"}
    assert _recorded(person, first) == f"{right},{left}"
    assert (said.label.confidence, said.rationale) == ("0.95", "It looks before it promises.")
    with two.read() as reading:
        assert said.label.correction is not None
        assert reading.blob(said.label.correction).decode().startswith("Better: Let me look at order")
    two.close()


def test_four_outputs_are_put_in_order_by_their_digits(compare: Compare, four: Workspace) -> None:
    person = compare(four)
    first, order = person.item, person.order
    assert {"order", "equal", "strength"} <= set(accessibility.names(person.window._foot))
    for key in (K.Key_3, K.Key_1, K.Key_Equal, K.Key_4):
        person.press(key)
    assert person.page._choosing.complete  # the last one left took the last place
    person.press(K.Key_C)
    person.record()
    same = "=".join(sorted((order[0], order[3])))
    assert _recorded(person, first) == f"{order[2]},{same},{order[1]}"
    said = person.label_of(first)
    assert said is not None
    assert said.label.preference is not None
    assert said.label.preference.strength == "slight"
    four.close()


def test_a_digit_pressed_again_takes_a_place_back_and_backspace_all(compare: Compare, four: Workspace) -> None:
    person = compare(four)
    choosing, order = person.page._choosing, person.order
    person.press(K.Key_1)
    person.press(K.Key_2)
    person.press(K.Key_1)
    assert choosing.placed == (order[1],)
    person.press(K.Key_8)  # there is no such output
    assert choosing.placed == (order[1],)
    person.press(K.Key_Backspace)
    assert choosing.preference() is None
    person.press(K.Key_T)
    assert in_words(choosing.preference() or pytest.fail("no tie")) == "A=B=C=D"
    four.close()


def test_what_is_missing_is_asked_for_and_nothing_is_recorded(compare: Compare, four: Workspace) -> None:
    person = compare(four)
    first = person.item
    person.press(K.Key_Return, CTRL)
    assert person.page._bench.bar._note.text() == "put them in order, best first"
    person.press(K.Key_1)
    person.press(K.Key_Return, CTRL)
    assert person.page._bench.bar._note.text().startswith("give a place to ")
    assert person.item == first
    assert person.label_of(first) is None
    four.close()


def test_undo_brings_the_comparison_back_with_what_was_said(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    first = person.item
    person.press(K.Key_2)
    person.press(K.Key_X)
    person.record()
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: person.item == first)
    assert person.page._choosing.choice == "2"
    assert list(person.page._reading.marks.values()) == ["bad"]
    assert person.label_of(first) is None
    person.qtbot.waitUntil(lambda: person.page._bench.news.words.startswith("Taken back: "))
    two.close()


def test_what_was_begun_survives_the_window(compare: Compare, two: Workspace, make_window: MakeWindow) -> None:
    person = compare(two)
    first = person.item
    person.press(K.Key_5)
    person.press(K.Key_R)
    person.write("half a though")
    person.window.close()
    again = make_window(folder=two.folder, pages=ENTRIES)
    again.go("review")
    person.qtbot.waitUntil(lambda: again.current_page == "compare", timeout=20_000)
    later = at_page(person.qtbot, again, two)
    assert later.item == first
    assert later.page._choosing.choice == "5"
    assert later.page._bench.bar.rationale.toPlainText() == "half a though"
    two.close()


def test_one_looks_back_at_an_answer_and_changes_it(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    first = person.item
    person.press(K.Key_1)
    person.record()
    second = person.item
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: person.page._back.past is not None)
    assert "clearly better than" in person.page._said.accessibleName()
    assert not person.window.actions_of_page.can_fire("compare.choose_5")
    person.press(K.Key_A)
    person.qtbot.waitUntil(lambda: person.item == first)
    person.press(K.Key_3)
    person.record()
    person.qtbot.waitUntil(lambda: person.item == second)
    assert _recorded(person, first) == "A=B"
    two.close()


def test_the_button_forward_leads_where_its_key_does(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    for key in (K.Key_1, K.Key_3):
        person.press(key)
        person.record()

    def stands(wanted: int) -> None:
        person.qtbot.waitUntil(lambda: person.page._back.past is not None and person.page._back.past.place == wanted)

    for place in (0, 1):
        person.press(K.Key_B)
        stands(place)
    person.page._said.forward.click()
    stands(0)
    person.page._said.forward.click()
    assert person.page._back.past is None
    two.close()


def test_a_remark_goes_with_its_item(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    person.press(K.Key_L)
    assert person.window._foot._remark.text() == "All outputs scroll as one"
    person.press(K.Key_1)
    person.record()
    assert person.window._foot._remark.text() == ""
    two.close()


def test_an_item_is_put_off_and_handed_to_the_lead(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    first = person.item
    person.press(K.Key_S)
    person.press(K.Key_Return)
    person.qtbot.waitUntil(lambda: person.item not in ("", first) and not person.page._flow.working)
    second = person.item
    assert person.page._bench.open_note is None
    person.press(K.Key_E, SHIFT)
    person.write("Both cite no clause.")
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.item not in ("", second) and not person.page._flow.working)
    assert person.label_of(first) is None
    assert worlds.waiting(two)[-1] == first
    assert second not in worlds.waiting(two)
    two.close()


def test_after_an_item_was_put_off_ctrl_enter_records_again(compare: Compare, two: Workspace) -> None:
    """A note that stayed open would take the key, and put off one comparison after another."""
    person = compare(two)
    first = person.item
    person.press(K.Key_S)
    person.press(K.Key_Return)
    person.qtbot.waitUntil(lambda: person.item not in ("", first) and not person.page._flow.working)
    second = person.item
    person.press(K.Key_5)
    person.record()
    assert _recorded(person, second) == ",".join(reversed(_order_of(person, second)))
    two.close()


def test_words_that_the_outputs_do_not_share_stand_out_until_the_key_is_pressed_again(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    person.press(K.Key_H)
    scenes = [pane.pane.view.scene for pane in person.page._bench.shown_panes]
    person.qtbot.waitUntil(lambda: all(scene.highlights for scene in scenes))
    for scene, pane in zip(scenes, person.page._bench.shown_panes, strict=True):
        (first, *_) = scene.highlights[f"{pane.key}/1"]
        assert pane.pane.view.scene.blocks[0].sources[0].text[first.start : first.end] in {"0.", "1."}
    person.press(K.Key_5)
    person.record()
    person.qtbot.waitUntil(lambda: all(scene.highlights for scene in scenes))  # of the next one too
    person.press(K.Key_H)
    assert not any(scene.highlights for scene in scenes)
    two.close()


def test_outputs_scroll_together_once_that_is_asked_for(compare: Compare, tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "long")
    item = pairs.comparison(1)
    longer = [
        pairs.Output((*one.messages, pairs.said("assistant", f"{one.key} " + "A long line of words. " * 400))) for one in item.candidates
    ]
    worlds.put_in(workspace, [pairs.Item(kind="comparison", messages=item.messages, candidates=pairs.keyed(longer).candidates)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", question="preference", seed="s"))
    person = compare(workspace)
    left, right = (pane.pane.view.verticalScrollBar() for pane in person.page._bench.shown_panes)
    person.qtbot.waitUntil(lambda: left.maximum() > 100 and right.maximum() > 100)
    left.setValue(80)
    assert right.value() == 0
    person.press(K.Key_L)
    left.setValue(left.maximum())
    assert right.value() > 0.8 * right.maximum()
    workspace.close()


def test_the_review_page_keeps_verdicts_and_hands_comparisons_over(compare: Compare, two: Workspace) -> None:
    """One entry of the rail, and the page that the campaign's question asks for."""
    campaigns.create_campaign(two, SILENT, rules=Campaign(name="V", query="kind:trajectory", seed="s", assign="all"))
    labelling.label_item(
        two, SILENT, campaign="C", item=worlds.waiting(two)[0], opinion=Opinion(), choice=Choice(prefer="A")
    )  # worked on last
    person = compare(two)
    review = person.window._pages["review"]
    assert isinstance(review, ReviewPage)
    person.press(K.Key_Q)
    (drawer,) = person.page._bench.drawer.findChildren(DrawerRows)
    place = next(n for n, row in enumerate(drawer.rows) if row.cells[0].startswith("V:"))
    drawer.setCurrentIndex(drawer.model().index(place, 0))
    person.press(K.Key_Return)
    person.qtbot.waitUntil(lambda: person.window.current_page == "review" and review._flow.current is not None)
    assert review._flow.current is not None
    assert review._flow.current.showing.campaign_name == "V"
    review.choose_campaign(next(one.id for one in review._flow.campaigns if one.name == "C"))
    person.qtbot.waitUntil(lambda: person.window.current_page == "compare" and bool(person.item))
    person.window.go("review")  # the entry of the rail: the queue that one works in
    person.qtbot.waitUntil(lambda: person.window.current_page == "compare")
    two.close()


def test_disagreements_are_counted_here_too(compare: Compare, tmp_path: Path) -> None:
    workspace = disputed.airline(tmp_path / "airline")
    worlds.put_in(workspace, [pairs.comparison(1)], file="pairs.jsonl")
    rules = Campaign(name="Pairs", query="kind:comparison", question="preference", seed="s", assign="all")
    campaigns.create_campaign(workspace, SILENT, rules=rules, member_names=["Ida"])
    disputed.hand_over(workspace, "Ida")
    person = compare(workspace)
    person.qtbot.waitUntil(lambda: "4 disagreements to resolve" in accessibility.names(person.window))
    workspace.close()


def test_in_large_text_words_of_the_prompt_are_in_sight_below_who_says_them(compare: Compare, two: Workspace) -> None:
    person = compare(two)
    prompt = person.page._bench.prompt
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    last = person.page._bench.prompt.pane.view.scene
    person.qtbot.waitUntil(lambda: person.window.width() == 1280 and prompt.pane.view.height() >= last.needed(120, from_last=True) > 100)


def test_what_is_hidden_takes_the_place_of_outputs_that_have_no_room_beside_it(
    compare: Compare, two: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unblinding, "ask", lambda *_args, **_words: True)
    person = compare(two)
    bench = person.page._bench
    person.window.theme.resize(200)
    person.window.resize(1000, 752)
    person.press(K.Key_U, CTRL | Qt.KeyboardModifier.ShiftModifier)
    person.qtbot.waitUntil(lambda: bench.drawer_kind == HIDDEN)
    assert not bench.panes[0].isVisible()
    person.press(K.Key_Escape)
    person.qtbot.waitUntil(bench.panes[0].isVisible)


def test_the_queue_ends_with_ways_on(compare: Compare, tmp_path: Path) -> None:
    workspace = pairs.ready(tmp_path / "one", items=1)
    person = compare(workspace)
    person.press(K.Key_3)
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: person.page._stack.currentWidget() is person.page._ending.page)
    assert person.page._ending.page.accessibleName().startswith("All done: 1 label")
    assert not person.window.actions_of_page.can_fire("compare.choose_1")
    person.press(K.Key_Z, CTRL)
    person.qtbot.waitUntil(lambda: bool(person.item))
    assert person.page._choosing.choice == "3"
    workspace.close()


def test_the_end_of_the_queue_comes_back_when_the_drawer_over_it_is_closed(compare: Compare, tmp_path: Path) -> None:
    one = pairs.ready(tmp_path / "one", items=1)
    person = compare(one)
    page = person.page
    person.press(K.Key_1)
    person.press(K.Key_Return, CTRL)
    person.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page)
    assert not {"both bad", "step"} & set(accessibility.names(person.window._foot)), "these keys do nothing here"
    for leave in (K.Key_Escape, K.Key_Return):  # Enter chooses the campaign that is at its end
        person.press(K.Key_Q)
        assert page._bench.drawer.isVisible()
        assert not page._bench.bar.isVisible(), "it is of a comparison that was answered"
        person.press(leave)
        person.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._ending.page)
    person.press(K.Key_B)
    person.qtbot.waitUntil(lambda: page._back.past is not None)
    assert page._bench.panes[0].isVisible()
    one.close()


@pytest.mark.parametrize("size", [100, 150, 200])
def test_nothing_of_the_page_is_cut_or_covered_in_a_small_window(compare: Compare, two: Workspace, size: int) -> None:
    """With the bar below, and with a better answer being written in its place."""
    person = compare(two)
    bench, window = person.page._bench, person.window
    window.theme.resize(size)
    window.resize(1264, 752)

    def below_each_other() -> bool:
        note = bench.open_note
        parts = [bench.prompt, bench._outputs, bench.bars if note is None else note]
        edges = [part.mapTo(bench._middle, QPoint(0, place)).y() for part in parts for place in (0, part.height())]
        scrolls = size == 200 or (size == 150 and note is not None)
        room = (bench._middle if scrolls else bench._page.viewport()).height()
        return [*edges, room] == sorted([*edges, room])

    def whole(button: QPushButton) -> bool:
        return button.isVisible() and button.width() >= button.sizeHint().width() and button.height() >= button.sizeHint().height()

    person.qtbot.waitUntil(lambda: below_each_other() and whole(bench.bar.record))
    words = [bench.bar._choice.button(value) for value in CHOICES]
    person.qtbot.waitUntil(lambda: all(b.fontMetrics().horizontalAdvance(b.text()) <= b.width() for b in words))
    person.press(K.Key_E)
    assert bench.open_note is not None
    note = bench.open_note
    person.qtbot.waitUntil(lambda: below_each_other() and note.visibleRegion().boundingRect().height() >= note.height() - 1)
    assert not bench.bars.isVisible()
    person.press(K.Key_Escape)
    person.qtbot.waitUntil(lambda: below_each_other() and whole(bench.bar.record))
    person.press(K.Key_Q)
    person.qtbot.waitUntil(bench.drawer.isVisible)
    person.qtbot.waitUntil(lambda: whole(bench.bar.record) or not bench._page.isVisible())
    two.close()

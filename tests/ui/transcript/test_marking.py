"""Marking words by keys: what is marked is what stands there in the item, whatever Qt counts."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.domain.evidence import span_of, text_at
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.ui.transcript.cited import Highlight
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.selection import Marked
from tests.ui.transcript.runs import said

K = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def called(arguments: str) -> Item:
    return Item(kind="trajectory", messages=(Message(role="assistant", tool_calls=(ToolCall(name="pay", arguments=arguments),)),))


def result(text: str, *, json: bool = False) -> Item:
    part = Part(type="json", json=text) if json else Part(type="text", text=text)
    return Item(kind="trajectory", messages=(Message(role="tool", content=(part,)),))


def press(pane: TranscriptPane, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(pane.view, key, modifiers)


def start(pane: TranscriptPane, item: Item) -> None:
    pane.show_item(item)
    pane.view.viewport().repaint()
    assert pane.view.marking.start()


def checked(item: Item, marked: list[Marked]) -> list[str]:
    """The marked words, each as the item has it at that place."""
    found = []
    for one in marked:
        span_of(item, step=one.step, part=one.part, pointer=one.pointer, start=one.start, end=one.end)
        found.append(text_at(item, one.step, one.part, one.pointer)[one.start : one.end])
    return found


@pytest.mark.parametrize(
    ("text", "skip", "over", "words"),
    [
        ("plain words here", 6, 5, "words"),
        ("😀😀 pay 486", 2, 4, " pay"),
        ("😀x😀y", 0, 3, "😀x😀"),
        ("e\u0301a\u0308o", 1, 1, "a\u0308"),  # letters with combining marks are one step each
        ("👨\u200d👩\u200d👧 ok", 0, 1, "👨\u200d👩\u200d👧"),
        ("שלום world", 0, 4, "שלום"),  # right to left: Right goes on in reading order
        ("pay \u202e001", 4, 1, "\u202e"),  # a hidden mark is shown as a word, and is one step
        ("a\r\nb", 1, 2, "\nb"),
        ("\tx\u00ady", 1, 3, "x\u00ady"),
    ],
)
def test_what_is_marked_by_characters_is_what_stands_there(pane: TranscriptPane, text: str, skip: int, over: int, words: str) -> None:
    item = said(text)
    start(pane, item)
    press(pane, K.Key_Right, times=skip)
    press(pane, K.Key_Right, SHIFT, times=over)
    [marked] = pane.view.marked()
    assert checked(item, [marked]) == [words]
    assert marked.words == words
    assert (marked.step, marked.part, marked.pointer) == ("1", 0, None)


def test_words_lines_and_ends_are_a_key_away(pane: TranscriptPane) -> None:
    item = said("One two three.\nFour five.")
    start(pane, item)
    press(pane, K.Key_Right, CTRL)
    press(pane, K.Key_Right, SHIFT | CTRL, times=1)
    assert checked(item, pane.view.marked()) == ["two "]
    press(pane, K.Key_End, SHIFT)
    assert checked(item, pane.view.marked()) == ["two three."]
    press(pane, K.Key_Down, SHIFT)
    assert checked(item, pane.view.marked()) == ["two three.\nFour five."]
    press(pane, K.Key_Home)
    assert pane.view.marked() == []
    press(pane, K.Key_End, SHIFT)
    assert checked(item, pane.view.marked()) == ["Four five."]


def test_the_caret_stays_in_its_step_and_follows_to_the_next_one(pane: TranscriptPane) -> None:
    item = said("One.", "Two.")
    start(pane, item)
    press(pane, K.Key_Right, SHIFT, times=20)
    assert checked(item, pane.view.marked()) == ["One."]
    pane.view.steps.next()
    assert pane.view.marked() == []
    press(pane, K.Key_Right, SHIFT, times=3)
    [marked] = pane.view.marked()
    assert (marked.step, marked.words) == ("2", "Two")


def test_strings_of_arguments_are_marked_by_their_pointer(pane: TranscriptPane) -> None:
    item = called('{"a/b":{"x~y":["zero","ein 🙂\\n \\"Wort\\""]}}')
    start(pane, item)
    press(pane, K.Key_Right, SHIFT, times=4)
    press(pane, K.Key_Right)  # to the next value
    press(pane, K.Key_Right, times=4)
    press(pane, K.Key_Right, SHIFT, times=3)
    [marked] = pane.view.marked()
    assert (marked.step, marked.part, marked.pointer) == ("1.1", None, "/a~1b/x~0y/1")
    assert checked(item, [marked]) == ["🙂\n "]


def test_a_selection_over_two_values_is_a_span_in_each(pane: TranscriptPane) -> None:
    item = called('{"one":"first","two":"second","n":3}')
    start(pane, item)
    press(pane, K.Key_Right, times=2)
    press(pane, K.Key_Down, SHIFT, times=2)
    press(pane, K.Key_End, SHIFT)
    marked = pane.view.marked()
    assert [one.pointer for one in marked] == ["/one", "/two", None]
    assert checked(item, marked) == ["rst", "second", "3"]


@pytest.mark.parametrize(("arguments", "word"), [(' {"n":1.10}', "1.10"), ('{"ok":true}', "true"), ('{"l":[1,2]}', "[1,2]")])
def test_a_value_that_is_no_string_is_marked_whole_in_the_text_that_came(pane: TranscriptPane, arguments: str, word: str) -> None:
    item = called(arguments)
    start(pane, item)
    press(pane, K.Key_Right, SHIFT)
    [marked] = pane.view.marked()
    assert (marked.step, marked.part, marked.pointer) == ("1.1", None, None)
    assert checked(item, [marked]) == [word]


@pytest.mark.parametrize("json", [True, False])
def test_results_are_marked_by_part_and_pointer(pane: TranscriptPane, json: bool) -> None:
    item = result('{"cabin":"economy","price":486}', json=json)
    start(pane, item)
    press(pane, K.Key_End, SHIFT)
    press(pane, K.Key_Down, SHIFT)
    press(pane, K.Key_End, SHIFT)
    marked = pane.view.marked()
    assert [(one.part, one.pointer) for one in marked] == [(0, "/cabin"), (0, None)]
    assert checked(item, marked) == ["economy", "486"]


def test_a_folded_step_is_opened_before_it_is_marked(pane: TranscriptPane) -> None:
    item = result("\n".join(f"line {n}" for n in range(60)))
    start(pane, item)
    assert not pane.view.scene.blocks[0].cut
    press(pane, K.Key_Down, times=59)
    press(pane, K.Key_End, SHIFT)
    assert checked(item, pane.view.marked()) == ["line 59"]


def test_what_shows_that_more_is_folded_away_is_never_marked(pane: TranscriptPane) -> None:
    item = result("\n".join(f"line {n}" for n in range(60)))
    pane.show_item(item)
    pane.view.viewport().repaint()
    QTest.keyClick(pane.view, K.Key_A, CTRL)
    [marked] = pane.view.marked()
    assert marked.words == "\n".join(f"line {n}" for n in range(10))
    assert checked(item, [marked]) == [marked.words]


def test_a_long_text_is_one_span_though_it_is_laid_out_in_pieces(pane: TranscriptPane) -> None:
    item = said("A sentence of it. " * 600)
    pane.show_item(item)
    pane.view.viewport().repaint()
    QTest.keyClick(pane.view, K.Key_A, CTRL)
    [marked] = pane.view.marked()
    assert (marked.start, marked.end) == (0, 600 * 18)
    assert checked(item, [marked]) == [marked.words]


def test_in_the_raw_view_the_text_that_came_is_marked(pane: TranscriptPane) -> None:
    item = called(' {"a":"x\\ny"}')
    pane.show_item(item)
    pane.view.folding.toggle_raw()
    pane.view.viewport().repaint()
    assert pane.view.marking.start()
    press(pane, K.Key_End, SHIFT)
    [marked] = pane.view.marked()
    assert (marked.pointer, marked.start, marked.words) == (None, 1, '{"a":"x\\ny"}')
    assert checked(item, [marked]) == [marked.words]


def test_the_error_of_a_tool_and_an_empty_step_have_nothing_to_mark(pane: TranscriptPane) -> None:
    pane.show_item(Item(kind="trajectory", messages=(Message(role="tool", error="PolicyError: no"), Message(role="user"))))
    pane.view.viewport().repaint()
    assert not pane.view.marking.start()
    pane.view.steps.next()
    assert not pane.view.marking.start()
    pane.clear()
    assert not pane.view.marking.start()


def test_esc_leaves_the_mode_enter_asks_for_the_span_and_a_press_of_the_mouse_ends_it(pane: TranscriptPane, qtbot: QtBot) -> None:
    view = pane.view
    told: list[bool] = []
    view.marking_changed.connect(told.append)
    start(pane, said("One two."))
    press(pane, K.Key_Right, SHIFT, times=3)
    with qtbot.waitSignal(view.mark_wanted):
        press(pane, K.Key_Return)
    press(pane, K.Key_Escape)
    assert (view.marking.on, view.marked(), told) == (False, [], [True, False])
    start(pane, said("One two."))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 40))
    assert not view.marking.on


def test_the_number_behind_cited_words_is_stepped_over_and_never_marked(pane: TranscriptPane) -> None:
    item = said("One two three.")
    pane.show_item(item)
    pane.view.set_highlights([Highlight("1", 4, 7, tag="4.2")])
    pane.view.viewport().repaint()
    card = pane.view.scene.visible()[0]
    assert card.laid.laid_run(0).text == "One two\u00a04.2 three."
    assert pane.view.marking.start()
    press(pane, K.Key_Right, times=4)
    press(pane, K.Key_Right, SHIFT, times=5)
    [marked] = pane.view.marked()
    assert checked(item, [marked]) == [marked.words]
    assert marked.words in ("two t", "two ")  # one press goes over the number
    press(pane, K.Key_End, SHIFT)
    assert checked(item, pane.view.marked()) == ["two three."]
    pane.view.copy()
    assert pane.view.selection.text(pane.view.scene) == "two three."


def test_the_caret_is_painted(pane: TranscriptPane) -> None:
    pane.show_item(said("One two."))
    before = pane.grab().toImage()
    assert pane.view.marking.start()
    assert pane.grab().toImage() != before
    pane.view.marking.stop()
    assert pane.grab().toImage() == before


def test_marking_does_not_break_the_reading_of_a_screen_reader(pane: TranscriptPane) -> None:
    pane.show_item(said("One two."))
    pane.view.set_highlights([Highlight("1", 0, 3, tag="4.2")])
    interface = QAccessible.queryAccessibleInterface(pane.view)
    assert interface.text(QAccessible.Text.Value) == "Step 1, User, 1 marked as evidence. One two."


def test_every_move_is_read_out_where_somebody_listens(pane: TranscriptPane, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    start(pane, said("One two."))
    press(pane, K.Key_Right, CTRL)
    press(pane, K.Key_Right, SHIFT, times=2)
    assert heard == ["One ", "t", "tw"]

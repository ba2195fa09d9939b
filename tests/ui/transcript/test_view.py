"""The viewer as a person meets it: painted, scrolled, folded, found in, copied from."""

import gc
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.ui.theme import Theme
from reviewer.ui.transcript.blocks import Block, prepare
from reviewer.ui.transcript.cited import Highlight
from reviewer.ui.transcript.images import Picture, decode
from reviewer.ui.transcript.pane import TranscriptPane
from reviewer.ui.transcript.strips import Strip
from reviewer.ui.transcript.view import TranscriptView
from tests.ui.accessibility import nameless
from tests.ui.transcript.runs import agent_run, said, sees_canary

SHIFT = Qt.KeyboardModifier.ShiftModifier


def painted(view: TranscriptView) -> list[str]:
    """Steps of the cards in sight, after a paint."""
    view.viewport().repaint()
    return [card.laid.block.step for card in view.scene.visible()]


def test_markup_in_a_text_draws_nothing_but_letters(pane: TranscriptPane, canary: Path, qtbot: QtBot) -> None:
    markup = f'<img src="file://{canary}" width="64" height="64"> ![x](file://{canary})'
    label = QLabel(markup)  # the control: Qt's own label does draw it
    qtbot.addWidget(label)
    label.show()
    assert sees_canary(label)
    hostile = Item(
        kind="trajectory",
        messages=(
            Message(role="system", content=(Part(type="text", text=markup),)),
            Message(role="user", name=markup, content=(Part(type="text", text=markup), Part(type="text", name="reasoning", text=markup))),
            Message(role="assistant", tool_calls=(ToolCall(name=markup, arguments=f'{{"{canary}":"<img src=\\"file://{canary}\\">"}}'),)),
            Message(role="tool", error=markup, content=(Part(type="json", json=f'["<img src=\\"file://{canary}\\">"]'),)),
            Message(role="user", content=(Part(type="file", name=markup, media_type=markup, sha256="ab" * 32, size_bytes=7),)),
        ),
    )
    pane.show_item(hostile)
    pane.view.folding.unfold_all()
    pane.view.find_words("img")
    assert not sees_canary(pane)
    pane.view.folding.toggle_raw()
    assert not sees_canary(pane)


def test_two_thousand_messages_open_in_a_frame_or_two_and_only_the_first_screen_is_laid_out(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(2000))
    start = time.thread_time()
    seen = painted(pane.view)
    took = time.thread_time() - start
    assert seen[0] == "1"
    assert len(seen) < 30
    assert took < 0.25  # a stall is a second


def test_a_text_of_five_megabytes_shows_its_start_and_its_end(pane: TranscriptPane) -> None:
    pane.show_item(said("word and more of it\n" * 250_000 + "the very end"))
    assert painted(pane.view) == ["1"]
    pane.view.verticalScrollBar().setValue(pane.view.verticalScrollBar().maximum())
    pane.view.viewport().repaint()
    for _ in range(4):
        pane.view.verticalScrollBar().setValue(pane.view.verticalScrollBar().maximum())
        pane.view.viewport().repaint()
    card = pane.view.scene.visible()[-1]
    runs = card.laid.visible(-card.y, pane.view.scene.height - card.y)
    assert runs[-1][2].text.endswith("the very end")


def test_scrolling_line_by_line_to_the_end_and_back_never_jumps(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(60))
    view = pane.view
    view.viewport().repaint()
    tops = []
    for _ in range(200):
        view.scene.scroll_by(37)
        tops.append(painted(view)[0])
    assert [int(step) for step in tops] == sorted(int(step) for step in tops)
    assert painted(view)[-1] == "60"
    for _ in range(250):
        view.scene.scroll_by(-37)
        painted(view)
    assert view.scene.value == 0
    assert painted(view)[0] == "1"


def test_the_card_at_the_top_stays_when_the_width_changes(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(80))
    pane.view.steps.go_to("41")
    before = painted(pane.view)
    pane.resize(620, 600)
    QApplication.processEvents()
    assert before[0] in painted(pane.view)[:2]


@pytest.mark.parametrize("size", [100, 200])
@pytest.mark.parametrize("raw", [False, True])
def test_no_line_is_longer_than_eyes_can_follow_in_a_wide_window(pane: TranscriptPane, theme: Theme, size: int, raw: bool) -> None:
    theme.resize(size)
    pane.resize(3200, 600)
    pane.show_item(said(f"\u202e{'a refund was paid ' * 60}"))
    if raw:
        pane.handlers()["transcript.raw"]()
    painted(pane.view)
    text = pane.view.scene.visible()[0].laid.laid_run(0)
    assert text.layout is not None
    assert text.layout.lineCount() > 3
    assert all(100 < text.layout.lineAt(line).textLength() < 150 for line in range(text.layout.lineCount() - 1))
    strips = [child for child in pane.findChildren(Strip) if child.isVisible()]
    assert [strip.mapTo(pane, strip.rect().topRight()).x() + 1 for strip in strips] == [pane.view.scene.look.card_right(3200)] * len(strips)
    assert len(strips) == (2 if raw else 1)


def test_where_more_is_shown_is_pressed_at_the_end_of_a_card_in_a_wide_window(pane: TranscriptPane) -> None:
    pane.resize(3200, 600)
    pane.show_item(agent_run(3))
    painted(pane.view)
    card = next(card for card in pane.view.scene.visible() if card.laid.block.foldable)
    note = pane.view.heading_rect(card)
    assert note.right() < pane.view.scene.look.card_right(3200)
    before = card.laid.block.folded
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=note.center())
    assert card.laid.block.folded is not before


def test_steps_move_by_one_and_stop_at_the_ends(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(5))
    view = pane.view
    moved: list[str] = []
    view.current_changed.connect(moved.append)
    for _ in range(6):
        view.steps.next()
    assert moved == ["2", "3", "4", "5"]
    for _ in range(6):
        view.steps.previous()
    assert view.steps.current == "1"


def test_a_step_that_was_scrolled_away_is_not_where_the_next_one_is_looked_for(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(100))
    painted(pane.view)
    pane.view.verticalScrollBar().setValue(pane.view.verticalScrollBar().maximum())
    seen = painted(pane.view)
    pane.view.steps.next()
    assert pane.view.steps.current in seen


def test_folding_is_a_key_and_a_click_away(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(4))
    view = pane.view
    view.steps.go_to("3")
    cut = [view.scene.blocks[2].cut]
    QTest.keyClick(view, Qt.Key.Key_Return)
    cut.append(view.scene.blocks[2].cut)
    painted(view)
    card = next(card for card in view.scene.visible() if card.laid.block.step == "3")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.heading_rect(card).center())
    cut.append(view.scene.blocks[2].cut)
    assert cut == [True, False, True]


def test_steps_not_shown_whole_are_told(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(40))
    painted(pane.view)
    truncated = pane.view.truncated_steps()
    assert "3" in truncated  # folded
    assert "1" not in truncated
    assert "40" in truncated  # never in view
    pane.view.steps.go_to("3")
    pane.view.folding.toggle()
    pane.view.scene.scroll_by(300)
    painted(pane.view)
    assert "3" not in pane.view.truncated_steps()


def test_find_counts_marks_unfolds_and_goes_round(pane: TranscriptPane, qtbot: QtBot) -> None:
    pane.show_item(agent_run(40))
    pane.handlers()["transcript.find"]()
    QTest.keyClicks(pane.find_bar.field, "VALUE 29 of 6")
    qtbot.waitUntil(lambda: not pane.view.finder.searching)
    assert len(pane.view.finder.hits) == 1  # in a folded part; case does not matter
    QTest.keyClick(pane.find_bar.field, Qt.Key.Key_Return)
    assert pane.view.steps.current == "7"
    assert not pane.view.scene.blocks[6].cut
    assert "7" in painted(pane.view)
    pane.find_bar.field.setText("flight")
    qtbot.waitUntil(lambda: not pane.view.finder.searching)
    total = len(pane.view.finder.hits)
    assert total >= 20  # in questions and in the keys of calls
    for _ in range(total):
        pane.find_bar.step(1)
    at_the_end = pane.view.finder.current
    pane.find_bar.step(1)
    assert pane.view.finder.current == (at_the_end + 1) % total
    QTest.keyClick(pane.find_bar.field, Qt.Key.Key_Escape)
    assert pane.find_bar.isHidden()
    assert not pane.view.finder.hits


@pytest.mark.parametrize("text", ["plain words here", "漢字 and 한글", "👩‍👩‍👧 family 😀", "an \u202eoverride\u202c inside"])
def test_a_selection_by_keys_copies_the_items_own_characters(pane: TranscriptPane, text: str) -> None:
    pane.show_item(said(text))
    painted(pane.view)
    QTest.keyClick(pane.view, Qt.Key.Key_End, SHIFT)
    (span,) = pane.view.marked()
    assert (span.step, span.part, span.start, span.end) == ("1", 0, 0, len(text))
    pane.view.copy()
    assert QGuiApplication.clipboard().text() == text


def test_a_drag_over_two_steps_copies_both(pane: TranscriptPane) -> None:
    pane.show_item(said("first words", "second words"))
    painted(pane.view)
    cards = pane.view.scene.visible()
    start = QPoint(69, int(cards[0].y) + 38)
    end = QPoint(500, int(cards[1].y) + 38)
    QTest.mousePress(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(pane.view.viewport(), end)
    QTest.mouseRelease(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    pane.view.copy()
    assert QGuiApplication.clipboard().text() == "first words\n\nsecond words"


def test_a_quote_carries_step_and_item(pane: TranscriptPane) -> None:
    pane.show_item(said("one\ntwo", "three"))
    pane.view.steps.go_to("1")
    pane.handlers()["transcript.quote"]()
    assert QGuiApplication.clipboard().text() == "> Step 1, User:\n> one\n> two\n\nItem 9f3ac1"


def test_highlights_in_code_points_stand_where_the_words_are(pane: TranscriptPane) -> None:
    text = "😀😀 pay \u200b486 now"
    pane.show_item(said(text))
    start = text.index("486")
    pane.view.set_highlights([Highlight("1", start, start + 3, tag="4.2")])
    painted(pane.view)
    card = pane.view.scene.visible()[0]
    _, _, run = card.laid.visible(0, 600)[0]
    first, last = run.to_units(start), run.to_end(start + 3)
    assert run.text.encode("utf-16-le")[2 * first : 2 * last].decode("utf-16-le") == "486"
    assert run.to_offset(first) == start


def test_the_strip_warns_and_the_raw_view_is_one_key_away(pane: TranscriptPane) -> None:
    pane.show_item(said('pay \u202e001\u202c <img src="http://e.example/a.png">'))
    strips = [child.accessibleName() for child in pane.findChildren(type(pane._warning)) if child.isVisible()]
    assert strips == [
        "⚠ This item contains 2 invisible or direction marks. Ctrl U shows the text exactly as recorded. 1 outside reference not loaded."
    ]
    pane.handlers()["transcript.raw"]()
    painted(pane.view)
    card = pane.view.scene.visible()[0]
    assert "\\u202e001\\u202c" in card.laid.visible(0, 600)[0][2].text
    pane.show_item(said("harmless"))
    assert not any(child.isVisible() for child in pane.findChildren(type(pane._warning)))


def test_an_image_is_drawn_when_it_arrives_and_another_medium_stays_a_placeholder(qtbot: QtBot, theme: object, canary: Path) -> None:
    waiting = []

    def ask(sha256: str, make: object, done: object, failed: object) -> None:
        waiting.append((sha256, done))

    view = TranscriptView(theme, ask)  # type: ignore[arg-type] # the fixture's Theme
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    image = Part(type="image", sha256="aa" * 32, media_type="image/png", size_bytes=canary.stat().st_size)
    sound = Part(type="audio", sha256="bb" * 32, media_type="audio/wav", size_bytes=2048)
    view.show_item(Item(kind="trajectory", messages=(Message(role="user", content=(image, sound)),)))
    assert not sees_canary(view)
    assert [sha for sha, _ in waiting] == ["aa" * 32]
    waiting[0][1](decode(canary.read_bytes()))  # type: ignore[operator] # the `done` above
    assert sees_canary(view)
    saved: list[Part] = []
    view.save_wanted.connect(saved.append)
    view.viewport().repaint()
    runs = view.scene.visible()[0].laid.visible(0, 600)
    box = runs[1][2].save_box
    assert box is not None
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert saved == [sound]


def test_a_refused_image_counts_as_not_shown(qtbot: QtBot, theme: object) -> None:
    def ask(sha256: str, make: object, done: object, failed: object) -> None:
        done(Picture(None, "Not drawn: the image is damaged."))  # type: ignore[operator] # a callable

    view = TranscriptView(theme, ask)  # type: ignore[arg-type] # the fixture's Theme
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    with_image = Message(role="user", content=(Part(type="image", sha256="cc" * 32),))
    view.show_item(Item(kind="trajectory", messages=(with_image, Message(role="user", content=(Part(type="text", text="seen"),)))))
    for _ in range(2):
        view.grab()
    assert view.truncated_steps() == ["1"]


def test_a_screen_reader_is_told_the_current_step(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(8))
    pane.view.set_marks({"2": "bad"})
    pane.view.steps.next()
    interface = QAccessible.queryAccessibleInterface(pane.view)
    assert interface.text(QAccessible.Text.Name) == "Transcript, 8 steps"
    assert interface.text(QAccessible.Text.Value) == 'Step 2, Tool call · look_up, marked wrong. {"flight":"HAT1"}'
    pane.handlers()["transcript.find"]()
    assert nameless(pane) == []


def test_the_theme_can_change_under_a_scrolled_transcript(pane: TranscriptPane) -> None:
    pane.show_item(agent_run(50))
    pane.view.steps.go_to("30")
    before = painted(pane.view)
    pane._theme.choose("dark")
    pane._theme.resize(150)
    assert before[0] in painted(pane.view)[:2]
    image = pane.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert image.pixelColor(2, 2).lightness() < 60


def test_a_scene_says_how_much_room_it_needs_and_looks_no_further(pane: TranscriptPane) -> None:
    pane.show_item(said("one", "two", "three"))
    scene = pane.view.scene
    whole = scene.needed(10_000)
    assert whole == scene.needed(10_000, from_last=True) == scene.total
    assert scene.needed(whole) == whole
    assert scene.needed(whole - 1) == whole - 1
    pane.show_item(agent_run(400))
    assert pane.view.scene.needed(500, from_last=True) == 500
    assert len(pane.view.scene._laid) < 20


def test_a_transcript_is_shown_from_its_last_step_where_that_is_asked_for(pane: TranscriptPane) -> None:
    transcript = prepare(agent_run(40))
    pane.view.lay_ahead(transcript, at_last=True)
    pane.show_transcript(transcript, at_last=True)
    assert pane.view.steps.index == len(transcript.blocks) - 1
    assert pane.view.scene.visible()[-1].index == len(transcript.blocks) - 1


def test_what_was_laid_out_ahead_is_painted_as_if_it_had_not_been(pane: TranscriptPane) -> None:
    pane.show_transcript(prepare(agent_run(12)))
    plain = pane.view.grab().toImage()
    ahead = prepare(agent_run(12))
    pane.show_item(said("something else"))
    pane.view.grab()
    pane.view.lay_ahead(ahead)
    pane.show_transcript(ahead)
    assert pane.view.scene.laid(0) is not None
    assert pane.view.grab().toImage() == plain


@pytest.fixture
def focused(pane: TranscriptPane, qtbot: QtBot) -> TranscriptPane:
    """A pane whose transcript has the focus, as it has whenever an item arrives."""
    pane.activateWindow()
    pane.view.setFocus()
    qtbot.waitUntil(pane.view.hasFocus)
    return pane


def test_what_was_painted_ahead_is_copied_to_the_screen_and_looks_the_same(
    focused: TranscriptPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = focused.view
    focused.show_transcript(prepare(agent_run(12)))
    plain = view.viewport().grab().toImage()
    ahead = prepare(agent_run(12))
    focused.show_item(said("something else"))
    view.lay_ahead(ahead)
    view.viewport().grab()  # the item before it is painted again meanwhile
    focused.show_transcript(ahead)
    with monkeypatch.context() as patched:
        patched.setattr("reviewer.ui.transcript.view.draw", None)
        assert view.viewport().grab().toImage() == plain
    view.steps.next()
    assert view.viewport().grab().toImage() != plain


@pytest.mark.parametrize("change", ["mark", "find", "scroll", "theme", "size"])
def test_what_was_painted_ahead_is_not_shown_where_something_changed(focused: TranscriptPane, change: str) -> None:
    view = focused.view

    def changed() -> QImage:
        match change:
            case "mark":
                view.set_marks({"2": "bad"})
            case "find":
                view.find_words("order")
            case "scroll":
                view.steps.go_to("9")
            case "theme":
                focused._theme.choose("dark")
            case "size":
                focused.resize(640, 480)
        return view.viewport().grab().toImage()

    ahead = prepare(agent_run(12))
    view.lay_ahead(ahead)
    focused.show_transcript(ahead)
    got = changed()
    focused.show_transcript(prepare(agent_run(12)))
    assert got == changed()


def test_nothing_is_kept_of_what_was_shown_once_it_is_cleared(focused: TranscriptPane) -> None:
    view = focused.view
    first, second = prepare(said("of the first item")), prepare(said("of the second item"))
    view.lay_ahead(first)
    focused.show_transcript(first)
    view.viewport().grab()
    view.lay_ahead(second)
    focused.show_transcript(second)
    del first, second
    assert _kept("first item"), "what is looked for can be seen"
    focused.clear()
    view.viewport().grab()
    gc.collect()
    assert not _kept("first item")
    assert not _kept("second item")


def _kept(words: str) -> list[str]:
    return [text for block in gc.get_objects() if type(block) is Block and words in (text := block.copied())]


def test_an_item_shown_again_is_not_raw_any_more(pane: TranscriptPane) -> None:
    first = prepare(said("pay \u202e001"))
    pane.show_transcript(first)
    pane.view.folding.toggle_raw()
    pane.show_item(said("another"))
    pane.show_transcript(first)
    painted(pane.view)
    assert not pane.view.folding.raw
    assert "⟨RLO⟩" in pane.view.scene.visible()[0].laid.visible(0, 600)[0][2].text

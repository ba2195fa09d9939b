"""What a judge says is shown to whoever chance put into the shown arm of an item, is recorded, and is nowhere in the blind arm."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.progress import SILENT
from reviewer.operations import queues
from reviewer.storage.suggestions import Suggestion
from reviewer.ui.pages.queue.answering import RENDERER
from reviewer.ui.pages.review.form import OpinionForm
from reviewer.ui.pages.review.suggestion_card import SuggestionCard
from reviewer.ui.theme import Theme
from tests import shown_arms
from tests.ui import accessibility
from tests.ui.cuts import cut
from tests.ui.pages.review.conftest import Review, Reviewing

K = Qt.Key
RAW = "gpt@1"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[shown_arms.Begun]:
    made = shown_arms.begun(tmp_path / "workspace")
    yield made
    made.close()


def everything_said(page: QWidget) -> str:
    """All words on the page, and all that a screen reader would say of it."""
    widgets = [page, *page.findChildren(QWidget)]
    parts = [f"{one.accessibleName()} {one.accessibleDescription()} {one.toolTip()}" for one in widgets if one.isVisible()]
    parts += [one.text() for one in widgets if isinstance(one, QLabel) and one.isVisible()]
    parts += [one.toPlainText() for one in widgets if isinstance(one, QPlainTextEdit) and one.isVisible()]
    return " ".join(parts)


def at_work(review: Review, begun: shown_arms.Begun) -> Reviewing:
    who = begun.reviewers[0]
    return review(who, member=who.me.name)


def test_the_shown_arm_sees_the_card_and_the_blind_arm_nothing_all_by_keys(review: Review, begun: shown_arms.Begun) -> None:
    person = at_work(review, begun)
    expected = {one.id: one.suggestion for one in queues.next_items(begun.reviewers[0], SILENT, campaign="C", limit=100).value}
    assert set(map(bool, expected.values())) == {True, False}
    for place in range(len(expected)):
        item = person.item
        suggestion = expected[item]  # type: ignore[index] # an id
        words = everything_said(person.page)
        cards = person.visible(SuggestionCard)
        if suggestion is None:
            assert cards == []
            assert RAW not in words
            assert shown_arms.WORDS not in words
            assert "blind: other opinions are hidden" in words
        else:
            (card,) = cards
            assert isinstance(card, SuggestionCard)
            assert card.words == shown_arms.WORDS
            assert card.accessibleName().startswith(f"gpt@1 suggests: {'Non-c' if suggestion.verdict == 'non_compliant' else 'C'}")
            assert "not blind" in words
        assert person.page._bench.form.verdict is None  # it fills in nothing
        person.press(K.Key_C)
        if place < len(expected) - 1:
            person.record()
            label = person.label_of(item)
            assert label is not None
            assert label.label.blind is (suggestion is None)
            assert label.label.shown.suggestions == (() if suggestion is None else suggestion.entries)
            assert label.label.shown.renderer == RENDERER


def test_the_words_are_reached_and_left_by_keys_and_the_verdict_keys_work_from_there(review: Review, begun: shown_arms.Begun) -> None:
    person = at_work(review, begun)
    while not person.visible(SuggestionCard):
        person.press(K.Key_C)
        person.record()
    (card,) = person.visible(SuggestionCard)
    (words,) = card.findChildren(QPlainTextEdit)
    for _ in range(30):
        if QApplication.focusWidget() is words:
            break
        person.press(K.Key_Tab)
    assert QApplication.focusWidget() is words
    person.press(K.Key_N)
    assert person.page._bench.form.verdict == "non_compliant"
    assert words.toPlainText() == shown_arms.WORDS
    person.press(K.Key_Escape)
    assert QApplication.focusWidget() is person.page._bench.pane.view
    assert accessibility.nameless(person.page) == []
    assert accessibility.out_of_reach(person.page) == []


def test_hostile_words_are_shown_as_they_are(theme: Theme) -> None:
    card = SuggestionCard(theme)
    card.show_suggestion(Suggestion("<b>j</b>\u202e", "unsure", "0.5", "<img src=file:///x>\n\u202ereversed\x07", ("a" * 64,)))
    assert card.words == "<img src=file:///x>\n\\u202ereversed\\u0007"
    assert card.accessibleName().startswith("<b>j</b>\\u202e suggests: Unsure, score 0.5.")
    card.show_suggestion(Suggestion("j", None, "0.25", None, ("a" * 64,)))
    assert card.words == ""
    card.deleteLater()


def test_in_large_text_the_verdict_is_whole_and_the_words_leave_room_for_the_form(qtbot: QtBot, theme: Theme) -> None:
    theme.resize(200)
    side = QWidget()
    card, form = SuggestionCard(theme), OpinionForm(theme, side)
    column = QVBoxLayout(side)
    for part, share in ((card, 0), (form, 1)):
        column.addWidget(part, share)
    qtbot.addWidget(side)
    card.show_suggestion(Suggestion("gpt-4o-judge@2", "non_compliant", "0.83", "It was booked too late. " * 20, ("a" * 64,)))
    side.resize(520, 600)
    with qtbot.waitExposed(side):
        side.show()
    (words,) = card.findChildren(QPlainTextEdit)
    qtbot.waitUntil(lambda: not cut(card) and form.height() >= theme.px(80))
    assert words.geometry().bottom() < card._note.geometry().top()

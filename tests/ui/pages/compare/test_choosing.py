"""Which output is better, so far: digits, places, ties and strength."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from reviewer.domain.preferences import Choice, chosen, in_words
from reviewer.ui.pages.compare.choosing import Choosing
from reviewer.ui.pages.compare.words import in_sentence, so_far


@pytest.fixture
def choosing(qtbot: QtBot) -> Iterator[Choosing]:
    """Four outputs, shown as C, A, D, B."""
    del qtbot  # Qt has to be there
    parent = QObject()
    made = Choosing(parent)
    made.put("CADB", None)
    yield made
    parent.deleteLater()


def _words(choosing: Choosing) -> str:
    said = choosing.preference()
    return "" if said is None else in_words(said)


@pytest.mark.parametrize(
    ("pressed", "words"),
    [
        ("123", "C,A,D,B"),
        ("1234", "C,A,D,B"),  # the last one had its place already
        ("1=23", "A=C,D,B"),
        ("1=2=3=4", "A=B=C=D"),
        ("12=34", "C,A=D,B"),
        ("123=", "C,A,B=D"),
        ("121", "A"),
        ("12342", "A"),  # all had places: a new order begins
        ("9", ""),
    ],
)
def test_digits_put_the_outputs_in_order_as_they_are_shown(choosing: Choosing, pressed: str, words: str) -> None:
    for key in pressed:
        if key == "=":
            choosing.join()
        else:
            choosing.press(int(key))
    assert _words(choosing) == words


def test_a_choice_between_two_is_read_back_as_it_was_made(choosing: Choosing) -> None:
    choosing.put("BA", None)
    for value in "123450":
        assert choosing.choose(value)
        said = choosing.preference()
        assert said is not None
        assert said.order_shown == ("B", "A")
        choosing.put("BA", said)
        assert choosing.choice == value
        choosing.clear()
    choosing.choose("1")
    choosing.choose("1")
    assert choosing.preference() is None
    assert not choosing.choose("7")


def test_an_order_that_was_kept_is_taken_up_again(choosing: Choosing) -> None:
    said = chosen(Choice(rank="B,A=C,D", strength="slight"), "ABCD", "CADB")
    choosing.put("CADB", said)
    assert choosing.complete
    assert (choosing.place_of("B"), choosing.place_of("C"), choosing.place_of("D")) == (1, 2, 3)
    assert choosing.preference() == said


def test_what_is_said_reads_as_a_sentence(choosing: Choosing) -> None:
    assert so_far(choosing).endswith("best first: 1–4")
    choosing.press(1)
    assert so_far(choosing) == "C, then …"
    choosing.join()
    assert so_far(choosing) == "C and …"
    choosing.press(4)
    choosing.press(2)
    assert in_sentence(choosing.preference()) == "B and C, then A, then D (clearly)"
    choosing.turn_strength()
    assert in_sentence(choosing.preference()) == "B and C, then A, then D (slightly)"
    choosing.all_alike(bad=True)
    assert in_sentence(choosing.preference()) == "All bad"
    assert in_sentence(chosen(Choice(prefer="B"), "AB", "AB")) == "B clearly better than A"
    assert in_sentence(chosen(Choice(prefer="tie"), "AB", "AB")) == "Tie"

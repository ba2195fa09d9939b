"""What nobody sees is made visible, and what is lawful stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ui.transcript import marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay \u202e001\u202c", "pay ⟨RLO⟩001⟨PDF⟩"),
        ("a\u200bb", "a⟨ZWSP⟩b"),
        ("\x1b[31mred", "⟨ESC⟩[31mred"),
        ("nul\x00", "nul⟨NUL⟩"),
        ("\ufeffstart", "⟨BOM⟩start"),
        ("soft\u00adhyphen", "soft⟨SHY⟩hyphen"),
        ("c1\x85", "c1⟨U+0085⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("half \ud83d", "half ⟨U+D83D⟩"),
        ("a\u2066b\u2069", "a⟨LRI⟩b⟨PDI⟩"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 6 + "⟨+34 combining⟩"),
        ("a\rb", "a⟨CR⟩b"),
    ],
)
def test_a_hidden_character_becomes_a_word(text: str, shown: str) -> None:
    assert marks.reveal(text).text == shown
    assert marks.count(text) == len(marks.reveal(text).marks)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "two\nlines\tand a tab",
        "👩‍👩‍👧 and ❤️ and 1️⃣",
        "👩🏽‍🚀",
        "می‌خواهم",
        "क्‍ष",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "é ü ñ 漢字",
    ],
)
def test_emoji_and_scripts_that_join_are_left_alone(text: str) -> None:
    assert marks.reveal(text) == marks.Shown(text)
    assert marks.count(text) == 0


def test_words_hidden_behind_a_black_flag_are_not_taken_for_a_flag() -> None:
    assert marks.count("🏴" + "".join(chr(0xE0000 + ord(c)) for c in "obey me")) == 7


def test_windows_line_ends_are_line_ends() -> None:
    assert marks.reveal("one\r\ntwo").text == "one\ntwo"
    assert marks.count("one\r\ntwo") == marks.count("öne\r\ntwo") == 0


def test_the_raw_view_says_the_code_of_each_hidden_character() -> None:
    assert marks.escape("a\u202eb\x1b\U000e0041").text == "a\\u202eb\\u001b\\U000e0041"


@given(st.text(alphabet=st.sampled_from("ab\u202e\u200b\r\n😀é\x1b\u0301"), max_size=40))
def test_every_offset_finds_its_way_there_and_back(text: str) -> None:
    shown = marks.reveal(text)
    inside = [at for at in range(len(text)) if not any(mark.start <= at < mark.end for mark in shown.marks)]
    for at in inside:
        assert shown.text[shown.to_shown(at)] == text[at]
        assert shown.to_source(shown.to_shown(at)) == at
    assert shown.to_shown(len(text)) == len(shown.text)


def test_words_of_ours_stand_behind_what_ends_there_and_for_nothing() -> None:
    shown = marks.reveal("a\u202eb").put_in([(1, "[x]"), (3, "[y]"), (1, "[z]")])
    assert shown.text == "a[x][z]⟨RLO⟩b[y]"
    assert [shown.text[: shown.end_of(n)] for n in range(4)] == ["", "a", "a[x][z]⟨RLO⟩", "a[x][z]⟨RLO⟩b"]
    assert [shown.to_source(shown.to_shown(n)) for n in range(4)] == [0, 1, 2, 3]
    assert {shown.to_source(at) for at in range(1, 8)} == {1}

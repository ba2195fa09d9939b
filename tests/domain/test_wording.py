"""Two texts as one, word by word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.wording import Piece, Stretch, changes, differing


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("only within 48 hours of it", "only within 24 hours of it",
         [("same", "only within "), ("gone", "48 "), ("new", "24 "), ("same", "hours of it")]),
        ("", "new words", [("new", "new words")]),
        ("old words", "", [("gone", "old words")]),
        ("bought", "sold", [("gone", "bought"), ("same", " "), ("new", "sold")]),
    ],
)  # fmt: skip
def test_what_is_gone_stands_before_what_is_new(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert changes(before, after) == tuple(Piece(*one) for one in pieces)  # type: ignore[arg-type] # kinds as words


@given(st.text("ab \n", max_size=40), st.text("ab \n", max_size=40))
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    found = changes(before, after)
    old = "".join(piece.text for piece in found if piece.kind != "new")
    new = "".join(piece.text for piece in found if piece.kind != "gone")
    assert old.split() == before.split()
    assert new.split() == after.split()


def test_texts_that_are_too_long_to_compare_are_changed_as_a_whole() -> None:
    assert [piece.kind for piece in changes("a " * 15_000, "b " * 15_000)] == ["gone", "new"]


def _cut(texts: list[str], stretches: tuple[Stretch, ...]) -> list[str]:
    return [texts[one.text][one.start : one.end] for one in stretches]


def test_words_that_two_lists_of_texts_do_not_share_are_found_where_they_stand() -> None:
    ones, others = ["I am sorry.", "The flight 🙂 was   late by far."], ["I am very sorry.", "The flight 🙂 was on time."]
    mine, theirs = differing(ones, others)
    assert _cut(ones, mine) == ["late by far."]
    assert _cut(others, theirs) == ["very", "on time."]


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab \n🙂", max_size=20), max_size=4))
def test_nothing_differs_between_a_list_and_itself(texts: list[str]) -> None:
    assert differing(texts, texts) == ((), ())


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab ", max_size=20), max_size=4), st.lists(st.text(alphabet="ab ", max_size=20), max_size=4))
def test_without_the_words_that_differ_two_lists_are_the_same(ones: list[str], others: list[str]) -> None:
    def rest(texts: list[str], gone: tuple[Stretch, ...]) -> list[str]:
        left = list(texts)
        for one in reversed(gone):
            left[one.text] = left[one.text][: one.start] + " " + left[one.text][one.end :]
        return " ".join(left).split()

    mine, theirs = differing(ones, others)
    assert rest(ones, mine) == rest(others, theirs)


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert differing(["a " * 15_000], ["b " * 15_000]) == ((), ())

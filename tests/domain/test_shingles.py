"""Stretches of texts: which there are, and what two texts have in common."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import shingles
from tests.domain.conftest import Reference


def test_similarities_are_those_of_plain_sets(reference: Reference) -> None:
    case = reference.cases["minhash"]
    for (first, second), expected in zip(case["inputs"]["pairs"], case["expected"], strict=True):
        found = shingles.jaccard(*(shingles.of_characters(text.lower(), case["inputs"]["k"]) for text in (first, second)))
        assert found == pytest.approx(expected["exact"], abs=1e-10)  # the digits that the case gives


@given(st.text(max_size=60), st.text(max_size=60))
def test_stretches_of_characters_are_as_many_as_there_are_different_ones(one: str, other: str) -> None:
    first, second = ({text[k : k + 5] for k in range(max(1, len(text) - 4))} - {""} for text in (one, other))
    hashed = [shingles.of_characters(text, 5) for text in (one, other)]
    assert [len(hashes) for hashes in hashed] == [len(first), len(second)]
    # A text shorter than five is one stretch, and differs from every longer one.
    assert shingles.jaccard(*hashed) == (len(first & second) / len(first | second) if first | second else 1.0)


def test_words_are_compared_whatever_stands_between_them() -> None:
    first, second = (shingles.of_words(text, 3) for text in ("The refund, of the order!", "the REFUND of - the order"))
    assert len(first) == 3
    assert np.array_equal(first, second)
    assert shingles.contained(first, shingles.of_words("He sent the refund of the order back", 3)) == 1


def test_a_script_without_spaces_has_a_word_for_each_character() -> None:
    assert len(shingles.of_words("退款需要身份证", 3)) == 5


def test_copies_that_say_the_same_are_the_same() -> None:
    assert shingles.plain(" The\u00a0ﬁrst\n\nORDER ") == shingles.plain("the first order") == "the first order"


def test_an_empty_text_is_in_nothing() -> None:
    nothing, something = shingles.of_words("", 13), shingles.of_words("word", 13)
    assert (len(nothing), len(something)) == (0, 1)
    assert shingles.contained(nothing, something) == shingles.contained(something, nothing) == 0

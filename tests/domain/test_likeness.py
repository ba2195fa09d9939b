"""How like texts are."""

import pytest

from reviewer.domain.likeness import likeness


def test_the_same_words_are_wholly_alike_and_no_word_in_common_not_at_all() -> None:
    assert likeness("A refund for a late flight", ["a late flight, for a REFUND", "Nothing of it", ""]) == pytest.approx([1.0, 0.0, 0.0])


def test_a_rare_word_in_common_weighs_more_than_a_common_one() -> None:
    common = ["the voucher was given"] * 5
    rare, usual, *_ = likeness("the tarmac delay", ["tarmac it was", "the it was", *(["the " + text for text in common])])
    assert rare > usual > 0


def test_it_is_what_the_formula_says() -> None:
    # Words: wanted {aa 1, bb 1}, text {aa 2, cc 1}. Of two texts aa stands in both, bb and cc in one.
    import math

    both, one = math.log(3 / 3) + 1, math.log(3 / 2) + 1
    twice = (1 + math.log(2)) * both
    expected = both * twice / (math.hypot(both, one) * math.hypot(twice, one))
    assert likeness("aa bb", ["aa aa cc"]) == pytest.approx([expected])

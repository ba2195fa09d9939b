"""What the place of an output did to preferences, and which of them contradict each other."""

import pytest

from reviewer.domain import preference_checks


def test_the_first_place_is_counted_once_for_each_answer_that_tells_outputs_apart() -> None:
    assert preference_checks.stood_first((("B",), ("A", "C")), ("B", "C", "A")) is True
    assert preference_checks.stood_first((("B",), ("A", "C")), ("C", "A", "B")) is False
    assert preference_checks.stood_first((("A", "B"),), ("A", "B")) is None
    assert preference_checks.stood_first((("A",), ("B",)), ()) is None


def test_answers_that_follow_the_place_are_told_from_chance() -> None:
    follows = preference_checks.position([True] * 70 + [False] * 30)
    assert (follows.first, follows.n, follows.share) == (70, 100, 0.7)
    assert follows.p == pytest.approx(7.85e-05, rel=1e-3)  # R: binom.test(70, 100)
    assert follows.interval is not None
    assert follows.interval.low > 0.5
    assert preference_checks.position([True] * 52 + [False] * 48).p == pytest.approx(0.7644, abs=1e-4)
    assert preference_checks.position([]) == (0, 0, None, None, None)


def test_who_turns_with_the_outputs_has_no_bias() -> None:
    turned = preference_checks.swapped([(True, False), (False, True)] * 20)
    assert (turned[:3], turned.test.p_exact) == ((40, 0, 0), 1)
    followed = preference_checks.swapped([(True, True)] * 18 + [(False, False)] * 6)
    assert followed[:3] == (0, 18, 6)
    assert followed.test.p_exact == pytest.approx(0.0226558, abs=1e-7)


def test_answers_to_two_outputs_are_paired_where_they_were_seen_both_ways_round_each_once() -> None:
    a, b = (("A",), ("B",)), (("B",), ("A",))
    told = [(a, ("A", "B")), (a, ("B", "A")), (b, ("B", "A")), (b, ("A", "B")), (a, ("A", "B")), ((("A", "B"),), ("B", "A"))]
    assert list(preference_checks.both_ways(told)) == [(True, False), (False, True)]
    assert list(preference_checks.both_ways([(a, ("A", "B")), (b, ("A", "B"))])) == []
    assert list(preference_checks.both_ways([(a, ("A", "B", "C")), (a, ("B", "A", "C")), (a, ())])) == []


def test_pairs_that_contradict_each_other_are_counted() -> None:
    assert preference_checks.contradictions([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]) == (1, 0, 1)
    assert preference_checks.contradictions([("a", "b"), ("b", "a"), ("b", "c")]) == (0, 1, 1)
    longer = preference_checks.contradictions([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    assert (longer, longer.any) == ((0, 0, 1), True)
    assert not preference_checks.contradictions([("a", "b"), ("a", "b"), ("b", "c"), ("a", "c")]).any

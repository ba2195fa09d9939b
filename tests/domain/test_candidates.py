"""The outputs of a comparison: keys that tell nothing, what is shared, and the order in which one reviewer sees them."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.domain.candidates import KEYS, MOST, Output, common_run, keyed, shown_order
from reviewer.domain.chain import MemberId
from reviewer.domain.items import ItemId, Message, Part

_ITEM = ItemId("ab" * 32)


def _output(text: str, model: str | None = None) -> Output:
    return Output((Message(role="assistant", content=(Part(type="text", text=text),)),), model)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # times hang on what else the machine does
@given(st.lists(st.text(max_size=5), min_size=2, max_size=MOST, unique=True), st.randoms(use_true_random=False))
def test_keys_follow_from_what_outputs_say_and_not_from_where_they_stood(texts: list[str], chance: object) -> None:
    first = keyed([_output(text) for text in texts])
    shuffled = list(texts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    second = keyed([_output(text) for text in shuffled])
    assert second.candidates == first.candidates
    assert dict(zip(texts, first.keys, strict=True)) == dict(zip(shuffled, second.keys, strict=True))
    assert [one.key for one in first.candidates] == list(KEYS[: len(texts)])


def test_the_better_output_bears_either_key_about_as_often() -> None:
    keys = Counter(keyed([_output(f"good {n}"), _output(f"bad {n}")]).keys[0] for n in range(400))
    assert 160 < keys["A"] < 240


def test_the_same_words_of_two_models_are_two_outputs() -> None:
    both = keyed([_output("x", "m1"), _output("x", "m2")])
    assert {one.model for one in both.candidates} == {"m1", "m2"}
    assert sorted(both.keys) == ["A", "B"]


def test_what_all_begin_with_leaves_each_a_turn_of_its_own() -> None:
    assert common_run(["abc", "abd"]) == 2
    assert common_run(["abc", "ab", "abz"]) == 1
    assert common_run(["abc", "abc"]) == 2
    assert common_run(["x", "abc"]) == 0
    assert common_run(["", "abc"]) == 0


def test_each_member_sees_an_order_of_their_own_and_the_same_one_again() -> None:
    keys = "ABCD"
    orders = {shown_order("seed", _ITEM, MemberId(f"m{n}"), keys) for n in range(60)}
    assert len(orders) > 12
    assert all(sorted(order) == list(keys) for order in orders)
    assert shown_order("seed", _ITEM, MemberId("m1"), keys) == shown_order("seed", _ITEM, MemberId("m1"), tuple(reversed(keys)))


def test_a_key_stands_first_for_about_half_of_the_items() -> None:
    first = Counter(shown_order("seed", ItemId(f"{n:064x}"), MemberId("ada"), "AB")[0] for n in range(400))
    assert 160 < first["A"] < 240

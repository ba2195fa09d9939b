"""What may be said of which output is better, what it means for each two, and what several reviewers say together."""

import pytest

from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Preference
from reviewer.domain.items import ItemId
from reviewer.domain.preferences import Choice, Given, answer, check, chosen, in_words, pairs

_ITEM = ItemId("ab" * 32)


def _said(choice: Choice, keys: str = "ABCD") -> Preference:
    return chosen(choice, tuple(keys), tuple(reversed(keys)))


@pytest.mark.parametrize(
    ("choice", "ranking", "strength", "both_bad"),
    [
        (Choice(prefer="B"), (("B",), ("A", "C", "D")), "clear", False),
        (Choice(prefer="B", strength="slight"), (("B",), ("A", "C", "D")), "slight", False),
        (Choice(prefer="tie"), (("A", "B", "C", "D"),), "slight", False),
        (Choice(prefer="both_bad"), (("A", "B", "C", "D"),), "slight", True),
        (Choice(rank="D,C=A,B"), (("D",), ("A", "C"), ("B",)), "clear", False),
        (Choice(rank=" A = B=C = D "), (("A", "B", "C", "D"),), "slight", False),
    ],
)
def test_a_choice_is_an_order_of_all_candidates(choice: Choice, ranking: object, strength: str, both_bad: bool) -> None:
    said = _said(choice)
    assert (said.ranking, said.strength, said.both_bad) == (ranking, strength, both_bad)
    assert said.order_shown == ("D", "C", "B", "A")


@pytest.mark.parametrize(
    ("choice", "what"),
    [
        (Choice(), "either the better output or an order"),
        (Choice(prefer="A", rank="A,B,C,D"), "either the better output or an order"),
        (Choice(prefer="Z"), "“Z” is no candidate"),
        (Choice(prefer=""), "“” is no candidate"),
        (Choice(rank="A,B"), "leaves out C, D"),
        (Choice(rank="A,B,C,D,A"), "twice"),
        (Choice(rank="A,,B,C,D"), "“” is no candidate"),
        (Choice(prefer="tie", strength="clear"), "no strength"),
        (Choice(prefer="A", strength="huge"), "“huge” is not a strength"),
    ],
)
def test_what_is_no_order_is_refused_with_what_is_wrong(choice: Choice, what: str) -> None:
    with pytest.raises(Refused) as refused:
        _said(choice)
    assert what in refused.value.what
    assert refused.value.hint


@pytest.mark.parametrize(
    "said",
    [
        Preference((("A",), ("B",)), "clear", True, ()),
        Preference((("A",), ("B",)), "clear", False, ("A",)),
        Preference((("A",), ("B",)), "clear", False, ("A", "A")),
        Preference((("A",), ("B",), ()), "clear", False, ()),
        Preference((), "clear", False, ()),
    ],
)
def test_a_preference_from_elsewhere_is_checked_whole(said: Preference) -> None:
    with pytest.raises(Refused):
        check(said, ("A", "B"))


def test_a_preference_reads_as_the_command_takes_it() -> None:
    for text in ("A,B=C,D", "A=B=C=D", "D,C,B,A"):
        assert in_words(_said(Choice(rank=text))) == text
    assert in_words(_said(Choice(prefer="both_bad"))) == "both_bad"


def test_an_order_tells_which_of_each_two_is_better() -> None:
    assert pairs(_said(Choice(rank="A,B=C,D")).ranking) == [("A", "B"), ("A", "C"), ("A", "D"), ("B", "D"), ("C", "D")]
    assert pairs(_said(Choice(prefer="tie")).ranking) == []


def _asked(overlap: int = 1) -> CampaignState:
    rules = Campaign(name="C", query="", seed="s", question="preference", overlap=overlap)
    return CampaignState(EntryHash("0" * 64), rules, (), closed=False)


def _given(*said: tuple[str, Choice], showing: int = 1) -> list[Given]:
    return [Given(EntryHash(f"{n:064x}"), MemberId(who), _said(choice, "AB"), showing) for n, (who, choice) in enumerate(said)]


@pytest.mark.parametrize(
    ("overlap", "said", "words"),
    [
        (1, [], None),
        (1, [("ada", Choice(prefer="A"))], "A,B"),
        (2, [("ada", Choice(prefer="A"))], None),
        (2, [("ada", Choice(prefer="A")), ("ben", Choice(prefer="A", strength="slight"))], "A,B"),
        (2, [("ada", Choice(prefer="A")), ("ben", Choice(prefer="B"))], None),
        (2, [("ada", Choice(prefer="tie")), ("ben", Choice(prefer="both_bad"))], None),
        (1, [("ada", Choice(prefer="both_bad"))], "both_bad"),
        (1, [("ada", Choice(prefer="A")), ("ada", Choice(prefer="B"))], None),
        (1, [("ada", Choice(prefer="A")), ("ada", Choice(prefer="A"))], "A,B"),
    ],
)
def test_the_answer_is_the_common_order_once_there_are_enough_labels(
    overlap: int, said: list[tuple[str, Choice]], words: str | None
) -> None:
    for order in (said, said[::-1]):
        found = answer(_asked(overlap), _ITEM, _given(*order))
        assert (None if found is None else in_words(found)) == words


def test_an_answer_is_clear_only_where_everybody_is_clear() -> None:
    clear, slight = ("ada", Choice(prefer="A")), ("ben", Choice(prefer="A", strength="slight"))
    both = answer(_asked(2), _ITEM, _given(clear, slight))
    alone = answer(_asked(1), _ITEM, _given(clear))
    assert both is not None
    assert alone is not None
    assert (both.strength, alone.strength) == ("slight", "clear")


def test_a_silent_repeat_is_no_vote() -> None:
    assert answer(_asked(), _ITEM, _given(("ada", Choice(prefer="A")), showing=2)) is None

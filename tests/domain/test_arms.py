"""Who sees what a judge says of an item follows from permanent random numbers: balanced, and the same wherever it is asked."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import arms
from reviewer.domain.campaigns import CampaignState, create, labels_asked, reviewers_of
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId

PEOPLE = tuple(MemberId(letter * 32) for letter in "abcdefgh")
ITEMS = [ItemId(f"{n:064x}") for n in range(1_000)]


def asked(people: Sequence[MemberId] = PEOPLE[:2], **fields: object) -> CampaignState:
    rules = Campaign(name="C", query="", **({"seed": "s", "overlap": 2, "shown": "1", "judge": "j"} | fields))  # type: ignore[arg-type] # its fields
    return CampaignState(EntryHash("0" * 64), rules, tuple(people), closed=False)


@given(
    people=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True),
    overlap=st.integers(1, 5),
    double=st.sampled_from(["0", "0.5", "1"]),
    share=st.sampled_from(["0", "0.3", "1"]),
    assign=st.sampled_from(["split", "all"]),
    seed=st.text(max_size=3),
    item=st.sampled_from(ITEMS),
    data=st.data(),
)
def test_arms_hold_whatever_the_order_and_leave_every_item_a_blind_label(
    people: list[MemberId], overlap: int, double: str, share: str, assign: str, seed: str, item: ItemId, data: st.DataObject
) -> None:
    fields = {"overlap": overlap, "double": double, "shown": share, "assign": assign, "seed": seed}
    here, elsewhere = asked(people, **fields), asked(data.draw(st.permutations(people)), **fields)
    seeing = arms.shown_to(here, item)
    assert seeing == arms.shown_to(elsewhere, item)
    reviewers = reviewers_of(here, item)
    assert seeing <= set(reviewers)
    assert 2 * len(seeing) <= len(reviewers)
    assert arms.blind_labels_asked(here, item) >= 1
    assert arms.blind_labels_asked(here, item) == labels_asked(here.rules, item) - len(seeing)
    if not arms.is_compared(here.rules, item):
        assert not seeing
    elif len(reviewers) >= 2:
        assert seeing
        assert len(reviewers) > 2 or len(seeing) == 1
    for who in PEOPLE:
        expected = None if who not in reviewers or not arms.is_compared(here.rules, item) else "shown" if who in seeing else "blind"
        assert arms.arm_of(here, who, item) == expected


@pytest.mark.parametrize("people", [2, 3, 6])
def test_of_two_reviewers_one_sees_the_suggestion_and_each_as_often_as_the_other(people: int) -> None:
    state = asked(PEOPLE[:people])
    seen: Counter[MemberId] = Counter()
    offered: Counter[MemberId] = Counter()
    for item in ITEMS:
        (one,) = arms.shown_to(state, item)
        seen[one] += 1
        offered.update(reviewers_of(state, item))
    for who in PEOPLE[:people]:
        assert seen[who] / offered[who] == pytest.approx(0.5, abs=0.09)  # three standard errors of the fewest, 333


def test_about_the_share_of_the_items_reviewed_doubly_is_compared_and_no_other() -> None:
    rules = asked(overlap=1, double="0.5", shown="0.4").rules
    double = [item for item in ITEMS if labels_asked(rules, item) == 2]
    compared = [item for item in ITEMS if arms.is_compared(rules, item)]
    assert set(compared) < set(double)
    assert len(compared) / len(double) == pytest.approx(0.4, abs=0.07)


def test_the_arm_is_drawn_apart_from_who_reviews_and_from_which_items_are_doubled() -> None:
    """One seed serves all; were the streams the same, the reviewer who comes first would always be the one who sees."""
    state = asked(PEOPLE[:4])
    first = sum(reviewers_of(state, item)[0] in arms.shown_to(state, item) for item in ITEMS) / len(ITEMS)
    assert first == pytest.approx(0.5, abs=0.06)


def test_a_campaign_without_the_option_has_no_arms() -> None:
    plain = asked(shown="0", judge="")
    assert not arms.shows(plain.rules)
    assert all(arms.arm_of(plain, PEOPLE[0], item) is None and arms.blind_labels_asked(plain, item) == 2 for item in ITEMS[:50])


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"judge": ""}, "Whose suggestions"),
        ({"shown": "0"}, "of no item"),
        ({"shown": "2"}, "is not a share"),
        ({"blind": False}, "Nothing is hidden"),
        ({"overlap": 1}, "No item is reviewed by two people"),
        ({"question": "preference"}, "which output is better"),
    ],
)
def test_a_comparison_from_which_nothing_could_be_learned_is_refused(fields: dict[str, object], what: str) -> None:
    with pytest.raises(Refused, match=what):
        create(asked(PEOPLE[:2], **fields).rules, population=3, size=None)

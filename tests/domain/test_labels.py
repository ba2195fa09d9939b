"""What may be said of an item, what replaces what, and what the answer of an item is."""

from typing import Any

import pytest

from reviewer.domain import labels
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId, NoteRef
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Label, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given, Opinion, Question

ITEM = ItemId("e" * 64)
ADA, BEN, CLEO = (MemberId(letter * 32) for letter in "abc")
ONE, TWO = EntryHash("1" * 64), EntryHash("2" * 64)
SHOWN = Shown("test")


def campaign(*, closed: bool = False, overlap: int = 1, **rules: Any) -> CampaignState:
    return CampaignState(EntryHash("c" * 64), Campaign(name="C", query="", seed="s", overlap=overlap, **rules), (ADA, BEN), closed)


def question(*, sampled: bool = True, own: frozenset[EntryHash] = frozenset(), asked: CampaignState | None = None) -> Question:
    return Question(asked or campaign(), ITEM, sampled, 7, own)


def decided(opinion: Opinion, asked: Question | None = None) -> Label:
    event = labels.label(asked or question(), opinion, shown=SHOWN, blind=True)
    assert isinstance(event.value, Label)
    return event.value


def _said(**words: Any) -> Opinion:
    """An opinion with words that the types do not allow."""
    return Opinion(**words)


@pytest.mark.parametrize(
    "opinion",
    [
        Opinion(), _said(verdict="nearly"), Opinion(verdict="compliant", severity="minor"), Opinion(verdict="unsure", severity="major"),
        _said(verdict="non_compliant", severity="awful"), Opinion(verdict="compliant", confidence="sure"),
        Opinion(verdict="compliant", confidence="1.5"), Opinion(verdict="compliant", confidence="-0.1"),
        Opinion(verdict="compliant", confidence="0.95 "), Opinion(verdict="compliant", confidence="٠"),
        Opinion(verdict="compliant", steps={"0": "good"}), Opinion(verdict="compliant", steps={"8": "good"}),
        Opinion(verdict="compliant", steps={"7.0": "good"}), Opinion(verdict="compliant", steps={"x": "good"}),
        _said(verdict="compliant", steps={"7.2": "great"}), Opinion(verdict="compliant", steps={"": "bad"}),
    ],
    ids=repr,
)  # fmt: skip
def test_what_the_campaign_does_not_ask_for_is_refused_in_two_sentences(opinion: Any) -> None:
    with pytest.raises(Refused) as error:
        decided(opinion)
    assert error.value.what.endswith((".", "”."))
    assert error.value.hint


@pytest.mark.parametrize(
    "opinion",
    [
        Opinion(verdict="compliant"), Opinion(verdict="non_compliant", severity="critical"), Opinion(verdict="unsure", confidence="0.3"),
        Opinion(verdict="compliant", steps={"1": "good", "7.12": "bad", "A/3": "neutral"}),
    ],
    ids=repr,
)  # fmt: skip
def test_what_it_asks_for_becomes_a_label(opinion: Opinion) -> None:
    value = decided(opinion)
    assert (value.verdict, value.severity, value.item, value.showing) == (opinion.verdict, opinion.severity, ITEM, 1)
    assert value.steps == opinion.steps


@pytest.mark.parametrize(("word", "decimal"), [("low", "0.5"), ("medium", "0.75"), ("high", "0.95"), ("0.42", "0.42"), (None, None)])
def test_confidence_is_kept_as_a_decimal(word: str | None, decimal: str | None) -> None:
    assert decided(Opinion(verdict="compliant", confidence=word)).confidence == decimal


def test_a_label_replaces_the_members_own_labels_that_are_known_and_no_other() -> None:
    event = labels.label(question(own=frozenset({ONE, TWO})), Opinion(verdict="compliant", duration_ms=5), shown=SHOWN, blind=False)
    assert (event.kind, event.dur_ms) == ("label", 5)
    assert event.deps == frozenset({ONE, TWO})
    assert isinstance(event.value, Label)
    assert not event.value.blind


@pytest.mark.parametrize("asked", [question(sampled=False), question(asked=campaign(closed=True))], ids=["not in the sample", "closed"])
def test_nothing_is_said_where_nothing_is_asked(asked: Question) -> None:
    with pytest.raises(Refused):
        labels.label(asked, Opinion(verdict="compliant"), shown=SHOWN, blind=True)
    with pytest.raises(Refused):
        labels.skip(asked, note=None)
    with pytest.raises(Refused):
        labels.escalate(asked, note=NoteRef("0" * 64, "0" * 64))


def test_a_label_is_taken_back_with_a_reason() -> None:
    event = labels.retract(Given(ONE, ADA, "compliant"), campaign=EntryHash("c" * 64), item=ITEM)
    assert (event.kind, event.reason) == ("retract", "undo")
    assert event.deps == frozenset({ONE})
    with pytest.raises(Refused, match="no label of yours"):
        labels.retract(None, campaign=EntryHash("c" * 64), item=ITEM)


def given(*said: tuple[MemberId, str] | tuple[MemberId, str, int]) -> list[Given]:
    return [Given(EntryHash(f"{n:064x}"), one[0], one[1], *one[2:]) for n, one in enumerate(said)]  # type: ignore[arg-type] # cases name verdicts


@pytest.mark.parametrize(
    ("overlap", "said", "answer", "complete"),
    [
        (1, [], None, False),
        (1, [(ADA, "compliant")], "compliant", True),
        (1, [(ADA, "non_compliant")], "non_compliant", True),
        (1, [(ADA, "unsure")], None, True),
        (2, [(ADA, "compliant")], None, False),
        (2, [(ADA, "compliant"), (BEN, "compliant")], "compliant", True),
        (2, [(ADA, "compliant"), (BEN, "non_compliant")], None, True),
        (2, [(ADA, "compliant"), (BEN, "unsure")], None, True),
        (1, [(ADA, "compliant"), (BEN, "compliant"), (CLEO, "compliant")], "compliant", True),
        (1, [(ADA, "compliant"), (BEN, "non_compliant")], None, True),
        (1, [(ADA, "compliant"), (ADA, "compliant")], "compliant", True),
        (1, [(ADA, "compliant"), (ADA, "non_compliant")], None, True),
        (2, [(ADA, "compliant"), (ADA, "non_compliant"), (BEN, "compliant")], None, True),
        (1, [(ADA, "compliant", 2)], None, False),
        (1, [(ADA, "compliant"), (ADA, "non_compliant", 2)], "compliant", True),
    ],
)
def test_the_answer_is_the_common_verdict_once_there_are_enough(overlap: int, said: list[Any], answer: str | None, complete: bool) -> None:
    asked = campaign(overlap=overlap)
    assert labels.answer(asked, ITEM, given(*said)) == answer
    assert labels.complete(asked, ITEM, given(*said)) is complete

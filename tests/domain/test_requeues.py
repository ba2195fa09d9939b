"""Of whom an item is asked again, and until when: the same for the same entries, whatever their order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain import requeues
from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused
from reviewer.domain.events import BlobRef, Campaign, Requeue
from reviewer.domain.requeues import AskedAgain, Spoken, still_asked

ADA, BEN = MemberId("a" * 32), MemberId("b" * 32)
STATE = CampaignState(EntryHash("c" * 64), Campaign(name="C", query="", seed="s"), (ADA, BEN), False)


def name(text: str) -> EntryHash:
    return EntryHash(text.encode().hex().ljust(64, "0"))


ASKED, AGAIN = name("requeue"), name("requeue 2")
FIRST, SECOND, THIRD = name("first"), name("second"), name("third")


def said(label: EntryHash, *names: EntryHash, by: MemberId = ADA, in_force: bool = True) -> Spoken:
    return Spoken(label, by, in_force, frozenset(names))


@pytest.mark.parametrize(
    ("labels", "asked"),
    [
        ([], set()),
        ([said(FIRST)], {ADA}),
        ([said(FIRST), said(SECOND, by=BEN)], {ADA, BEN}),
        ([said(FIRST, in_force=False)], set()),  # taken back before anybody asked
        ([said(FIRST, in_force=False), said(SECOND, FIRST, ASKED)], set()),
        ([said(FIRST, in_force=False), said(SECOND, FIRST)], {ADA}),  # it did not know of the requeue
        ([said(FIRST, in_force=False), said(SECOND, FIRST, ASKED, in_force=False)], {ADA}),  # the new answer was taken back
        ([said(FIRST, ASKED, in_force=False)], set()),  # a first answer, taken back: it waits as a fresh item does
        ([said(FIRST, in_force=False), said(SECOND, FIRST, ASKED, in_force=False), said(THIRD, SECOND, ASKED)], set()),
        ([said(FIRST, in_force=False), said(SECOND, FIRST, ASKED), said(THIRD, by=BEN)], {BEN}),
    ],
)
def test_a_member_is_asked_until_a_label_of_theirs_in_force_names_the_requeue(labels: list[Spoken], asked: set[MemberId]) -> None:
    assert set(still_asked([ASKED], labels, ())) == asked


def test_each_requeue_asks_for_itself() -> None:
    labels = [said(FIRST, ASKED), said(SECOND, AGAIN, by=BEN)]
    assert still_asked([ASKED, AGAIN], labels, ()) == {ADA: {AGAIN}, BEN: {ASKED}}


def test_nobody_asks_a_member_who_cannot_answer_any_more() -> None:
    labels = [said(FIRST), said(SECOND, by=BEN)]
    assert still_asked([ASKED], labels, (), gone=[BEN]) == {ADA: frozenset({ASKED})}


def test_a_resolution_that_names_a_requeue_answers_it_for_everybody() -> None:
    labels = [said(FIRST), said(SECOND, by=BEN)]
    assert still_asked([ASKED, AGAIN], labels, {ASKED}) == {ADA: {AGAIN}, BEN: {AGAIN}}


_HASHES = st.sampled_from([FIRST, SECOND, THIRD, ASKED, AGAIN])
_SPOKEN = st.builds(Spoken, st.sampled_from([FIRST, SECOND, THIRD]), st.sampled_from([ADA, BEN]), st.booleans(), st.frozensets(_HASHES))


@settings(max_examples=200)
@given(st.lists(_SPOKEN, max_size=6), st.lists(st.sampled_from([ASKED, AGAIN]), unique=True), st.randoms(use_true_random=False))
def test_no_order_and_no_repeat_changes_of_whom_it_is_asked(labels: list[Spoken], names: list[EntryHash], chance: random.Random) -> None:
    expected = still_asked(names, labels, ())
    shuffled, twice = list(names), labels + labels[:2]
    chance.shuffle(shuffled)
    chance.shuffle(twice)
    assert still_asked(shuffled, twice, ()) == expected


def test_asking_names_the_items_and_the_reason() -> None:
    event = requeues.requeue(STATE, BlobRef(2, "d" * 64), why="stale", clause="refunds:4.2", note=None)
    assert event.value == Requeue(campaign=STATE.hash, items=BlobRef(2, "d" * 64), why="stale", clause="refunds:4.2")
    assert event.deps == {STATE.hash}


@pytest.mark.parametrize(
    ("state", "n", "clause", "words"),
    [
        (STATE._replace(closed=True), 2, None, "is closed"),
        (STATE, 0, None, "Nobody has labelled any of these items yet"),
        (STATE, 2, "", "is not the name of a clause"),
        (STATE, 2, "a\nb", "is not the name of a clause"),
        (STATE, 2, "x" * 300, "is not the name of a clause"),
    ],
)
def test_what_cannot_be_asked_for_again_is_refused(state: CampaignState, n: int, clause: str | None, words: str) -> None:
    with pytest.raises(Refused, match=words):
        requeues.requeue(state, BlobRef(n, "d" * 64), why="asked", clause=clause, note=None)


def test_every_reason_has_a_sentence() -> None:
    assert AskedAgain("stale", "refunds:4.2", None).sentence == "Clause refunds:4.2 has changed since you answered: please look again."
    assert AskedAgain("stale", None, None).sentence == "The policy has changed since you answered: please look again."
    assert AskedAgain("sent_back", None, "Look at step 4.").sentence == "An adjudicator asks for another look."
    assert AskedAgain("disputed", None, None).sentence == "The answers to this item differ: please look again."
    assert AskedAgain("asked", None, None).sentence == "You are asked for another look."

"""Whether reviewers follow a judge whose suggestion they see: by arms into which chance put them, or else by whoever happened to look.

A campaign with arms (domain.arms) measures what seeing a suggestion does. Without, those who looked are compared with those who did not,
and the difference may be theirs rather than the judge's: whoever reads it is told so.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np

from reviewer.domain import anchoring, arms
from reviewer.domain.anchoring import Effect, Pairs
from reviewer.domain.arms import Arm
from reviewer.domain.chain import MemberId
from reviewer.domain.items import ItemId
from reviewer.storage import opinions
from reviewer.storage import votes as vote_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading

NOBODY_SAW = "no label that you may know was given with its suggestion in view yet"
NOBODY_BLIND = "no blind label that you may know is there to compare with yet"
NO_PAIRS = "no item has a label with the suggestion in view and one without yet"
NO_REVIEWERS = "no reviewer has labels both with the suggestion in view and without"
NO_KNOWN = "no known answer of an item that was labelled in both ways says that the judge is {}"
NO_ARMS = "chance did not decide who saw it"

_Given: TypeAlias = dict[tuple[bytes, str], str]  # verdicts by item and member, where a member said one thing


class Following(NamedTuple):
    """How far labels follow a judge. all: every label that can be compared; right, wrong: where a known answer says that the judge is.

    randomised: chance decided who saw the suggestion. pairs: items with a label of each arm; None where not randomised. unseen, led: labels
    left out, of the shown arm without the suggestion in view, and of the blind arm with it. reasons: why a figure is missing.
    """

    all: Effect
    right: Effect
    wrong: Effect
    randomised: bool
    pairs: Pairs | None
    unseen: int
    led: int
    reasons: dict[str, str]


def following(reading: Reading, stored: Stored, judge: str, *, said: Mapping[bytes, float], answers: Mapping[bytes, str]) -> Following:
    """Compare labels with a judge's suggestion in view and blind ones. said: its verdicts by item, 1 for non-compliant and NaN for none;
    answers: those that are known, by item."""
    shown, blind = _of(said, _shown(reading, stored, judge)), _of(said, _blind(reading, stored))
    randomised = arms.shows(stored.state.rules) and stored.state.rules.judge == judge
    unseen = led = 0
    if randomised:
        seen_by, unseen_by = _of_arm(stored, shown), _of_arm(stored, blind)
        led, unseen = len(seen_by["blind"]), len(unseen_by["shown"])
        shown, blind = seen_by["shown"], unseen_by["blind"]
    people = {member: n for n, member in enumerate(sorted({member for _, member in (*shown, *blind)}))}

    def labels(given: _Given, right: bool | None) -> anchoring.Labels:
        rows = [
            (_agrees(verdict, said[item]), people[member])
            for (item, member), verdict in given.items()
            if right is None or (item in answers and _agrees(answers[item], said[item]) is right)
        ]
        return anchoring.Labels(np.array([row[0] for row in rows], np.bool_), np.array([row[1] for row in rows], np.int64))

    every, right, wrong = (anchoring.effect(labels(shown, which), labels(blind, which)) for which in (None, True, False))
    pairs = _pairs(shown, blind, said) if randomised else None
    return Following(every, right, wrong, randomised, pairs, unseen, led, _reasons(every, right, wrong, pairs))


def _shown(reading: Reading, stored: Stored, judge: str) -> _Given:
    return _unanimous((row.item, row.member, row.verdict) for row in opinions.shown_labels(reading, stored, judge))


def _blind(reading: Reading, stored: Stored) -> _Given:
    votes = vote_rows.votes(reading, stored)
    votes = votes[votes["verdict"] != "unsure"]
    return _unanimous(zip(*(votes[name].tolist() for name in ("item", "member", "verdict")), strict=True))


def _of(said: Mapping[bytes, float], given: _Given) -> _Given:
    """Labels of items on which the judge has a verdict."""
    return {key: verdict for key, verdict in given.items() if not np.isnan(said.get(key[0], np.nan))}


def _unanimous(labels: Iterable[tuple[bytes, str, str]]) -> _Given:
    given: dict[tuple[bytes, str], set[str]] = {}
    for item, member, verdict in labels:
        given.setdefault((item, member), set()).add(verdict)
    return {key: verdicts.pop() for key, verdicts in given.items() if len(verdicts) == 1}


def _of_arm(stored: Stored, given: _Given) -> dict[Arm, _Given]:
    """Labels by the arm that chance put their author into; those of nobody's are left out."""
    found: dict[Arm, _Given] = {"shown": {}, "blind": {}}
    for (item, member), verdict in given.items():
        arm = arms.arm_of(stored.state, MemberId(member), ItemId(item.hex()))
        if arm is not None:
            found[arm][item, member] = verdict
    return found


def _agrees(verdict: str, judged: float) -> bool:
    return (verdict == "non_compliant") == (judged == 1)


def _pairs(shown: _Given, blind: _Given, said: Mapping[bytes, float]) -> Pairs:
    """One label of each arm on one item; where an arm has several, that of the first member by id."""
    first: list[dict[bytes, bool]] = []
    for given in (shown, blind):
        agree: dict[bytes, bool] = {}
        for item, member in sorted(given):
            agree.setdefault(item, _agrees(given[item, member], said[item]))
        first.append(agree)
    both = sorted(first[0].keys() & first[1].keys())
    with_it, without = (np.array([agree[item] for item in both], np.bool_) for agree in first)
    return anchoring.paired(with_it, without)


def _reasons(every: Effect, right: Effect, wrong: Effect, pairs: Pairs | None) -> dict[str, str]:
    reasons = {}
    if every.difference is None:
        reasons["following"] = NOBODY_SAW if not every.shown.n else NOBODY_BLIND
    elif every.by_reviewer is None or every.by_reviewer.strata == 0:
        reasons["by_reviewer"] = NO_REVIEWERS
    for name, effect in (("right", right), ("wrong", wrong)):
        if effect.difference is None:
            reasons[f"following_{name}"] = NO_KNOWN.format(name)
    if pairs is None:
        reasons["pairs"] = NO_ARMS
    elif pairs.n == 0:
        reasons["pairs"] = NO_PAIRS
    return reasons

"""A judge as a measuring instrument: how far what it says can be believed, by what people said without having seen it.

A judge is a name, and each version of it one of its own: NAME@VERSION. Only answers by blind labels, or resolutions, are compared with,
and every drawn item counts by one over its probability. To whoever has still to judge an item blind, it has no answer and no opinion.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.domain import agreement, associations, instruments
from reviewer.domain.agreement import Coefficient
from reviewer.domain.associations import McNemar
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.instruments import Accuracy, Prevalence, Reliability
from reviewer.domain.items import ItemId
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations.estimate_basis import Basis, basis
from reviewer.operations.following import Following, following
from reviewer.storage import golds, opinions, populations
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage import votes as vote_rows
from reviewer.storage.opinions import Opinions
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading, Workspace

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_ANSWER = "no item that it judged has an answer by blind labels yet"
NO_SCORES = "it gave verdicts and no scores"
NOT_CHANCES = "its scores do not lie between 0 and 1, so they are no chances"
NOT_ALL = "it did not judge the whole population"
HIDDEN = "some of the items wait for your own blind label"
NO_BETTER = "it is no better than chance, or its errors were not measured on both kinds of items"


class Cut(NamedTuple):
    """How a score becomes a verdict, where the judge names none. at: this score and those beyond are non-compliant; low_is_bad: beyond is
    below."""

    at: float | None = None
    low_is_bad: bool = False


class Measured(NamedTuple):
    """How a judge does in a campaign. n: answered items that it gave a verdict on, which every figure rests on.

    judged: drawn items that it spoke of; silent: of those, without a verdict; differing: items of which it said one thing and another,
    left out everywhere. chance_corrected: Krippendorff's alpha between judge and people. curve, discrimination: of the scores; rate: the
    population's, by Rogan and Gladen, to compare with the estimate from labels. Whatever is None has its reason in `reasons`.
    following: labels given with its opinion in view beside blind ones.
    """

    judge: str
    n: int
    judged: int
    silent: int
    differing: int
    accuracy: Accuracy | None
    chance_corrected: Coefficient
    discrimination: float | None
    curve: Reliability | None
    rate: Prevalence | None
    following: Following
    reasons: dict[str, str]


class Replaced(NamedTuple):
    """Two versions on the same items, their drift control set. n: items with an answer that both judged; changed: of all drawn items that
    both judged, how many got another verdict. errors: items that one alone got right, exact p by McNemar; flags: that one alone called
    non-compliant, among `both` drawn items that both judged. to_score: items of the control set that the newer has still to judge.
    """

    older: str
    newer: str
    n: int
    both: int
    changed: int
    only_older_right: int
    only_newer_right: int
    errors: McNemar
    only_older_flags: int
    only_newer_flags: int
    flags: McNemar
    to_score: tuple[ItemId, ...]


class Checked(NamedTuple):
    """The judges of a campaign, by name. basis: what the figures rest on; hidden: items that wait for the viewer's blind label."""

    campaign: str
    id: EntryHash
    judges: tuple[Measured, ...]
    replaced: Replaced | None
    answered: int
    hidden: int
    weighted: bool
    basis: str


class _Judge(NamedTuple):
    """A judge over the drawn items, in their order: 1, 0 or NaN, and the score. everywhere: its verdicts, of all items it spoke of."""

    name: str
    said: Floats
    score: Floats
    spoken: Bools
    opinions: Opinions
    everywhere: Floats


def check_judges(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaign: str,
    judge: str | None = None,
    against: str | None = None,
    cut: Cut = Cut(),  # noqa: B008
) -> Outcome[Checked]:
    """Measure a judge, or all who spoke of drawn items, by the answers of a campaign. against: an older version, on the same items.

    Raises NotFound for a campaign or judge that is not here, Refused for a threshold that is none, NotAllowed for whoever waits.
    """
    refuse_waiting(workspace.me)
    if cut.at is not None and not np.isfinite(cut.at):
        raise Refused(f"A score of {cut.at:g} separates nothing.", "Give a number, such as 0.5.")
    if against is not None and judge is None:
        raise Refused("An older version was named, and no newer one.", "Name the judge that takes its place, too.")
    with workspace.read() as reading:
        found = basis(reading, ticket, campaign=campaign, viewer=workspace.me)
        unseen = _unseen(reading, found, workspace)
        known = suggestion_rows.judges(reading)
        names = [judge] if judge is not None else known
        for name in (judge, against):
            if name is not None and name not in known:
                raise suggestion_rows.unknown(name, known)
        measured = []
        for done, name in enumerate(names):
            ticket.step(done, len(names), "Measuring judges")
            one = _judge(reading, found, name, unseen, cut)
            if judge is not None or one.spoken.any():
                # To a reviewer, where the judge is right by a known answer would tell which items are gold.
                known_answers = {} if workspace.me.role == "reviewer" else golds.known_answers(reading, found.stored)
                measured.append(_measured(reading, found, one, unseen, known_answers))
        replaced = None
        if against is not None and judge is not None:
            replaced = _replaced(found, _judge(reading, found, against, unseen, cut), _judge(reading, found, judge, unseen, cut), unseen)
        weighted = bool(len(found.drawn.pi)) and float(np.ptp(found.drawn.pi)) > 0
        rules = found.stored.state.rules
        return Outcome(
            Checked(
                rules.name, found.stored.state.hash, tuple(measured), replaced, found.answered, int(unseen.sum()), weighted,
                f"{found.answered:,} of {len(found.item):,} drawn items with an answer by blind labels, design {rules.design}"
                f"{', weighted by 1/pi' if weighted else ''}; Wilson 95 %",
            )
        )  # fmt: skip


def _unseen(reading: Reading, found: Basis, workspace: Workspace) -> Bools:
    """Which drawn items the viewer has still to judge blind, a lead who takes part as well: a judge's opinion would lead them."""
    hidden = vote_rows.unseen(reading, found.stored, workspace.me.id)
    return np.isin(found.item, np.frombuffer(b"".join(sorted(hidden)), "S32"))


def _judge(reading: Reading, found: Basis, name: str, unseen: Bools, cut: Cut) -> _Judge:
    said = opinions.of_judge(reading, name)
    everywhere = _verdicts(said, cut)
    place = populations.places(found.item, said.item)
    place[unseen] = -1
    spoken = place >= 0
    verdict, score = (np.where(spoken, np.append(values, np.nan)[place], np.nan) for values in (everywhere, said.score))
    return _Judge(name, verdict, score, spoken, said, everywhere)


def _verdicts(said: Opinions, cut: Cut) -> Floats:
    """What the judge says of each item: the verdict it named, else what its score comes to."""
    scores = said.score
    if cut.at is None and not _are_chances(scores):
        return said.verdict  # where such scores turn bad is for a person to say
    at = 0.5 if cut.at is None else cut.at
    bad = scores <= at if cut.low_is_bad else scores >= at
    by_score = np.where(np.isnan(scores), np.nan, bad.astype(np.float64))
    return np.where(np.isnan(said.verdict), by_score, said.verdict)


def _are_chances(scores: Floats) -> bool:
    known = scores[~np.isnan(scores)]
    return bool(len(known)) and float(known.min()) >= 0 and float(known.max()) <= 1


def _measured(reading: Reading, found: Basis, one: _Judge, unseen: Bools, answers: dict[ItemId, str]) -> Measured:
    reasons: dict[str, str] = {}
    y, weights = found.drawn.y, _weights(found)
    compared = ~np.isnan(y) & ~np.isnan(one.said)
    truth, said = y[compared] == 1, one.said[compared] == 1
    own = None if weights is None else weights[compared]
    accuracy = instruments.accuracy(truth, said, own) if compared.any() else None
    counts = np.stack((np.sum([~truth, ~said], axis=0), np.sum([truth, said], axis=0)), axis=1).astype(np.float64)
    if accuracy is None:
        reasons["accuracy"] = NO_ANSWER
    curve, discrimination = _of_scores(one, y, weights, reasons)
    followed = _following(reading, found, one, answers)
    return Measured(
        judge=one.name,
        n=int(compared.sum()),
        judged=int(one.spoken.sum()),
        silent=int((one.spoken & np.isnan(one.said)).sum()),
        differing=one.opinions.differing,
        accuracy=accuracy,
        chance_corrected=agreement.alpha(counts, weights=own),
        discrimination=discrimination,
        curve=curve,
        rate=_rate(found, one, accuracy, bool(unseen.any()), reasons),
        following=followed,
        reasons=reasons | followed.reasons,
    )


def _of_scores(one: _Judge, y: Floats, weights: Floats | None, reasons: dict[str, str]) -> tuple[Reliability | None, float | None]:
    scored = ~np.isnan(y) & ~np.isnan(one.score)
    if not scored.any():
        reasons["curve"] = reasons["discrimination"] = NO_ANSWER if np.isnan(y).all() or one.spoken.sum() == 0 else NO_SCORES
        return None, None
    scores, truth, own = one.score[scored], y[scored] == 1, None if weights is None else weights[scored]
    discrimination = instruments.discrimination(scores, truth, own)
    if discrimination is None:
        reasons["discrimination"] = "all answered items are of one kind"
    if not _are_chances(one.opinions.score):
        reasons["curve"] = NOT_CHANCES
        return None, discrimination
    return instruments.reliability(scores, truth, own), discrimination


def _rate(found: Basis, one: _Judge, accuracy: Accuracy | None, hidden: bool, reasons: dict[str, str]) -> Prevalence | None:
    """The population's rate from what the judge flags of all of it, and its errors. A cross-check: `estimate` is what to report."""
    place = populations.places(found.population, one.opinions.item)
    said = np.where(place >= 0, np.append(one.everywhere, np.nan)[place], np.nan)
    if hidden or accuracy is None or np.isnan(said).any():
        reasons["rate"] = HIDDEN if hidden else NO_ANSWER if accuracy is None else NOT_ALL
        return None
    rate = instruments.rogan_gladen_estimated(float(said.mean()), np.inf, accuracy.sensitivity, accuracy.specificity)
    if rate is None:
        reasons["rate"] = NO_BETTER
    return rate


def _following(reading: Reading, found: Basis, one: _Judge, answers: dict[ItemId, str]) -> Following:
    """Of drawn items, and of those besides whose answer the viewer may know."""
    known = {bytes.fromhex(item): verdict for item, verdict in answers.items()}
    hidden_gold = {item: verdict for item, verdict in zip(_bytes(one.opinions.item), one.everywhere.tolist(), strict=True) if item in known}
    said = hidden_gold | dict(zip(_bytes(found.item), one.said.tolist(), strict=True))
    return following(reading, found.stored, one.name, said=said, answers=known)


def _replaced(found: Basis, older: _Judge, newer: _Judge, unseen: Bools) -> Replaced:
    y = found.drawn.y
    both = ~np.isnan(older.said) & ~np.isnan(newer.said)
    answered = both & ~np.isnan(y)
    right_before, right_now = (one.said[answered] == y[answered] for one in (older, newer))
    before, now = older.said[both] == 1, newer.said[both] == 1
    counts = int((right_before & ~right_now).sum()), int((~right_before & right_now).sum())
    flags = int((before & ~now).sum()), int((~before & now).sum())
    waiting = ~np.isnan(y) & ~np.isnan(older.said) & ~newer.spoken & ~unseen
    return Replaced(
        older.name, newer.name, int(answered.sum()), int(both.sum()), int((before != now).sum()), *counts, associations.mcnemar(*counts),
        *flags, associations.mcnemar(*flags), tuple(ItemId(item.hex()) for item in _bytes(found.item[waiting])),
    )  # fmt: skip


def _bytes(ids: Ids) -> list[bytes]:
    """Ids, whole: numpy drops zeros at the end of a string."""
    return [one.ljust(32, b"\0") for one in ids.tolist()]


def _weights(found: Basis) -> Floats | None:
    pi = found.drawn.pi
    return None if not len(pi) or float(np.ptp(pi)) == 0 else 1 / pi

"""Three models of labels beside Dawid & Skene's: one error rate a reviewer, reviewers and items that differ, and reviewers who guess.

Arrays are those of `aggregation`. Who is unsure of an item has no vote on it here. Sources: Zhang et al. (2014), Spectral Methods Meet EM
(one coin); Whitehill et al. (2009), Whose Vote Should Count More (GLAD); Hovy et al. (2013), Learning Whom to Trust with MACE; each as
crowd-kit 1.4 fits it; METHODS.md section 5.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from reviewer.domain.aggregation import Floats, Said, majority
from reviewer.domain.errors import Refused
from reviewer.domain.progress import SILENT, Ticket

Bools: TypeAlias = NDArray[np.bool_]

_SURE = 1e-10
_CLOSE = 1e-6
_KNOWS_PRIOR, _HABITS_PRIOR = 0.5, 10.0
_WHAT = "Weighing the labels"


class Weighed(NamedTuple):
    """posterior: shape (items, classes). skill: shape (reviewers,): how far each is believed, as the model has it: the chance to be right
    (one coin), ability, 0 for a coin's (GLAD), or the chance not to guess (MACE). difficulty: shape (items,), GLAD's alone."""

    posterior: Floats
    skill: Floats
    rounds: int
    difficulty: Floats | None = None


class Guessing(NamedTuple):
    """MACE's reviewers. knows: shape (reviewers, 2), weights of knowing and of guessing; habits: (reviewers, classes), what they guess."""

    knows: Floats
    habits: Floats


def one_coin(labels: Said, *, rounds: int = 100, ticket: Ticket = SILENT) -> Weighed:
    """Each reviewer is right with one chance, whatever the class; errors fall on all other classes alike. EM from the majority."""
    labels = _sure(labels)
    posterior, done = _start(labels), 0
    given = np.maximum(np.bincount(labels.reviewer, minlength=labels.reviewers), 1)
    while True:
        right = np.bincount(labels.reviewer, weights=posterior[labels.item, labels.said], minlength=labels.reviewers) / given
        skill = np.clip(right, _SURE, 1 - _SURE)
        shares = np.log(np.maximum(posterior.mean(axis=0), _SURE))
        hit, miss = np.log(skill), np.log((1 - skill) / (labels.classes - 1))
        before, posterior = posterior, _posterior(labels, hit[labels.reviewer], miss[labels.reviewer], shares)
        done += 1
        ticket.step(done, rounds, _WHAT)
        if done == rounds or float(np.abs(posterior - before).max()) < _CLOSE:
            return Weighed(posterior, skill, done)


def glad(labels: Said, *, rounds: int = 40, ticket: Ticket = SILENT) -> Weighed:
    """A label is right with a chance that rises with its reviewer's ability and falls with the item's difficulty; both have normal priors.

    Believe difficulty only where items have five labels or more.
    """
    labels = _sure(labels)
    ability, ease, done = np.ones(labels.reviewers), np.ones(labels.items), 0
    shares = np.full(labels.classes, -np.log(labels.classes))
    before = -np.inf
    while True:
        posterior = _posterior(labels, *_glad_logs(labels, ability, ease), shares)
        right = posterior[labels.item, labels.said]
        ability, ease, worth = _glad_fit(labels, right, ability, ease)
        done += 1
        ticket.step(done, rounds, _WHAT)
        if done == rounds or abs(worth - before) < _CLOSE * max(abs(worth), 1):
            return Weighed(posterior, ability, done, np.exp(-ease))
        before = worth


def mace(labels: Said, *, rounds: int = 50, ticket: Ticket = SILENT) -> Weighed:
    """A reviewer either knows an item's class or guesses by habits of their own; variational Bayes.

    Begins where everybody knows half of the time and guesses without a habit, so that chance has no part. Where one class is rare, habits
    explain too much and it does worse than a majority: the classes are equally likely beforehand in this model.
    """
    labels = _sure(labels)
    guessing = Guessing(np.full((labels.reviewers, 2), 0.5), np.full((labels.reviewers, labels.classes), 1 / labels.classes))
    for done in range(rounds):
        guessing = mace_round(labels, guessing)
        ticket.step(done + 1, rounds, _WHAT)
    return Weighed(mace_posterior(labels, guessing), guessing.knows[:, 0] / guessing.knows.sum(axis=1), rounds)


def mace_round(labels: Said, guessing: Guessing) -> Guessing:
    """One round of variational Bayes. labels: such that name a class."""
    known = _mace_expect(labels, guessing)[1]
    place, size = labels.reviewer * labels.classes + labels.said, labels.reviewers * labels.classes
    knew, guessed = (np.bincount(labels.reviewer, weights=one, minlength=labels.reviewers) for one in (known, 1 - known))
    guesses: Floats = np.bincount(place, weights=1 - known, minlength=size).astype(np.float64)
    counts: Floats = np.stack((knew, guessed), axis=1).astype(np.float64)
    return Guessing(
        _mean_of_logs(counts + _KNOWS_PRIOR),
        _mean_of_logs(guesses.reshape(labels.reviewers, labels.classes) + _HABITS_PRIOR),
    )


def mace_posterior(labels: Said, guessing: Guessing) -> Floats:
    """The chance of each class of each item: shape (items, classes)."""
    return _mace_expect(labels, guessing)[0]


def _sure(labels: Said) -> Said:
    """The labels that name a class."""
    sure = labels.said < labels.classes
    if not sure.any():
        raise Refused("There is no label with a verdict to aggregate.", "Label items first.")
    return labels._replace(item=labels.item[sure], reviewer=labels.reviewer[sure], said=labels.said[sure], sayings=labels.classes)


def _start(labels: Said) -> Floats:
    start: Floats = np.nan_to_num(majority(labels), nan=1 / labels.classes)
    return start


def _posterior(labels: Said, hit: Floats, miss: Floats, shares: Floats) -> Floats:
    """hit, miss: shape (labels,): ln of the chance of the label, were the item of the class that it names, or of a given other."""
    all_miss = np.bincount(labels.item, weights=miss, minlength=labels.items)
    more = np.bincount(labels.item * labels.classes + labels.said, weights=hit - miss, minlength=labels.items * labels.classes)
    likely: Floats = special.softmax(shares + all_miss[:, None] + more.reshape(labels.items, labels.classes), axis=1)
    return likely


def _glad_logs(labels: Said, ability: Floats, ease: Floats) -> tuple[Floats, Floats]:
    strength = ability[labels.reviewer] * np.exp(ease[labels.item])
    return special.log_expit(strength), special.log_expit(-strength) - np.log(labels.classes - 1)


def _glad_fit(labels: Said, right: Floats, ability: Floats, ease: Floats) -> tuple[Floats, Floats, float]:
    """The M step. right: shape (labels,), the chance that the label is right. Returns what it came to, too: minus the bound."""

    def loss(place: Floats) -> tuple[float, Floats]:
        able, easy = place[: labels.reviewers], place[labels.reviewers :]
        factor = np.exp(easy[labels.item])
        strength = able[labels.reviewer] * factor
        kept = right * special.log_expit(strength) + (1 - right) * (special.log_expit(-strength) - np.log(labels.classes - 1))
        slope = (right - special.expit(strength)) * factor
        up = np.bincount(labels.reviewer, weights=slope, minlength=labels.reviewers) - (able - 1)
        easier = np.bincount(labels.item, weights=slope * able[labels.reviewer], minlength=labels.items) - (easy - 1)
        value = float(kept.sum()) - float(((able - 1) ** 2).sum() + ((easy - 1) ** 2).sum()) / 2
        return -value, -np.concatenate((up, easier))

    bounds = [(-20.0, 20.0)] * labels.reviewers + [(-8.0, 8.0)] * labels.items
    found = optimize.minimize(
        loss, np.concatenate((ability, ease)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 25}, tol=1e-4
    )
    return found.x[: labels.reviewers], found.x[labels.reviewers :], float(found.fun)


def _mace_expect(labels: Said, guessing: Guessing) -> tuple[Floats, Floats]:
    """The posterior, and by label the chance that its reviewer knew."""
    knows, habits = guessing
    guess = knows[labels.reviewer, 1] * habits[labels.reviewer, labels.said]
    sure = knows[labels.reviewer, 0] + guess
    posterior = _posterior(labels, np.log(sure), np.log(guess), np.zeros(labels.classes))
    known: Floats = posterior[labels.item, labels.said] * knows[labels.reviewer, 0] / sure
    return posterior, known


def _mean_of_logs(counts: Floats) -> Floats:
    """exp of the mean logarithm of each share under a Dirichlet distribution with these counts."""
    means: Floats = np.exp(special.digamma(counts) - special.digamma(counts.sum(axis=1, keepdims=True)))
    return means

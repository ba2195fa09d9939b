"""From several labels of an item to one posterior: majority, and Dawid & Skene's model of each reviewer's errors.

Labels come as three arrays of shape (labels,), from 0: item, reviewer, and what was said. The first `classes` things that can be said are
the classes that an item can truly be in; what is said beyond them (unsure) is an answer that no item deserves. All arrays that come back
are shape (items, classes), or (reviewers, classes, sayings): the chance that a reviewer says this of an item truly in that class.

Source: Dawid & Skene (1979), Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm; Dirichlet priors and pooling as
in Paun et al. (2018), Comparing Bayesian Models of Annotation; METHODS.md section 5.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.errors import Refused
from reviewer.domain.progress import SILENT, Ticket

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

ROUNDS = 200
CLOSE_ENOUGH = 1e-6  # the largest change of a posterior in the last round
ENOUGH_OVERLAP = 20  # items that a reviewer shares with others, before their own errors can be told apart
POOLED_AS = 20.0  # labels that the pooled errors of all count for, where a reviewer has too few of their own
_POOLED_FOR_TWO = 1_000.0  # the same, where two share items and no third: then nothing tells whose error a difference is
_LEAST = 1e-10  # keeps the logarithm of a chance that nothing speaks for


class Said(NamedTuple):
    """Labels of items by reviewers."""

    item: Ints
    reviewer: Ints
    said: Ints
    items: int
    reviewers: int
    classes: int
    sayings: int


class Prior(NamedTuple):
    """Dirichlet priors, as the pseudo-labels that they add: to each class, to the right answers of a reviewer, to each wrong one.

    METHODS.md's a = 2 and b = 3 on the diagonal, 1 beside it, add one less than they say. All 0: the likelihood alone.
    """

    of_class: float = 1.0
    right: float = 2.0
    wrong: float = 0.0


USUAL = Prior()
FLAT = Prior(0.0, 0.0, 0.0)


class Model(NamedTuple):
    """posterior: shape (items, classes); shares: (classes,); errors: (reviewers, classes, sayings). rounds: how many it took.

    pooled: the reviewers whose errors lean on those of all.
    """

    posterior: Floats
    shares: Floats
    errors: Floats
    rounds: int
    pooled: NDArray[np.bool_]


def majority(labels: Said) -> Floats:
    """The share of each class among what was said of an item, apart from what is no class; NaN where nothing was. Ties stay ties."""
    votes = _votes(labels)
    with np.errstate(invalid="ignore"):
        shares: Floats = votes / votes.sum(axis=1, keepdims=True)
    return shares


def overlaps(labels: Said, *, together: int = 2) -> Ints:
    """How many items of each reviewer have labels of so many reviewers, or more: shape (reviewers,)."""
    pairs = np.unique(labels.item * labels.reviewers + labels.reviewer)
    item, reviewer = np.divmod(pairs, labels.reviewers)
    shared = np.bincount(item, minlength=labels.items)[item] >= together
    return np.bincount(reviewer[shared], minlength=labels.reviewers)


def dawid_skene(labels: Said, prior: Prior = USUAL, *, pool: bool = False, rounds: int = ROUNDS, ticket: Ticket = SILENT) -> Model:
    """Fit by EM from the majority, in logarithms. MAP with a prior, which also keeps the classes from changing places.

    pool: reviewers who have fewer than 20 items with two others get the errors of all as their prior, since a model of each is barely
    identified there: worth 20 labels, or 1,000 where there are only two. Raises Refused without a label.
    """
    if not len(labels.item):
        raise Refused("There is no label to aggregate.", "Label items first.")
    few = overlaps(labels, together=3) < ENOUGH_OVERLAP if pool else np.zeros(labels.reviewers, dtype=np.bool_)
    place = labels.reviewer * labels.sayings + labels.said
    posterior = np.nan_to_num(majority(labels), nan=1 / labels.classes)
    done = 0
    while True:
        shares = _shares(posterior, prior)
        errors = _errors(labels, place, posterior, prior, few)
        done += 1
        before, posterior = posterior, _posterior(labels, place, shares, errors)
        ticket.step(done, rounds, "Weighing the labels")
        if done == rounds or float(np.abs(posterior - before).max()) < CLOSE_ENOUGH:
            return Model(posterior, shares, errors, done, few)


def expert(labels: Said, counts: Floats, prior: Prior = USUAL, *, rounds: int = ROUNDS) -> Model:
    """Weigh the labels by errors that were measured, on gold or against others, instead of guessing them: what stands where most items have
    one label. counts: shape (reviewers, classes, sayings), as `errors_given` counts; whoever was measured little leans on all.
    """
    extra = np.full((labels.classes, labels.sayings), prior.wrong)
    extra[np.arange(labels.classes), np.arange(labels.classes)] = prior.right
    everyone = counts.sum(axis=0) + extra + 1  # a fault that was never seen can still happen
    errors = counts + POOLED_AS * everyone / everyone.sum(axis=1, keepdims=True)
    errors = errors / errors.sum(axis=2, keepdims=True)
    place = labels.reviewer * labels.sayings + labels.said
    posterior = np.nan_to_num(majority(labels), nan=1 / labels.classes)
    done, moved = 0, 1.0
    while done < rounds and moved >= CLOSE_ENOUGH:
        shares = _shares(posterior, prior)
        before, posterior = posterior, _posterior(labels, place, shares, errors)
        done, moved = done + 1, float(np.abs(posterior - before).max())
    return Model(posterior, shares, errors, done, counts.sum(axis=(1, 2)) < POOLED_AS)


def errors_given(labels: Said, truth: Ints) -> Floats:
    """How often each reviewer said what, of items truly in each class: counts, shape (reviewers, classes, sayings).

    truth: shape (items,), the class of each item; -1 where it is not known.
    """
    true = truth[labels.item]
    return _counted(labels, true, true >= 0)


def against_others(labels: Said) -> Floats:
    """As `errors_given`, where the truth for each label is the majority of the other reviewers' labels of the item; ties tell nothing."""
    votes = _votes(labels)[labels.item]
    own = labels.said < labels.classes
    votes[own, labels.said[own]] -= 1
    best = votes.max(axis=1)
    clear = (votes == best[:, None]).sum(axis=1) == 1
    return _counted(labels, votes.argmax(axis=1), clear)


def _counted(labels: Said, true: Ints, known: NDArray[np.bool_]) -> Floats:
    """Counts of what was said, by reviewer and true class. true, known: shape (labels,)."""
    where = (labels.reviewer[known] * labels.classes + true[known]) * labels.sayings + labels.said[known]
    counts = np.bincount(where, minlength=labels.reviewers * labels.classes * labels.sayings)
    return counts.reshape(labels.reviewers, labels.classes, labels.sayings).astype(np.float64)


def _votes(labels: Said) -> Floats:
    sure = labels.said < labels.classes
    where = labels.item[sure] * labels.classes + labels.said[sure]
    return np.bincount(where, minlength=labels.items * labels.classes).reshape(labels.items, labels.classes).astype(np.float64)


def _shares(posterior: Floats, prior: Prior) -> Floats:
    counted = posterior.sum(axis=0) + prior.of_class
    shares: Floats = counted / counted.sum()
    return shares


def _errors(labels: Said, place: Ints, posterior: Floats, prior: Prior, few: NDArray[np.bool_]) -> Floats:
    """The M step: what each reviewer says of each class, by the posteriors of the items that they labelled."""
    size = labels.reviewers * labels.sayings
    said = np.stack([np.bincount(place, weights=posterior[labels.item, k], minlength=size) for k in range(labels.classes)])
    counts = said.reshape(labels.classes, labels.reviewers, labels.sayings).transpose(1, 0, 2)
    extra = np.full((labels.classes, labels.sayings), prior.wrong)
    extra[np.arange(labels.classes), np.arange(labels.classes)] = prior.right
    counted = counts + extra
    if few.any():
        everyone = counts.sum(axis=0) + extra + _LEAST
        worth = POOLED_AS if labels.reviewers > 2 else _POOLED_FOR_TWO
        counted[few] = counts[few] + worth * everyone / everyone.sum(axis=1, keepdims=True)
    counted = counted + _LEAST
    errors: Floats = counted / counted.sum(axis=2, keepdims=True)
    return errors


def _posterior(labels: Said, place: Ints, shares: Floats, errors: Floats) -> Floats:
    """The E step, in logarithms."""
    size = labels.reviewers * labels.sayings
    spoken = np.log(errors).transpose(1, 0, 2).reshape(labels.classes, size)
    weight = np.stack([np.bincount(labels.item, weights=spoken[k, place], minlength=labels.items) for k in range(labels.classes)], axis=1)
    weight += np.log(np.maximum(shares, _LEAST))
    weight -= weight.max(axis=1, keepdims=True)
    likely = np.exp(weight)
    posterior: Floats = likely / likely.sum(axis=1, keepdims=True)
    return posterior

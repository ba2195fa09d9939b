"""Whether a policy's clause can be applied: do reviewers who see the same item agree, where it is cited?

An item counts for a clause when it has two labels or more and one of them cites the clause. d, the share of disagreeing pairs, is the mean
over those items of the share of pairs of labels whose verdicts differ. Source: METHODS.md section 4; the prior is fitted by the marginal
likelihood of the beta-binomial distribution (Casella 1985, An Introduction to Empirical Bayes Data Analysis).
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy import optimize, special

from reviewer.domain.agreement import Coefficient

Reading = Literal["clear, often broken", "reviewers disagree", "superseded", "too few to say"]

ENOUGH = 5  # items with two labels that cite a clause, before anything is said of it
AC1_FROM = 20  # such items; from here the coefficient itself is believed
RELIABLE = 0.667  # alpha below which no conclusion should be drawn: Krippendorff (2004), Reliability in Content Analysis
_LIMIT = 0.10  # the lower 90 % limit
_JEFFREYS = (0.5, 0.5)


class Cited(NamedTuple):
    """How often a clause was cited, and what came of it.

    labels: that cite it, in any wording. old: those of them that cite words no longer in force. items: with two labels or more, of which
    one cites it; disagreeing: the sum over those of the share of pairs whose verdicts differ. alpha: of “cited or not”, over all items
    with two labels. worth: where items were drawn with unequal probabilities, Kish's effective number of them, of which `disagreeing` then
    is the weighted share; None where all count alike.
    """

    labels: int
    old: int
    items: int
    disagreeing: float
    alpha: Coefficient
    worth: float | None = None

    @property
    def weighed(self) -> float:
        """As many items of equal weight as tell as much."""
        return self.items if self.worth is None else self.worth


class Disagreement(NamedTuple):
    """d of a clause, shrunk towards the other clauses, and its lower 90 % limit."""

    mean: float
    low: float


class Prior(NamedTuple):
    """Beta(a, b), as the clauses of a campaign together have it."""

    a: float
    b: float


def prior(clauses: Sequence[tuple[float, float]]) -> Prior:
    """Fit the prior over clauses. clauses: (disagreeing, items) of each. Of one clause nothing can be learnt: Jeffreys' prior."""
    known = [(x, n) for x, n in clauses if n > 0]
    if len(known) < 2:
        return Prior(*_JEFFREYS)
    x, n = np.array([one for one, _ in known]), np.array([float(one) for _, one in known])

    def loss(place: tuple[float, float]) -> float:
        mean, weight = special.expit(place[0]), np.exp(place[1])
        a, b = mean * weight, (1 - mean) * weight
        return float(-(special.betaln(a + x, b + n - x) - special.betaln(a, b)).sum())

    start = (float(special.logit((x.sum() + 0.5) / (n.sum() + 1))), np.log(2.0))
    # The weight is at most that of 100 items, so that a clause with many labels is always judged by its own.
    found = optimize.minimize(loss, start, bounds=[(-6.0, 6.0), (0.0, np.log(100.0))], method="L-BFGS-B")
    mean, weight = float(special.expit(found.x[0])), float(np.exp(found.x[1]))
    return Prior(mean * weight, (1 - mean) * weight)


def disagreement(disagreeing: float, items: float, prior: Prior) -> Disagreement:
    """d of a clause after its own labels."""
    a, b = prior.a + disagreeing, prior.b + items - disagreeing
    return Disagreement(a / (a + b), float(special.betaincinv(a, b, _LIMIT)))


def reading(cited: Cited, d: Disagreement, overall: float) -> Reading:
    """What is to be read from a clause's figures. overall: d over all items with two labels that cite any clause.

    superseded: half or more of the labels cite words that are no longer in force; nothing else is asked of those.
    too few to say: fewer than 5 items with two labels cite it, or, below 20, neither of the following can be told.
    reviewers disagree: the lower 90 % limit of d lies above `overall`, or the upper 95 % limit of alpha below 0.667, or from 20 items on
    alpha itself does. `overall` is of items that cite something, since items on which all say “compliant” agree by themselves: beside
    those every clause would seem unclear. Alpha is asked too, since the one clause that most labels cite is never far from `overall`.
    clear, often broken: alpha is 0.667 or more, or cannot be told since every label cites it; then the agent breaks the clause.
    """
    alpha = cited.alpha
    if cited.old * 2 >= cited.labels > 0:
        return "superseded"
    if cited.items < ENOUGH:
        return "too few to say"
    unreliable = alpha.high is not None and alpha.high < RELIABLE
    if d.low > overall or unreliable or (cited.items >= AC1_FROM and alpha.value is not None and alpha.value < RELIABLE):
        return "reviewers disagree"
    return "clear, often broken" if alpha.value is None or alpha.value >= RELIABLE else "too few to say"

"""What the answered items of a sample stand for: their weights, by the design, and what each design says of the error of a sum.

Items without an answer are left to those of their stratum that have one (of the whole sample in a Poisson design), which is right if
answering does not depend on the answer. How many there are is said beside every estimate, and `estimates.bounds_if` gives the limits that
hold whatever they are.
"""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.domain import survey
from reviewer.domain.errors import Refused

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Design = Literal["all", "srs", "stratified", "poisson"]


class Drawn(NamedTuple):
    """A sample and its answers. Arrays have one length, that of the drawn items, unless said.

    pi: inclusion probability. y: 1 non-compliant, 0 compliant, NaN no answer, open or unsure. stratum: place in `population`, which has the
    sizes of the strata. cluster: groups of near-duplicates; None: each item its own. f: a judge's scores, NaN where it gave none.
    f_population: those of the whole population, shape (N,), with the stratum of each in f_stratum. u: permanent random numbers, in whose
    order a confidence sequence reads; of a Poisson design it takes the random control stream, handed in as a design "srs" of its own. The
    order of the items must not follow from their answers.
    """

    design: Design
    pi: Floats
    y: Floats
    stratum: Ints
    population: Ints
    cluster: Ints | None = None
    f: Floats | None = None
    f_population: Floats | None = None
    f_stratum: Ints | None = None
    u: Floats | None = None


class Weighed(NamedTuple):
    """The answered items. Arrays have one length, theirs.

    at: their places among the drawn. weights: how many items of the population each stands for; they sum to its size, to its estimate in a
    Poisson design. taken: the chance with which each was drawn and answered. stratum: strata after joining, with their sizes. joined: how
    many strata were joined to another.
    """

    design: Design
    at: Ints
    y: Floats
    weights: Floats
    taken: Floats
    stratum: Ints
    population: Ints
    cluster: Ints | None
    joined: int

    @property
    def degrees(self) -> float:
        """Degrees of freedom of a variance: units less strata; in a Poisson design Kish's size, since few heavy items decide there."""
        if self.design == "poisson":
            return max(survey.kish_size(self.weights) - 1, 1.0)
        units = len(self.y) if self.cluster is None else len(np.unique(self.cluster))
        return float(max(units - len(np.unique(self.stratum)), 1))

    @property
    def equal(self) -> bool:
        """Whether all items weigh the same."""
        return float(self.weights.max() - self.weights.min()) < 1e-9 * float(self.weights.max())

    def variance(self, parts: Floats, *, endless: bool = False) -> float:
        """The design variance of the sum of `parts`, weights included.

        endless: of what the population itself is a sample of, so that looking at all of it leaves an error, too.
        """
        if self.design == "poisson":
            taken = np.zeros(len(parts)) if endless else self.taken
            alone = survey.poisson_variance(parts, taken)
            return alone if self.cluster is None else max(alone, survey.poisson_variance(parts, taken, cluster=self.cluster))
        population = None if endless else self.population
        alone = survey.stratified_variance(parts, self.stratum, population=population)
        if self.cluster is None:
            return alone
        return max(alone, survey.stratified_variance(parts, self.stratum, population=population, cluster=self.cluster))

    def unseen(self, y: Floats, inside: Bools) -> float:
        """The share of all weight that an event has which was not seen: `proportions.unseen_event`.

        y: 1 where an event was seen. It weighs as an item that was not drawn does on average, or as the root mean square of those seen, if
        they are heavier: where a sample favours what looks risky, those seen are the light ones. It is less by the share that was drawn, so
        that nothing is unseen in a census, or in a stratum of which all was drawn.
        """
        weights, left = self.weights[inside], 1 - self.taken[inside]
        if self.cluster is not None:
            weights, left, y = _of_clusters(weights, left, y, self.cluster[inside])
        size = weights * np.sqrt(np.maximum(left, 0.0))
        typical = _mean(size, weights * left)
        seen = math.sqrt(_mean(size**2, y * left))
        return max(typical, seen) / float(weights.sum())


def _mean(values: Floats, weights: Floats) -> float:
    whole = float(weights.sum())
    return survey.total(weights, values) / whole if whole > 0 else 0.0


def _of_clusters(weights: Floats, left: Floats, y: Floats, cluster: Ints) -> tuple[Floats, Floats, Floats]:
    """Weights of near-duplicates added up; y and the share not drawn as means."""
    _, place = np.unique(cluster, return_inverse=True)
    whole = survey.sums(place, weights)
    return whole, survey.sums(place, weights * left) / whole, survey.sums(place, weights * y) / whole


def weigh(drawn: Drawn) -> Weighed:
    """The answered items of a sample with their weights. At least one has an answer."""
    at = np.flatnonzero(~np.isnan(drawn.y))
    y, stratum = drawn.y[at], drawn.stratum[at]
    cluster = _repeated(None if drawn.cluster is None else drawn.cluster[at])
    if drawn.design == "poisson":
        pi, size = drawn.pi[at], int(drawn.population.sum())
        answered = float((1 / pi).sum()) / float((1 / drawn.pi).sum())
        taken = pi * answered
        whole = np.zeros(len(at), np.int64)
        return Weighed("poisson", at, y, 1 / taken, taken, whole, np.array([size]), cluster, 0)
    drawn_of = np.bincount(stratum, minlength=len(drawn.population))
    joined_stratum, sizes, group = survey.collapsed(stratum, drawn.population, drawn_of)
    own = drawn.population / np.maximum(drawn_of, 1)
    reached = np.bincount(group, np.where(drawn_of > 0, drawn.population, 0), minlength=len(sizes))
    weights = own[stratum] * (sizes / reached)[joined_stratum]
    strata = int(np.count_nonzero(drawn.population))
    return Weighed(drawn.design, at, y, weights, 1 / weights, joined_stratum, sizes, cluster, strata - len(sizes))


def _repeated(cluster: Ints | None) -> Ints | None:
    """Clusters, or None where each has one item."""
    return None if cluster is None or len(np.unique(cluster)) == len(cluster) else cluster


def check(drawn: Drawn) -> None:
    """Refuse a sample that cannot be one, with what is wrong."""
    n = len(drawn.y)
    beside = {"pi": drawn.pi, "stratum": drawn.stratum, "cluster": drawn.cluster, "f": drawn.f, "u": drawn.u}
    for name, values in beside.items():
        if values is not None and len(values) != n:
            raise Refused(f"{len(values):,} values of {name} came for {n:,} drawn items.", "Give one for each.")
    if drawn.design not in ("all", "srs", "stratified", "poisson"):
        raise Refused(f"“{drawn.design}” is not a design.", "Choose one of: all, srs, stratified, poisson.")
    if not np.all((drawn.pi > 0) & (drawn.pi <= 1)):  # NaN, too
        wrong = drawn.pi[~((drawn.pi > 0) & (drawn.pi <= 1))][0]
        raise Refused(f"{wrong} is not an inclusion probability.", "Give each drawn item one above 0 and at most 1.")
    if not np.all(np.isnan(drawn.y) | (drawn.y == 0) | (drawn.y == 1)):
        raise Refused("An answer is neither 0 nor 1.", "Give 1 for non-compliant, 0 for compliant and NaN for none.")
    if len(drawn.population) == 0 or np.any(drawn.population < 0):
        raise Refused("The size of a stratum is below 0, or there is none.", "Give how many items each stratum has in the population.")
    if n and (int(drawn.stratum.min()) < 0 or int(drawn.stratum.max()) >= len(drawn.population)):
        raise Refused("A drawn item lies in a stratum that the population does not have.", "Give the size of every stratum.")
    counted = np.bincount(drawn.stratum, minlength=len(drawn.population))
    if np.any(counted > drawn.population):
        worst = int(np.argmax(counted - drawn.population))
        raise Refused(
            f"{int(counted[worst]):,} items were drawn of the {int(drawn.population[worst]):,} of stratum {worst}.",
            "Give each item once, and the sizes that the draw froze.",
        )
    _check_scores(drawn)


def _check_scores(drawn: Drawn) -> None:
    for scores in (drawn.f, drawn.f_population):
        if scores is not None and np.any(np.isinf(scores)):
            raise Refused("A score of the judge is infinite.", "Give a number, or NaN where there is none.")
    if drawn.f_population is None:
        return
    if len(drawn.f_population) != int(drawn.population.sum()):
        raise Refused(
            f"{len(drawn.f_population):,} scores came for a population of {int(drawn.population.sum()):,}.",
            "Give one for each item, NaN where there is none.",
        )
    if drawn.f_stratum is not None and len(drawn.f_stratum) != len(drawn.f_population):
        raise Refused("The strata of the scores are not as many as the scores.", "Give the stratum of each.")

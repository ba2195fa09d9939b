"""The share of a population that breaks the policy, from what was drawn and answered of it, with an interval or a reason why there is none.

One entry: `estimate`, with `domain_estimate` for a part of the population and `bounds_if` for what unanswered items could change. Which
method serves is said in `Estimate.basis`:

- exact: a census or a simple random sample; limits of the hypergeometric distribution.
- hajek: strata or unequal probabilities; weighted, with the design variance, and limits by `proportions.unseen_event`.
- ppi: the same of what a judge's scores leave open (`prediction_powered`), lam tuned on other folds. By itself only where it holds what
  it promises: at least PPI_ANSWERS answers and PPI_EVENTS of either kind.
- anytime: a confidence sequence (`sequential`) over the items in the order of their permanent random numbers; it holds however often one
  looks, and for whatever reason one stops.

Source: METHODS.md sections 1 to 3. Coverage and width are measured in tests/domain/test_coverage.py.
"""

from typing import Literal, NamedTuple, cast, get_args

import numpy as np

from reviewer.domain import prediction_powered, sequential, survey
from reviewer.domain.errors import Refused, shown
from reviewer.domain.proportions import Interval, clopper_pearson, hypergeometric, unseen_event
from reviewer.domain.weighing import Bools, Design, Drawn, Floats, Ints, Weighed, check, weigh

Method = Literal["auto", "exact", "hajek", "ppi", "anytime"]
PPI_ANSWERS = 100
PPI_EVENTS = 15
FEW_EVENTS = 5
FOLDS = 5
PART_ANSWERS = 5  # that a part needs to be told apart from others
MOST_PARTS = 20  # that are told apart together

__all__ = [
    "Apart", "Bounds", "Design", "Drawn", "Estimate", "Floats", "Ints", "Method", "bounds_if", "differ", "domain_estimate", "estimate",
]  # fmt: skip


class Estimate(NamedTuple):
    """A share from 0 to 1 with its limits; None where there is none, and `reason` says why.

    n: answered items that it rests on. population: items it speaks of, None where that is not known. basis: design, n of N, interval.
    """

    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    basis: str
    reason: str | None
    n: int
    population: int | None


class Bounds(NamedTuple):
    """The estimate if every drawn item without an answer were compliant, and if none were."""

    low_if: float | None
    high_if: float | None


class Apart(NamedTuple):
    """Whether the rates of parts of a population differ by more than chance, by Rao and Scott's second-order test.

    parts: how many were told apart. f, ndf, ddf, p: None where there is no test, and `reason` says why.
    """

    parts: int
    f: float | None
    ndf: float | None
    ddf: float | None
    p: float | None
    reason: str | None


def estimate(drawn: Drawn, confidence: float = 0.95, method: str = "auto") -> Estimate:
    """The share of non-compliant items of the population. Raises Refused for a method that the design does not bear, or broken input."""
    chosen = _checked(drawn, confidence, method)
    population = int(drawn.population.sum())
    if len(drawn.y) == 0 or np.all(np.isnan(drawn.y)):
        return _none(drawn, confidence, chosen, population, "no drawn item has an answer yet")
    weighed = weigh(drawn)
    if chosen == "anytime":
        return _anytime(drawn, weighed, confidence)
    if chosen == "ppi" or (chosen == "auto" and _scored(drawn, weighed) is None):
        return _powered(drawn, weighed, confidence, asked=chosen == "ppi")
    if chosen == "exact" or (chosen == "auto" and _exact_serves(weighed)):
        return _exact(drawn, weighed, confidence)
    return _weighted(drawn, weighed, confidence)


def domain_estimate(
    drawn: Drawn, inside: Bools, inside_population: int | None, *, confidence: float = 0.95, method: str = "auto"
) -> Estimate:
    """The share within a part of the population.

    inside: shape (drawn,), which drawn items belong to it. inside_population: how many items of the population do; None: not known, and a
    simple random sample is then taken as one of a population without end. A part that nothing was drawn from has no estimate.
    """
    chosen = _checked(drawn, confidence, method)
    if len(inside) != len(drawn.y):
        raise Refused(f"{len(inside):,} marks came for {len(drawn.y):,} drawn items.", "Give one for each.")
    if inside_population is not None and inside_population < int(inside.sum()):
        raise Refused(
            f"{int(inside.sum()):,} items were drawn of a part of {inside_population:,}.",
            "Give the size that the part has in the population.",
        )
    if chosen in ("ppi", "anytime"):
        raise Refused(f"The method {chosen} speaks of the whole population, not of a part.", "Choose auto, exact or hajek.")
    answered = ~np.isnan(drawn.y)
    if not np.any(inside):
        return _none(drawn, confidence, chosen, inside_population, "no item of it was drawn")
    if not np.any(inside & answered):
        return _none(drawn, confidence, chosen, inside_population, "no drawn item of it has an answer yet")
    weighed = weigh(drawn)
    within = inside[weighed.at]
    if chosen == "exact" or (chosen == "auto" and (_exact_serves(weighed) or _is_one_stratum(drawn, weighed, within, inside_population))):
        return _exact_domain(drawn, weighed, within, inside_population, confidence)
    return _weighted(drawn, weighed, confidence, within, inside_population)


def bounds_if(drawn: Drawn) -> Bounds:
    """Between which the estimate lies, whatever the answers that are open or unsure. Weighted by the design, over all that was drawn."""
    check(drawn)
    if len(drawn.y) == 0:
        return Bounds(None, None)
    weights = weigh(drawn._replace(y=np.zeros(len(drawn.y)), cluster=None)).weights
    whole = float(weights.sum())
    broken, open_ = float(weights[drawn.y == 1].sum()), float(weights[np.isnan(drawn.y)].sum())
    return Bounds(broken / whole, (broken + open_) / whole)


def differ(drawn: Drawn, part: Ints) -> Apart:
    """Whether the rates of parts of the population differ. part: shape (drawn,), the part of each drawn item, from 0; -1: of none.

    Parts with fewer than PART_ANSWERS answers are left out. That two parts of one population are not alike to the last item is sure without
    looking; asked is whether what made them breaks the policy equally often, so nothing is taken off for the share that was drawn. Sources:
    Rao & Scott (1984); Cochran (1977), Sampling Techniques, 2.14; METHODS.md section 6.
    """
    check(drawn)
    answered = (part >= 0) & ~np.isnan(drawn.y)
    answers = np.bincount(part[answered], minlength=1)
    kept = np.flatnonzero(answers >= PART_ANSWERS)
    inside = answered & np.isin(part, kept)
    events = int(drawn.y[inside].sum())
    if len(kept) < 2:
        return _untold(len(kept), f"two values with {PART_ANSWERS} answers or more are needed")
    if len(kept) > MOST_PARTS:
        return _untold(len(kept), f"{len(kept):,} values are too many to be told apart together; {MOST_PARTS} can be")
    if min(events, int(inside.sum()) - events) < FEW_EVENTS:
        return _untold(len(kept), f"{FEW_EVENTS} answers of either kind are needed")
    weighed = weigh(drawn)
    within = inside[weighed.at]

    def variance(parts: Floats) -> float:
        whole = np.zeros(len(weighed.y))  # items outside keep their place in the design
        whole[within] = parts
        return weighed.variance(whole, endless=True)

    group, broken, weights = part[weighed.at][within], weighed.y[within] == 1, weighed.weights[within]
    found = survey.rao_scott(group, broken, weights, variance=variance, degrees=weighed.degrees)
    assert found is not None  # there are two parts and both kinds of answers
    return Apart(len(kept), found.f, found.ndf, found.ddf, found.p, None)


def _untold(parts: int, reason: str) -> Apart:
    return Apart(parts, None, None, None, None, reason)


def _checked(drawn: Drawn, confidence: float, method: str) -> Method:
    if not 0 < confidence < 1:
        raise Refused(f"{confidence} is not a confidence.", "Give a number between 0 and 1, such as 0.95.")
    if method not in get_args(Method):
        raise Refused(f"“{shown(method, 40)}” is not a method of estimation.", f"Choose one of: {', '.join(get_args(Method))}.")
    check(drawn)
    if method in ("exact", "anytime") and drawn.design not in ("all", "srs"):
        raise Refused(f"The method {method} does not hold for the design {drawn.design}.", "Choose auto or hajek.")
    return cast(Method, method)


def _exact_serves(weighed: Weighed) -> bool:
    return weighed.design in ("all", "srs") and weighed.cluster is None


def _is_one_stratum(drawn: Drawn, weighed: Weighed, within: Bools, size: int | None) -> bool:
    """Whether the part is a stratum: then what was drawn of it is a simple random sample of it."""
    strata = np.unique(drawn.stratum[weighed.at][within])
    if drawn.design == "poisson" or weighed.cluster is not None or len(strata) != 1:
        return False
    return int(drawn.population[strata[0]]) == size and np.array_equal(within, drawn.stratum[weighed.at] == strata[0])


def _exact(drawn: Drawn, weighed: Weighed, confidence: float) -> Estimate:
    population = int(drawn.population.sum())
    limits = hypergeometric(int(weighed.y.sum()), len(weighed.y), population, confidence=confidence)
    kind = "no sampling error" if len(weighed.y) == population else "exact hypergeometric interval"
    basis = _basis(drawn, weighed, len(weighed.y), population, kind)
    return Estimate(float(weighed.y.mean()), *limits, confidence, "exact", basis, None, len(weighed.y), population)


def _exact_domain(drawn: Drawn, weighed: Weighed, within: Bools, size: int | None, confidence: float) -> Estimate:
    y = weighed.y[within]
    if size is None:
        limits = clopper_pearson(float(y.sum()), len(y), confidence=confidence)
        assert limits is not None  # there are answers
        kind = "Clopper-Pearson interval"
    else:
        limits = hypergeometric(int(y.sum()), len(y), size, confidence=confidence)
        kind = "no sampling error" if len(y) == size else "exact hypergeometric interval"
    basis = _basis(drawn, weighed, len(y), size, kind)
    return Estimate(float(y.mean()), *limits, confidence, "exact", basis, None, len(y), size)


def _weighted(drawn: Drawn, weighed: Weighed, confidence: float, within: Bools | None = None, size: int | None = None) -> Estimate:
    """The Hájek mean with its design variance, of the part `within`; of all, if that is None."""
    inside = np.ones(len(weighed.y), np.bool_) if within is None else within
    population = int(drawn.population.sum()) if within is None else size
    y, n = weighed.y[inside], int(inside.sum())
    mean = survey.domain_mean(weighed.y, weighed.weights, inside)
    limits = _limits(weighed, mean, inside, n, confidence)
    if limits is None:
        return _none(drawn, confidence, "hajek", population, "one answered item has no interval", n=n)
    limits = _possible(limits, y, population)
    found = y * weighed.weights[inside]
    few = not weighed.equal and (not found.any() or survey.kish_size(found) < FEW_EVENTS)
    basis = _basis(drawn, weighed, n, population, "Korn-Graubard interval with the weight of an event not seen")
    if few:
        reason = f"fewer than {FEW_EVENTS} violations by weight: only the interval is shown"
        return Estimate(None, *limits, confidence, "hajek", basis, reason, n, population)
    return Estimate(mean.value, *limits, confidence, "hajek", basis, None, n, population)


def _limits(weighed: Weighed, mean: survey.Ratio, inside: Bools, n: int, confidence: float) -> Interval | None:
    if n < 2:
        return None
    variance = weighed.variance(mean.parts)
    unseen = weighed.unseen(weighed.y[inside], inside)
    return unseen_event(mean.value, variance, unseen=unseen, n=n, degrees=min(weighed.degrees, n - 1), confidence=confidence)


def _possible(limits: Interval, y: Floats, population: int | None) -> Interval:
    """Limits cut to what the answers leave possible in a population of that size."""
    if population is None:
        return limits
    broken = float(y.sum())
    return Interval(max(limits.low, broken / population), min(limits.high, 1 - (len(y) - broken) / population))


def _scored(drawn: Drawn, weighed: Weighed) -> str | None:
    """Why a judge's scores cannot narrow the interval; None if they can."""
    if drawn.f is None or drawn.f_population is None:
        return "no judge has scored the population"
    if np.any(np.isnan(drawn.f_population)) or np.any(np.isnan(drawn.f[weighed.at])):
        return "the judge has not scored every item of the population"
    if weighed.joined:
        return "strata had to be joined, and scores go by stratum"
    events = int(min(weighed.y.sum(), len(weighed.y) - weighed.y.sum()))
    if len(weighed.y) < PPI_ANSWERS or events < PPI_EVENTS:
        return f"an interval by the judge's scores asks for {PPI_ANSWERS} answers, and {PPI_EVENTS} of them of either kind"
    return None


def _powered(drawn: Drawn, weighed: Weighed, confidence: float, *, asked: bool) -> Estimate:
    """The weighted mean of what the scores leave open. Where it was asked for and the interval would not hold, the figure has none."""
    population, n = int(drawn.population.sum()), len(weighed.y)
    why = _scored(drawn, weighed)
    if drawn.f is None or drawn.f_population is None or np.any(np.isnan(drawn.f_population)) or np.any(np.isnan(drawn.f[weighed.at])):
        raise Refused(f"There is no estimate by a judge: {why}.", "Let the judge score all of it, or choose auto.")
    f = drawn.f[weighed.at]
    fold = np.arange(n) % FOLDS
    lam = prediction_powered.cross_fitted(weighed.y, f, weighed.weights, fold, weighed.stratum) if n >= FOLDS else np.zeros(n)
    left = weighed.y - lam * (f - _score_means(drawn, weighed))
    mean = survey.hajek(left, weighed.weights)
    basis = _basis(drawn, weighed, n, population, f"scores of all items (lam {float(lam.mean()):.2f}), Korn-Graubard interval of the rest")
    value = min(max(mean.value, 0.0), 1.0)
    if why is not None:
        return Estimate(value, None, None, confidence, "ppi", basis, why, n, population)
    everywhere = np.ones(n, np.bool_)
    limits = _limits(weighed, survey.Ratio(value, mean.parts), everywhere, n, confidence)
    assert asked or limits is not None  # PPI_ANSWERS is more than one
    limits = _possible(cast(Interval, limits), weighed.y, population)
    return Estimate(value, *limits, confidence, "ppi", basis, None, n, population)


def _score_means(drawn: Drawn, weighed: Weighed) -> Floats:
    """The mean score of the stratum of each answered item, over the population; of all in a Poisson design."""
    assert drawn.f_population is not None
    if drawn.design != "stratified":
        return np.full(len(weighed.y), float(drawn.f_population.mean()))
    if drawn.f_stratum is None:
        raise Refused("The scores of the population come without their strata.", "Give the stratum of each item.")
    sums = np.bincount(drawn.f_stratum, drawn.f_population, minlength=len(drawn.population))
    return (sums / np.maximum(drawn.population, 1))[drawn.stratum[weighed.at]]


def _anytime(drawn: Drawn, weighed: Weighed, confidence: float) -> Estimate:
    """The limits after the last item, in the order of chance, that has an answer; those before it that have none count for either.

    The estimate is the share of the answered. Where one stopped because of it, it leans to the side that made one stop; the limits do not.
    """
    if drawn.u is None:
        raise Refused("A confidence sequence needs the permanent random numbers of what was drawn.", "Choose auto or exact.")
    values = drawn.y[np.argsort(drawn.u, kind="stable")]
    reached = values[: int(np.flatnonzero(~np.isnan(values))[-1]) + 1]
    bounds = sequential.confidence_sequence(reached, population=int(drawn.population.sum()), confidence=confidence)
    n, population = len(weighed.y), int(drawn.population.sum())
    seen = drawn._replace(y=reached)
    basis = _basis(seen, weighed, n, population, "betting confidence sequence, valid at every look", taken="counted for either limit")
    return Estimate(
        float(weighed.y.mean()), float(bounds.low[-1]), float(bounds.high[-1]), confidence, "anytime", basis, None, n, population
    )


def _none(drawn: Drawn, confidence: float, method: str, population: int | None, reason: str, *, n: int = 0) -> Estimate:
    basis = f"{_DESIGNS[drawn.design]}, {n:,} answered"
    return Estimate(None, None, None, confidence, method if method != "auto" else "none", basis, reason, n, population)


_DESIGNS: dict[str, str] = {
    "all": "census",
    "srs": "simple random sample",
    "stratified": "stratified sample",
    "poisson": "sample with unequal probabilities",
}


def _basis(drawn: Drawn, weighed: Weighed, n: int, population: int | None, kind: str, *, taken: str = "taken to be like the rest") -> str:
    """What an estimate rests on, in one phrase. taken: what is made of items without an answer."""
    of = f" of {population:,}" if population is not None else " of a part of unknown size"
    words = [f"{_DESIGNS[drawn.design]}, {n:,}{of} items answered", kind]
    unanswered = len(drawn.y) - len(weighed.y)
    if unanswered:
        words.append(f"{unanswered:,} of {len(drawn.y):,} drawn without an answer, {taken}")
    if weighed.joined:
        words.append(
            f"{weighed.joined:,} {'stratum' if weighed.joined == 1 else 'strata'} with fewer than two answers joined to the nearest"
        )
    if weighed.cluster is not None:
        words.append("near-duplicates counted together")
    return "; ".join(words)

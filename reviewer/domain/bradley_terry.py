"""What outputs are worth by who was preferred to whom, ties and the place in which they stood taken into account.

Of a contest of i, seen first, and j the log odds of i against j are theta_i - theta_j + gamma; a tie weighs nu sqrt(worth_i worth_j).
Sources: Bradley & Terry (1952); Davidson (1970) for ties; Davidson & Beaver (1977) for the place; METHODS.md section 8.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reviewer.domain.errors import Refused
from reviewer.domain.tournaments import strong_components

Floats: TypeAlias = NDArray[np.float64]

_STEPS = 100
_CLOSE = 1e-10  # of the gradient, in contests


class Contest(NamedTuple):
    """Two players by their number, from 0: how often each won, and ties. The first is the one that was seen first, where that matters."""

    first: int
    second: int
    first_won: float
    second_won: float
    ties: float = 0.0


class Estimate(NamedTuple):
    """A parameter and its standard error."""

    value: float
    error: float


class Worths(NamedTuple):
    """log_worths: of each player; the first is 0, or under a ridge their mean is. tie: ln nu, None where ties were not fitted.

    place: gamma, what being seen first adds to the log odds, and the two-sided p of none; None where that was not fitted.
    deviance: of the contests, from a fit of each on its own.
    """

    log_worths: tuple[Estimate, ...]
    tie: Estimate | None
    place: Estimate | None
    place_p: float | None
    deviance: float


def fit(players: int, contests: Sequence[Contest], *, ties: bool = False, place: bool = False, ridge: float = 0.0) -> Worths:
    """Maximum likelihood, or with `ridge` times the sum of squares of the log worths off it.

    Without a ridge, raises Refused where some have never lost to the rest: their worth would be infinite.
    """
    if not ridge:
        _refuse_infinite(players, contests)
    if not ties and any(one.ties for one in contests):
        raise Refused("Some of these contests were ties.", "Fit ties as well, or leave those contests out.")
    if ties and not any(one.ties for one in contests):
        raise Refused("None of these contests was a tie, so that ties have no worth.", "Fit without ties.")
    design, counts = _design(players, contests, ties=ties, place=place)
    free = np.arange(design.shape[2]) if ridge else np.arange(1, design.shape[2])
    design = design[:, :, free]
    penalty = np.zeros(len(free))
    penalty[: players if ridge else 0] = 2 * ridge
    found, covariance, chances = _newton(design, counts, penalty)
    values, errors = np.zeros(len(free) if ridge else len(free) + 1), np.zeros(len(free) if ridge else len(free) + 1)
    values[-len(free) :], errors[-len(free) :] = found, np.sqrt(np.diag(covariance))
    estimates = [Estimate(float(value), float(error)) for value, error in zip(values, errors, strict=True)]
    gamma = estimates[players + ties] if place else None
    return Worths(
        tuple(estimates[:players]),
        estimates[players] if ties else None,
        gamma,
        None if gamma is None else float(2 * special.ndtr(-abs(gamma.value / gamma.error))),
        _deviance(counts, chances),
    )


def _refuse_infinite(players: int, contests: Sequence[Contest]) -> None:
    beaten: dict[int, set[int]] = {player: set() for player in range(players)}
    for one in contests:
        if one.first_won or one.ties:
            beaten[one.first].add(one.second)
        if one.second_won or one.ties:
            beaten[one.second].add(one.first)
    sets = strong_components(beaten)
    if len(sets) > 1:
        raise Refused(
            f"The {players} players fall into {len(sets)} sets between which every win went one way, or of which none met.",
            "Compare players of different sets, or use a ridge, which keeps their worth finite.",
        )


def _design(players: int, contests: Sequence[Contest], *, ties: bool, place: bool) -> tuple[Floats, Floats]:
    """What adds to the log weight of each outcome: shape (contests, outcomes, parameters); and how often each was met.

    Outcomes: the first won, the second won, a tie. Parameters: log worths, then ln nu, then gamma, as far as they are fitted.
    """
    outcomes = 3 if ties else 2
    design = np.zeros((len(contests), outcomes, players + ties + place))
    row = np.arange(len(contests))
    first, second = (np.array([one[k] for one in contests], np.int64) for k in (0, 1))
    design[row, 0, first] = design[row, 1, second] = 1.0
    if ties:
        design[row, 2, first] = design[row, 2, second] = 0.5
        design[:, 2, players] = 1.0
    if place:
        design[:, 0, -1] = 1.0
        if ties:
            design[:, 2, -1] = 0.5
    return design, np.array([one[2 : 2 + outcomes] for one in contests], np.float64)


def _newton(design: Floats, counts: Floats, penalty: Floats) -> tuple[Floats, Floats, Floats]:
    """The parameters, their covariance, and the chance of each outcome. The likelihood has one top; steps are halved until they go up."""
    parameters = np.zeros(design.shape[2])
    met = counts.sum(axis=1)

    def rise(values: Floats) -> float:
        logits = design @ values
        return float((counts * (logits - special.logsumexp(logits, axis=1, keepdims=True))).sum() - penalty @ values**2 / 2)

    for _ in range(_STEPS):
        chances = special.softmax(design @ parameters, axis=1)
        mean = np.einsum("co,cop->cp", chances, design)
        gradient = np.einsum("co,cop->p", counts, design) - met @ mean - penalty * parameters
        spread = np.einsum("c,co,cop,coq->pq", met, chances, design, design) - np.einsum("c,cp,cq->pq", met, mean, mean)
        information = spread + np.diag(penalty)
        if float(np.abs(gradient).max()) < _CLOSE * max(1.0, float(met.sum())):
            return parameters, np.linalg.inv(information), chances
        try:
            step, before = np.linalg.solve(information, gradient), rise(parameters)
        except np.linalg.LinAlgError:  # nothing tells two of the parameters apart
            break
        while rise(parameters + step) < before - 1e-9 * abs(before):
            step /= 2
        parameters = parameters + step
    raise Refused("The worths did not settle: the contests hardly tell the players apart.", "Use a ridge, or bring in more contests.")


def _deviance(counts: Floats, chances: Floats) -> float:
    fitted = counts.sum(axis=1, keepdims=True) * chances
    return float(2 * special.xlogy(counts, np.where(counts > 0, counts / fitted, 1.0)).sum())

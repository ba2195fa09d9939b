"""Why two reviewers differ on an item: for the clause that it is about, or for who they are.

A logistic model with random effects: the log odds that a pair of labels differs are an intercept, the effects of the clauses that either
cites, and those of the two reviewers; effects of clauses and of reviewers are normal, each kind with a variance of its own, which is found
by Laplace's approximation of the likelihood. Source: Breslow & Clayton (1993), Approximate inference in generalized linear mixed models;
METHODS.md section 4.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, sparse, special

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

ENOUGH_PAIRS = 20
_ROUNDS = 50
_CLOSE = 1e-8
_FREE = 1e-4  # the precision of the intercept: next to none
_SPREADS = (np.log(0.02), np.log(5.0))


class Pairs(NamedTuple):
    """Pairs of labels of one item. differ: shape (pairs,); reviewers: (pairs, 2); pair, clause: the clauses that a pair is about, one entry
    each, by their numbers."""

    differ: Bools
    reviewers: Ints
    pair: Ints
    clause: Ints
    clauses: int
    people: int


class Causes(NamedTuple):
    """Effects on the log odds of differing, 0 on average. of_clause, se: shape (clauses,); of_reviewer: shape (people,).

    by_reviewers: shape (clauses,), what those who label a clause's items add on average. spread_clause, spread_reviewer: standard
    deviations of the effects.
    """

    of_clause: Floats
    se: Floats
    of_reviewer: Floats
    by_reviewers: Floats
    spread_clause: float
    spread_reviewer: float


def separate(pairs: Pairs) -> Causes | None:
    """Fit the model. None below 20 pairs, where all differ or none does, and where there is but one clause and two reviewers."""
    n = len(pairs.differ)
    if n < ENOUGH_PAIRS or pairs.differ.all() or not pairs.differ.any() or (pairs.clauses < 2 and pairs.people < 3):
        return None
    rows = np.arange(n)
    about = sparse.csr_matrix((np.ones(len(pairs.pair)), (pairs.pair, pairs.clause)), shape=(n, pairs.clauses))
    about.data[:] = 1.0  # cited by both is cited
    who = sparse.csr_matrix((np.ones(2 * n), (np.repeat(rows, 2), pairs.reviewers.ravel())), shape=(n, pairs.people))
    design = sparse.hstack((np.ones((n, 1)), about, who)).tocsr()
    y = pairs.differ.astype(np.float64)

    def precision(logs: Floats) -> Floats:
        return np.concatenate(([_FREE], np.full(pairs.clauses, np.exp(-2 * logs[0])), np.full(pairs.people, np.exp(-2 * logs[1]))))

    def loss(logs: Floats) -> float:
        kept = precision(logs)
        effects, factor = _mode(design, y, kept)
        linear = design @ effects
        likely = float(y @ linear - np.logaddexp(0, linear).sum()) - float(kept @ effects**2) / 2
        return -(likely + float(np.log(kept).sum()) / 2 - float(np.log(np.diagonal(factor)).sum()))

    found = optimize.minimize(loss, np.array([-1.0, -1.0]), bounds=[_SPREADS, _SPREADS], method="L-BFGS-B", options={"maxiter": 30})
    effects, factor = _mode(design, y, precision(found.x))
    covariance = linalg.cho_solve((factor, True), np.eye(len(effects)))
    se = np.sqrt(np.diagonal(covariance))[1 : pairs.clauses + 1]
    of_clause, of_reviewer = effects[1 : pairs.clauses + 1], effects[pairs.clauses + 1 :]
    mentioned = np.maximum(np.asarray(about.sum(axis=0)).ravel(), 1)
    by_reviewers = np.asarray(about.T @ (who @ of_reviewer)).ravel() / mentioned
    spreads = np.exp(found.x)
    return Causes(of_clause, se, of_reviewer, by_reviewers, float(spreads[0]), float(spreads[1]))


def _mode(design: sparse.csr_matrix, y: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """The most likely effects, by Newton's method, and the lower Cholesky factor of the curvature there."""
    effects = np.zeros(design.shape[1])
    effects[0] = special.logit(y.mean())
    for _ in range(_ROUNDS):
        chance = special.expit(design @ effects)
        weight = chance * (1 - chance)
        curvature = (design.T @ design.multiply(weight[:, None])).toarray() + np.diag(precision)
        factor: Floats = linalg.cholesky(curvature, lower=True)
        step = linalg.cho_solve((factor, True), design.T @ (y - chance) - precision * effects)
        effects = effects + step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return effects, factor

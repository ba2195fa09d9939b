"""Several replicas of one project, everything that can happen between them, and the invariants I1 to I11 of JOURNAL.md 2.10 after it.

Full form: pytest -m long tests/faults/test_replicas.py (3 x 10,000 steps in pieces of 1,000, about 5 minutes a seed; a million steps of the
fold alone, about 3 minutes). A failure says which piece: REVIEWER_FAULT_SEED=N REVIEWER_FAULT_STEPS=M pytest -k repeats repeats it.
"""

import os
import random

import pytest

from tests.faults import bare, simulation
from tests.faults.sites import digest_of, seeded

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))
STEPS = int(os.environ.get("REVIEWER_FAULT_STEPS", "150"))
PIECE = 1_000  # steps of one world: what waits in it, and what a rebuild reads, stays small


LEADS = frozenset({"enrol", "revoke"})  # who may speak is said again and again
ASKED = frozenset({"suggest", "requeue", "draw", "gold"})  # lists, often the same ones; answers asked for, and known ones


def simulate(seed: int, steps: int, often: frozenset[str] = frozenset()) -> str:
    """Returns what happened and what came of it, in short."""
    with seeded(random.Random(seed)) as folder:
        world = simulation.Simulation(seed, folder, often=often)
        try:
            world.run(steps, heal_every=steps // 2)
            return f"{digest_of(world.happened)} {world.sites[0].digest()}"
        finally:
            world.close()


@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
def test_four_replicas_and_more_agree_after_everything_that_can_happen(seed: int) -> None:
    simulate(seed, 500)


@pytest.mark.parametrize("often", [LEADS, ASKED], ids=["leads", "asked"])
def test_replicas_agree_where_much_of_what_is_rare_happens(often: frozenset[str]) -> None:
    simulate(SEED, 200, often)


def test_a_seed_repeats_everything() -> None:
    assert simulate(SEED, STEPS) == simulate(SEED, STEPS)


def test_the_fold_alone_agrees_in_any_order_over_many_worlds() -> None:
    bare.run(SEED, 20)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("piece", range(10))
@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
def test_ten_thousand_steps_agree(seed: int, piece: int) -> None:
    simulate(1_000 * seed + piece, PIECE)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_million_steps_of_the_fold_agree(seed: int) -> None:
    bare.run(1_000 + seed, 1_000)

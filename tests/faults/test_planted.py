"""Bugs that are planted on purpose are caught by the smallest part of the suite that should see them; without them that part passes.

Full form: pytest -m long tests/faults/test_planted.py (every bug against several seeds; about 3 minutes).
"""

import os
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from reviewer.domain import chain
from reviewer.domain.errors import Damaged, ReviewerError
from reviewer.storage import parcels
from tests.faults import bare, bench, planted, simulation, test_kills, test_power_loss
from tests.faults.sites import seeded
from tests.storage import test_claims, test_late_arrivals, test_lists, test_receiving, test_requeues

SEED = int(os.environ.get("REVIEWER_FAULT_SEED", "1"))
TRIES = 16  # seeds, until one brings about what a bug needs
CAUGHT = (
    AssertionError,
    pytest.fail.Exception,
    ReviewerError,
    dbapi2.Error,
)  # how a test fails; anything else is a plant that does not work


def replicas_agree(seed: int, often: frozenset[str] = frozenset()) -> None:
    """A short life of four replicas in which much is spoilt and copied."""
    with seeded(random.Random(seed)) as folder:
        world = simulation.Simulation(seed, folder, spoilt=0.25, cloned=0.03, often=often)
        try:
            world.run(160, heal_every=160, check_every=30)
        finally:
            world.close()


def replicas_agree_on_what_is_asked_again(seed: int) -> None:
    """The same, where items are asked for again and resolved all the time."""
    replicas_agree(seed, frozenset({"requeue", "resolve"}))


def folds_agree(seed: int) -> None:
    """Some worlds of entries without disks."""
    bare.run(seed, 5)


def notes_are_what_was_signed(_seed: int) -> None:
    """A note's text is the one that its entry commits to."""
    ref, _ = chain.note_ref(bytes(32), "Because.")
    with pytest.raises(Damaged):
        chain.note_text(ref, bytes(32) + b"Because not.")


def items_bear_their_own_name(_seed: int) -> None:
    """An item that comes in is the one that its id names."""
    kind, packed = parcels.pack(parcels.ParcelRecord(bytes(32), b"{}", None, "{}", "f", "g", "1", 1, None))
    with pytest.raises(ValueError, match="another's id"):
        parcels.unpack(kind, packed)


BY_FOLDS = ("resolution_ignores_deps", "anybody_admits", "revocation_by_number", "role_of_any_device")
BY_ITSELF = {"note_not_committed_to": notes_are_what_was_signed, "item_name_not_checked": items_bear_their_own_name}
BY_PROCESSES = ("ack_before_commit", "synchronous_normal")
BY_A_TEST: dict[str, Callable[[Path], Any]] = {
    "revocation_forgets_the_past": (
        test_receiving.test_what_a_revoked_device_signed_afterwards_is_kept_and_not_counted_wherever_it_arrives_first
    ),
    "late_label_unseats_nobody": test_late_arrivals.test_a_resolution_that_came_before_its_authors_own_label_stops_counting,
    "admissions_judged_one_by_one": (
        test_claims.test_whoever_is_admitted_once_more_and_nearer_to_the_root_brings_others_nearer_too
    ),
    "lists_made_here_are_shown_to_nobody_else": partial(
        test_lists.test_an_entry_shows_its_list_whether_that_is_brought_or_made_here,
        table="suggestion", writes=test_lists.suggestion, content=test_lists.SUGGESTED, kept_here=True,
    ),
    "whoever_left_is_asked_for_ever": (
        test_requeues.test_whoever_left_is_asked_for_nothing_and_whoever_comes_back_is_wherever_their_label_arrives
    ),
}  # fmt: skip
BY_ASKING = ("anybody_answers_a_requeue", "requeue_never_answered", "requeue_settled_by_any_resolution")
BY_REPLICAS = sorted(planted.PLANTS.keys() - {*BY_FOLDS, *BY_ITSELF, *BY_PROCESSES, *BY_A_TEST, *BY_ASKING})


def looks_at(name: str) -> Callable[[int], None]:
    """The part of the suite that should see a bug."""
    if name in BY_ASKING:
        return replicas_agree_on_what_is_asked_again
    return BY_ITSELF.get(name) or (folds_agree if name in BY_FOLDS else replicas_agree)


def caught(name: str, look: Callable[[int], None], seeds: range) -> int | None:
    """The first seed with which a planted bug is seen; None if none is enough."""
    for seed in seeds:
        with pytest.MonkeyPatch.context() as patch:
            planted.PLANTS[name](patch)
            try:
                look(seed)
            except CAUGHT:
                return seed
    return None


@pytest.mark.parametrize("name", [*BY_REPLICAS, *BY_ASKING, *BY_FOLDS, *BY_ITSELF])
def test_a_planted_bug_is_caught(name: str) -> None:
    assert caught(name, looks_at(name), range(SEED, SEED + TRIES)) is not None


def test_a_build_in_which_the_latest_wins_comes_to_another_digest_in_another_order(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        planted.latest_wins(patch)
        with pytest.raises(AssertionError, match="another digest"):
            test_late_arrivals.test_two_answers_of_one_member_stand_side_by_side_whichever_came_first(tmp_path)


@pytest.mark.parametrize("look", [replicas_agree, replicas_agree_on_what_is_asked_again, folds_agree, *BY_ITSELF.values()])
def test_the_control_without_a_bug_passes(look: Callable[[int], None]) -> None:
    look(SEED)
    look(SEED + 1)


@pytest.mark.parametrize("name", BY_A_TEST)
def test_a_planted_bug_is_caught_by_its_own_test(name: str, tmp_path: Path) -> None:
    for folder in ("control", "planted"):
        (tmp_path / folder).mkdir()
    BY_A_TEST[name](tmp_path / "control")
    with pytest.MonkeyPatch.context() as patch:
        planted.PLANTS[name](patch)
        with pytest.raises(CAUGHT):
            BY_A_TEST[name](tmp_path / "planted")


@pytest.mark.parametrize("name", BY_PROCESSES)
def test_a_bug_in_what_is_said_to_be_saved_is_caught_by_power_cuts(
    shim: Path, prepared: Path, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(planted.VARIABLE, name)
    assert test_power_loss.losses(shim, prepared, tmp_path, scratch, synchronous="FULL", trials=60)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_saying_saved_before_the_commit_is_caught_by_kills(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(planted.VARIABLE, "ack_before_commit")
    with pytest.raises(AssertionError, match="REVIEWER_FAULT_SEED"):
        test_kills.kill_often(bench.copy_of(prepared, tmp_path / "workspace"), 200)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [*BY_REPLICAS, *BY_ASKING])
def test_a_planted_bug_is_caught_from_wherever_one_begins(name: str) -> None:
    for first in range(100, 400, 100):
        assert caught(name, looks_at(name), range(first, first + 2 * TRIES)) is not None, f"REVIEWER_FAULT_SEED={first}"

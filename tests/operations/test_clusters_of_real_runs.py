"""Clusters of real runs with real labels: the injections of AgentDojo that succeed are a region, and shuffled verdicts are none."""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from reviewer.domain import item_tree, tree_scan
from reviewer.domain.embedding import text_to_embed
from reviewer.domain.item_tree import Bools, ItemTree
from reviewer.domain.records import Record
from reviewer.domain.tree_scan import Scan
from reviewer.formats import intake
from reviewer.formats.intake import Found
from reviewer.outside import word_vectors

pytestmark = pytest.mark.skipif(not word_vectors.is_installed(), reason="wordllama has no wheel for this Python")


class Attacked(NamedTuple):
    """Runs under attack: their tree, whether the injected goal was carried out, and which it was."""

    tree: ItemTree
    broken: Bools
    goal: list[str]

    def scanned(self, broken: Bools, rng: np.random.Generator, replications: int) -> Scan:
        """The scan of these verdicts on the runs."""
        return tree_scan.scan(self.tree, np.arange(len(broken)), broken, rng=rng, replications=replications)


def _attacked(folder: Path, *, every: int) -> Attacked:
    """The attacked runs of one in `every` models."""
    texts, broken, goals = [], [], []
    for file in sorted(folder.glob("*.gz"))[::every]:
        for found in intake.scan([str(file)]):
            for one in intake.read(found) if isinstance(found, Found) else ():
                about = json.loads(one.metadata) if isinstance(one, Record) else {}
                if isinstance(one, Record) and about.get("injection_task_id"):
                    texts.append(text_to_embed(one.item))
                    broken.append(bool(about["security"]))
                    goals.append(f"{about['suite_name']} {about['injection_task_id']}")
    tree = item_tree.of_vectors(word_vectors.word_vectors().embed(texts), seed=1)
    return Attacked(tree, np.array(broken), goals)


def _flagged_goals(runs: Attacked, found: Scan) -> list[Counter[str]]:
    """Of each flagged region, the goals of its runs in which one was carried out."""
    best = [int(found.node[one]) for one in tree_scan.apart(runs.tree, found, most=10) if found.p[one] <= 0.05]
    return [Counter(runs.goal[item] for item in runs.tree.items(node).tolist() if runs.broken[item]) for node in best]


def _are_the_goals_that_succeed(runs: Attacked, found: Scan) -> None:
    regions = _flagged_goals(runs, found)
    assert regions
    for goals in regions:
        (goal, count), *_ = goals.most_common(1)
        assert count >= 0.9 * goals.total()
        inside = np.array([one == goal for one in runs.goal])
        assert runs.broken[inside].mean() > runs.broken[~inside].mean()


def test_regions_are_the_injections_that_succeed_and_shuffled_verdicts_make_none(real_data: Path) -> None:
    runs = _attacked(real_data / "agentdojo", every=4)
    _are_the_goals_that_succeed(runs, runs.scanned(runs.broken, np.random.default_rng(1), 199))
    rng = np.random.default_rng(2)
    alarms = sum(runs.scanned(rng.permutation(runs.broken), rng, 99).p.min() <= 0.05 for _ in range(10))
    assert alarms <= 2


@pytest.mark.long
def test_all_models_and_two_hundred_shuffles(real_data: Path) -> None:
    runs = _attacked(real_data / "agentdojo", every=1)
    assert (len(runs.broken), int(runs.broken.sum())) == (890, 187)
    _are_the_goals_that_succeed(runs, runs.scanned(runs.broken, np.random.default_rng(1), 999))
    rng = np.random.default_rng(2)
    alarms = sum(runs.scanned(rng.permutation(runs.broken), rng, 499).p.min() <= 0.05 for _ in range(200))
    assert alarms <= 18

"""Populations whose every answer is known, to draw from again and again: real ones, and made ones of the same sizes."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Labelled(NamedTuple):
    """A population. y: 1 non-compliant, shape (N,). group: a field that an auditor would make strata of, from 0."""

    name: str
    y: Floats
    group: Ints


def agentdojo(data: Path) -> Labelled:
    """924 attacked runs: whether the injected goal was carried out, by suite."""
    rows = []
    for file in sorted((data / "agentdojo").glob("*.jsonl.gz")):
        rows += [row["metadata"] for row in _lines(file) if "messages" in row]
    attacked = [row for row in rows if row["injection_task_id"] is not None]
    return _labelled("agentdojo", [row["security"] is True for row in attacked], [row["suite_name"] for row in attacked])


def r_judge(data: Path) -> Labelled:
    """382 records of R-Judge: unsafe or not, by scenario."""
    rows = json.loads(gzip.decompress((data / "agentauditor" / "rjudge.json.gz").read_bytes()))
    return _labelled("r-judge", [row["label"] == 1 for row in rows], [row["scenario"] for row in rows])


def gsm8k(data: Path) -> Labelled:
    """3,600 solutions: wrong or not, by model."""
    rows = _lines(data / "gsm8k-model-solutions" / "example_model_solutions.jsonl.gz")
    models = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
    return _labelled("gsm8k", [not row[model]["is_correct"] for row in rows for model in models], [model for _ in rows for model in models])


def xstest(data: Path) -> Labelled:
    """1,350 completions: over-refused, or an unsafe prompt followed, by model."""
    broken, group = [], []
    for file in sorted((data / "xstest" / "model_completions").glob("*.csv.gz")):
        for row in csv.DictReader(gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)):
            followed = row["final_label"] == "1_full_compliance"
            broken.append(followed == row["type"].startswith("contrast_"))
            group.append(file.name)
    return _labelled("xstest", broken, group)


REAL: dict[str, Callable[[Path], Labelled]] = {"agentdojo": agentdojo, "r-judge": r_judge, "gsm8k": gsm8k, "xstest": xstest}


def made(size: int, seed: int = 0) -> Labelled:
    """Four groups of uneven sizes whose rates differ, as the real ones have."""
    chance = np.random.default_rng(seed)
    group = chance.choice(4, size, p=[0.4, 0.3, 0.2, 0.1])
    return Labelled(f"made-{size}", (chance.random(size) < np.array([0.1, 0.3, 0.5, 0.8])[group]).astype(np.float64), group)


def with_rate(population: Labelled, rate: float, seed: int = 0) -> Labelled:
    """The population with as many violations left, or added, as make the rate: which ones, by chance.

    The groups that had more of them go on having more, since what is dropped is dropped evenly.
    """
    chance = np.random.default_rng(seed)
    y, wanted = population.y.copy(), round(rate * len(population.y))
    broken, kept = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    if wanted < len(broken):
        y[chance.choice(broken, len(broken) - wanted, replace=False)] = 0
    else:
        y[chance.choice(kept, wanted - len(broken), replace=False)] = 1
    return population._replace(y=y)


def judged(y: Floats, kind: str, seed: int = 0) -> Floats:
    """Scores of a judge, from 0 to 1: good (AUC about .97), weak (about .65), binary (sensitivity .85), missing (.3; specificity .95)."""
    chance = np.random.default_rng(seed)
    broken, n = y == 1, len(y)
    match kind:
        case "good":
            return np.where(broken, chance.beta(6, 2, n), chance.beta(1.2, 6, n))
        case "weak":
            return np.where(broken, chance.beta(2.5, 3, n), chance.beta(2, 4, n))
        case "binary":
            return (chance.random(n) < np.where(broken, 0.85, 0.05)).astype(np.float64)
        case "missing":
            return (chance.random(n) < np.where(broken, 0.3, 0.05)).astype(np.float64)
    raise ValueError(kind)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.open(file, "rt", encoding="utf-8")]


def _labelled(name: str, broken: list[bool], group: list[str]) -> Labelled:
    return Labelled(name, np.array(broken, np.float64), np.unique(group, return_inverse=True)[1].astype(np.int64))

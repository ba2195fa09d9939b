"""Near-duplicates: signatures and bands against datasketch, groups against comparing every pair."""

from itertools import combinations

import numpy as np
import pytest

from reviewer.domain import near_duplicates, shingles
from tests.domain.conftest import Reference

_WORDS = [
    "refund",
    "order",
    "agent",
    "customer",
    "policy",
    "cancel",
    "flight",
    "basic",
    "economy",
    "insurance",
    "asked",
    "confirm",
    "identity",
    "card",
    "payment",
    "certificate",
]


def _texts(rng: np.random.Generator, families: int) -> list[str]:
    """Texts of 40 words, each followed by copies of which more and more words are others."""
    texts = []
    for _ in range(families):
        first = rng.choice(_WORDS, 40).tolist()
        for changed in (0, 0, 1, 2, 4, 8, 16):
            copy = list(first)
            for place in rng.choice(40, changed, replace=False):
                copy[place] = f"{rng.choice(_WORDS)}{rng.integers(100)}"
            texts.append(" ".join(copy))
    return [texts[place] for place in rng.permutation(len(texts))]


def test_signatures_estimate_the_similarity(reference: Reference) -> None:
    case = reference.cases["minhash"]
    for pair, expected in zip(case["inputs"]["pairs"], case["expected"], strict=True):
        first, second = (near_duplicates.signature(shingles.of_characters(text.lower(), case["inputs"]["k"])) for text in pair)
        assert near_duplicates.estimate(first, second) == pytest.approx(expected["exact"], abs=case["tolerance"]["minhash"]["abs"])


def test_bands_are_those_of_datasketch(reference: Reference) -> None:
    case = reference.cases["lsh-params"]
    found = [near_duplicates.best_bands(threshold, case["inputs"]["num_perm"]) for threshold in case["inputs"]["threshold"]]
    assert [one.bands for one in found] == case["expected"]["b"]
    assert [one.rows for one in found] == case["expected"]["r"]


def test_the_bands_in_use_find_who_is_alike() -> None:
    bands = near_duplicates.best_bands(near_duplicates.ALIKE - 0.2, near_duplicates.PERMUTATIONS)
    assert bands.found(near_duplicates.ALIKE) > 0.99
    assert bands.found(0.4) < 0.03


def test_estimates_are_right_on_average_and_as_close_as_binomial_ones() -> None:
    rng = np.random.default_rng(2)
    off = []
    for _ in range(60):
        values = rng.integers(0, 2**63, 1_000).astype(np.uint64)
        first, second = np.unique(values[:900]), np.unique(values[100:])
        off.append(near_duplicates.estimate(*map(near_duplicates.signature, (first, second))) - shingles.jaccard(first, second))
    assert abs(np.mean(off)) < 4 * np.sqrt(0.8 * 0.2 / 256 / 60)
    assert np.std(off) == pytest.approx(np.sqrt(0.8 * 0.2 / 256), rel=0.4)


def test_groups_are_those_of_comparing_every_pair() -> None:
    texts = _texts(np.random.default_rng(4), 30)
    sets = [shingles.of_characters(shingles.plain(text), near_duplicates.LENGTH) for text in texts]
    of = list(range(len(texts)))
    for a, b in combinations(range(len(texts)), 2):
        if shingles.jaccard(sets[a], sets[b]) >= near_duplicates.ALIKE:
            of = [of[a] if group == of[b] else group for group in of]
    found = near_duplicates.groups(len(texts), texts.__getitem__)
    assert {tuple(places) for places in found.larger.values()} == {
        tuple(k for k, other in enumerate(of) if other == group) for group in set(of) if of.count(group) > 1
    }
    assert all(pair.similarity >= near_duplicates.ALIKE and pair.first < pair.second for pair in found.pairs)
    assert 20 < len(found.larger) <= 30


def test_what_has_something_else_in_common_is_one_group() -> None:
    texts = ["one text about a refund", "nothing like the other one", "and a third that differs"]
    found = near_duplicates.groups(3, texts.__getitem__, together=["task 7", None, "task 7"])
    assert (found.of, found.pairs) == ((0, 1, 0), ())


def test_many_copies_take_no_more_comparisons_than_copies() -> None:
    asked = []
    found = near_duplicates.groups(300, lambda place: asked.append(place) or "The same answer to the same question.")  # type: ignore[func-returns-value]
    assert found.larger == {0: list(range(300))}
    assert len(found.pairs) == 299


def test_no_text_at_all_has_no_group_and_each_step_is_told() -> None:
    steps: list[int] = []
    assert near_duplicates.groups(0, str).of == ()
    near_duplicates.groups(3, str, step=steps.append)
    assert steps == [1, 2, 3]

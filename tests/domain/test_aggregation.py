"""Labels to posteriors, against crowd-kit, Dawid & Skene's anaesthetists and real tables of labels."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import aggregation, agreement
from reviewer.domain.aggregation import FLAT, Said
from reviewer.domain.errors import Refused
from reviewer.domain.progress import Cancelled, Ticket
from tests.domain import crowd
from tests.domain.conftest import Reference


def said(rows: list[tuple[int, int, int]], *, classes: int = 2, sayings: int = 2) -> Said:
    """Rows of (item, reviewer, said)."""
    item, reviewer, what = (np.array(column) for column in zip(*rows, strict=True))
    return Said(item, reviewer, what, int(item.max()) + 1, int(reviewer.max()) + 1, classes, sayings)


def simulated(items: int, right: tuple[float, ...], *, seed: int = 0, share: float = 0.3) -> tuple[Said, aggregation.Ints]:
    """Every reviewer labels every item and is right that often. Returns the truth too."""
    chance = np.random.default_rng(seed)
    truth = (chance.random(items) < share).astype(np.int64)
    rows = [(n, w, int(t) if chance.random() < p else int(1 - t)) for n, t in enumerate(truth) for w, p in enumerate(right)]
    return said(rows), truth


@pytest.mark.parametrize("name", ["agg-duck", "agg-face"])
def test_accuracy_and_log_loss_are_those_of_crowd_kit(reference: Reference, name: str) -> None:
    case, data = reference.cases[name], reference.datasets[name]
    table = crowd.table(data["task"], data["worker"], data["label"], [(task, right) for task, right in data["truth"]])
    assert (len(table.said.item), table.said.items, table.said.reviewers) == tuple(
        case["inputs"][n] for n in ("n_answers", "n_tasks", "n_workers")
    )
    for method, posterior in (
        ("MV", aggregation.majority(table.said)),
        ("DS", aggregation.dawid_skene(table.said, FLAT, rounds=100).posterior),
    ):
        expected = case["expected"][method]
        assert table.accuracy(posterior) == pytest.approx(expected["accuracy"], abs=case["tolerance"]["accuracy"]["abs"])
        assert table.log_loss(posterior) == pytest.approx(expected["log_loss_clip1e6"], rel=case["tolerance"]["log_loss"]["rel"])


def test_posteriors_shares_and_errors_of_the_simulated_table_are_those_of_crowd_kit(reference: Reference) -> None:
    case = reference.cases["agg-sim"]
    inputs, expected = case["inputs"], case["expected"]
    table = crowd.table(inputs["task"], inputs["worker"], inputs["label"], list(enumerate(inputs["truth"])))
    model = aggregation.dawid_skene(table.said, FLAT, rounds=100)
    assert model.posterior[:10, 1] == pytest.approx(expected["ds_posterior_first10"], abs=case["tolerance"]["posterior"]["abs"])
    assert model.shares == pytest.approx(expected["ds_priors"], abs=0.01)
    for worker, errors in expected["ds_errors_workers_0_2"].items():
        np.testing.assert_allclose(model.errors[int(worker)].T, errors, rtol=0, atol=0.01)
    assert table.accuracy(model.posterior) == pytest.approx(expected["scores"]["DS"]["accuracy"], abs=0.01)
    assert table.accuracy(aggregation.majority(table.said)) == pytest.approx(expected["scores"]["MV"]["accuracy"], abs=0.01)


def test_the_anaesthetists_of_1979_come_out_as_crowd_kit_has_them(reference: Reference) -> None:
    """crowd-kit stopped after 5 rounds, and gives the posterior from which the last errors came."""
    case, data = reference.cases["ds-anaesthetists-1979"], reference.datasets["anesthesia"]
    expected, close = case["expected"], case["tolerance"]["abs"]
    labels = crowd.table(data["task"], data["worker"], data["label"], []).said
    model = aggregation.dawid_skene(labels, FLAT, rounds=5)
    assert model.shares == pytest.approx(list(expected["priors"].values()), abs=close)
    for worker, errors in expected["errors"].items():
        np.testing.assert_allclose(model.errors[int(worker) - 1].T, errors, rtol=0, atol=close)
    posterior = aggregation.dawid_skene(labels, FLAT, rounds=4).posterior
    assert posterior == pytest.approx(np.array(expected["posterior"]), abs=close)
    assert (posterior.argmax(axis=1) + 1).tolist() == expected["predicted"]


def test_the_anaesthetists_to_the_end_have_the_published_shares(reference: Reference) -> None:
    """Dawid & Skene (1979), table 4: .40 .42 .11 .07, and .91 .88 .66 .44 on the diagonal of the first."""
    data = reference.datasets["anesthesia"]
    model = aggregation.dawid_skene(crowd.table(data["task"], data["worker"], data["label"], []).said, FLAT)
    assert model.shares == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    assert np.diagonal(model.errors[0]) == pytest.approx([0.91, 0.88, 0.66, 0.44], abs=0.01)


@pytest.mark.parametrize(
    ("load", "by_majority", "by_model", "with_prior", "alpha"),
    [
        (crowd.duck, 0.7593, 0.8981, 0.8889, 0.1255),
        (crowd.product, 0.8966, 0.9396, 0.9397, 0.1575),
        (crowd.barzan, 0.6960, 0.7120, 0.7120, 0.4059),
    ],
)
def test_real_tables_give_the_figures_that_are_published_of_them(
    real_data: Path, load: Callable[[Path], crowd.Table], by_majority: float, by_model: float, with_prior: float, alpha: float
) -> None:
    table = load(real_data)
    assert table.accuracy(aggregation.majority(table.said)) == pytest.approx(by_majority, abs=0.01)
    assert table.accuracy(aggregation.dawid_skene(table.said, FLAT).posterior) == pytest.approx(by_model, abs=0.01)
    assert table.accuracy(aggregation.dawid_skene(table.said).posterior) == pytest.approx(with_prior, abs=0.01)
    counts = agreement.tallies(table.said.item, table.said.said, units=table.said.items, categories=2)
    assert agreement.alpha(counts).value == pytest.approx(alpha, abs=0.001)


def test_the_product_table_scores_as_crowd_kit_says_and_takes_well_under_2_seconds(real_data: Path, reference: Reference) -> None:
    case, table = reference.cases["agg-product"], crowd.product(real_data)
    start = time.process_time()
    model = aggregation.dawid_skene(table.said, FLAT, rounds=100)
    assert time.process_time() - start < 2
    for method, posterior in (("MV", aggregation.majority(table.said)), ("DS", model.posterior)):
        expected = case["expected"][method]
        assert table.accuracy(posterior) == pytest.approx(expected["accuracy"], abs=0.01)
        assert table.f1(posterior) == pytest.approx(expected["f1"], abs=0.01)
        assert table.log_loss(posterior) == pytest.approx(expected["log_loss_clip1e6"], rel=case["tolerance"]["log_loss"]["rel"])


def test_a_majority_that_is_none_stays_a_tie() -> None:
    shares = aggregation.majority(said([(0, 0, 1), (0, 1, 0), (1, 0, 1), (1, 1, 1), (1, 2, 0)]))
    assert shares[:, 1] == pytest.approx([0.5, 2 / 3])


def test_who_is_unsure_has_no_vote_in_a_majority_and_an_item_of_such_alone_has_none() -> None:
    shares = aggregation.majority(said([(0, 0, 1), (0, 1, 2), (1, 0, 2)], sayings=3))
    assert shares[0, 1] == 1
    assert np.isnan(shares[1]).all()


def test_being_unsure_tells_what_such_reviewers_are_unsure_of() -> None:
    """The third says “unsure” of every violation that the first two see, and of nothing else: then that word speaks for one."""
    rows = [(n, w, int(n % 4 == 0)) for n in range(60) for w in (0, 1)]
    rows += [(n, 2, 2 if n % 4 == 0 else 0) for n in range(60)] + [(60, 2, 2)]
    model = aggregation.dawid_skene(said(rows, sayings=3))
    assert model.posterior[60, 1] > 0.8
    assert model.errors[2, 1, 2] > 0.7


def test_the_better_reviewer_is_believed() -> None:
    labels, truth = simulated(400, (0.95, 0.95, 0.6, 0.6, 0.6))
    model = aggregation.dawid_skene(labels)
    assert np.diagonal(model.errors[0]).min() > 0.88
    assert np.diagonal(model.errors[2]).max() < 0.8
    assert (model.posterior.argmax(axis=1) == truth).mean() > (aggregation.majority(labels).argmax(axis=1) == truth).mean()


def test_classes_do_not_change_places_where_most_labels_are_wrong_for_one_reviewer() -> None:
    labels, truth = simulated(300, (0.9, 0.9, 0.9, 0.1))
    model = aggregation.dawid_skene(labels)
    assert (model.posterior.argmax(axis=1) == truth).mean() > 0.95
    assert np.diagonal(model.errors[3]).max() < 0.2


def test_overlaps_count_items_shared_with_others() -> None:
    labels = said([(0, 0, 1), (0, 1, 1), (1, 0, 0), (2, 2, 1), (0, 0, 0)])
    assert aggregation.overlaps(labels).tolist() == [1, 1, 0]
    assert aggregation.overlaps(labels, together=3).tolist() == [0, 0, 0]


def test_of_two_who_differ_neither_is_made_out_to_be_right() -> None:
    """A and B differ on a third of the items. Alone, the model takes one of them for perfect; pooled, it claims nothing of the kind."""
    rows = [(n, who, int(n % 3 == 0 if who else n % 3 < 2)) for n in range(60) for who in (0, 1)]
    alone, pooled = aggregation.dawid_skene(said(rows)), aggregation.dawid_skene(said(rows), pool=True)
    assert np.abs(alone.errors[0] - alone.errors[1]).max() > 0.2
    assert np.abs(pooled.errors[0] - pooled.errors[1]).max() < 0.05


def test_pooling_makes_posteriors_of_few_labels_more_honest() -> None:
    """Three reviewers, two labels an item: log loss over 12 simulated campaigns."""
    loss = {True: 0.0, False: 0.0}
    for seed in range(12):
        labels, truth = simulated(150, (0.9, 0.9, 0.7), seed=seed)
        kept = labels.reviewer != np.random.default_rng(seed).integers(0, 3, 150)[labels.item]
        some = labels._replace(item=labels.item[kept], reviewer=labels.reviewer[kept], said=labels.said[kept])
        for pool in loss:
            posterior = aggregation.dawid_skene(some, pool=pool).posterior
            loss[pool] -= float(np.log(np.clip(posterior[np.arange(150), truth], 1e-6, 1)).mean())
    assert loss[True] < 0.8 * loss[False], loss


def test_reviewers_who_share_little_lean_on_the_errors_of_all() -> None:
    labels, _ = simulated(200, (0.9, 0.9, 0.9))
    rows = [*zip(labels.item.tolist(), labels.reviewer.tolist(), labels.said.tolist(), strict=True), *((n, 3, 1) for n in range(3))]
    alone, pooled = aggregation.dawid_skene(said(rows)), aggregation.dawid_skene(said(rows), pool=True)
    assert pooled.pooled.tolist() == [False, False, False, True]
    assert not alone.pooled.any()
    common = pooled.errors[:3].mean(axis=0)
    assert np.abs(pooled.errors[3] - common).max() < np.abs(alone.errors[3] - common).max()


def test_errors_against_gold_and_against_others_are_counted_apart() -> None:
    labels = said([(0, 0, 1), (0, 1, 1), (0, 2, 0), (1, 0, 0), (1, 1, 0), (1, 2, 0), (2, 0, 1)])
    gold = aggregation.errors_given(labels, np.array([1, -1, 0]))
    assert gold[0].tolist() == [[0, 1], [0, 1]]
    assert gold[2].tolist() == [[0, 0], [1, 0]]
    others = aggregation.against_others(labels)
    # Item 0: for the first two the others are at odds, for the third both say 1. Item 1: all agree. Item 2: nobody else.
    assert others[0].tolist() == [[1, 0], [0, 0]]
    assert others[2].tolist() == [[1, 0], [1, 0]]


def test_a_single_label_is_believed_as_far_as_its_reviewer_was_right() -> None:
    counts = np.array([[[98.0, 2.0], [2.0, 98.0]], [[60.0, 40.0], [40.0, 60.0]]])
    rows = [(n, n % 2, int(n % 4 < 2)) for n in range(40)]
    model = aggregation.expert(said(rows), counts)
    assert 0.9 < model.posterior[0, 1] < 0.99
    assert 0.5 < model.posterior[1, 1] < 0.7


def test_one_who_was_measured_on_nothing_is_not_called_perfect() -> None:
    model = aggregation.expert(said([(0, 0, 1), (1, 0, 0)]), np.zeros((1, 2, 2)))
    assert 0.5 < model.posterior[0, 1] < 0.9


def test_without_a_label_there_is_nothing_to_weigh() -> None:
    none = np.array([], dtype=np.int64)
    with pytest.raises(Refused):
        aggregation.dawid_skene(Said(none, none, none, 0, 0, 2, 2))


def test_weighing_stops_when_asked() -> None:
    labels, _ = simulated(50, (0.8, 0.7))
    ticket = Ticket(lambda _progress: None)
    ticket.cancel()
    with pytest.raises(Cancelled):
        aggregation.dawid_skene(labels, ticket=ticket)


@given(st.integers(0, 1_000), st.permutations(range(4)))
def test_no_posterior_depends_on_the_order_of_reviewers_or_labels(seed: int, order: list[int]) -> None:
    labels, _ = simulated(30, (0.9, 0.8, 0.7, 0.6), seed=seed)
    mixed = np.random.default_rng(seed).permutation(len(labels.item))
    turned = labels._replace(item=labels.item[mixed], reviewer=np.array(order)[labels.reviewer[mixed]], said=labels.said[mixed])
    one, other = aggregation.dawid_skene(labels), aggregation.dawid_skene(turned)
    assert other.posterior == pytest.approx(one.posterior, abs=1e-6)
    assert other.errors[np.array(order)] == pytest.approx(one.errors, abs=1e-6)


@given(st.integers(0, 1_000))
def test_turning_the_classes_round_turns_the_posteriors_round(seed: int) -> None:
    labels, _ = simulated(30, (0.9, 0.8, 0.7), seed=seed)
    one, other = aggregation.dawid_skene(labels), aggregation.dawid_skene(labels._replace(said=1 - labels.said))
    assert other.posterior[:, ::-1] == pytest.approx(one.posterior, abs=1e-6)

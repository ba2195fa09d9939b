"""Shifts of traffic, against R's energy and kernlab and an exact binomial tail, and on texts of which it is known what is new."""

import numpy as np
import pytest

from reviewer.domain import shifts
from reviewer.domain.shifts import chance_of, energy_shift, energy_statistic, mmd, told_apart
from tests.domain.conftest import Reference

# Fisher's iris, 150 flowers of four measures in tenths, two digits each.
_IRIS = (
    "513514024930140247321302463115025036140254391704463414035034150244291402493115015437150248341602483014014330110158401202"
    "574415045439130451351403573817035138150354341702513715044636100251331705483419025030160250341604523515025234140247321602"
    "483116025434150452411501554214024931150250321202553513024936140144301302513415025035130345231303443213025035160651381904"
    "483014035138160246321402533715025033140270324714643245156931491555234013652846155728451363334716492433106629461352273914"
    "502035105930421560224010612947145629361367314414563045155827411062224515562539115932481861284013632549156128471264294313"
    "663044146828481467305017602945155726351055243811552437105827391260275116543045156034451667314715632344135630411355254013"
    "552644126130461458264012502333105627421357304212572942136229431351253011572841136333602558275119713059216329561865305822"
    "763066214925451773296318672558187236612565325120642753196830552157255020582851246432532365305518773867227726692360225015"
    "693257235628492077286720632749186733572172326018622848186130491864285621723058167428611979386420642856226328511561265614"
    "773061236334562464315518603048186931542167315624693151235827511968325923673357256730522363255019653052206234542359305118"
)


def test_the_energy_statistic_of_iris_is_that_of_energy(reference: Reference) -> None:
    case = reference.cases["energy-iris"]["expected"]
    flowers = np.array([int(_IRIS[at : at + 2]) / 10 for at in range(0, len(_IRIS), 2)]).reshape(150, 4)
    setosa, versicolor, virginica = flowers[:50], flowers[50:100], flowers[100:]
    assert energy_statistic(setosa, versicolor) == pytest.approx(case["setosa_versicolor"]["estat"], rel=1e-4)
    assert energy_statistic(versicolor, virginica) == pytest.approx(case["versicolor_virginica"]["estat"], rel=1e-4)
    shift = energy_shift(flowers[50:], np.arange(100) >= 50, rng=np.random.default_rng(1))
    assert shift.p == 1 / (shifts.REPLICATIONS + 1)
    assert shift.threshold < shift.statistic


def test_mmd_is_that_of_kernlab(reference: Reference) -> None:
    case = reference.cases["mmd"]
    x, y = (np.array(case["inputs"][name], np.float64) for name in ("x", "y"))
    biased, unbiased = mmd(x, y, sigma=case["inputs"]["sigma"])
    assert biased == pytest.approx(case["expected"]["mmd_biased"], abs=1e-8)
    assert unbiased == pytest.approx(case["expected"]["mmd2_unbiased"], abs=1e-8)
    assert np.isnan(mmd(x, y[:-1], sigma=0.5)[1])


def test_the_chance_of_telling_apart_is_the_exact_tail(reference: Reference) -> None:
    case = reference.cases["c2st"]
    for (right, n), wanted in zip(case["inputs"]["rows"], case["expected"]["p_exact"], strict=True):
        assert chance_of(right, n) == pytest.approx(wanted, abs=1e-9)
    assert chance_of(0, 0) == 1.0


def test_what_is_the_same_is_not_called_a_shift_more_often_than_promised() -> None:
    rng = np.random.default_rng(2)
    false = sum(energy_shift(rng.normal(size=(60, 3)), np.arange(60) < 30, rng=rng, replications=99).p <= 0.05 for _ in range(100))
    assert false <= 11


def test_conversations_that_belong_together_are_dealt_out_together() -> None:
    rng = np.random.default_rng(3)
    block = np.repeat(np.arange(10), 8)
    vectors = rng.normal(size=(10, 3))[block] + 0.01 * rng.normal(size=(80, 3))
    new = block < 5
    alone = energy_shift(vectors, new, rng=np.random.default_rng(4), replications=199)
    together = energy_shift(vectors, new, rng=np.random.default_rng(4), block=block, replications=199)
    assert alone.p < 0.05 < together.p


_OLD = "the customer asks about a late refund for order {} and the agent checks the booking"
_NEW = "the customer asks about a crypto voucher for order {} and the agent checks the booking"


def test_the_words_that_tell_new_from_old_are_named() -> None:
    texts = [_OLD.format(n) for n in range(40)] + [_NEW.format(n) for n in range(40)]
    found = told_apart(texts, np.arange(80) >= 40, rng=np.random.default_rng(5))
    assert (found.right, found.n) == (80, 80)
    assert found.p < 1e-20
    assert set(found.newer[:2]) == {"crypto", "voucher"}
    assert set(found.older[:2]) == {"late", "refund"}


def test_texts_of_one_kind_cannot_be_told_apart_and_too_few_are_not_asked_about() -> None:
    texts = [_OLD.format(n) for n in range(80)]
    assert told_apart(texts, np.arange(80) >= 40, rng=np.random.default_rng(6)).p > 0.01
    assert told_apart(texts[:6], np.arange(6) >= 3, rng=np.random.default_rng(6)).n == 0

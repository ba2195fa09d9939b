"""New runs beside a frozen set: what changed, and which shares have limits."""

import pytest

from reviewer.domain import proportions, regression
from reviewer.domain.items import ItemId
from reviewer.domain.regression import Before, NewRun, Rate, Regression, Task


def _before(verdict: str, *, blind: bool = True, **scores: object) -> Before:
    return Before(ItemId("a"), verdict, blind, None, None, scores)  # type: ignore[arg-type] # scores of any kind


def _run(verdict: str | None, *, blind: bool = True, **scores: object) -> NewRun:
    state = "unasked" if verdict is None else "answered"
    return NewRun(ItemId("b"), verdict, state, blind, (), None, None, None, scores)  # type: ignore[arg-type] # scores of any kind


def _task(before: list[Before], runs: list[NewRun]) -> Task:
    return Task("t", "Refund?", tuple(before), tuple(runs))


def _compared(*tasks: Task, by_chance: bool = False) -> Regression:
    return regression.compared("set", ("prompt",), tasks, by_chance=by_chance, since=0, withheld=0)


GOOD, BAD = "compliant", "non_compliant"


@pytest.mark.parametrize(
    ("before", "runs", "wanted"),
    [
        ([GOOD], [BAD], "broke"),
        ([BAD], [GOOD, GOOD], "fixed"),
        ([BAD, BAD], [BAD], "same"),
        ([GOOD], [GOOD, BAD], "differing"),
        ([GOOD, BAD], [GOOD], "differing"),
        ([GOOD], [None], "open"),
        ([GOOD], [], "open"),
        ([GOOD], [None, BAD], "broke"),
    ],
)
def test_a_task_is_told_by_what_people_said_on_both_sides(before: list[str], runs: list[str | None], wanted: str) -> None:
    assert _task([_before(one) for one in before], [_run(one) for one in runs]).change == wanted


def test_what_was_not_blind_changes_nothing_and_is_counted() -> None:
    found = _compared(_task([_before(GOOD, blind=False)], [_run(BAD)]), _task([_before(GOOD)], [_run(BAD, blind=False)]))
    assert found.changes == {"broke": 0, "fixed": 0, "same": 0, "differing": 0, "open": 2}
    assert (found.before.n, found.after.n, found.left_out, found.p) == (1, 1, (1, 1), None)


def test_a_run_a_task_is_clopper_and_pearsons_interval() -> None:
    found = regression.rate([(task, task < 15) for task in range(60)])
    exact = proportions.clopper_pearson(15, 60)
    assert exact is not None
    assert (found.share, found.n, found.tasks) == (0.25, 60, 60)
    # Korn and Graubard's sizes follow from a variance with n - 1 under it: 59 trials, not 60.
    assert (found.low, found.high) == pytest.approx(tuple(proportions.clopper_pearson(0.25 * 59, 59) or ()))
    assert (found.low, found.high) == pytest.approx(exact, abs=0.002)


def test_runs_of_a_task_that_stand_or_fall_together_are_one_trial() -> None:
    one = regression.rate([(task, task < 3) for task in range(12)])
    four = regression.rate([(task, task < 3) for task in range(12) for _ in range(4)])
    assert (four.share, four.n) == (one.share, 48)
    assert (four.low, four.high) == pytest.approx((one.low, one.high))
    none = regression.rate([(task, False) for task in range(12) for _ in range(4)])
    assert none.high == pytest.approx(proportions.clopper_pearson(0, 12)[1])  # type: ignore[index] # it is there: 12 trials


def test_open_runs_leave_limits_only_to_chance_and_the_outer_ones_always() -> None:
    tasks = [_task([_before(GOOD)], [_run(BAD if n < 2 else GOOD), _run(None)]) for n in range(8)]
    told = _compared(*tasks).after
    assert (told.share, told.low, told.high, told.low_if, told.high_if) == (0.25, None, None, 2 / 16, 10 / 16)
    assert told.reason == "8 of 16 runs have no answer, and chance did not decide which"
    assert _compared(*tasks, by_chance=True).after.low is not None
    assert _compared(*(task._replace(runs=task.runs[:1]) for task in tasks)).after.low is not None
    assert regression.rate([(0, True), (0, False)]).reason == "all runs are of one task"
    assert regression.rate([]) == Rate(None, None, None, 0, 0, "no run has an answer that was given blind", None, None)


def test_scores_that_are_yes_or_no_have_a_share_and_others_none() -> None:
    tasks = [_task([_before(GOOD, reward=1.0, length=7)], [_run(None, reward=n % 2, length=9, passed=True)]) for n in range(4)]
    found = _compared(*tasks)
    assert set(found.upstream) == {"reward", "passed"}
    before, after = found.upstream["reward"]
    assert (before.share, after.share) == (1.0, 0.5)
    assert found.upstream["passed"][0].reason == "no run has this score"


def test_more_that_broke_than_were_fixed_is_mcnemars_exact_test() -> None:
    broke = [_task([_before(GOOD)], [_run(BAD)])] * 6
    assert _compared(*broke).p == pytest.approx(2 * 0.5**6)
    assert _compared(*broke, _task([_before(BAD)], [_run(GOOD)])).p == pytest.approx(2 * 8 * 0.5**7)

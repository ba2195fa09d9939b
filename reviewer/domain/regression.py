"""A frozen set of judged runs, and new runs over the same tasks beside it: what people said then, and what they say of the new ones.

Rates take the tasks of the set as a sample of such tasks, runs of one task as a cluster. They say nothing of the population that a campaign
was drawn from: that is an estimate's to say. Sources: Korn & Graubard (1998); McNemar (1947); METHODS.md section 1.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from reviewer.domain import associations, proportions, survey
from reviewer.domain.chain import EntryHash
from reviewer.domain.items import ItemId

State = Literal["answered", "open", "unasked", "differing"]
Score: TypeAlias = bool | int | float | str
NOT_BY_CHANCE = "{open:,} of {runs:,} runs have no answer, and chance did not decide which"
NOTHING = "no run has an answer that was given blind"
ONE_TASK = "all runs are of one task"


class Before(NamedTuple):
    """A run of the frozen set. verdict: what people said, as it was frozen; blind: whether all of them did so blind."""

    item: ItemId
    verdict: str
    blind: bool
    agent: str | None
    model: str | None
    scores: Mapping[str, Score]


class NewRun(NamedTuple):
    """A run of the same task that is not of the set. verdict: that of people, None where there is none yet.

    state: answered; open: in a campaign, not answered; unasked: in none; differing: answered otherwise in two. scores: what came with it.
    """

    item: ItemId
    verdict: str | None
    state: State
    blind: bool
    campaigns: tuple[EntryHash, ...]
    agent: str | None
    model: str | None
    time: str | None
    scores: Mapping[str, Score]


class Task(NamedTuple):
    """A task: its name in the set, in one line what was asked, and its runs before and since."""

    name: str
    title: str
    before: tuple[Before, ...]
    runs: tuple[NewRun, ...]

    @property
    def change(self) -> str:
        """broke, fixed, same; differing where runs of one side differ; open where one side has no blind answer."""
        sides = [{one.verdict for one in side if one.blind and one.verdict is not None} for side in (self.before, self.runs)]
        if not all(sides):
            return "open"
        if any(len(side) > 1 for side in sides):
            return "differing"
        if sides[0] == sides[1]:
            return "same"
        return "broke" if sides[1] == {"non_compliant"} else "fixed"


class Rate(NamedTuple):
    """A share of runs. n: those that count. low, high: 95 %, None where they have no basis; then reason says why.

    low_if, high_if: the share if every run without an answer were compliant, and if none were.
    """

    share: float | None
    low: float | None
    high: float | None
    n: int
    tasks: int
    reason: str | None
    low_if: float | None
    high_if: float | None


class Regression(NamedTuple):
    """Runs over the tasks of a frozen set. set: its id; since: runs of it whose answer is another one by now.

    before, after: shares of non-compliant runs, by what people said. upstream: of each score that is yes or no, its share of yes before and
    after. p: McNemar's exact test of tasks that broke or were fixed; None where there are none. withheld: runs that are left out, since
    the viewer has still to judge them. left_out: answers that were not given blind, before and after.
    """

    set: str
    by: tuple[str, ...]
    tasks: tuple[Task, ...]
    before: Rate
    after: Rate
    upstream: Mapping[str, tuple[Rate, Rate]]
    changes: Mapping[str, int]
    p: float | None
    since: int
    withheld: int
    left_out: tuple[int, int]


CHANGES = ("broke", "fixed", "same", "differing", "open")


def compared(name: str, by: tuple[str, ...], tasks: Sequence[Task], *, by_chance: bool, since: int, withheld: int) -> Regression:
    """Put the tasks together with their figures. by_chance: whether chance alone decided which of the new runs people were asked about."""
    changes = {change: sum(task.change == change for task in tasks) for change in CHANGES}
    moved = changes["broke"] + changes["fixed"]
    return Regression(
        name,
        by,
        tuple(tasks),
        _before(tasks),
        _after(tasks, by_chance),
        {score: _upstream(tasks, score) for score in _yes_or_no(tasks)},
        changes,
        associations.mcnemar(changes["broke"], changes["fixed"]).p_exact if moved else None,
        since,
        withheld,
        (
            sum(not one.blind for task in tasks for one in task.before),
            sum(not one.blind for task in tasks for one in task.runs if one.verdict is not None),
        ),
    )


def _before(tasks: Sequence[Task]) -> Rate:
    return rate([(n, one.verdict == "non_compliant") for n, task in enumerate(tasks) for one in task.before if one.blind])


def _after(tasks: Sequence[Task], by_chance: bool) -> Rate:
    """Of runs of which people said something blind; limits only where all have an answer, or chance decided which."""
    runs = [(n, one) for n, task in enumerate(tasks) for one in task.runs]
    told = [(n, one.verdict == "non_compliant") for n, one in runs if one.blind and one.verdict is not None]
    missing = len(runs) - len(told)
    found = rate(told, missing=missing)
    if missing and found.share is not None and not by_chance:
        return found._replace(low=None, high=None, reason=NOT_BY_CHANCE.format(open=missing, runs=len(runs)))
    return found


def rate(told: Sequence[tuple[int, bool]], *, missing: int = 0) -> Rate:
    """A share of runs with limits. told: of each run its task, and whether it counts; missing: runs of which nothing is known."""
    if not told:
        return Rate(None, None, None, 0, 0, NOTHING, None, None)
    task = np.unique([n for n, _ in told], return_inverse=True)[1].astype(np.int64)
    yes = np.array([one for _, one in told], np.float64)
    n, tasks, whole = len(yes), int(task.max()) + 1, len(yes) + missing
    share = float(yes.mean())
    outer = (float(yes.sum()) / whole, (float(yes.sum()) + missing) / whole)
    if tasks < 2:
        return Rate(share, None, None, n, tasks, ONE_TASK, *outer)
    found = survey.hajek(yes, np.ones(n))
    variance = survey.stratified_variance(found.parts, np.zeros(n, np.int64), cluster=task)
    # Where nothing differs, each task is one trial: its runs may all stand or fall together.
    effective = float(tasks) if variance <= 0 else None
    limits = proportions.korn_graubard(share, variance, n=tasks, degrees=tasks - 1, effective=effective)
    return Rate(share, limits.low, limits.high, n, tasks, None, *outer)


def _yes_or_no(tasks: Sequence[Task]) -> list[str]:
    """The scores that are yes or no, 1 or 0, wherever they stand."""
    values: dict[str, set[Score]] = {}
    for task in tasks:
        for scores in (*(one.scores for one in task.before), *(one.scores for one in task.runs)):
            for name, score in scores.items():
                values.setdefault(name, set()).add(score)
    return sorted(name for name, found in values.items() if found <= {0, 1})


def _upstream(tasks: Sequence[Task], name: str) -> tuple[Rate, Rate]:
    return (
        _yes([(n, one.scores) for n, task in enumerate(tasks) for one in task.before], name),
        _yes([(n, one.scores) for n, task in enumerate(tasks) for one in task.runs], name),
    )


def _yes(runs: Sequence[tuple[int, Mapping[str, Score]]], name: str) -> Rate:
    found = rate([(n, scores[name] == 1) for n, scores in runs if name in scores])
    return found if found.n else found._replace(reason="no run has this score")

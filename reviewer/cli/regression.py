"""`reviewer regression`: a frozen set of judged runs for Inspect, and new runs over the same tasks beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options, count
from reviewer.cli.output import one_line, table

if TYPE_CHECKING:
    from reviewer.domain.regression import NewRun, Rate, Regression, Task

_LISTED = 20
_SAID = {
    "broke": "broke: compliant before, non-compliant now",
    "fixed": "fixed: non-compliant before, compliant now",
    "same": "the same as before",
    "differing": "with runs that differ among themselves",
    "open": "without an answer on both sides",
}


def _export_options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id; it asks for verdicts")
    options.add_argument("file", metavar="FILE", help="a file of JSON lines that does not exist yet")
    options.add_argument(
        "--by", action="append", default=[], metavar="FIELD",
        help="what makes two runs one task: prompt (all before the first answer), external_id, metadata.FIELD; may be repeated (prompt)",
    )  # fmt: skip


def _export(call: Call) -> int:
    from reviewer import operations

    given = call.options
    by = given.by or [operations.comparing.PROMPT]
    with call.opened() as workspace:
        done = operations.regression_sets.export_set(
            workspace, call.ticket, campaign=given.campaign, path=Path(given.file).expanduser(), by=by
        ).value
    left = ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in done.dropped.items() if n)
    verdicts = ", ".join(f"{n:,} {verdict.replace('_', '-')}" for verdict, n in done.verdicts.items())
    text = f"Froze {done.samples:,} runs of {done.tasks:,} tasks in {done.path}: {verdicts}." + (f"\nLeft out: {left}." if left else "")
    call.out.answer({**done._asdict(), "path": str(done.path)}, text)
    return DONE


def _compare_options(options: Options) -> None:
    options.add_argument("set", metavar="SET", help="a file that `regression export` wrote")
    options.add_argument("--query", default="", metavar="Q", help="which runs; all that share a task with the set, if left out")
    options.add_argument(
        "--score", action="append", default=[], metavar="FIELD", help="an upstream score in the metadata, such as reward; may be repeated"
    )
    options.add_argument(
        "--limit", type=count, default=_LISTED, metavar="N", help=f"list at most so many tasks; --json has all ({_LISTED})"
    )


def _compare(call: Call) -> int:
    from reviewer import operations

    given = call.options
    scores = tuple(given.score) or operations.regression_sets.SCORES
    with call.opened() as workspace:
        found = operations.regression_sets.compare_runs(
            workspace, call.ticket, path=Path(given.set).expanduser(), asked=given.query, scores=scores
        ).value
    call.out.answer(_document(found), "\n".join(_lines(found, given.limit)))
    return DONE


def _lines(found: "Regression", limit: int) -> list[str]:
    from reviewer.domain.regression import CHANGES

    runs = sum(len(task.runs) for task in found.tasks)
    lines = [f"{runs:,} new runs of {sum(bool(task.runs) for task in found.tasks):,} of the set's {len(found.tasks):,} tasks."]
    lines.append(f"Non-compliant before: {_rate(found.before)}.")
    lines.append(f"Non-compliant now:    {_rate(found.after)}.")
    for name, (before, after) in found.upstream.items():
        lines.append(f"{one_line(name, 40)} is yes (upstream, not people): before {_rate(before)}; now {_rate(after)}.")
    lines.extend(f"{n:,} tasks {_SAID[change]}" for change, n in found.changes.items() if n)
    if found.p is not None:
        lines.append(f"As many broken against fixed, or more uneven, by chance alone: p = {found.p:.3f} (McNemar, exact).")
    told = sorted((task for task in found.tasks if task.runs), key=lambda task: CHANGES.index(task.change))
    if told[:limit]:
        lines += [
            "",
            table([_row(task) for task in told[:limit]], heads=("task", "change", "non-compliant before", "now", "open", "upstream")),
        ]
    if limit < len(told):
        lines.append(f"and {len(told) - limit:,} more: see --json")
    if found.since:
        lines.append(f"{found.since:,} runs of the set have another answer by now; the set says what it said.")
    if any(found.left_out):
        lines.append(f"{found.left_out[0]:,} answers before and {found.left_out[1]:,} now were not given blind, and count for no rate.")
    if found.withheld:
        lines.append(f"{found.withheld:,} runs are left out: you have still to label them.")
    return lines


def _rate(rate: "Rate") -> str:
    if rate.share is None:
        return f"unknown: {rate.reason}"
    limits = f"95 % {rate.low:.1%} to {rate.high:.1%}" if rate.low is not None and rate.high is not None else f"no limits: {rate.reason}"
    outer = "" if rate.low_if == rate.high_if else f"; {rate.low_if:.1%} to {rate.high_if:.1%} whatever the open ones are"
    return f"{rate.share:.1%} of {rate.n:,} runs of {rate.tasks:,} tasks ({limits}{outer})"


def _row(task: "Task") -> tuple[str, ...]:
    now = [one.verdict for one in task.runs if one.verdict is not None]
    scores = [f"{name}={value}" for one in task.runs for name, value in one.scores.items()]
    return (
        one_line(task.title, 40),
        task.change,
        _counted([one.verdict for one in task.before]),
        _counted(now),
        str(len(task.runs) - len(now)),
        one_line(" ".join(scores), 50),
    )


def _counted(verdicts: list[str]) -> str:
    bad = verdicts.count("non_compliant")
    return f"{bad} of {len(verdicts)}" if verdicts else "-"


def _document(found: "Regression") -> dict[str, Any]:
    return {
        "set": found.set,
        "by": list(found.by),
        "before": found.before._asdict(),
        "after": found.after._asdict(),
        "upstream": {name: {"before": before._asdict(), "after": after._asdict()} for name, (before, after) in found.upstream.items()},
        "changes": dict(found.changes),
        "p": found.p,
        "answers_changed_since": found.since,
        "not_blind": {"before": found.left_out[0], "after": found.left_out[1]},
        "withheld": found.withheld,
        "tasks": [
            {
                "task": task.name,
                "title": task.title,
                "change": task.change,
                "before": [one._asdict() for one in task.before],
                "runs": [_run(one) for one in task.runs],
            }
            for task in found.tasks
        ],
    }


def _run(one: "NewRun") -> dict[str, Any]:
    return {**one._asdict(), "campaigns": list(one.campaigns)}


COMMANDS = {
    "regression export": Command(_export_options, _export, "reviewer regression export refunds refunds-set.jsonl --by metadata.task_id"),
    "regression compare": Command(_compare_options, _compare, 'reviewer regression compare refunds-set.jsonl --query "model:gpt-4o*"'),
}

"""`reviewer drift`: the rate over time or by model, and what changed."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, table

if TYPE_CHECKING:
    from reviewer.operations.drifting import Drift


def _options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("--by", metavar="FIELD", default="week", help="week, month, day or model; week by default")


def _drift(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        found = operations.drifting.drift_of(workspace, call.ticket, campaign=given.campaign, by=given.by).value
    call.out.answer(_document(found), _text(found))
    return 0


def _document(found: "Drift") -> dict[str, Any]:
    return {
        "campaign": found.campaign,
        "by": found.by,
        "points": [
            {"value": one.value, "n": one.n, "estimate": one.estimate, "low": one.low, "high": one.high}
            | ({} if one.reason is None else {"reason": one.reason})
            for one in found.points
        ],
        "alarms": [one._asdict() for one in found.alarms],
        "notes": list(found.notes),
    }


def _text(found: "Drift") -> str:
    rows = [
        (
            one_line(one.value, 50) or "(none)",
            f"{one.n:,}",
            "-" if one.estimate is None else f"{one.estimate:.1%}",
            _limits(one.low, one.high),
        )
        for one in found.points
    ]
    lines = [table(rows, heads=(found.by, "n", "rate", "95 %")), ""]
    lines += [
        f"Alarm{_id(one.entry)} ({one.kind}, {one_line(one.at, 40)}): {one_line(one.what, 400)}\n  {one_line(one.todo, 300)}"
        for one in found.alarms
    ]
    lines += [] if found.alarms else ["No alarm."]
    return "\n".join((*lines, *found.notes))


def _id(entry: str) -> str:
    return f" {entry[:12]}" if entry else ""


def _limits(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.1%} to {high:.1%}"


COMMANDS = {"drift": Command(_options, _drift, "reviewer drift refunds --by week")}

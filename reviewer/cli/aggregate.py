"""`reviewer aggregate`: one posterior an item, and what that says of each reviewer."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, table, without_empty_reason

if TYPE_CHECKING:
    from reviewer.domain.calibration import Calibration
    from reviewer.operations.aggregating import Aggregated

_LISTED = 20


def _options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument(
        "--method",
        metavar="M",
        help="majority, dawid_skene (models their errors), single_expert (errors measured on gold), one_coin (one error rate each),"
        " glad (items differ, too) or mace (some guess); else as the labels allow",
    )


def _aggregate(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        found = operations.aggregating.aggregate_labels(workspace, call.ticket, campaign=given.campaign, method=given.method).value
    call.out.answer(_document(found), _text(found))
    return 0


def _document(found: "Aggregated") -> dict[str, Any]:
    return {
        "campaign": found.campaign,
        "id": found.id,
        "method": found.method,
        "items": [one._asdict() for one in found.items],
        "hidden": found.hidden,
        "reviewers": [without_empty_reason(one._asdict()) for one in found.reviewers],
        "calibration": None if found.calibration is None else _calibration(found.calibration),
        **({} if found.reason is None else {"reason": found.reason}),
    }


def _calibration(found: "Calibration") -> dict[str, Any]:
    return {**found._asdict(), "ece": found.ece._asdict(), "brier": found.brier._asdict()}


def _text(found: "Aggregated") -> str:
    verdicts = Counter(one.verdict for one in found.items)
    counted = f"{verdicts['compliant']:,} compliant, {verdicts['non_compliant']:,} non-compliant, {verdicts[None]:,} undecided"
    lines = [f"{one_line(found.campaign, 120)}, by {found.method.replace('_', ' ')}: {len(found.items):,} items, {counted}"]
    if found.hidden:
        lines.append(f"{found.hidden:,} more are not shown: they wait for your own blind label.")
    if found.calibration is None:
        lines.append(f"Not calibrated: {found.reason}.")
    else:
        lines.append(f"Calibrated on {found.calibration.gold:,} items with a known answer.")
    if found.reviewers:
        rows = [(one_line(one.reviewer, 40), _rate(one.sensitivity), _rate(one.specificity)) for one in found.reviewers]
        lines.extend(("", table(rows, heads=("reviewer", "sensitivity", "specificity"))))
    if found.items:
        rows = [(one.item[:12], _rate(one.p_non_compliant), one.verdict or "-") for one in found.items[:_LISTED]]
        lines.extend(("", table(rows, heads=("item", "p", "verdict"))))
    if len(found.items) > _LISTED:
        lines.append(f"and {len(found.items) - _LISTED:,} more: see --json")
    return "\n".join(lines)


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


COMMANDS = {"aggregate": Command(_options, _aggregate, "reviewer aggregate refunds --method dawid_skene")}

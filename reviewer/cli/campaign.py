"""`reviewer campaign list`, `show`, `results`, `close` and `requeue`: how campaigns and reviewers stand."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options
from reviewer.cli.output import one_line, table

if TYPE_CHECKING:
    from reviewer.domain.proportions import Interval
    from reviewer.operations.campaigns import CampaignStanding


_WHY = ("asked", "stale", "sent_back", "disputed")


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _name(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="its name or id")


def _show_options(options: Options) -> None:
    _name(options)
    options.add_argument("--items", action="store_true", help="every drawn item, with its answer as far as you may see it")


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.campaigns.list_campaigns(workspace, call.ticket).value
    rows = [
        (
            one_line(one.campaign, 60),
            one.id[:12],
            f"{one.complete:,}/{one.sampled:,}",
            f"{one.labels:,}",
            "closed" if one.closed else "open",
        )
        for one in found
    ]
    text = table(rows, heads=("campaign", "id", "complete", "labels", "")) if rows else "There is no campaign yet."
    call.out.answer({"campaigns": [_standing(one) for one in found]}, text)
    return 0


def _show(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.campaigns.show_campaign(workspace, call.ticket, campaign=call.options.name, with_items=call.options.items).value
    document = _standing(found)
    if found.items is not None:
        document["items"] = [pick._asdict() for pick in found.items]
    call.out.answer(document, _told(found))
    return 0


def _close(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        closed = operations.campaigns.close_campaign(workspace, call.ticket, campaign=call.options.name).value
        found = operations.campaigns.show_campaign(workspace, call.ticket, campaign=closed).value
    call.out.answer(_standing(found), f"Closed {one_line(found.campaign, 120)}; what was said stays.")
    return 0


def _requeue_options(options: Options) -> None:
    _name(options)
    options.add_argument("--query", metavar="Q", help="which of its items; an empty one takes every item")
    options.add_argument(
        "--item", action="append", metavar="ITEM", help="or an item, by its id or its first 6 or more digits; may be repeated"
    )
    options.add_argument("--reason", default="", metavar="TEXT", help="why, in words that those who are asked will read")
    options.add_argument("--why", choices=_WHY, default="asked", help="what gave rise to it (asked)")
    options.add_argument("--clause", metavar="KEY:CLAUSE", help="the clause whose words gave rise to it")


def _requeue(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if (given.query is None) == (given.item is None):
        raise Misspelt("Which items are asked for again was not said.", "Give either --query or --item.")
    with call.opened() as workspace:
        asked = operations.requeueing.requeue_items(
            workspace, call.ticket, campaign=given.name, items=given.item, query=given.query, why=given.why, clause=given.clause,
            note=given.reason,
        ).value  # fmt: skip
        found = operations.campaigns.show_campaign(workspace, call.ticket, campaign=asked.campaign).value
    document = _standing(found) | {"requeued": len(asked.items), "requeue": asked.requeue}
    items = "1 item is" if len(asked.items) == 1 else f"{len(asked.items):,} items are"
    call.out.answer(document, f"{items} asked for again in {one_line(found.campaign, 120)}; the answers count until they are replaced.")
    return 0


def _results(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.reviewer_results.reviewer_results(workspace, call.ticket, campaign=call.options.name).value
    rows = [
        (
            one_line(one.reviewer, 60),
            f"{one.labels:,}",
            _share(one.gold_right, one.gold_total, one.gold_interval),
            _share(one.repeat_same, one.repeat_total, one.repeat_interval),
            "-" if one.median_seconds is None else f"{one.median_seconds:.0f} s",
        )
        for one in found
    ]
    text = table(rows, heads=("reviewer", "labels", "known answers right", "seen twice, same", "median")) if rows else "Nobody takes part."
    call.out.answer({"by_reviewer": [one._asdict() for one in found]}, text)
    return 0


def _share(part: int, whole: int, interval: "Interval | None") -> str:
    return "-" if interval is None else f"{part:,} of {whole:,} ({interval.low:.0%} to {interval.high:.0%})"


def _standing(found: "CampaignStanding") -> dict[str, Any]:
    rules = found.rules
    return {
        "campaign": found.campaign,
        "id": found.id,
        "query": rules.query,
        "design": rules.design,
        "question": rules.question,
        "marks": rules.marks if rules.question == "steps" else None,
        "overlap": rules.overlap,
        "double": rules.double,
        "gold": rules.gold,
        "repeat": rules.repeat,
        "blind": rules.blind,
        "feedback": rules.feedback,
        "shown": rules.shown,
        "judge": rules.judge or None,
        "seed": rules.seed,
        "closed": found.closed,
        "population": found.population,
        "sampled": found.sampled,
        "complete": found.complete,
        "remaining": found.remaining,
        "answered": found.answered,
        "labels": found.labels,
        "open": found.open,
        "unsure": found.unsure,
        "by_reviewer": found.by_reviewer,
        "strata": [stratum._asdict() for stratum in found.strata],
    }


def _told(found: "CampaignStanding") -> str:
    lines = [
        f"{one_line(found.campaign, 120)} ({found.id[:12]}){', closed' if found.closed else ''}",
        f"{found.sampled:,} of {found.population:,} items drawn, {found.complete:,} complete, {found.remaining:,} to go",
        f"{found.labels:,} labels; {found.answered:,} items have an answer, {found.unsure:,} unsure",
        *(f"  {one_line(name, 60)}: {labels:,}" for name, labels in found.by_reviewer.items()),
    ]
    lines.extend(
        f"{pick.id[:12]}  {pick.stream or '-'}  {pick.inclusion_probability or '-'}  {pick.answer or '-'}" for pick in found.items or ()
    )
    return "\n".join(lines)


COMMANDS = {
    "campaign list": Command(_none, _list, "reviewer campaign list"),
    "campaign show": Command(_show_options, _show, "reviewer campaign show refunds --items"),
    "campaign close": Command(_name, _close, "reviewer campaign close refunds"),
    "campaign results": Command(_name, _results, "reviewer campaign results refunds"),
    "campaign requeue": Command(
        _requeue_options, _requeue, 'reviewer campaign requeue refunds --query "clause:4.2" --reason "Vouchers count as refunds now"'
    ),
}

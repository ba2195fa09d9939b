"""`reviewer campaign list`, `show` and `close`: how campaigns stand."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, table

if TYPE_CHECKING:
    from reviewer.operations.campaigns import CampaignStanding


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


def _standing(found: "CampaignStanding") -> dict[str, Any]:
    rules = found.rules
    return {
        "campaign": found.campaign,
        "id": found.id,
        "query": rules.query,
        "design": rules.design,
        "question": rules.question,
        "overlap": rules.overlap,
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
    }


def _told(found: "CampaignStanding") -> str:
    lines = [
        f"{one_line(found.campaign, 120)} ({found.id[:12]}){', closed' if found.closed else ''}",
        f"{found.sampled:,} of {found.population:,} items drawn, {found.complete:,} complete, {found.remaining:,} to go",
        f"{found.labels:,} labels; {found.answered:,} items have an answer, {found.unsure:,} unsure",
        *(f"  {one_line(name, 60)}: {labels:,}" for name, labels in found.by_reviewer.items()),
    ]
    lines.extend(f"{pick.id[:12]}  {pick.stream}  {pick.inclusion_probability or '-'}  {pick.answer or '-'}" for pick in found.items or ())
    return "\n".join(lines)


COMMANDS = {
    "campaign list": Command(_none, _list, "reviewer campaign list"),
    "campaign show": Command(_show_options, _show, "reviewer campaign show refunds --items"),
    "campaign close": Command(_name, _close, "reviewer campaign close refunds"),
}

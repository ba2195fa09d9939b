"""`reviewer policy stale`: labels that rest on words which hold no more, and asking for their items again."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, plain

if TYPE_CHECKING:
    from reviewer.operations.staleness import StaleLabel


def _options(options: Options) -> None:
    options.add_argument("key", metavar="KEY", help="the policy's short name")
    options.add_argument("--clause", metavar="CLAUSE", help="of one clause only, by its key")
    options.add_argument("--campaign", metavar="C", help="of one campaign only")
    options.add_argument("--requeue", action="store_true", help="ask everyone who gave such a label for the item again")


def _stale(call: Call) -> int:
    from reviewer import operations

    given = call.options
    of = {"policy": given.key, "clause": given.clause, "campaign": given.campaign}
    with call.opened() as workspace:
        found = operations.staleness.stale_labels(workspace, call.ticket, **of).value
        asked = operations.staleness.requeue_stale(workspace, call.ticket, **of).value if given.requeue else None
    document: dict[str, Any] = {
        "key": found.key,
        "stale": [_shape(one) for one in found.labels],
        "hidden": found.hidden,
        "to_ask": found.to_ask,
    }
    lines = [line for one in found.labels for line in _told(one)]
    lines.append(f"{len(found.labels) + found.hidden:,} labels rest on words of {found.key} that hold no more.")
    if found.hidden:
        lines.append(f"{found.hidden:,} of them are not shown: you have still to label their items.")
    if asked is not None:
        document |= {"requeued": len(asked.items), "closed": asked.closed}
        lines.append(f"{len(asked.items):,} items are asked for again; the labels count until they are replaced.")
        if asked.closed:
            lines.append(f"{asked.closed:,} items belong to closed campaigns and are left as they are.")
    call.out.answer(document, "\n".join(lines))
    return 0


def _shape(one: "StaleLabel") -> dict[str, Any]:
    cited = one.cited
    return {
        "label": cited.label,
        "item": cited.item,
        "campaign": cited.campaign_name,
        "reviewer": cited.reviewer,
        "verdict": cited.verdict,
        "clause": cited.clause,
        "version": one.number,
        "before": one.before,
        "now": one.now,
        "in_force_at_item_time": one.fits,
    }


def _told(one: "StaleLabel") -> list[str]:
    cited = one.cited
    number = "" if one.number is None else f", version {one.number}"
    head = f"{cited.item[:12]}  {one_line(cited.reviewer, 40)}: {cited.verdict or 'preference'}  {plain(cited.clause)}{number}"
    return [head, f"  - {one_line(one.before or 'not on this machine', 300)}", f"  + {one_line(one.now or 'the clause is gone', 300)}"]


COMMANDS = {"policy stale": Command(_options, _stale, "reviewer policy stale support --clause 3.2 --requeue")}

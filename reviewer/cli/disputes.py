"""`reviewer disputes`: items on which reviewers differ, for whoever resolves them; opinions stand by nobody's name."""

from typing import TYPE_CHECKING, Any

from reviewer.cli import item_shapes
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, size
from reviewer.cli.output import one_line, plain

if TYPE_CHECKING:
    from reviewer.domain.stories import Citation
    from reviewer.operations.adjudicating import DisputeShown, Docket, OpinionGiven
    from reviewer.operations.precedents import Precedent
    from reviewer.storage.workspace import Workspace

_PRECEDENTS = 10


def _add(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("item", metavar="ITEM", nargs="?", help="one of its items: the opinions on it, and precedents")
    options.add_argument("--words", default="", metavar="TEXT", help="only precedents that hold these words")
    options.add_argument("--limit", type=size, metavar="N", help="at most so many items, or precedents")


def _run(call: Call) -> int:
    with call.opened() as workspace:
        return _one(call, workspace) if call.options.item else _listed(call, workspace)


def _listed(call: Call, workspace: "Workspace") -> int:
    from reviewer import operations

    (docket,) = operations.adjudicating.disputes(workspace, call.ticket, campaign=call.options.campaign).value
    items = docket.items[: call.options.limit]
    document = {
        "campaign": docket.name,
        "campaign_id": docket.campaign,
        "items": [one._asdict() for one in items],
        "total": len(docket.items),
        "withheld": docket.withheld,
    }
    lines = [f"{one.item[:12]}  {one.kind.replace('_', ' ')}" for one in items]
    lines.append(_counted(docket, len(items)))
    call.out.answer(document, "\n".join(lines))
    return 0


def _counted(docket: "Docket", told: int) -> str:
    more = f"{len(docket.items) - told:,} more. " if told < len(docket.items) else ""
    others = f" {docket.withheld:,} need another person." if docket.withheld else ""
    return f"{more}{len(docket.items):,} left in {one_line(docket.name, 60)}.{others}"


def _one(call: Call, workspace: "Workspace") -> int:
    from reviewer import operations

    given = call.options
    shown = operations.adjudicating.dispute_of(workspace, call.ticket, campaign=given.campaign, item=given.item).value
    limit = given.limit or _PRECEDENTS
    found = operations.precedents.precedents(
        workspace, call.ticket, campaign=given.campaign, item=given.item, words=given.words, limit=limit
    ).value
    document = {
        "item": shown.id,
        "campaign": shown.campaign_name,
        "campaign_id": shown.campaign,
        "kind": shown.kind,
        "messages": item_shapes.messages(shown.item.messages),
        "opinions": [_opinion(one) for one in shown.opinions],
        "resolutions": [
            {
                "resolution": one.resolution,
                "reviewer": one.by,
                "verdict": one.verdict,
                "rationale": one.reason,
                "clauses": [_clause(clause) for clause in one.clauses],
                "time": one.time,
            }
            for one in shown.rulings
        ],
        "clauses": [
            {"clause": _clause(one.citation), "title": one.citation.title, "text": one.citation.text, "cited": one.cited}
            for one in shown.clauses
        ],
        "precedents": [one._asdict() for one in found],
    }
    call.out.answer(document, _told(shown, found))
    return 0


def _opinion(one: "OpinionGiven") -> dict[str, Any]:
    import msgspec

    return {
        "reviewer": one.by,
        "verdict": one.verdict,
        "severity": one.severity,
        "rationale": one.rationale,
        "clauses": [_clause(clause) for clause in one.clauses],
        "spans": msgspec.to_builtins(one.spans),
        "omissions": msgspec.to_builtins(one.omissions),
        "steps": one.steps,
        "confidence": one.confidence,
        "duration_ms": one.duration_ms,
        "votes": one.votes,
    }


def _clause(one: "Citation") -> str:
    return item_shapes.clause_name(one.policy, one.clause, one.number)


def _told(shown: "DisputeShown", found: "tuple[Precedent, ...]") -> str:
    lines = [f"item {shown.id[:12]} of {one_line(shown.campaign_name, 60)}", "", item_shapes.transcript(shown.item), ""]
    for place, one in enumerate(shown.opinions, 1):
        by = f" of {one_line(one.by, 60)}" if one.by else ""
        cites = ", ".join(plain(clause.clause) for clause in one.clauses) or "nothing"
        said = f"{one.verdict or 'preference'}{f', {one.severity}' if one.severity else ''}, cites {cites}"
        lines.append(f"opinion {place}{by}: {said}: {one_line(one.rationale or '-', 400)}")
    lines += [f"resolution in force: {one.verdict}: {one_line(one.reason or '-', 400)}" for one in shown.rulings]
    lines += [f"clause {plain(_clause(one.citation))}: {one_line(one.citation.text or 'not here', 400)}" for one in shown.clauses]
    lines += [f"precedent {one.item[:12]}: {one.verdict}: {one_line(one.reason or '-', 200)}" for one in found]
    return "\n".join(lines)


COMMANDS = {"disputes": Command(_add, _run, "reviewer disputes refunds 4f2a9c")}

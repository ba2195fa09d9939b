"""`reviewer conflicts`: what a person must settle."""

from typing import TYPE_CHECKING

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, size
from reviewer.cli.output import one_line, plain

if TYPE_CHECKING:
    from reviewer.operations.conflicts import Side, Standoff


_UNSAID = {"retract": "taken back", "incident": "opened", "change": "said anew"}


def _add(options: Options) -> None:
    options.add_argument("--campaign", metavar="C", help="only those of a campaign")
    options.add_argument("--limit", type=size, metavar="N", help="at most so many; how many there are in all is said")


def _run(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        given = call.options
        found = operations.conflicts.list_conflicts(workspace, call.ticket, campaign=given.campaign, limit=given.limit).value
    document = [{**one._asdict(), "sides": [side._asdict() for side in one.sides]} for one in found.conflicts]
    told = [*map(_told, found.conflicts)]
    if found.total > len(told):
        told.append(f"{found.total - len(told):,} more of {found.total:,}.")
    call.out.answer({"conflicts": document, "total": found.total}, "\n\n".join(told) or "Nothing is to be settled.")
    return 0


def _told(one: "Standoff") -> str:
    where = f"item {(one.item or '')[:12]} of {one_line(one.campaign or '', 60)}"
    if one.policy is not None:
        where = f"policy {plain(one.policy)}"
    elif one.incident is not None:
        where = f"incident {one.incident[:12]}"
    return "\n".join(
        [f"{one.title}: {where}", one_line(one.explanation, 300), *map(_side, one.sides), f"  to settle it: {plain(one.command)}"]
    )


def _side(side: "Side") -> str:
    said = f"version {side.version}" if side.version is not None else side.verdict or _UNSAID.get(side.kind, "preference")
    note = f": {one_line(side.note, 200)}" if side.note else ""
    return f"  {side.kind} of {one_line(side.member, 60)} on {side.device[:8]}, {side.time}: {said}{note}"


COMMANDS = {"conflicts": Command(_add, _run, "reviewer conflicts --campaign refunds")}

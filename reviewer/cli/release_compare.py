"""`reviewer release compare`: what came, what went and what flipped between two releases, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options, count
from reviewer.cli.output import one_line
from reviewer.domain.release_changes import REASONS, SAID

if TYPE_CHECKING:
    from reviewer.domain.release_changes import Comparison, Difference, Side

_LISTED = 20


def _add(options: Options) -> None:
    options.add_argument("old", metavar="OLD", help="the folder of a release")
    options.add_argument("new", metavar="NEW", help="the folder of a later one")
    options.add_argument("--limit", type=count, default=_LISTED, metavar="N", help=f"list at most so many rows; --json has all ({_LISTED})")


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    old, new = (Path(name).expanduser() for name in (given.old, given.new))
    with call.opened() as workspace:
        found = operations.release_comparing.compare_releases(workspace, call.ticket, old=old, new=new).value
    call.out.answer(_document(found), "\n".join(_lines(found, given.limit)))
    return DONE


def _lines(found: "Comparison", limit: int) -> list[str]:
    lines = [f"{rule.name.replace('_', ' ')}: {one_line(rule.old, 100)} -> {one_line(rule.new, 100)}" for rule in found.rules]
    rewritten = f", {found.rewritten:,} of them in other bytes" if found.rewritten else ""
    lines.append(f"{found.same:,} rows are the same{rewritten}.")
    for kind, (one, several) in SAID.items():
        if n := found.counts[kind]:
            lines.append(f"{n:,} {one if n == 1 else several}:")
            lines.extend(f"  {rows:,}  {REASONS[reason]}" for reason, rows in found.reasons[kind].items())
    told = sorted(found.differences, key=lambda one: list(SAID).index(one.kind))
    lines.extend(_line(one) for one in told[:limit])
    if limit < len(found.differences):
        lines.append(f"and {len(found.differences) - limit:,} more: see --json")
    if found.withheld:
        lines.append(f"{found.withheld:,} are not listed: you have still to label their items.")
    return lines


def _line(one: "Difference") -> str:
    said = [f"{side.answer} ({side.part})" for side in (one.before, one.after) if side is not None]
    by = ", ".join(sorted({entry.by for entry in one.because}))
    who = f", by {one_line(by, 60)}" if by else ""
    other = "" if one.other is None else f" with {one.other[:12]}"
    return f"{one.kind:8} {one.item[:12]}{other}  {one_line(' -> '.join(said), 80)}  {REASONS[one.why[0]]}{who}"


def _document(found: "Comparison") -> dict[str, Any]:
    return {
        "old": found.old._asdict(),
        "new": found.new._asdict(),
        "rules": [rule._asdict() for rule in found.rules],
        "same": found.same,
        "rewritten": found.rewritten,
        **{str(kind): n for kind, n in found.counts.items()},
        "reasons": found.reasons,
        "withheld": found.withheld,
        "rows": [_row(one) for one in found.differences],
    }


def _row(one: "Difference") -> dict[str, Any]:
    return {
        "kind": one.kind,
        "item": one.item,
        "other": one.other,
        "before": _side(one.before),
        "after": _side(one.after),
        "moved": one.moved,
        "why": list(one.why),
        "because": [entry._asdict() for entry in one.because],
    }


def _side(side: "Side | None") -> dict[str, Any] | None:
    return None if side is None else side._asdict()


COMMANDS = {"release compare": Command(_add, _run, "reviewer release compare refunds-kto refunds-kto-2")}

"""`reviewer release`: a frozen training data set, and checking one."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Options
from reviewer.domain import releases
from reviewer.domain.errors import Refused

_LISTED = 20
_PREVIEWED = 2


def _release_options(options: Options) -> None:
    options.add_argument("campaigns", nargs="+", metavar="CAMPAIGN", help="names or ids")
    options.add_argument("--format", required=True, metavar="F", help="such as trl-kto: `reviewer formats` lists them")
    options.add_argument("--out", metavar="DIR", help="a folder that does not exist yet; not needed with --dry-run")
    options.add_argument("--dry-run", action="store_true", help="make and count the rows, show the first ones, and write nothing")
    options.add_argument(
        "--aggregate", default="answer", metavar="A", help="how labels become one answer: answer, majority, dawid_skene (answer)"
    )
    options.add_argument(
        "--min-confidence", metavar="P", help="leave out what is less sure than this, from 0.5 to 1; where labels are weighed"
    )
    options.add_argument("--form", metavar="F", help="conversational (messages) or standard (plain text); the first that the format has")
    options.add_argument("--at", metavar="ENTRY", help="release the state of then: a release's id (the same everywhere) or another entry's")
    options.add_argument("--split", default="1,0,0", metavar="SHARES", help="train, validation and test, such as 0.9,0.05,0.05 (1,0,0)")


def _check_options(options: Options) -> None:
    options.add_argument("folder", metavar="DIR", help="the folder of a release")


def _release(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.dry_run:
        return _preview(call)
    if given.out is None:
        raise Refused("No folder was named.", "Say --out DIR, or --dry-run to write nothing.")
    with call.opened() as workspace:
        done = operations.releasing.release_dataset(workspace, call.ticket, out=Path(given.out).expanduser(), **_asked(given)).value
    for warning in done.warnings:
        call.out.note(f"note: {warning}")
    call.out.note(f"note: {done.open.note}")
    left = releases.reasons(done.dropped)
    document = {
        "release": done.release,
        "path": str(done.folder),
        "manifest": done.manifest,
        "rows": done.rows,
        "dropped": done.dropped,
        "files": msgspec.to_builtins(done.files),
        "warnings": list(done.warnings),
        **done.open._asdict(),
    }
    rows = ", ".join(f"{n:,} {part}" for part, n in done.rows.items() if n)
    call.out.answer(document, f"Released {rows} to {done.folder}." + (f"\nLeft out: {left}." if left else ""))
    return DONE


def _asked(given: Namespace) -> dict[str, Any]:
    """What a release holds, by the names of both operations: a preview shows what is written."""
    return {
        "campaigns": given.campaigns,
        "format_name": given.format,
        "aggregate": given.aggregate,
        "split": given.split,
        "form": given.form,
        "min_confidence": given.min_confidence,
        "at": given.at,
    }


def _preview(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        seen = operations.release_previews.preview_release(workspace, call.ticket, **_asked(given)).value
    for warning in seen.warnings:
        call.out.note(f"note: {warning}")
    counts = seen.counts or {}
    document = {
        "rows": counts,
        "dropped": seen.dropped,
        "first": [{"part": one.part, "row": msgspec.json.decode(one.line)} for one in seen.rows],
        "hidden": seen.hidden,
        "warnings": list(seen.warnings),
    }
    left = releases.reasons(seen.dropped)
    lines = [f"Would release {', '.join(f'{n:,} {part}' for part, n in counts.items() if n)}. Nothing was written."]
    lines += [f"Left out: {left}."] if left else []
    for number, one in enumerate(seen.rows[:_PREVIEWED], 1):
        lines.append(f"Row {number}, {one.part}")
        lines += operations.release_telling.as_lines(operations.release_telling.columns(one.line))
    call.out.answer(document, "\n".join(lines))
    return DONE


def _check(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.release_checks.check_release(workspace, call.ticket, folder=Path(call.options.folder).expanduser()).value
    lines = [f"{found.traced:,} of {found.rows:,} rows trace to their labels and items."]
    lines.extend(f"{problem.where}: {problem.what}" for problem in found.broken[:_LISTED])
    if len(found.broken) > _LISTED:
        lines.append(f"and {len(found.broken) - _LISTED:,} more: see --json")
    document = {"rows": found.rows, "traced": found.traced, "broken": [problem._asdict() for problem in found.broken]}
    call.out.answer(document, "\n".join(lines))
    return DOES_NOT_HOLD if found.broken else DONE


COMMANDS = {
    "release": Command(_release_options, _release, "reviewer release refunds --format trl-kto --out refunds-kto --split 0.9,0.05,0.05"),
    "release check": Command(_check_options, _check, "reviewer release check refunds-kto"),
}

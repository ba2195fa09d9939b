"""`reviewer verify`: checking everything."""

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Options

_LISTED = 20


def _add(options: Options) -> None:
    options.add_argument("--rebuild", action="store_true", help="make all tables anew from items and journal first")


def _run(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.verifying.verify(workspace, call.ticket, rebuild=call.options.rebuild).value
    document = {
        "entries": found.entries,
        "items": found.items,
        "members": found.members,
        "ok": found.ok,
        "problems": [{"where": problem.where, "what": problem.what} for problem in found.problems],
        "digest": found.digest,
        "set_digest": found.set_digest,
        "unwitnessed": found.unwitnessed,
        "notes": [{"where": note.where, "what": note.what} for note in found.notes],
    }
    verdict = "all in order" if found.ok else "not in order"
    lines = [f"{found.entries:,} entries, {found.items:,} items, {found.members:,} members: {verdict}."]
    lines.extend(f"{problem.where}: {problem.what}" for problem in found.problems[:_LISTED])
    if len(found.problems) > _LISTED:
        lines.append(f"and {len(found.problems) - _LISTED:,} more: see --json")
    lines.extend(f"note: {note.where}: {note.what}" for note in found.notes[:_LISTED])
    lines.append(f"state {found.digest}, not yet witnessed: {found.unwitnessed:,} entries")
    call.out.answer(document, "\n".join(lines))
    return DONE if found.ok else DOES_NOT_HOLD


COMMANDS = {"verify": Command(_add, _run, "reviewer verify --rebuild")}

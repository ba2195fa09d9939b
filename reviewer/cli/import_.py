"""`reviewer import`: agent runs in."""

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Options
from reviewer.cli.output import one_line


def _add(options: Options) -> None:
    options.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, globs, or - for standard input")
    options.add_argument("--format", default="auto", metavar="F", help="the format, where it is not to be guessed: see `reviewer formats`")
    options.add_argument("--map", metavar="FILE.toml", help="which column of a table is which field")
    options.add_argument("--agent", metavar="A", help="set the agent of every item")
    options.add_argument("--strict", action="store_true", help="import nothing if one record cannot be read")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.formats import column_maps
    from reviewer.formats.format import Options as Reading

    given = call.options
    reading = Reading(given.format, column_maps.load(given.map) if given.map else None, given.agent)
    with call.opened() as workspace:
        done = operations.importing.import_files(workspace, call.ticket, paths=given.paths, options=reading, strict=given.strict).value
    document = {
        "read": done.read,
        "added": done.added,
        "known": done.known,
        "rejected": done.rejected,
        "rejects": str(done.rejects) if done.rejects else None,
        "skipped": [{"path": left.path, "reason": left.reason} for left in done.skipped],
        "formats": done.formats,
        "seconds": done.seconds,
    }
    for left in done.skipped if not call.out.as_json else ():
        call.out.note(f"skipped {one_line(left.path, 200)}: {one_line(left.reason, 200)}")
    text = f"Read {done.read:,}: {done.added:,} added, {done.known:,} known already, {done.rejected:,} rejected."
    if done.rejects:
        text += f"\nThe rejected records and the reasons are in {done.rejects}."
    if done.refused:
        text = f"Imported nothing, as --strict asks: {done.rejected:,} records cannot be read.\nThey are in {done.rejects}."
    call.out.answer(document, text)
    return DOES_NOT_HOLD if done.refused else DONE


COMMANDS = {"import": Command(_add, _run, "reviewer import runs/ results.json.gz --agent airline")}

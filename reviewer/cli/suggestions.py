"""`reviewer suggestions`: what machines say of items."""

from pathlib import Path

from reviewer.cli import rejected
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options


def _add(options: Options) -> None:
    options.add_argument(
        "file",
        nargs="?",
        metavar="FILE.jsonl",
        help="one opinion a line: item or external_id, and verdict or score; rationale may be there",
    )
    options.add_argument(
        "--format", default="auto", metavar="F", help="take what came with records of a format that brings opinions of judges"
    )
    options.add_argument("--agent", metavar="A", help="with --format: the agent that the items were imported with, if one was named")
    options.add_argument("--judge", default="", metavar="NAME", help="who says so; the field's name if left out with --from-metadata")
    options.add_argument("--from-metadata", metavar="FIELD", help="take a score that came with the items instead; a.b looks into a")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.formats.format import Options as Reading

    given = call.options
    if (given.file is None) == (given.from_metadata is None):
        raise Misspelt("Either a file or --from-metadata is needed.", "See `reviewer suggestions import --help`.")
    if given.file is not None and not given.judge:
        raise Misspelt("No judge was named.", "Say who suggests: --judge NAME.")
    with call.opened() as workspace:
        if given.file is not None:
            path = Path(given.file).expanduser()
            reading = Reading(format=given.format, agent=given.agent)
            done = operations.suggesting.import_suggestions(workspace, call.ticket, path=path, judge=given.judge, reading=reading).value
        else:
            field = given.from_metadata
            done = operations.suggesting.suggest_from_metadata(workspace, call.ticket, field=field, judge=given.judge).value
        rejected.answer_import(call.out, workspace, done)
    return 0


COMMANDS = {"suggestions import": Command(_add, _run, "reviewer suggestions import scores.jsonl --judge upstream")}

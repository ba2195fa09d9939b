"""`reviewer labels`: many labels in, and all of them out."""

from pathlib import Path

from reviewer.cli import rejected
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options


def _import_options(options: Options) -> None:
    options.add_argument(
        "file",
        metavar="FILE",
        help="JSON lines, one label each: item or external_id, verdict, reviewer, time and so on; or CSV, TSV or Parquet with such columns,"
        " or with --map; or a file or folder of --format",
    )
    options.add_argument("--campaign", required=True, metavar="C", help="the campaign they answer")
    how = options.add_mutually_exclusive_group()
    how.add_argument(
        "--map",
        metavar="MAP",
        help="which column says what, and what its values mean: a TOML file, or a map that `reviewer formats` lists",
    )
    how.add_argument("--format", default="auto", metavar="F", help="take the labels that came with records of a format that brings some")
    options.add_argument("--agent", metavar="A", help="with --format: the agent that the items were imported with, if one was named")


def _export_options(options: Options) -> None:
    options.add_argument("file", metavar="FILE", help="where they go; .jsonl, .csv or .parquet chooses the format")
    options.add_argument("--campaign", metavar="C", help="only those of a campaign")
    options.add_argument("--history", action="store_true", help="also those undone or replaced")


def _import(call: Call) -> int:
    from reviewer import operations
    from reviewer.formats.label_files import Reading

    given = call.options
    reading = Reading(given.format, operations.maps.label_map(given.map) if given.map else None, given.agent)
    with call.opened() as workspace:
        path = Path(given.file).expanduser()
        done = operations.label_imports.import_labels(workspace, call.ticket, path=path, campaign=given.campaign, reading=reading).value
        rejected.answer_import(call.out, workspace, done)
    return 0


def _export(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.exporting.export_labels(
            workspace,
            call.ticket,
            path=Path(call.options.file).expanduser(),
            campaign=call.options.campaign,
            history=call.options.history,
        ).value
    if done.withheld:
        call.out.note(f"note: {done.withheld:,} labels were left out: you have still to judge their items blind.")
    if done.damaged:
        call.out.note(f"note: {done.damaged:,} labels were left out: what their device wrote does not verify. [E107]")
    call.out.note(f"note: {done.open.note}")
    document = {"labels": done.labels, "path": str(done.path), "sha256": done.sha256, "withheld": done.withheld, **done.open._asdict()}
    document["damaged"] = done.damaged
    call.out.answer(
        document,
        f"Wrote {done.labels:,} labels to {done.path}.",
    )
    return 0


COMMANDS = {
    "labels import": Command(
        _import_options,
        _import,
        "reviewer labels import verdicts.jsonl --campaign refunds",
    ),
    "labels export": Command(_export_options, _export, "reviewer labels export refunds.csv --campaign refunds --history"),
}

"""`reviewer labels`: many labels in, and all of them out."""

from pathlib import Path

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options


def _import_options(options: Options) -> None:
    options.add_argument("file", metavar="FILE.jsonl", help="one label a line: item or external_id, verdict, reviewer, time and so on")
    options.add_argument("--campaign", required=True, metavar="C", help="the campaign they answer")


def _export_options(options: Options) -> None:
    options.add_argument("file", metavar="FILE", help="where they go; .jsonl, .csv or .parquet chooses the format")
    options.add_argument("--campaign", metavar="C", help="only those of a campaign")
    options.add_argument("--history", action="store_true", help="also those undone or replaced")


def _import(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.label_imports.import_labels(
            workspace, call.ticket, path=Path(call.options.file).expanduser(), campaign=call.options.campaign
        ).value
    text = f"Read {done.read:,}: {done.added:,} added, {done.known:,} known already, {done.rejected:,} rejected."
    if done.rejects:
        text += f"\nThe rejected lines and the reasons are in {done.rejects}."
    call.out.answer({**done._asdict(), "rejects": str(done.rejects) if done.rejects else None}, text)
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
    call.out.answer(
        {"labels": done.labels, "path": str(done.path), "sha256": done.sha256, "withheld": done.withheld},
        f"Wrote {done.labels:,} labels to {done.path}.",
    )
    return 0


COMMANDS = {
    "labels import": Command(_import_options, _import, "reviewer labels import verdicts.jsonl --campaign refunds"),
    "labels export": Command(_export_options, _export, "reviewer labels export refunds.csv --campaign refunds --history"),
}

"""`reviewer gold`: known answers."""

from pathlib import Path

from reviewer.cli import rejected
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options


def _add(options: Options) -> None:
    options.add_argument("file", metavar="FILE.jsonl", help="one answer a line: item or external_id, and verdict (null takes one back)")
    options.add_argument("--campaign", required=True, metavar="C", help="the campaign whose items they answer")


def _run(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        path = Path(call.options.file).expanduser()
        done = operations.golds.import_gold(workspace, call.ticket, path=path, campaign=call.options.campaign).value
        rejected.answer_import(call.out, workspace, done)
    return 0


def _from_options(options: Options) -> None:
    options.add_argument("--from", dest="source", required=True, metavar="CAMPAIGN", help="the campaign in which items were resolved")
    options.add_argument("--campaign", required=True, metavar="C", help="the campaign in which they become gold")


def _add_from(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.golds.gold_from_resolutions(workspace, call.ticket, source=given.source, campaign=given.campaign).value
    call.out.answer(done._asdict(), f"Gold items added: {done.added:,}; known already: {done.known:,}.")
    return 0


COMMANDS = {
    "gold import": Command(_add, _run, "reviewer gold import answers.jsonl --campaign refunds"),
    "gold add": Command(_from_options, _add_from, "reviewer gold add --from refunds-may --campaign refunds"),
}

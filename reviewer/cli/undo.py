"""`reviewer undo`: taking back the last label."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options


def _add(options: Options) -> None:
    options.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help="its name or id; else the one you labelled in last")


def _run(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        gone = operations.labelling.undo_label(workspace, call.ticket, campaign=call.options.campaign).value
    call.out.answer({"undone": gone.label, "item": gone.item}, f"Took back your label on item {gone.item[:12]}; it stays in the history.")
    return 0


COMMANDS = {"undo": Command(_add, _run, "reviewer undo refunds")}

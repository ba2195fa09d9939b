"""`reviewer skip`: putting an item off."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, item_of_campaign


def _add(options: Options) -> None:
    item_of_campaign(options)
    options.add_argument("--reason", default="", metavar="TEXT", help="why, for yourself and the lead")


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        item = operations.labelling.skip_item(workspace, call.ticket, campaign=given.campaign, item=given.item, reason=given.reason).value
    call.out.answer({"item": item}, f"Put off item {item[:12]}; it comes back at the end of your queue.")
    return 0


COMMANDS = {"skip": Command(_add, _run, 'reviewer skip refunds 4f2a9c --reason "I need the price list"')}

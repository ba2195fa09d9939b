"""`reviewer escalate`: asking the lead."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, item_of_campaign


def _add(options: Options) -> None:
    item_of_campaign(options)
    options.add_argument("--reason", required=True, metavar="TEXT", help="what the lead should look at")


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        item = operations.labelling.escalate_item(
            workspace, call.ticket, campaign=given.campaign, item=given.item, reason=given.reason
        ).value
    call.out.answer({"item": item}, f"Asked the lead about item {item[:12]}; it left your queue.")
    return 0


COMMANDS = {"escalate": Command(_add, _run, 'reviewer escalate refunds 4f2a9c --reason "Is a voucher a refund?"')}

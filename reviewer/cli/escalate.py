"""`reviewer escalate`: asking the lead."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options


def _add(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("item", metavar="ITEM", help="the item's id, or its first 6 or more digits")
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

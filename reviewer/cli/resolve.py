"""`reviewer resolve`: adjudicating, or sending back."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options, item_of_campaign
from reviewer.domain.events import RULINGS


def _add(options: Options) -> None:
    item_of_campaign(options)
    options.add_argument("--verdict", metavar="V", help=f"one of: {', '.join(RULINGS)}")
    options.add_argument("--rationale", default="", metavar="TEXT", help="why")
    options.add_argument("--clause", action="append", default=[], metavar="C", help="a clause that decides: CLAUSE or KEY:CLAUSE; repeat")
    options.add_argument("--send-back", action="store_true", help="instead, ask all who labelled it for another look")


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.send_back == (given.verdict is not None):
        raise Misspelt("Either a verdict resolves an item, or it is sent back.", "Give --verdict and --rationale, or --send-back.")
    if given.send_back:
        return _send_back(call)
    with call.opened() as workspace:
        done = operations.resolving.resolve_item(
            workspace,
            call.ticket,
            campaign=given.campaign,
            item=given.item,
            verdict=given.verdict,
            rationale=given.rationale,
            clauses=given.clause,
        ).value
    call.out.answer(
        {"resolution": done.resolution, "item": done.item, "campaign_id": done.campaign, "considered": done.considered},
        f"Resolved item {done.item[:12]} as {given.verdict}, over {done.considered} labels.",
    )
    return 0


def _send_back(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.adjudicating.send_back(
            workspace, call.ticket, campaign=given.campaign, item=given.item, note=given.rationale
        ).value
    (item,) = done.items
    call.out.answer(
        {"requeue": done.requeue, "item": item, "campaign_id": done.campaign}, f"Sent item {item[:12]} back to all who labelled it."
    )
    return 0


COMMANDS = {
    "resolve": Command(_add, _run, 'reviewer resolve refunds 4f2a9c --verdict compliant --clause 4.2 --rationale "Receipt in step 4."'),
}

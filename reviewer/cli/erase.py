"""`reviewer erase`: deleting an item's content for good, on every device."""

from typing import TYPE_CHECKING

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.domain.times import utc_text

if TYPE_CHECKING:
    from reviewer.operations.erasing import Erasure

_AT_HUB = "What was sent to a hub can be removed there by whoever runs it, and by nobody else: clients only read and add."


def _add_request(options: Options) -> None:
    options.add_argument("item", metavar="ITEM", help="its id, or the first 6 or more digits")
    options.add_argument("--reason", required=True, metavar="T", help="why, in words")


def _request(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        item = operations.erasing.request_erasure(workspace, call.ticket, item=given.item, reason=given.reason).value
    call.out.answer({"item": item}, f"Asked for the erasure of {item[:12]}. `reviewer erase do {item[:12]}` erases it on each machine.")
    return 0


def _add_do(options: Options) -> None:
    options.add_argument("item", metavar="ITEM", help="its id, or the first 6 or more digits")


def _do(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.erasing.erase_item(workspace, call.ticket, item=call.options.item).value
    if done.pending:
        call.out.note(f"note: {done.standing} [E603]")
    if done.at_hub:
        call.out.note(f"note: {_AT_HUB} `reviewer erase status` says what.")
    call.out.answer(_shape(done), f"Erased {done.item[:12]} from this machine. Copies elsewhere have to be destroyed by hand.")
    return 0


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _status(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.erasing.erasures(workspace, call.ticket).value
    lines = [f"{one.item[:12]}  asked {utc_text(one.asked_ms)[:10]} by {one.by}: {one.standing}" for one in found]
    if any(one.at_hub for one in found):
        lines += ["", _AT_HUB, *(one.at_hub for one in found)]
    call.out.answer({"erasures": [_shape(one) for one in found]}, "\n".join(lines) or "Nothing is to be erased.")
    return 0


def _shape(one: "Erasure") -> dict[str, object]:
    return {
        "item": one.item,
        "asked": utc_text(one.asked_ms),
        "by": one.by,
        "reason": one.reason,
        "here": one.here,
        "done": list(one.done),
        "pending": list(one.pending),
        "at_hub": one.at_hub,
    }


COMMANDS = {
    "erase request": Command(_add_request, _request, 'reviewer erase request 4f2a9c --reason "Asked for by the customer"'),
    "erase do": Command(_add_do, _do, "reviewer erase do 4f2a9c"),
    "erase status": Command(_none, _status, "reviewer erase status"),
}

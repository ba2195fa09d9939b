"""`reviewer member`: who may act."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import table
from reviewer.domain.events import Role

if TYPE_CHECKING:
    from reviewer.operations.members import MemberDevice


def _add_options(options: Options) -> None:
    options.add_argument("names", nargs="+", metavar="NAME", help="the members' names")
    options.add_argument("--role", choices=get_args(Role), default="reviewer", help="what they may do (reviewer)")
    options.add_argument("--here", action="store_true", help="make their keys and keep them on this machine")


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _add(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.members.add_members(workspace, call.ticket, names=given.names, role=given.role, here=given.here).value
    if done.key_files:
        call.out.note(f"note: There is no keyring here; the keys lie in {done.key_files[0].parent}, readable by you alone.")
    call.out.answer(_document(done.members), f"Admitted {', '.join(one.member for one in done.members)} as {given.role}.")
    return 0


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        members = operations.members.list_members(workspace, call.ticket).value
    rows = [(one.member, one.role, one.device[:12], "yes" if one.here else "no") for one in members]
    call.out.answer(_document(members), table(rows, heads=("member", "role", "device", "key here")))
    return 0


def _document(members: "Sequence[MemberDevice]") -> dict[str, Any]:
    return {"members": [{"member": one.member, "role": one.role, "device": one.device, "here": one.here, "id": one.id} for one in members]}


COMMANDS = {
    "member add": Command(_add_options, _add, "reviewer member add Ben Cleo --here"),
    "member list": Command(_none, _list, "reviewer member list"),
}

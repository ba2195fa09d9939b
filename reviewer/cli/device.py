"""`reviewer device`: the keys that members sign with."""

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, count
from reviewer.cli.output import table

if TYPE_CHECKING:
    from reviewer.operations.machines import How


def add_revoking(options: Options) -> None:
    """The options of every revocation but how far what was written is still trusted."""
    from reviewer.operations.revoking import REASONS

    options.add_argument("--reason", choices=REASONS, default="not_given", help="why, as a code (not_given)")
    options.add_argument("--note", default="", metavar="TEXT", help="why, in words")


def _add_options(options: Options) -> None:
    options.add_argument("device", metavar="ID", help="its id, or the first 6 or more digits")
    add_revoking(options)
    trust = options.add_mutually_exclusive_group()
    trust.add_argument("--after", type=count, metavar="SEQ", help="trust its entries up to this number; else all that are here")
    trust.add_argument("--none", action="store_true", help="trust nothing that it ever wrote")


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        devices = operations.devices.list_devices(workspace, call.ticket).value
    heard = {one.device: None if one.heard_ms is None else operations.exporting.rfc3339(one.heard_ms) for one in devices}
    document = [
        {
            "device": one.device,
            "member": one.member,
            "role": one.role,
            "heard": heard[one.device],
            "unwitnessed": one.unwitnessed,
            "here": one.here,
            "revoked": one.revoked,
        }
        for one in devices
    ]
    rows = [
        (one.device[:12], one.member, one.role, heard[one.device] or "never", f"{one.unwitnessed:,}", _state(one.here, one.revoked))
        for one in devices
    ]
    call.out.answer({"devices": document}, table(rows, heads=("device", "member", "role", "heard", "unwitnessed", "")))
    return 0


def _state(here: bool, revoked: bool) -> str:
    return ", ".join(word for word, holds in (("this machine", here), ("revoked", revoked)) if holds)


def _revoke(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.revoking.revoke_device(
            workspace, call.ticket, device=given.device, reason=given.reason, note=given.note, after=0 if given.none else given.after
        ).value
    call.out.answer(
        operations.revoking.shape(done),
        f"Revoked device {done.device[:12]} of {done.member}; {done.dropped:,} of its entries count no more.",
    )
    return 0


def _moved(call: Call) -> int:
    return _settled(call, "moved")


def _restored(call: Call) -> int:
    return _settled(call, "restored")


def _settled(call: Call, how: "How") -> int:
    from reviewer import operations

    with call.opened() as workspace:
        opened = operations.machines.settle_machine(workspace, call.ticket, how=how).value
    call.out.answer({"how": how, "streams": opened}, f"The workspace belongs to this machine now; new streams: {opened}.")
    return 0


def _copied_options(options: Options) -> None:
    options.add_argument("request", metavar="REQUEST.json", help="where the request goes; give this file to a lead")


def _copied(call: Call) -> int:
    from reviewer import operations
    from reviewer.cli.join import answer_joined

    path = Path(call.options.request).expanduser()
    with call.opened() as workspace:
        joined = operations.machines.settle_copy(workspace, call.ticket, request=path).value
        answer_joined(call, joined, workspace.folder, "Once you are admitted, the next sync or bundle lets you write here.")
    return 0


COMMANDS = {
    "device copied": Command(_copied_options, _copied, "reviewer device copied request.json"),
    "device moved": Command(_none, _moved, "reviewer device moved"),
    "device restored": Command(_none, _restored, "reviewer device restored"),
    "device list": Command(_none, _list, "reviewer device list"),
    "device revoke": Command(_add_options, _revoke, "reviewer device revoke 4f2a9c --reason lost"),
}

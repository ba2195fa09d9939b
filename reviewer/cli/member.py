"""`reviewer member`: who may act."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from reviewer.cli.call import Call, Command
from reviewer.cli.device import add_revoking
from reviewer.cli.files import text_file
from reviewer.cli.options import Misspelt, Options
from reviewer.cli.output import table
from reviewer.domain.events import Role

if TYPE_CHECKING:
    from reviewer.operations.members import MemberDevice

_NAMED = 20


def _add_options(options: Options) -> None:
    options.add_argument("names", nargs="*", metavar="NAME", help="the members' names")
    options.add_argument("--from", metavar="FILE", dest="list", help="a text file with further names, one a line")
    options.add_argument("--role", choices=get_args(Role), help="what they may do (reviewer)")
    where = options.add_mutually_exclusive_group()
    where.add_argument("--here", action="store_true", help="make their keys and keep them on this machine")
    where.add_argument("--request", metavar="FILE", help="admit the device of a request; a further one, if NAME is a member already")


def _revoke_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="the member's name, or the first digits of their id")
    add_revoking(options)
    options.add_argument("--none", action="store_true", help="trust nothing that they ever wrote; else all that is here")


def _rename_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="the member's name, or the first digits of their id")
    options.add_argument("new", metavar="NEW", help="the name from now on")


def _role_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="the member's name, or the first digits of their id")
    options.add_argument("role", choices=get_args(Role), help="a stronger role than they have")


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _add(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.request is not None:
        return _admit(call)
    role: Role = given.role or "reviewer"
    names = _names(given)
    with call.opened() as workspace:
        done = operations.members.add_members(workspace, call.ticket, names=names, role=role, here=given.here).value
    if done.key_files:
        call.out.note(f"note: There is no keyring here; the keys lie in {done.key_files[0].parent}, readable by you alone.")
    call.out.answer(_document(done.members), f"Admitted {_told(done.members)} as {role}.")
    return 0


def _names(given: Namespace) -> list[str]:
    """The names typed, then those of the list."""
    listed = text_file(given.list).splitlines() if given.list is not None else []
    names = [*given.names, *(line.strip() for line in listed if line.strip())]
    if not names:
        raise Misspelt("Nobody was named.", "Give one NAME or more, or --from FILE.")
    return names


def _told(members: "Sequence[MemberDevice]") -> str:
    """The members' names, or how many where that is too much to read."""
    if len(members) > _NAMED:
        return f"{len(members):,} members"
    return ", ".join(one.member for one in members)


def _admit(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if len(given.names) != 1 or given.list is not None:
        raise Misspelt("A request is that of one member.", "Give one NAME with --request.")
    request, _ = operations.joining.read_request(Path(given.request).expanduser())
    with call.opened() as workspace:
        done = operations.members.admit_request(workspace, call.ticket, request=request, name=given.names[0], role=given.role).value
        project = operations.joining.project_of(workspace, call.ticket).value
    one, words = done.member, " ".join(done.words)
    what = f"a further device of {one.member}" if done.further else f"{one.member}, a new member"
    lines = [
        f"Admitted {what}, as {one.role}: device {one.device[:12]}.",
        f"The request's words: {words}",
        f"If they are not those that {one.member} sees, revoke it: reviewer device revoke {one.device[:12]} --none",
    ]
    document = {**_document([one]), "further": done.further, "fingerprint": one.device, "words": list(done.words)}
    if project is not None:
        lines.append(f"Let them compare the project after the first sync: {project.name}, {' '.join(project.words)}")
        document["project"] = {"name": project.name, "id": project.root, "words": list(project.words)}
    call.out.answer(document, "\n".join(lines))
    return 0


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        members = operations.members.list_members(workspace, call.ticket).value
        project = operations.joining.project_of(workspace, call.ticket).value
        waiting = workspace.me if workspace.me.waiting else None
    rows = [(one.member, one.role, one.device[:12], "yes" if one.here else "no", "revoked" if one.revoked else "") for one in members]
    document, lines = _document(members), [table(rows, heads=("member", "role", "device", "key here", ""))]
    if project is not None:
        document["project"] = {"name": project.name, "id": project.root, "lead": project.lead, "words": list(project.words)}
        lines.insert(0, f"Project {project.name}, begun by {project.lead}: {' '.join(project.words)} ({project.root[:12]})\n")
    if waiting is not None:
        document["waiting"] = waiting.name
        lines.append(f"\n{waiting.name} waits to be admitted.")
    call.out.answer(document, "\n".join(lines))
    return 0


def _revoke(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.revoking.revoke_member(
            workspace, call.ticket, name=given.name, reason=given.reason, note=given.note, trust=not given.none
        ).value
    dropped = sum(one.dropped for one in done)
    call.out.answer(
        {"revoked": [operations.revoking.shape(one) for one in done]},
        f"Revoked {done[0].member}, devices {', '.join(one.device[:12] for one in done)}; {dropped:,} entries count no more.",
    )
    return 0


def _rename(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        member = operations.members.rename_member(workspace, call.ticket, name=call.options.name, new=call.options.new).value
    call.out.answer({"member": member.name, "id": member.id, "role": member.role}, f"{call.options.name} is called {member.name} now.")
    return 0


def _role(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        member = operations.members.change_role(workspace, call.ticket, name=call.options.name, role=call.options.role).value
    call.out.answer({"member": member.name, "id": member.id, "role": member.role}, f"{member.name} is {member.role} now.")
    return 0


def _document(members: "Sequence[MemberDevice]") -> dict[str, Any]:
    return {
        "members": [
            {"member": one.member, "role": one.role, "device": one.device, "here": one.here, "revoked": one.revoked, "id": one.id}
            for one in members
        ]
    }


COMMANDS = {
    "member add": Command(_add_options, _add, "reviewer member add Ben Cleo --here"),
    "member list": Command(_none, _list, "reviewer member list"),
    "member revoke": Command(_revoke_options, _revoke, "reviewer member revoke Ben --reason left"),
    "member rename": Command(_rename_options, _rename, "reviewer member rename Ben Benjamin"),
    "member role": Command(_role_options, _role, "reviewer member role Ben adjudicator"),
}

"""`reviewer init`: a workspace and its first member."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options
from reviewer.domain.errors import Refused


def _add(options: Options) -> None:
    options.add_argument("folder", nargs="?", metavar="DIR", help="where it goes; else --workspace, or the usual folder")
    options.add_argument("--encrypt", action="store_true", help="not in this version")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.storage.folders import default_workspace

    if call.options.encrypt:
        raise Refused("Encrypted workspaces are not in this version.", "Leave out --encrypt; keep the folder on an encrypted disk.")
    if call.member is None:
        raise Misspelt("It was not said who the first member is.", "Add --as NAME: the name under which your labels are signed.")
    folder = call.new_folder(call.options.folder, default_workspace)
    workspace = operations.workspaces.create_workspace(folder, member=call.member).value
    try:
        member, device = workspace.me.name, operations.members.list_members(workspace, call.ticket).value[0].device
        if workspace.key_file is not None:
            call.out.note(f"note: There is no keyring here; the key lies in {workspace.key_file}, readable by you alone.")
    finally:
        workspace.close()
    call.remember(folder)
    place = str(folder.resolve())
    call.out.answer({"workspace": place, "member": member, "device": device}, f"Made the workspace {place} for {member}.")
    return 0


COMMANDS = {"init": Command(_add, _run, "reviewer init my-reviews --as Ada")}

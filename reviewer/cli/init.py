"""`reviewer init`: a workspace and its first member."""

from reviewer.cli import passphrases
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options
from reviewer.storage.sealing import ENVIRONMENT


def _add(options: Options) -> None:
    options.add_argument("folder", nargs="?", metavar="DIR", help="where it goes; else --workspace, or the usual folder")
    options.add_argument("--encrypt", action="store_true", help=f"encrypt it; the passphrase is asked for, or in ${ENVIRONMENT}")
    options.add_argument("--keyring", action="store_true", help="with --encrypt: let the keyring of this system open it as well")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.storage.folders import default_workspace

    if call.member is None:
        raise Misspelt("It was not said who the first member is.", "Add --as NAME: the name under which your labels are signed.")
    given = call.options
    folder = call.new_folder(given.folder, default_workspace)
    passphrase = passphrases.chosen(call.out, ENVIRONMENT) if given.encrypt else None
    made = operations.workspaces.create_workspace(folder, member=call.member, passphrase=passphrase, in_keyring=given.keyring)
    workspace = made.value
    try:
        member, device = workspace.me.name, operations.members.list_members(workspace, call.ticket).value[0].device
        call.note_key_file(workspace.key_file)
    finally:
        workspace.close()
    call.remember(folder)
    place = str(folder.resolve())
    call.out.answer({"workspace": place, "member": member, "device": device}, f"Made the workspace {place} for {member}.")
    return 0


COMMANDS = {"init": Command(_add, _run, "reviewer init my-reviews --as Ada")}

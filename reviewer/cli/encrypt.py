"""`reviewer encrypt` and `reviewer passphrase`: sealing a workspace, and changing what opens it."""

from reviewer.cli import passphrases
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.storage.sealing import ENVIRONMENT


def _add_keyring(options: Options) -> None:
    options.add_argument("--keyring", action="store_true", help="let the keyring of this system open it as well")


def _encrypt(call: Call) -> int:
    from reviewer import operations

    folder = call.folder()
    passphrase = passphrases.chosen(call.out, ENVIRONMENT)
    done = operations.encrypting.encrypt_workspace(folder, call.ticket, passphrase=passphrase, in_keyring=call.options.keyring).value
    call.out.note(f"note: {operations.encrypting.AFTER}")
    said = "Completed the encryption of" if done.completed else "Encrypted"
    call.out.answer({"workspace": str(folder.resolve()), "completed": done.completed}, f"{said} {folder.resolve()}.")
    return 0


def _add_passphrase(options: Options) -> None:
    _add_keyring(options)
    options.add_argument("--no-keyring", action="store_true", help="take out of the keyring what opens it")


def _passphrase(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        operations.encrypting.require_encrypted(workspace)
        new = passphrases.chosen(call.out, passphrases.NEW_ENVIRONMENT)
        in_keyring = True if given.keyring else False if given.no_keyring else None
        operations.encrypting.change_passphrase(workspace, call.ticket, passphrase=new, in_keyring=in_keyring)
        place = str(workspace.folder.resolve())
    call.out.answer({"workspace": place}, f"Changed the passphrase of {place}. Copies made before still open with the old one.")
    return 0


COMMANDS = {
    "encrypt": Command(_add_keyring, _encrypt, "reviewer encrypt"),
    "passphrase": Command(_add_passphrase, _passphrase, "reviewer passphrase"),
}

"""`reviewer join`: asking to be admitted to a project that others lead."""

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli import passphrases
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options
from reviewer.storage.sealing import ENVIRONMENT

if TYPE_CHECKING:
    from reviewer.operations.joining import Joined


def _add(options: Options) -> None:
    options.add_argument("request", metavar="REQUEST.json", help="where the request goes; give this file to a lead")
    options.add_argument("--encrypt", action="store_true", help=f"encrypt the workspace; the passphrase is asked for, or in ${ENVIRONMENT}")
    options.add_argument("--keyring", action="store_true", help="with --encrypt: let the keyring of this system open it as well")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.storage.folders import default_workspace

    if call.member is None:
        raise Misspelt("It was not said who joins.", "Add --as NAME: the name under which your labels are signed.")
    folder = call.new_folder(None, default_workspace)
    path = Path(call.options.request).expanduser()
    passphrase = passphrases.chosen(call.out, ENVIRONMENT) if call.options.encrypt else None
    joined = operations.joining.join_project(
        folder, member=call.member, request=path, passphrase=passphrase, in_keyring=call.options.keyring
    ).value
    call.remember(folder)
    answer_joined(call, joined, folder, "Once you are admitted, `reviewer sync` or `reviewer bundle apply` fills the workspace.")
    return 0


def answer_joined(call: Call, joined: "Joined", folder: Path, then: str) -> None:
    """Say where a request is and which words to compare. then: what follows."""
    call.note_key_file(joined.key_file)
    words, place = " ".join(joined.words), str(folder.resolve())
    call.out.answer(
        {
            "request": str(joined.request.resolve()),
            "fingerprint": joined.device,
            "words": list(joined.words),
            "workspace": place,
        },
        f"Give {joined.request} to a lead, and compare these six words by voice, not in the same message:\n\n  {words}\n\n{then}",
    )


COMMANDS = {"join": Command(_add, _run, "reviewer join ben.json --as Ben --workspace reviews")}

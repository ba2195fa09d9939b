"""Passphrases: from the environment, else asked for on a terminal without echo. They are never an option: other programs see those."""

import getpass
import os
import sys
from pathlib import Path

from reviewer.cli.output import Output
from reviewer.domain.errors import Refused

NEW_ENVIRONMENT = "REVIEWER_NEW_PASSPHRASE"


def asked(folder: Path) -> str | None:
    """The passphrase of a workspace, from a person at the terminal; None where none is needed or nobody is there to ask."""
    from reviewer import operations

    if not sys.stdin.isatty() or not operations.encrypting.needs_passphrase(folder):
        return None
    return getpass.getpass("Passphrase: ")


def chosen(out: Output, environment: str) -> str:
    """A new passphrase: what the environment names, else typed twice. Says first that a lost one cannot be brought back. Raises Refused."""
    from reviewer import operations

    out.note(f"note: {operations.encrypting.BEFORE}")
    named = os.environ.get(environment)
    if named is not None:
        return named
    if not sys.stdin.isatty():
        raise Refused("No passphrase was given, and there is no terminal to ask on.", f"Put it into ${environment}.")
    first = getpass.getpass("New passphrase: ")
    if getpass.getpass("The same again: ") != first:
        raise Refused("The two passphrases differ.", "Run the command again; nothing was changed.")
    return first

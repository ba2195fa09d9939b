"""The key of a service that is paid for: from the environment, else from the OS keyring; never in a workspace, a file or a message."""

import os

import keyring
import keyring.errors

from reviewer.domain.errors import NotSaved, Refused

ENVIRONMENT = "MISTRAL_API_KEY"

_SERVICE = "reviewer"
_ENTRY = "mistral"


def find() -> str | None:
    """The key; None where there is none."""
    named = os.environ.get(ENVIRONMENT, "").strip()
    if named:
        return named
    try:
        return keyring.get_password(_SERVICE, _ENTRY) or None
    except keyring.errors.KeyringError:
        return None


def keep(key: str) -> None:
    """Put a key into the OS keyring. Raises Refused for what cannot be one, NotSaved where no keyring keeps it."""
    plain = key.strip()
    if not plain or not plain.isascii() or not plain.isprintable() or " " in plain:
        raise Refused("That is no key: a key is one word of plain characters.", "Copy it again from the console of the service.")
    try:
        keyring.set_password(_SERVICE, _ENTRY, plain)
        if keyring.get_password(_SERVICE, _ENTRY) == plain:
            return  # read back: there are keyrings that take everything and keep nothing
    except keyring.errors.KeyringError:
        pass
    raise NotSaved("There is no keyring here that keeps it.", f"Put the key into ${ENVIRONMENT} instead.", "E103")


def forget() -> bool:
    """Take the key out of the OS keyring. Returns whether there was one."""
    try:
        if keyring.get_password(_SERVICE, _ENTRY) is None:
            return False
        keyring.delete_password(_SERVICE, _ENTRY)
    except keyring.errors.KeyringError:
        return False
    return True

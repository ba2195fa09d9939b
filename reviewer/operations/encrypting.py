"""Encrypting a workspace, changing its passphrase, and what a person must know of both."""

from pathlib import Path
from typing import NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.passphrases import Judgement, judge
from reviewer.domain.progress import Ticket
from reviewer.storage import conversion, sealing
from reviewer.storage.folders import seal_file
from reviewer.storage.workspace import Workspace

BEFORE = "Nobody can read this workspace without the passphrase: not you either. If it is lost, nothing and nobody can bring it back."
AFTER = (
    "What lay in clear was written over and removed. Flash disks, snapshots and backups of the system may keep old blocks of it: "
    "where that matters, keep the workspace on an encrypted disk as well."
)


class Encrypted(NamedTuple):
    """A workspace that was encrypted. completed: an earlier try had come to the point where only leftovers had to go."""

    folder: Path
    completed: bool


def is_encrypted(folder: Path) -> bool:
    """Whether a workspace is encrypted. Asks the disk only for the names of files."""
    return seal_file(folder) is not None


def needs_passphrase(folder: Path) -> bool:
    """Whether a person has to be asked: it is encrypted, and neither $REVIEWER_PASSPHRASE nor the OS keyring opens it."""
    return is_encrypted(folder) and not sealing.opens_by_itself(folder)


def wait_s(folder: Path) -> float:
    """Seconds until another passphrase is looked at, after a wrong one."""
    return sealing.wait_s(folder)


def encrypt_workspace(folder: Path, ticket: Ticket, *, passphrase: str, in_keyring: bool = False) -> Outcome[Encrypted]:
    """Encrypt a plain workspace where it lies. Killed at any point it opens with everything, and run again it completes.

    It can be cancelled up to the moment from which it is encrypted; what is left then is finished. Raises Refused for a passphrase that is
    too short and for one that is encrypted already, Busy while anybody else has it open, and what opening a workspace raises. Nothing is
    changed then.
    """
    sealing.check_passphrase(passphrase)
    if conversion.state(folder) is conversion.State.SEALED:
        raise Refused(f"{folder} is encrypted already.", "`reviewer passphrase` changes its passphrase.")
    # Opening it brings it up to date, and unlocks one that waits for its completion.
    workspace = Workspace.open(folder, passphrase=passphrase)
    seal = workspace.seal
    workspace.close()
    cut_off = seal is not None
    if seal is None:
        seal = sealing.new_seal()
        conversion.convert(folder, seal, passphrase, ticket.step, in_keyring=in_keyring)
    conversion.complete(folder, seal, conversion.devices_here(folder, seal.database_key), ticket.tell)
    return Outcome(Encrypted(folder, cut_off))


def judge_passphrase(passphrase: str) -> Judgement:
    """How hard a passphrase is to guess, for advice while it is typed."""
    return judge(passphrase, least=sealing.LEAST_CHARACTERS)


def check_present(folder: Path, passphrase: str) -> None:
    """Raise Locked unless this passphrase opens an encrypted workspace; a wrong one makes the next wait, as when it is opened."""
    sealing.unlock(folder, passphrase)


def is_in_keyring(workspace: Workspace) -> bool:
    """Whether the OS keyring opens an encrypted workspace."""
    return workspace.seal is not None and sealing.in_keyring(workspace.seal)


def require_encrypted(workspace: Workspace) -> sealing.Seal:
    """The seal of an encrypted workspace. Raises Refused for a plain one."""
    if workspace.seal is None:
        raise Refused(f"{workspace.folder} is not encrypted.", "`reviewer encrypt` encrypts it.")
    return workspace.seal


def change_passphrase(workspace: Workspace, ticket: Ticket, *, passphrase: str, in_keyring: bool | None = None) -> Outcome[None]:
    """Another passphrase for an encrypted workspace; what is sealed stays as it is.

    in_keyring: whether the OS keyring opens it from now on; None: as before. Raises Refused for a plain workspace or a passphrase that is
    too short; then the old one stays.
    """
    seal, place = require_encrypted(workspace), seal_file(workspace.folder)
    assert place is not None
    ticket.step(0, 1, "Wrapping the key")
    kept = sealing.in_keyring(seal)
    sealing.write_seal(place, seal, passphrase, in_keyring=kept if in_keyring is None else in_keyring)
    if kept and in_keyring is False:
        sealing.forget_keyring(seal)
    ticket.step(1, 1, "Wrapping the key")
    return Outcome(None)

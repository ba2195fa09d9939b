"""A new workspace: the place where it may lie, its first keys, and the project that it begins or waits to join."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.admissions import own_stream
from reviewer.domain.chain import MemberId
from reviewer.domain.errors import NotSaved, Refused
from reviewer.domain.events import Event, Genesis
from reviewer.storage import driver, journal, keys, machines, sealing, unfinished
from reviewer.storage.folders import DATABASE, SEAL, network_disk, sync_folder
from reviewer.storage.locks import holding

if TYPE_CHECKING:
    from reviewer.storage.workspace import Workspace


class Lock(NamedTuple):
    """How a new workspace is encrypted. in_keyring: the OS keyring opens it as well."""

    passphrase: str
    in_keyring: bool


def refuse_network(folder: Path) -> None:
    """Raises CannotStart for a folder on a network disk, where locks and syncs do not hold."""
    kind = network_disk(folder)
    if kind is not None:
        raise driver.CannotStart(
            f"Cannot start safely: {folder} lies on a network disk ({kind}).",
            "Keep the workspace on a disk of this machine; share by sync.",
        )


@contextmanager
def room(folder: Path, lock: Lock | None) -> Iterator[None]:
    """A folder for a new workspace, made so that it survives a power cut. For the `with` block nobody else makes one there.

    One that was never finished is taken away. Raises Refused where a workspace or other files lie in it, or somebody else makes one,
    and NotSaved where it cannot be made.
    """
    if lock is not None:
        sealing.check_passphrase(lock.passphrase)
    refuse_network(folder)
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
            held = stack.enter_context(holding(folder))
        except OSError as error:
            raise NotSaved(f"{folder} cannot be written.", "Choose a folder that you may write to.", "E103") from error
        if not held:
            raise Refused(
                f"Somebody else is making a workspace in {folder}.", "Wait until it is made, then open it, or choose another folder."
            )
        unfinished.clear(folder, None if lock is None else lock.passphrase)
        if (folder / DATABASE).exists():
            raise Refused(f"{folder} holds a workspace already.", "Open it, or choose another folder.")
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not empty.", "Choose an empty folder, or one that does not exist yet.")
        yield


def lay_tables(workspace: "Workspace", lock: Lock | None) -> None:
    """A seal, if it is to be encrypted, and a database without rows, both on disk."""
    if workspace.seal is not None and lock is not None:
        sealing.write_seal(workspace.folder / SEAL, workspace.seal, lock.passphrase, in_keyring=lock.in_keyring)
    workspace.migrate()
    sync_folder(workspace.folder)


def begin_joining(workspace: "Workspace", name: str) -> None:
    """Keys of a device that waits to be admitted to a project which this replica does not know yet."""
    device = _new_key(workspace).device
    waits = {"name": name, "device": device, "stream": own_stream(device)}
    with workspace.begin() as work:
        work.set_fact("joining", json.dumps(waits))
        work.set_fact("devices_here", "[]")
        machines.stay(work)


def begin_project(workspace: "Workspace", name: str, project: str) -> None:
    """A project, and its first member, whose key is its root."""
    key = _new_key(workspace)
    entropy = workspace.surroundings.entropy
    signer = journal.Signer(MemberId(entropy(16).hex()), key.device, own_stream(key.device), key.sign)
    genesis = Genesis(project, signer.member, name, key.device, key.sign_hex, key.seal_hex, entropy(16).hex())
    with workspace.begin() as work:
        work.record(Event("genesis", genesis), signer=signer)
        work.set_fact("devices_here", json.dumps([key.device]))
        machines.stay(work)


def _new_key(workspace: "Workspace") -> keys.DeviceKey:
    key = keys.new_key()
    workspace.key_file = keys.keep(key, workspace.seal)
    return key

"""What is in order on this machine and in a workspace, and what is missing."""

import importlib.metadata
import importlib.util
import platform
import shutil
from pathlib import Path
from typing import NamedTuple

import keyring

from reviewer import __version__
from reviewer.domain.errors import ReviewerError
from reviewer.storage import conversion, driver
from reviewer.storage.assets import migrations, resource
from reviewer.storage.folders import config_folder
from reviewer.storage.workspace import Workspace

_LEAST_FREE = 256 * 1024 * 1024
_PARTS = ("SQLAlchemy", "pandas", "pyarrow", "msgspec", "cryptography")

_ENCRYPTION = {
    conversion.State.PLAIN: "It is not encrypted: whoever gets at the disk can read it. `reviewer encrypt` seals it.",
    conversion.State.CUT_OFF: "It is encrypted, and parts may still lie beside it in clear. Run `reviewer encrypt` again to complete it.",
    conversion.State.SEALED: "It is encrypted.",
}


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    what: str


def check_machine() -> tuple[Check, ...]:
    """Versions and what this machine offers; touches no workspace."""
    sqlite = driver.version()
    window = importlib.util.find_spec("PySide6") is not None
    parts = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PARTS)
    return (
        Check("reviewer", True, __version__),
        Check("python", True, f"{platform.python_version()} on {platform.platform()}"),
        Check("sqlite", sqlite >= driver.MINIMUM, ".".join(map(str, sqlite))),
        Check("parts", True, parts),
        Check("window", window, "Qt is installed." if window else "PySide6 is missing: only the command line works here."),
        Check("keyring", True, _keyring()),
        _resources(),
    )


def _keyring() -> str:
    keeper = keyring.get_keyring()
    if keeper.priority > 0:
        return f"Keys go into {keeper.name}."
    return f"There is no keyring here: keys go into files below {config_folder() / 'keys'}, readable by you alone."


def _resources() -> Check:
    try:
        missing = [
            place.name for place in (migrations(), resource("sample"), resource("dictionaries"), resource("report")) if not place.exists()
        ]
    except FileNotFoundError as error:
        return Check("resources", False, str(error))
    return Check("resources", not missing, f"Missing: {', '.join(missing)}." if missing else "All there.")


def check_workspace(folder: Path, *, passphrase: str | None = None) -> tuple[Check, ...]:
    """The health of a workspace: opens it, and reads the last entry of each stream. passphrase: as Workspace.open takes it."""
    from reviewer.storage import journal

    free = shutil.disk_usage(folder).free
    state = conversion.state(folder)
    sealed = Check("encryption", state is not conversion.State.CUT_OFF, _ENCRYPTION[state])
    disk = Check("disk", free >= _LEAST_FREE, f"{free // (1024 * 1024):,} MB free where {folder} lies.")
    try:
        workspace = Workspace.open(folder, passphrase=passphrase)
    except ReviewerError as error:
        return (disk, sealed, Check("workspace", False, f"{error} {error.hint}"))
    try:
        with workspace.read() as reading:
            journal.check_heads(reading)
            items, indexed = reading.fact("items"), reading.row("SELECT count(*) FROM entry")
            workspace.signer(reading)
        entries = indexed[0] if indexed else 0
        told = "".join(f" {notice.what}" for notice in workspace.notices)
        what = f"{folder}: {items} items, {entries:,} entries, you are {workspace.me.name}.{told}"
        return (disk, sealed, Check("workspace", True, what))
    except ReviewerError as error:
        return (disk, sealed, Check("workspace", False, f"{error} {error.hint}"))
    finally:
        workspace.close()

"""Which machine this is, as far as a copied config folder can be told from the one that it was copied from."""

import hashlib
import secrets
import sys
from pathlib import Path

from reviewer.storage.folders import config_folder, write_durably
from reviewer.storage.rows import ChangingRows, Rows

_FACT = "machine"


def here() -> str | None:
    """A name for this machine and this config folder, 32 hex digits, which tells nothing else about either; None where none can be kept."""
    path = config_folder() / "machine"
    try:
        kept = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        kept = ""
    if len(kept) != 32 or not kept.isalnum():
        kept = secrets.token_hex(16)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, f"{kept}\n".encode("ascii"), mode=0o600)
        except OSError:
            return None
    return hashlib.sha256(f"review/machine/v1\n{kept}\n{system_id()}".encode()).hexdigest()[:32]


def system_id() -> str:
    """What the system calls this installation; nothing where it does not say. Keys lie in a keychain there, which is not copied along."""
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    try:
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def known(rows: Rows) -> str | None:
    """The machine that a workspace was used on last; None where that was never noted."""
    return rows.fact(_FACT)


def stay(work: ChangingRows) -> None:
    """From now on the workspace belongs to this machine."""
    name = here()
    if name is not None:
        work.set_fact(_FACT, name)

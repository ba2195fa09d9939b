"""Where this program keeps what is not in a workspace: settings and keys, and the workspace used when none is named."""

import os
from pathlib import Path

import platformdirs

APP = "reviewer"
DATABASE = "reviewer.db"  # in the folder of a workspace
SEAL = "seal.json"  # beside it, where it is encrypted
SEALING, SEALED_COPY = "sealing.json", "reviewer.sealing.db"  # while it is being encrypted: the seal to be, and the copy that waits


def config_folder() -> Path:
    """Settings and keys: $REVIEWER_CONFIG, else the user's config folder. Not made here."""
    named = os.environ.get("REVIEWER_CONFIG")
    return Path(named) if named else platformdirs.user_config_path(APP, appauthor=False)


def default_workspace() -> Path:
    """The workspace used when none was named or opened before: in the user's data folder."""
    return platformdirs.user_data_path(APP, appauthor=False) / "workspace"


def can_be_written(folder: Path) -> bool:
    """Whether rights and disk let this process write to the workspace in a folder. Nothing is written to find out.

    On Windows only what is marked read-only is found; what its lists of rights forbid shows when it is tried.
    """
    files = [folder / f"{DATABASE}{ending}" for ending in ("", "-wal", "-shm")]
    return all(os.access(place, os.W_OK) for place in (folder, *files) if place.exists())


def seal_file(folder: Path) -> Path | None:
    """The file that holds the wrapped key of an encrypted workspace; None for a plain one, also for one whose encryption was cut off.

    The copy that waits becomes the database in one step: once it is gone, the seal beside it is in force.
    """
    if (folder / SEAL).is_file():
        return folder / SEAL
    if (folder / SEALING).is_file() and not (folder / SEALED_COPY).exists():
        return folder / SEALING
    return None


_NETWORK = ("nfs", "cifs", "smb", "afs", "ceph", "glusterfs", "davfs", "ncpfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.gluster")


def network_disk(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """The kind of network disk that a folder lies on; None for a local one, and where the system does not tell.

    SQLite's locks and syncs do not hold there. mounts: the system's table of them, Linux.
    """
    place = folder.absolute()
    if str(place).startswith(("\\\\", "//")):
        return "a Windows share"
    if not mounts.is_file():
        return None
    kind, longest = "", -1
    for line in mounts.read_text(errors="replace").splitlines():
        _, point, mounted, *_ = [*line.split(" "), "", "", ""]
        at = point.replace("\\040", " ")
        if place.is_relative_to(at or "/") and len(at) >= longest:
            kind, longest = mounted, len(at)
    return kind if kind.startswith(_NETWORK) else None


def sync_folder(folder: Path) -> None:
    """Make what was created or renamed in a folder survive a power cut. Windows keeps it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put a whole file in place, or leave what was there: temporary file, fsync, rename, fsync of the folder."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)

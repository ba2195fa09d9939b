"""Where this program keeps what is not in a workspace: settings and keys, and the workspace used when none is named."""

import os
from pathlib import Path

import platformdirs

APP = "reviewer"


def config_folder() -> Path:
    """Settings and keys: $REVIEWER_CONFIG, else the user's config folder. Not made here."""
    named = os.environ.get("REVIEWER_CONFIG")
    return Path(named) if named else platformdirs.user_config_path(APP, appauthor=False)


def default_workspace() -> Path:
    """The workspace used when none was named or opened before: in the user's data folder."""
    return platformdirs.user_data_path(APP, appauthor=False) / "workspace"


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

"""The media of items: reading one, and saving one to a file of the person's choice."""

import os
import tempfile
from pathlib import Path

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotSaved
from reviewer.domain.progress import Ticket
from reviewer.storage.workspace import Workspace


def read_medium(workspace: Workspace, ticket: Ticket, *, sha256: str) -> Outcome[bytes]:
    """The bytes of a medium. Raises NotFound where they are not on this machine, Damaged where they are not what the hash says."""
    ticket.step(0, 1, "Reading")
    return Outcome(workspace.media.read(sha256))


def save_medium(workspace: Workspace, ticket: Ticket, *, sha256: str, to: Path) -> Outcome[Path]:
    """Write a medium to a file. The file is there whole or not at all. Raises NotSaved as well as what reading raises."""
    content = read_medium(workspace, ticket, sha256=sha256).value
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(name, to)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise NotSaved(
            f"{to.name} was not saved: {error.strerror or error}.", "Choose another place, or make room there.", "E102"
        ) from error
    return Outcome(to)

"""Saying where what could not be read is listed; in an encrypted workspace the list is sealed, so its first lines are said here."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli.output import Output, one_line

if TYPE_CHECKING:
    from reviewer.formats.sources import Skipped
    from reviewer.operations.importing import SkippedFile
    from reviewer.operations.line_imports import Imported
    from reviewer.storage.workspace import Workspace

_TOLD = 20
_WIDTH = 200


def answer_import(out: Output, workspace: "Workspace", done: "Imported") -> None:
    """The answer of a command that brought lines in."""
    text = f"Read {done.read:,}: {done.added:,} added, {done.known:,} known already, {done.rejected:,} rejected."
    if done.rejects:
        text += f"\n{where(workspace, out, done.rejects, 'rejected lines')}"
    document = {**done._asdict(), "rejects": str(done.rejects) if done.rejects else None}
    tell_skipped(out, done.skipped)
    if done.skipped:
        document["skipped"] = [{"path": left.path, "reason": left.reason} for left in done.skipped]
    else:
        del document["skipped"]
    out.answer(document, text)


def tell_skipped(out: Output, skipped: "Sequence[Skipped | SkippedFile]") -> None:
    """Name the files that were passed over, and why; a JSON answer names them itself."""
    for left in skipped if not out.as_json else ():
        out.note(f"skipped {one_line(left.path, 200)}: {one_line(left.reason, 200)}")


def tell_first(out: Output, workspace: "Workspace", path: Path, counted: str) -> None:
    """Say what is wrong with the first of a list of rejected records, and how many there are."""
    from reviewer import operations

    for line in operations.importing.first_rejects(workspace, path, limit=1):
        told = one_line(f"note: {_place(line)}: {line['reason']}", _WIDTH)
        out.note(f"{told} Skipped: {counted} [{line['code']}]")


def _place(line: "dict[str, object]") -> str:
    return f"line {line['line']}" if line.get("line") else f"record {line.get('index')}"


def where(workspace: "Workspace", out: Output, path: Path, what: str) -> str:
    """A sentence on the list at `path`; what: “rejected records”."""
    from reviewer import operations

    if not workspace.encrypted:
        return f"The {what} and the reasons are in {path}."
    for line in operations.importing.first_rejects(workspace, path, limit=_TOLD):
        out.note(one_line(f"{line.get('path', '')} {_place(line)}: {line['reason']}".strip(), _WIDTH))
    return f"The {what} are listed in {path}, sealed as all of this workspace is; the first {_TOLD} are said above."

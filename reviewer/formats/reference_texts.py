"""Texts that a data set is compared with: an earlier release, a benchmark's file, or records of any format that is read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from reviewer.domain import training_text
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.records import Reject
from reviewer.formats import intake

_MANIFEST = "manifest.json"
_OURS = "reviewer_"


class Text(NamedTuple):
    """A text, in pieces as its messages, and where it stands.

    item: of a row of a release, the item that it was made of; good: its label, where it has one.
    """

    where: str
    pieces: tuple[str, ...]
    item: str | None = None
    good: bool | None = None


def texts(path: Path) -> Iterator[Text]:
    """Every text of a release's folder, of a file of JSON lines, or of records. Raises NotFound, and Refused for what is none of these."""
    if not path.exists():
        raise NotFound(f"{shown(str(path), 200)} is not there.", "Name the folder of a release, or a file of records.")
    lines = sorted(path.glob("data/*.jsonl")) if (path / _MANIFEST).is_file() else [path] if path.suffix == ".jsonl" else []
    if lines:
        for file in lines:
            yield from _lines(file)
        return
    skipped = ""
    for found in intake.scan([str(path)]):
        if isinstance(found, intake.Skipped):
            skipped = skipped or found.reason
            continue
        for number, record in enumerate(intake.read(found), 1):
            if not isinstance(record, Reject):
                yield Text(f"{Path(found.path).name}:{number}", tuple(training_text.pieces(record.item)))
    if skipped:
        raise Refused(f"{shown(str(path), 200)} cannot be compared with: {skipped}", "Name the folder of a release, or a file of records.")


def _lines(file: Path) -> Iterator[Text]:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise Refused(f"Line {number} of {shown(file.name, 100)} is no JSON: {error}.", "Name a file of JSON lines.") from error
            told = row if isinstance(row, dict) else {"": row}
            item, good = told.get(f"{_OURS}item"), told.get("label")
            yield Text(
                f"{file.name}:{number}",
                tuple(_strings(row)),
                item if isinstance(item, str) else None,
                good if isinstance(good, bool) else None,
            )


def _strings(value: Any) -> Iterator[str]:
    """All strings but names, what a system said to the agent, its tools, and what a release says of its rows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict) and value.get("role") != "system":
        for name, one in value.items():
            if name not in ("role", "tools", "id", "type", "tool_call_id") and not name.startswith(_OURS):
                yield from _strings(one)

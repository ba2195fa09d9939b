"""Checking a released folder: hashes, signature, and whether every row still traces to labels and items of this workspace."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from reviewer.domain import canonical, items, releases
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Damaged, NotFound, shown
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import Manifest
from reviewer.formats import trl
from reviewer.operations.releasing import MANIFEST, SIGNATURE
from reviewer.storage import departures, keys, outgoing, payloads
from reviewer.storage.workspace import Reading, Workspace


class Broken(NamedTuple):
    """Something that does not hold: where, and what is wrong, in words."""

    where: str
    what: str


class Checked(NamedTuple):
    """rows and traced count the rows of the JSON lines files."""

    rows: int
    traced: int
    broken: tuple[Broken, ...]


class _Row(msgspec.Struct):
    """What a row claims."""

    prompt: Any
    completion: Any
    label: bool
    reviewer_item: str
    reviewer_campaigns: tuple[str, ...]
    reviewer_labels: tuple[str, ...]
    tools: str | None = None


_row = msgspec.json.Decoder(_Row)


def check_release(workspace: Workspace, ticket: Ticket, *, folder: Path) -> Outcome[Checked]:
    """Check a release against its manifest and this workspace. Raises NotFound for a folder that is no release."""
    try:
        raw, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    except OSError as error:
        raise NotFound(f"{shown(str(folder), 200)} is not a release.", "Name a folder that `reviewer release` made.") from error
    try:
        manifest = msgspec.convert(canonical.decode(raw), Manifest)
    except (Damaged, msgspec.ValidationError):
        return Outcome(Checked(0, 0, (Broken(MANIFEST, "It is not the manifest that was written."),)))
    broken: list[Broken] = []
    rows = traced = 0
    with workspace.read() as reading:
        broken.extend(_signature(reading, manifest, raw, signature))
        broken.extend(_files(folder, manifest))
        for place, line in _lines(folder, manifest):
            rows += 1
            problem = _problem(reading, line)
            if problem is None:
                traced += 1
            else:
                broken.append(Broken(place, problem))
            ticket.step(rows, sum(manifest.rows.values()), "Tracing rows")
    return Outcome(Checked(rows, traced, tuple(broken)))


def _signature(reading: Reading, manifest: Manifest, raw: bytes, signature: bytes) -> Iterator[Broken]:
    try:
        told = canonical.decode(signature)
        device, key, signed = told["device"], told["key"], bytes.fromhex(told["signature"])
    except (Damaged, KeyError, TypeError, ValueError):
        yield Broken(SIGNATURE, "It is no signature.")
        return
    known = reading.row("SELECT sign_key FROM device WHERE id = ?", (device,))
    if known is None or known[0] != key:
        yield Broken(SIGNATURE, "The device that signed it is not one of this project.")
    elif not keys.verifies(keys.public_key(key), signed, releases.signed_bytes(raw)):
        yield Broken(MANIFEST, "It is not what was signed.")
    elif manifest.project != reading.fact("project"):
        yield Broken(MANIFEST, "It belongs to another project.")


def _files(folder: Path, manifest: Manifest) -> Iterator[Broken]:
    listed = {file.path for file in manifest.files}
    for file in manifest.files:
        place = folder / file.path
        if ".." in Path(file.path).parts or Path(file.path).is_absolute() or not place.is_file():
            yield Broken(file.path, "The file is not there.")
        elif outgoing.file_sha256(place) != file.sha256:
            yield Broken(file.path, "Its hash is not the one of the manifest.")
    for place in sorted(folder.glob("data/*")):
        if f"data/{place.name}" not in listed:
            yield Broken(f"data/{place.name}", "The manifest does not name it.")


def _lines(folder: Path, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    for file in manifest.files:
        place = folder / file.path
        if file.path.endswith(".jsonl") and ".." not in Path(file.path).parts and place.is_file():
            with place.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    yield f"{file.path} line {number}", line


def _problem(reading: Reading, line: bytes) -> str | None:
    """Why a row does not trace; None where it does."""
    try:
        row = _row.decode(line)
        wanted = bytes.fromhex(row.reviewer_item)
    except (msgspec.DecodeError, ValueError):
        return "It is not a row of a release."
    found = reading.row("SELECT payload FROM item WHERE id = ?", (wanted,))
    if found is None:
        return f"Item {shown(row.reviewer_item, 12)} is not in this workspace."
    content = payloads.unpack(bytes(found[0]))
    if items.item_id(content) != row.reviewer_item:
        return f"Item {row.reviewer_item[:12]} is not what its id says."
    item = items.decode(content)
    cut = trl.turn(item)
    made = msgspec.json.decode(msgspec.json.encode((cut.prompt, cut.completion))) if cut is not None else None
    if made != [row.prompt, row.completion] or row.tools != item.tools:
        return f"It does not say what item {row.reviewer_item[:12]} says."
    return _labels_problem(reading, row)


def _labels_problem(reading: Reading, row: _Row) -> str | None:
    if not row.reviewer_labels:
        return "It names no label."
    wanted = "compliant" if row.label else "non_compliant"
    for name in row.reviewer_labels:
        found = departures.label_at(reading, name)
        if found is None:
            return f"Label {shown(name, 12)} is not in this workspace."
        if found.item != row.reviewer_item or found.campaign_id not in row.reviewer_campaigns:
            return f"Label {name[:12]} is of another item or campaign."
        if found.label.verdict != wanted:
            return f"Label {name[:12]} says {found.label.verdict}, the row {wanted}."
    return None

"""Checking a released folder: hashes, signature, and whether every row still traces to labels and items of this workspace."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import Manifest
from reviewer.formats.release_shapes import IMAGES
from reviewer.operations import release_folders
from reviewer.operations.release_files import DATA, LINEAGE
from reviewer.operations.release_folders import MANIFEST, NO_MANIFEST, Told
from reviewer.operations.release_lineage import Tracing
from reviewer.storage import outgoing
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


UNREADABLE = Broken(MANIFEST, NO_MANIFEST)
"""What is said of a folder whose manifest cannot be read."""


def check_release(workspace: Workspace, ticket: Ticket, *, folder: Path) -> Outcome[Checked]:
    """Check a release against its manifest and this workspace. Raises NotFound for a folder that is no release."""
    told = release_folders.read(folder)
    manifest = told.manifest
    if manifest is None:
        return Outcome(Checked(0, 0, (UNREADABLE,)))
    broken: list[Broken] = []
    rows = traced = 0
    with workspace.read() as reading:
        broken.extend(manifest_problems(reading, told))
        broken.extend(file_problems(folder, manifest))
        tracing = Tracing(reading, manifest)
        for place, line, lineage in lines(folder, manifest):
            rows += 1
            problem = tracing.problem(line, lineage)
            if problem is None:
                traced += 1
            else:
                broken.append(Broken(place, problem))
            ticket.step(rows, sum(manifest.rows.values()), "Tracing rows")
    return Outcome(Checked(rows, traced, tuple(broken)))


def manifest_problems(reading: Reading, told: Told) -> list[Broken]:
    """Whether a device of this project signed the manifest."""
    wrong = release_folders.signature_problem(reading, told)
    return [] if wrong is None else [Broken(*wrong)]


def file_problems(folder: Path, manifest: Manifest) -> Iterator[Broken]:
    """Whether the files are those of the manifest."""
    listed = {file.path for file in manifest.files}
    for file in manifest.files:
        place = folder / file.path
        if ".." in Path(file.path).parts or Path(file.path).is_absolute() or not place.is_file():
            yield Broken(file.path, "The file is not there.")
        elif outgoing.file_sha256(place) != file.sha256:
            yield Broken(file.path, "Its hash is not the one of the manifest.")
    for place in sorted([*folder.glob(f"{DATA}/*"), *folder.glob(f"{LINEAGE}/*"), *folder.glob(f"{IMAGES}/*")]):
        if (name := f"{place.parent.name}/{place.name}") not in listed:
            yield Broken(name, "The manifest does not name it.")


def lines(folder: Path, manifest: Manifest) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Every row of the JSON lines: where it stands, its line, and the line of its lineage where that lies apart."""
    apart = {file.path for file in manifest.files if file.path.startswith(f"{LINEAGE}/")}
    for file in manifest.files:
        place = folder / file.path
        if not file.path.startswith(f"{DATA}/") or not file.path.endswith(".jsonl") or ".." in Path(file.path).parts or not place.is_file():
            continue
        beside = folder / LINEAGE / place.name
        with place.open("rb") as stream:
            if f"{LINEAGE}/{place.name}" not in apart:
                yield from ((f"{file.path} line {number}", line.rstrip(b"\n"), None) for number, line in enumerate(stream, 1))
            elif beside.is_file():
                with beside.open("rb") as lineages:
                    for number, (line, lineage) in enumerate(zip_longest(stream, lineages, fillvalue=b""), 1):
                        yield f"{file.path} line {number}", line.rstrip(b"\n"), lineage.rstrip(b"\n")

"""Looking into a release that lies on this machine: its card, and any row of it with everything that the row is made of."""

import hashlib
from array import array
from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.domain.items import ItemId, facts
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import Manifest
from reviewer.domain.stories import LabelStory
from reviewer.operations import release_folders, release_lineage
from reviewer.operations.release_files import DATA, LINEAGE
from reviewer.operations.release_lineage import Named, Tracing
from reviewer.operations.releasing import CARD
from reviewer.storage import items as item_rows
from reviewer.storage import released, searches, stories
from reviewer.storage.items import Origin
from reviewer.storage.workspace import Reading, Workspace

_CARD_SHOWN = 200_000  # characters
_LINE_SHOWN = 32 << 20  # bytes
_STEP_ROWS = 2_000
_LEAST_DIGITS = 6


class Lines(NamedTuple):
    """A file of rows and, where it lies apart, that of their lineage. Where each line begins, and at last where the file ends."""

    part: str
    path: Path
    begins: "array[int]"
    lineage: Path | None
    lineage_begins: "array[int]"

    @property
    def rows(self) -> int:
        """How many lines there are."""
        return len(self.begins) - 1


class OpenRelease(NamedTuple):
    """A release on the disk. digest: SHA-256 of its manifest; card: the text of its README.md, empty where that is gone."""

    folder: Path
    digest: str
    manifest: Manifest
    card: str
    files: tuple[Lines, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(one.rows for one in self.files)


class RowItem(NamedTuple):
    """An item behind a row. title: the beginning of what was asked; both None where this machine lacks it."""

    item: str
    title: str | None
    origin: Origin | None


class Ruling(NamedTuple):
    """A resolution behind a row. says: None for one that is not in force here."""

    name: str
    says: str | None


class ShownRow(NamedTuple):
    """A row with its story. line: its JSON; where: file and line; trace: None for what is no row of a release.

    hidden: it stands on an item that the viewer has still to judge blind: then nothing else is told.
    labels: those that are here; lacking: the ids of others. problem: why it does not trace, in words; None where it does.
    """

    number: int
    part: str
    where: str
    line: bytes
    hidden: bool = False
    trace: Named | None = None
    items: tuple[RowItem, ...] = ()
    labels: tuple[LabelStory, ...] = ()
    lacking: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    problem: str | None = None


def open_release(workspace: Workspace, ticket: Ticket, *, folder: Path) -> Outcome[OpenRelease]:
    """Read what a release says of itself, and where its rows begin. Raises NotFound, and Damaged for a manifest that cannot be read."""
    require(workspace.me, "release", "look into releases")
    told = release_folders.read(folder)
    manifest = told.manifest
    if manifest is None:
        raise Damaged(f"{shown(str(folder), 200)} holds no manifest that can be read.", "Release again, or choose another folder.")
    try:
        text = (folder / CARD).read_text(encoding="utf-8", errors="replace")[:_CARD_SHOWN]
    except OSError:
        text = ""
    files = []
    apart = {file.path for file in manifest.files if file.path.startswith(f"{LINEAGE}/")}
    for file in manifest.files:
        place = folder / DATA / Path(file.path).name
        if file.path != f"{DATA}/{place.name}" or place.suffix != ".jsonl" or not place.is_file():
            continue
        beside = folder / LINEAGE / place.name if f"{LINEAGE}/{place.name}" in apart else None
        if beside is not None and not beside.is_file():
            continue  # `release check` says so
        begins = _begins(place, ticket)
        files.append(Lines(place.stem, place, begins, beside, array("Q") if beside is None else _begins(beside, ticket)))
    return Outcome(OpenRelease(folder, hashlib.sha256(told.raw).hexdigest(), manifest, text, tuple(files)))


def show_row(workspace: Workspace, ticket: Ticket, *, opened: OpenRelease, number: int) -> Outcome[ShownRow]:
    """Any row, from 1, with its story: labels, the clauses they cite, resolutions, items, the records that were imported, and whether the
    row is what these make it. Raises NotFound for a number that there is not.
    """
    ticket.step(0, 1, "Reading")
    require(workspace.me, "release", "look into releases")
    part, place = _place(opened, number)
    line = _line(part.path, part.begins, place)
    lineage = None if part.lineage is None else _line(part.lineage, part.lineage_begins, place)
    bare = ShownRow(number, part.part, f"{DATA}/{part.path.name} line {place + 1}", line)
    trace = release_lineage.lineage_of(line, lineage)
    if trace is None:
        return Outcome(bare._replace(problem="It is not a row of a release."))
    items = release_lineage.items_behind(trace)
    with workspace.read() as reading:
        if searches.hidden_among(reading, items, viewer=workspace.member):
            return Outcome(bare._replace(line=b"", hidden=True))
        found, lacking = _stories(reading, trace)
        return Outcome(bare._replace(
            trace=trace,
            items=tuple(_item(reading, name) for name in items),
            labels=found,
            lacking=lacking,
            rulings=tuple(Ruling(name, _says(reading, name)) for name in trace.reviewer_resolutions),
            problem=Tracing(reading, opened.manifest, only=items).problem(line, lineage),
        ))  # fmt: skip


def find_row(workspace: Workspace, ticket: Ticket, *, opened: OpenRelease, text: str) -> Outcome[int]:
    """The number of a row: of its number as text, or the first 6 or more digits of its id, of an item or of a label behind it.

    Raises NotFound, and Refused for what is neither.
    """
    require(workspace.me, "release", "look into releases")
    plain = text.strip().replace(",", "").lower()
    if plain.isdigit() and (len(plain) < _LEAST_DIGITS or 1 <= int(plain) <= opened.rows):
        _place(opened, int(plain))
        return Outcome(int(plain))
    if not _LEAST_DIGITS <= len(plain) <= 64 or set(plain) - set("0123456789abcdef"):
        raise Refused(
            f"“{shown(text, 40)}” is neither the number of a row nor the beginning of an id.",
            f"Give a number from 1 to {opened.rows:,}, or {_LEAST_DIGITS} digits or more of a row's, an item's or a label's id.",
        )
    wanted, number = f'"{plain}'.encode(), 0
    for part in opened.files:
        with (part.lineage or part.path).open("rb") as stream:
            for line in stream:
                number += 1
                if wanted in line and _names(release_lineage.lineage_of(line, None), plain):
                    return Outcome(number)
                if not number % _STEP_ROWS:
                    ticket.step(number, opened.rows, "Looking for the row")
    raise NotFound(f"No row is made of anything whose id begins with {plain[:12]}.", "Give the id of a row, an item or a label.")


def _begins(path: Path, ticket: Ticket) -> "array[int]":
    found, end = array("Q", [0]), 0
    with path.open("rb") as stream:
        for line in stream:
            end += len(line)
            found.append(end)
            if not len(found) % _STEP_ROWS:
                ticket.step(len(found), 0, "Reading rows")
    return found


def _place(opened: OpenRelease, number: int) -> tuple[Lines, int]:
    """The file of a row, and its place in it from 0."""
    left = number - 1
    for part in opened.files:
        if 0 <= left < part.rows and (part.lineage is None or left < len(part.lineage_begins) - 1):
            return part, left
        left -= part.rows
    raise NotFound(f"There is no row {number:,}.", f"Give a number from 1 to {opened.rows:,}.")


def _line(path: Path, begins: "array[int]", place: int) -> bytes:
    size = begins[place + 1] - begins[place]
    if size > _LINE_SHOWN:
        raise Refused(f"The row is {size >> 20:,} MiB long and is not shown.", f"It stands in {shown(str(path), 200)}, line {place + 1:,}.")
    try:
        with path.open("rb") as stream:
            stream.seek(begins[place])
            return stream.read(size).rstrip(b"\n")
    except OSError as error:
        raise NotFound(f"{shown(str(path), 200)} is not there any more.", "Choose the folder of the release anew.") from error


def _names(trace: Named | None, digits: str) -> bool:
    if trace is None:
        return False
    named = (trace.reviewer_row, trace.reviewer_item, trace.reviewer_worse_item or "", *trace.reviewer_labels)
    return any(name.startswith(digits) for name in named)


def _item(reading: Reading, name: ItemId) -> RowItem:
    try:
        title = facts(item_rows.get(reading, name).item).title
    except (NotFound, Damaged):
        title = None  # `problem` says so
    return RowItem(name, title, item_rows.origin(reading, name))


def _stories(reading: Reading, trace: Named) -> tuple[tuple[LabelStory, ...], tuple[str, ...]]:
    found, lacking = [], []
    for name in trace.reviewer_labels:
        try:
            entry = stories.entry_of(reading, bytes.fromhex(name))
            found.append(None if entry is None else stories.story(reading, entry))
        except (ValueError, msgspec.ValidationError):
            found.append(None)  # what the file names is no label
        if found[-1] is None:
            lacking.append(name)
    return tuple(one for one in found if one is not None), tuple(lacking)


def _says(reading: Reading, name: str) -> str | None:
    found = released.resolution_in_force(reading, name)
    return None if found is None else found[1]

"""Which releases there are: what the journal says of each, where it lies on this machine, and whether it still stands."""

import hashlib
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, shown
from reviewer.domain.events import Release
from reviewer.domain.members import refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations import release_checks, release_folders, release_lineage
from reviewer.operations.release_checks import Broken
from reviewer.storage import release_places, released, stories
from reviewer.storage.workspace import Reading, Workspace

State = Literal["holds", "changed", "withdrawn"]


class ReleaseLine(NamedTuple):
    """A release. campaigns: their names; time: RFC 3339, by the clock of the device that made it; manifest: its SHA-256.

    folder: where it was written or found on this machine, whether it is there still or not; None where nobody said.
    """

    release: EntryHash
    campaigns: tuple[str, ...]
    format: str
    aggregate: str
    rows: dict[str, int]
    by: str
    time: str
    manifest: str
    unwitnessed: int | None
    folder: Path | None

    @property
    def total(self) -> int:
        """All its rows."""
        return sum(self.rows.values())


class Standing(NamedTuple):
    """Whether a release is what was written, and its labels still say so. broken: what is not; withdrawn: labels and resolutions behind
    its rows that are not in force now.
    """

    state: State
    broken: tuple[Broken, ...]
    withdrawn: int


def list_releases(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[ReleaseLine, ...]]:
    """Every release that the journal knows of, newest first."""
    ticket.step(0, 1, "Reading")
    refuse_waiting(workspace.me)
    with workspace.read() as reading:
        folders = release_places.known(reading)
        names = reading.rows("SELECT hash FROM departure WHERE kind = 'release' ORDER BY wall_ms DESC, hash")
        return Outcome(tuple(_line(reading, name, folders) for (name,) in names))


def _line(reading: Reading, name: bytes, folders: dict[str, Path]) -> ReleaseLine:
    entry = stories.entry_of(reading, name)
    assert entry is not None  # its row is a view of it
    said = msgspec.convert(entry.body.value, Release)
    campaigns = tuple(_campaign(reading, one) for one in said.campaigns)
    return ReleaseLine(
        entry.hash, campaigns, said.format, said.aggregate, said.rows, stories.author(reading, entry.body).name,
        stories.local_time(entry.body), said.manifest, said.unwitnessed, folders.get(said.manifest),
    )  # fmt: skip


def _campaign(reading: Reading, name: str) -> str:
    found = reading.row("SELECT name FROM campaign WHERE hash = ?", (bytes.fromhex(name),))
    return name[:8] if found is None else str(found[0])


def locate_release(workspace: Workspace, ticket: Ticket, *, folder: Path) -> Outcome[EntryHash]:
    """Remember that a release lies in a folder of this machine. Raises NotFound for a folder that is no release of this project."""
    ticket.step(0, 1, "Reading")
    digest = hashlib.sha256(release_folders.read(folder).raw).hexdigest()
    with workspace.begin() as work:
        sql = "SELECT hash FROM departure WHERE kind = 'release' AND json_extract(value, '$.manifest') = ? ORDER BY wall_ms DESC LIMIT 1"
        found = work.row(sql, (digest,))
        if found is None:
            raise NotFound(
                f"The journal knows no release with the manifest in {shown(str(folder), 200)}.",
                "Sync first, or choose the folder of another release.",
            )
        release_places.keep(work, digest, folder)
    return Outcome(EntryHash(found[0].hex()), Changes.RELEASES)


def release_standing(workspace: Workspace, ticket: Ticket, *, folder: Path) -> Outcome[Standing]:
    """Whether signature and files of a release are right, and every label and resolution behind its rows is in force.

    `release_checks.check_release` also makes each row anew, which takes longer. Raises NotFound for a folder that is no release.
    """
    told = release_folders.read(folder)
    manifest = told.manifest
    if manifest is None:
        return Outcome(Standing("changed", (release_checks.UNREADABLE,), 0))
    with workspace.read() as reading:
        broken = release_checks.manifest_problems(reading, told)
        for problem in release_checks.file_problems(folder, manifest):
            broken.append(problem)
            ticket.step(len(broken), 0, "Reading files")
        labels, resolutions = set[str](), set[str]()
        for done, (_, line, lineage) in enumerate(release_checks.lines(folder, manifest)):
            found = release_lineage.lineage_of(line, lineage)
            if found is not None:
                labels.update(found.reviewer_labels)
                resolutions.update(found.reviewer_resolutions)
            ticket.step(done, sum(manifest.rows.values()), "Reading rows")
        gone = len(labels) - released.in_force_among(reading, labels)
        gone += sum(released.resolution_in_force(reading, name) is None for name in resolutions)
    return Outcome(Standing("changed" if broken else "withdrawn" if gone else "holds", tuple(broken), gone))

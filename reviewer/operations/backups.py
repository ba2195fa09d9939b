"""Backups: made, read back in full, rotated; and a workspace made from one."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.progress import Ticket
from reviewer.operations import verifying
from reviewer.storage import backups, keys, outgoing, sealing, streams
from reviewer.storage.backups import BackupFile
from reviewer.storage.beside import beside
from reviewer.storage.folders import DATABASE
from reviewer.storage.media import Media
from reviewer.storage.rows import Rows
from reviewer.storage.workspace import Workspace

_KEYLESS = "No key of its members lies on this machine: join anew, or bring the keys, to write in it."


class Restored(NamedTuple):
    """A workspace made from a backup. streams: how many devices go on in a new stream here, since their keys lie on this machine."""

    folder: Path
    entries: int
    streams: int
    notices: tuple[str, ...]


def back_up(
    workspace: Workspace, ticket: Ticket, *, target: Path | None = None, keep: int = backups.KEPT, budget_mb: int = backups.BUDGET_MB
) -> Outcome[BackupFile]:
    """Copy the workspace to a file and read it back in full before it gets its name.

    target: a file; without it, one in the workspace's own folder, of which the newest `keep` within the budget stay.
    Raises Refused for a file that is there, NotSaved for what the disk refuses, Damaged where the copy does not verify; then none is left.
    """
    now = workspace.surroundings.now_ms()
    path = target or backups.automatic_name(workspace.folder, now)
    if path.exists():
        raise Refused(f"{path} is there already.", "Name another file.")
    with outgoing.saying_why(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with backups.partial_copy(path) as partial:
        backups.copy(workspace.database, workspace.media, partial, ticket.step)
        with beside(partial, key=workspace.key) as rows:
            found = verifying.check(rows, workspace.media, ticket)
        if not found.ok:
            where, what = found.problems[0]
            raise Damaged(f"The backup does not verify ({where}: {what}). It was not kept.", "Run `reviewer verify`; earlier backups stay.")
        backups.put_in_place(workspace.folder, workspace.seal, partial, path)
    if target is None:
        with workspace.begin() as work:
            backups.note(work, path, found.entries, now)
        backups.rotate(workspace.folder, backups.AUTOMATIC, keep=keep, budget_bytes=budget_mb * 1_000_000)
    return Outcome(BackupFile(path, now, path.stat().st_size, found.entries, verified=True), Changes.NONE)


def back_up_if_due(workspace: Workspace, ticket: Ticket, *, hours: int, keep: int, budget_mb: int) -> Outcome[BackupFile | None]:
    """Make a backup in the workspace's own folder if one is due (`is_due`)."""
    if not is_due(workspace, ticket, hours=hours).value:
        return Outcome(None)
    return Outcome(back_up(workspace, ticket, keep=keep, budget_mb=budget_mb).value)


def is_due(workspace: Workspace, ticket: Ticket, *, hours: int) -> Outcome[bool]:
    """Whether the newest automatic backup is older than that, or there is none. hours: 0 is never.

    None is due as long as the device waits to be admitted, nobody has said how the workspace came to this machine, or its
    place cannot be written.
    """
    ticket.step(0, 1, "Looking")
    if not hours or workspace.me.waiting or workspace.elsewhere or workspace.reading_only:
        return Outcome(False)
    with workspace.read() as reading:
        newest = next((one for one in backups.listed(reading, workspace.folder) if one.path.name.startswith("auto-")), None)
    return Outcome(newest is None or workspace.surroundings.now_ms() - newest.made_ms >= hours * 3_600_000)


def list_backups(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[BackupFile, ...]]:
    """The backups in the workspace's own folder, newest first."""
    ticket.step(0, 1, "Looking")
    with workspace.read() as reading:
        return Outcome(tuple(backups.listed(reading, workspace.folder)))


def restore(source: Path, folder: Path, ticket: Ticket, *, ask: Callable[[Path], str | None] = lambda _folder: None) -> Outcome[Restored]:
    """Make a workspace from a backup, in an empty folder. Devices whose keys lie here go on in a new stream; nothing of the old is changed.

    ask: gives the passphrase of what was unpacked to a folder, its seal in it; None where it needs none.
    Raises NotFound, Refused, NotSaved, Locked; Damaged where the backup does not verify. Then the folder is left empty.
    """
    backups.unpack(source, folder)
    try:
        passphrase = ask(folder)
        entries = _checked(folder, ticket, passphrase)
    except BaseException:
        _clear(folder)
        raise
    try:
        workspace = Workspace.open(folder, passphrase=passphrase)
    except NotFound:  # it is whole, and nobody here can act in it
        return Outcome(Restored(folder, entries, 0, (_KEYLESS,)), Changes.ALL)
    with closing(workspace):
        return Outcome(Restored(folder, entries, _go_on(workspace), tuple(one.what for one in workspace.notices)), Changes.ALL)


def _checked(folder: Path, ticket: Ticket, passphrase: str | None) -> int:
    """Bring what was unpacked up to date and verify it; return how many entries it has."""
    seal = sealing.unlock(folder, passphrase)
    key, media = None if seal is None else seal.database_key, Media(folder, seal)
    backups.unpack_media(folder, media, key=key)
    with closing(Workspace(folder, seal=seal)) as workspace:
        workspace.migrate(keep_copy=False)  # the file that it came from is one
    with beside(folder / DATABASE, key=key) as rows:
        found = verifying.check(rows, media, ticket)
    if not found.ok:
        where, what = found.problems[0]
        raise Damaged(f"The backup does not verify ({where}: {what}).", "Restore another one; nothing was made of this one.")
    return found.entries


def _go_on(workspace: Workspace) -> int:
    """Open a new stream for each device whose key lies here, unless opening the workspace found it behind and did so."""
    with workspace.begin() as work:
        old = [one for one in streams.own(work) if keys.held(one.device) and not _is_fresh(work, one)]
        for one in old:
            streams.go_on(work, one, "restore", streams.head(work, one.stream))
        return sum(1 for one in streams.own(work) if keys.held(one.device))


def _is_fresh(rows: Rows, one: streams.Own) -> bool:
    found = rows.row("SELECT count(*), max(kind) FROM entry WHERE stream = ?", (bytes.fromhex(one.stream),))
    return found == (1, "stream_open")


def _clear(folder: Path) -> None:
    """Take back what was unpacked, and nothing else: the folder was empty before."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()

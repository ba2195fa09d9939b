"""Exchanging with others, through whatever they share: a bundle file, a folder, a file server, or a hub."""

from pathlib import Path

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.operations import bundling
from reviewer.operations.folder_sync import sync_folder
from reviewer.operations.synced import Moved, Synced
from reviewer.storage.conflicts import conflicts_of_tables
from reviewer.storage.targets import SUFFIX, target_of
from reviewer.storage.workspace import Workspace

_HUBS = ("postgresql://", "postgres://")


def sync(workspace: Workspace, ticket: Ticket, *, target: str, dry_run: bool = False) -> Outcome[Synced]:
    """Take in what is new at a target, and leave there what others lack.

    target: a bundle file (taken in if it is there, else written), a folder, an address that fsspec knows, or `postgresql://…`.
    dry_run: only counts. Raises what the kind of target raises; what was taken in before is kept, and running it again completes it.
    """
    if not dry_run:
        workspace.require_writable()
    if target.startswith(_HUBS):
        from reviewer.operations.hub_sync import sync_hub

        return sync_hub(workspace, ticket, address=target, dry_run=dry_run)
    path = Path(target).expanduser()
    if "://" not in target and (path.suffix.lower() == SUFFIX or path.is_file()):
        return _sync_file(workspace, ticket, path, dry_run=dry_run)
    return sync_folder(workspace, ticket, target=target_of(target), dry_run=dry_run)


def _sync_file(workspace: Workspace, ticket: Ticket, path: Path, *, dry_run: bool) -> Outcome[Synced]:
    none = Moved(0, 0)
    if not path.exists():
        if dry_run:
            return Outcome(Synced(none, none, _conflicts(workspace), 0, {}, frozenset(), (f"{path} would be written.",)))
        made = bundling.create_bundle(workspace, ticket, target=path)
        return Outcome(Synced(Moved(made.value.entries, made.value.items), none, _conflicts(workspace), 0, {}, frozenset()), made.changes)
    if dry_run:
        counts = bundling.inspect_bundle(workspace, ticket, source=path).value.manifest.counts
        return Outcome(Synced(none, Moved(counts.entries, counts.items), _conflicts(workspace), 0, {}, frozenset()))
    applied = bundling.apply_bundle(workspace, ticket, source=path)
    taken = applied.value.taken
    notes = applied.value.notes
    if taken is None:
        return Outcome(Synced(none, none, _conflicts(workspace), 1, {}, frozenset(), notes), applied.changes)
    received = Moved(taken.entries, taken.items)
    if not taken.entries and not taken.items:
        notes = (f"Nothing new ({taken.known:,} known). [E208]", *notes)
    return Outcome(Synced(none, received, taken.conflicts, taken.pending, taken.kinds, taken.members, notes), applied.changes)


def _conflicts(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return len(conflicts_of_tables(reading))

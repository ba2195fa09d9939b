"""Labels with their items going out, beside unpacking, decoding and encoding each payload again in the same run."""

import time
from pathlib import Path

from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import labelling, queues
from reviewer.storage.workspace import Workspace
from tests.bench import limits
from tests.bench.children import child
from tests.bench.rows import Row

_MOST = 10_000  # labels; the rate does not hang on their number
_LEFT = 400  # items that stay open, for what is measured after this


def label_many(folder: Path, campaign: str, most: int) -> int:
    """Label what is open in a campaign; not durably, since this is not what is measured. Returns how many labels there are."""
    workspace = Workspace.open(folder / "ws", synchronous="OFF")
    while True:
        standing = queues.standing(workspace, SILENT, campaign=campaign).value
        turns = queues.next_items(workspace, SILENT, campaign=campaign, limit=100).value
        if not turns or standing.done >= most:
            workspace.close()
            return standing.done
        for turn in turns:
            bad = turn.id[0] in "0123"
            opinion = Opinion(verdict="non_compliant" if bad else "compliant", rationale="The fare rules say no." if bad else "")
            labelling.label_item(workspace, SILENT, campaign=campaign, item=turn.id, opinion=opinion)


def export_rows(folder: Path, items: int, campaign: str) -> list[Row]:
    """A release of all answered items (JSON lines and Parquet), and the table of labels alone."""
    label_many(folder, campaign, min(_MOST, items - _LEFT))
    database, lines = folder / "ws" / "reviewer.db", folder / "bare.jsonl"
    bare = limits.bare_export(database, lines, most=_MOST)
    both = limits.bare_export(database, lines, most=_MOST, table=folder / "bare.parquet")
    release = child("release of labels with items", "release", folder, limit_s=600)
    table = child("export of labels", "export", folder, limit_s=600)
    rate = release["rows"] / release["seconds"]
    return [
        Row(items, f"release of {release['rows']:,} labels with items", "items/s", rate, bare, ">= 0.7 of the limit", rate >= 0.7 * bare),
        Row(items, "the same, beside both of its files made barely", "items/s", rate, both, "", None),
        Row(items, "the same, memory beyond what was there", "MB", release["mb"], None, "<= 50 MB", release["mb"] <= 50),
        Row(items, f"export of {table['rows']:,} labels", "labels/s", table["rows"] / table["seconds"], None, "", None),
    ]


# --- in processes of their own


def release(folder: Path, campaign: str) -> dict[str, float]:
    """Release a campaign. Libraries are loaded before the clock starts, and count as memory that was there."""
    from reviewer.formats import release_tables  # and with it Arrow
    from reviewer.operations import releasing

    assert release_tables
    workspace = Workspace.open(folder / "ws")
    before, started = _peak_mb(), time.perf_counter()
    done = releasing.release_dataset(workspace, SILENT, campaigns=[campaign], out=folder / "release").value
    taken = time.perf_counter() - started
    workspace.close()
    return {"rows": sum(done.rows.values()), "seconds": taken, "mb": _peak_mb() - before}


def export(folder: Path, campaign: str) -> dict[str, float]:
    """Export the labels of a campaign as JSON lines."""
    from reviewer.formats import label_tables
    from reviewer.operations import exporting

    assert label_tables.checked_ending(".jsonl")
    workspace = Workspace.open(folder / "ws")
    started = time.perf_counter()
    done = exporting.export_labels(workspace, SILENT, path=folder / "labels.jsonl", campaign=campaign).value
    taken = time.perf_counter() - started
    workspace.close()
    return {"rows": done.labels, "seconds": taken}


def _peak_mb() -> float:
    """What this program needed at most. (`getrusage` also counts what its parent had when it started it.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

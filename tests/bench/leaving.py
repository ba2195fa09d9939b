"""Labels with their items going out, beside unpacking, decoding and encoding each payload again in the same run."""

import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Progress, Ticket
from reviewer.operations import labelling, queues
from reviewer.storage.workspace import Workspace
from tests.bench import limits
from tests.bench.children import child, peak_mb
from tests.bench.limits import Rate
from tests.bench.rows import Row

_MOST = 100_000  # labels
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
    return leaving_rows(folder, items)


def leaving_rows(folder: Path, items: int) -> list[Row]:
    """The rows of a workspace that is labelled. Each limit is taken before and after, since others want the processor too."""
    release, (again, rows_barely) = _between("release of labels with items", "release", folder, _bare_export, _bare_release)
    table, (labels_barely,) = _between("export of labels", "export", folder, _bare_labels)
    rate, cpu = release["rows"] / release["seconds"], release["cpu"] / release["rows"] * 1e6
    labels = table["rows"] / table["seconds"]
    return [
        Row(
            items, f"release of {release['rows']:,} labels with items", "items/s", rate, again.rate, ">= 0.7 of the limit",
            rate >= 0.7 * again.rate,
        ),
        Row(
            items, "the same, beside the same rows made barely", "items/s", rate, rows_barely.rate, ">= 0.7 of the limit",
            rate >= 0.7 * rows_barely.rate,
        ),
        Row(items, "the same, processor time a row, of all processes", "us", cpu, rows_barely.cpu_us, "", None),
        Row(items, "the same, memory beyond what was there", "MB", release["mb"], None, "<= 50 MB", release["mb"] <= 50),
        Row(items, "the same, memory of a process that makes rows", "MB", release["beside_mb"], None, "", None),
        Row(
            items, f"export of {table['rows']:,} labels", "labels/s", labels, labels_barely.rate, ">= 0.7 of the limit",
            labels >= 0.7 * labels_barely.rate,
        ),
        Row(items, "the same, processor time a label", "us", table["cpu"] / table["rows"] * 1e6, labels_barely.cpu_us, "", None),
    ]  # fmt: skip


def _between(row: str, what: str, folder: Path, *bare: Callable[[Path], Rate]) -> tuple[dict[str, Any], list[Rate]]:
    """A measurement, and the means of its limits before and after."""
    before = [one(folder) for one in bare]
    found = child(row, what, folder, limit_s=1_800)
    after = [one(folder) for one in bare]
    return found, [Rate(*map(fmean, zip(*both, strict=True))) for both in zip(before, after, strict=True)]


def _bare_export(folder: Path) -> Rate:
    return limits.bare_export(folder / "ws" / "reviewer.db", folder / "bare.jsonl", most=_MOST)


def _bare_release(folder: Path) -> Rate:
    return limits.bare_release(folder / "ws" / "reviewer.db", folder / "bare.jsonl", folder / "bare.parquet", most=_MOST)


def _bare_labels(folder: Path) -> Rate:
    return limits.bare_labels(folder / "ws" / "reviewer.db", folder / "bare.jsonl")


# --- in processes of their own


def release(folder: Path, campaign: str) -> dict[str, float]:
    """Release a campaign. Libraries are loaded before the clock starts, and count as memory that was there."""
    from reviewer.formats import release_tables  # and with it Arrow
    from reviewer.operations import releasing

    assert release_tables
    workspace = Workspace.open(folder / "ws")
    out = folder / "release"
    shutil.rmtree(out, ignore_errors=True)
    beside: list[float] = []

    def look(progress: Progress) -> None:
        if progress.done % 2_000 == 0:
            beside.extend(peak_mb(f"{one.pid}") for one in multiprocessing.active_children())

    before, started, cpu = peak_mb(), time.perf_counter(), _cpu_s()
    done = releasing.release_dataset(workspace, Ticket(look), campaigns=[campaign], out=out).value
    taken, cpu = time.perf_counter() - started, _cpu_s() - cpu
    workspace.close()
    rows = sum(done.rows.values())
    return {"rows": rows, "seconds": taken, "cpu": cpu, "mb": peak_mb() - before, "beside_mb": max(beside, default=0.0)}


def export(folder: Path, campaign: str) -> dict[str, float]:
    """Export the labels of a campaign as JSON lines."""
    from reviewer.formats import label_tables
    from reviewer.operations import exporting

    assert label_tables.checked_ending(".jsonl")
    workspace = Workspace.open(folder / "ws")
    started, cpu = time.perf_counter(), _cpu_s()
    done = exporting.export_labels(workspace, SILENT, path=folder / "labels.jsonl", campaign=campaign).value
    taken, cpu = time.perf_counter() - started, _cpu_s() - cpu
    workspace.close()
    return {"rows": done.labels, "seconds": taken, "cpu": cpu}


def _cpu_s() -> float:
    """Processor time of this process, and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)

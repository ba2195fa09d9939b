"""Import, labels, search, export and disk, measured on a workspace of so many items."""

import json
import resource
import shutil
import time
from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, queues, searching
from reviewer.storage.workspace import Workspace
from tests.bench import corpus, limits
from tests.bench.children import reviewer, watched
from tests.bench.rows import Row

CAMPAIGN = "Bench"
_BROWSABLE = ">= 0.5 of the limit"  # 12,000 items/s where the limit, a bare import without an index, is 24,000
_LABELS = 300
_QUERIES = (
    "",
    "agent:airline",
    "steps>10",
    "time>=2026-08",
    "kalomesi",
    "ba",
    '"ba be"',
    "model:helper-large-2026-05 -agent:claims",
    "tool:cancel_*",
)


def build(folder: Path, items: int) -> list[Row]:
    """Import so many items into folder/ws with the real command, beside the bare import of the same file."""
    chats = folder / "chats.jsonl"
    size = corpus.write_chats(chats, items)
    what = "import, searchable at the end"
    started = time.process_time()
    limit = limits.bare_import(chats, folder / "bare.db")
    bare_cpu = (time.process_time() - started) / items * 1e6
    unsearched = limits.bare_import(chats, folder / "unsearched.db", index=False)
    reviewer(what, "init", str(folder / "ws"), "--as", "Bench")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    said, peak = watched(what, "--workspace", str(folder / "ws"), "import", str(chats), "--json")
    report = json.loads(said)
    whole = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate, cpu = items / report["seconds"], (_cpu_s(after) - _cpu_s(before)) / items * 1e6
    stored = items / report["stored_seconds"]
    on_disk = sum(file.stat().st_size for file in (folder / "ws").rglob("*") if file.is_file())
    share = on_disk / size
    return [
        Row(items, what, "items/s", rate, limit, ">= 0.75 of the limit", rate >= 0.75 * limit),
        Row(items, "import, durable and browsable, the index behind", "items/s", stored, unsearched, _BROWSABLE, stored >= unsearched / 2),
        Row(items, "import with the start of the command", "items/s", items / whole, limit, "", None),
        Row(items, "import, processor time an item, of both processes", "us", cpu, bare_cpu, "", None),
        Row(items, "import, peak memory of its largest process", "MB", peak, None, "<= 200 MB", peak <= 200),
        Row(items, "disk per byte of item", "", share, None, "<= 0.85", share <= 0.85),
    ]


def _cpu_s(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def commit_rows(folder: Path, items: int) -> list[Row]:
    """Durable labels, beside an fdatasync of 4 kB and a bare commit in the same run."""
    workspace = Workspace.open(folder / "ws")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=CAMPAIGN, query="", seed="bench"))
    taken: list[float] = []
    syncs: list[float] = []
    commits: list[float] = []
    for turn in queues.next_items(workspace, SILENT, campaign=CAMPAIGN, limit=_LABELS).value:
        opinion = Opinion(
            verdict="non_compliant", severity="major", rationale="The fare rules do not allow this refund." * 3, duration_ms=9_000
        )
        started = time.perf_counter()
        labelling.label_item(workspace, SILENT, campaign=CAMPAIGN, item=turn.id, opinion=opinion)
        taken.append(time.perf_counter() - started)
        syncs += limits.bare_fdatasync(folder / "sync", 1)
    commits += limits.bare_commit(folder / "commit.db", _LABELS)
    workspace.close()
    half, most = limits.middle(taken) * 1e3, limits.quantile(taken, 0.95) * 1e3
    half_sync, most_sync = limits.middle(syncs) * 1e3, limits.quantile(syncs, 0.95) * 1e3
    return [
        Row(items, "label commit, p50", "ms", half, half_sync, "<= 3.5 x fdatasync", half <= 3.5 * half_sync),
        Row(items, "label commit, p95", "ms", most, most_sync, "<= 5 x fdatasync", most <= 5 * most_sync),
        Row(items, "label commit, p99", "ms", limits.quantile(taken, 0.99) * 1e3, limits.quantile(commits, 0.99) * 1e3, "", None),
        Row(items, "label commit beside a bare commit, p50", "ms", half, limits.middle(commits) * 1e3, "", None),
    ]


def search_rows(folder: Path, items: int) -> list[Row]:
    """The first page of 50, for queries of many kinds, each several times."""
    workspace = Workspace.open(folder / "ws")
    taken: list[float] = []
    worst = ("", 0.0)
    for text in _QUERIES:

        def search(text: str = text) -> object:
            return searching.search(workspace, SILENT, text=text, limit=50)

        search()  # the first of a kind opens a connection and compiles the statement
        mine = limits.timed(search, 20)
        taken += mine
        worst = max(worst, (text, limits.quantile(mine, 0.95)), key=lambda pair: pair[1])
    workspace.close()
    half, most = limits.middle(taken) * 1e3, limits.quantile(taken, 0.95) * 1e3
    return [
        Row(items, "search, first page, p50", "ms", half, None, "<= 16.7 ms", half <= 16.7),
        Row(items, f"search, first page, p95 (worst: {worst[0] or 'everything'})", "ms", most, None, "<= 20 ms", most <= 20),
    ]


def clear(folder: Path) -> None:
    """Remove what a size left behind."""
    shutil.rmtree(folder)

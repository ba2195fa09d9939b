"""The rows of the window: start, memory, from key to paint, and from query to paint."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage.workspace import Workspace
from tests.bench import corpus, limits
from tests.bench.children import bare_child, child, reviewer
from tests.bench.rows import Row

_STARTS, _TURNS = 5, 3
_LONG_ITEMS = 60
_LONG_KB = 200
_MORE = 24_000  # items of the import that runs meanwhile: for some thirty keys
_OF_ALL = Campaign(name="Bench", query="", seed="bench")


def start_rows(folder: Path, items: int) -> list[Row]:
    """From the start of the process to an item painted, beside Qt alone; the two take turns, so that a busy moment hits both."""
    what = "cold start to an item in the window"
    ours: list[float] = []
    bare: list[float] = []
    child(what, "start", folder)  # the first of each writes bytecode
    bare_child(what, "start", folder)
    for _ in range(_STARTS):
        ours.append(float(child(what, "start", folder)["seconds"]))
        bare.append(float(bare_child(what, "start", folder)["seconds"]))
    mine, limit = limits.middle(ours) * 1e3, limits.middle(bare) * 1e3
    return [Row(items, what, "ms", mine, limit, "<= 2.0 x the limit", mine <= 2 * limit)]


def memory_rows(folder: Path, items: int) -> list[Row]:
    """What the window takes with all these items in its workspace."""
    what = "memory of the open window"
    megabytes = float(child(what, "memory", folder)["mb"])
    return [Row(items, what, "MB", megabytes, None, "<= 160 MB", megabytes <= 160)]


def paint_rows(folder: Path, items: int) -> list[Row]:
    """From Ctrl+Return to the next item painted, its label committed, beside the driver and a plain text widget; the two take turns."""
    what = "key to next item painted"
    bare: list[float] = []
    ours: list[float] = []
    for _ in range(_TURNS):
        bare += bare_child(what, "paint", folder)["seconds"]
        ours += child(what, "paint", folder)["seconds"]
    half, limit = limits.middle(ours) * 1e3, limits.middle(bare) * 1e3
    most, most_bare = limits.quantile(ours, 0.95) * 1e3, limits.quantile(bare, 0.95) * 1e3
    return [
        Row(items, f"{what}, p50", "ms", half, limit, "<= 1.3 x the limit", half <= 1.3 * limit),
        Row(items, f"{what}, p95", "ms", most, most_bare, "<= 10 ms", most <= 10),
        Row(items, f"{what}, p99", "ms", limits.quantile(ours, 0.99) * 1e3, limits.quantile(bare, 0.99) * 1e3, "", None),
    ]


def long_rows(folder: Path, items: int) -> list[Row]:
    """The same with transcripts of 200 kB, in a workspace of their own."""
    what = f"key to next item of {_LONG_KB} kB painted"
    chats = folder / "long.jsonl"
    corpus.write_chats(chats, _LONG_ITEMS, kilobytes=_LONG_KB)
    limits.bare_import(chats, folder / "bare-long.db")
    make_workspace(what, folder / "long", chats)
    bare, ours = bare_child(what, "paint-long", folder)["seconds"], child(what, "paint-long", folder)["seconds"]
    half, limit = limits.middle(ours) * 1e3, limits.middle(bare) * 1e3
    most = limits.quantile(ours, 0.95) * 1e3
    return [
        Row(items, f"{what}, p50", "ms", half, limit, "<= 1.5 x the limit", half <= 1.5 * limit),
        Row(items, f"{what}, p95", "ms", most, limits.quantile(bare, 0.95) * 1e3, "<= 33 ms", most <= 33),
    ]


def busy_rows(folder: Path, items: int) -> list[Row]:
    """From key to paint while an import runs in the same window, and while clusters are run; beside the window at rest."""
    corpus.write_chats(folder / "more.jsonl", _MORE, seed=8)
    # Once before, over a part of the items: an installed program has its bytecode.
    reviewer("clusters of a part", "--workspace", str(folder / "ws"), "clusters", "run", "--query", "agent:claims")
    return [
        *_beside(folder, items, "key to next item painted while an import runs", "paint-busy"),
        *_beside(folder, items, "key to next item painted while clusters are run", "paint-clustering"),
    ]


def _beside(folder: Path, items: int, what: str, stage: str) -> list[Row]:
    found = child(what, stage, folder)
    ours, quiet = found["seconds"], found["quiet"]
    most = limits.quantile(ours, 0.95) * 1e3
    return [
        Row(items, f"{what}, p50", "ms", limits.middle(ours) * 1e3, limits.middle(quiet) * 1e3, "", None),
        Row(items, f"{what}, p95 of {len(ours)}", "ms", most, limits.quantile(quiet, 0.95) * 1e3, "<= 33 ms", most <= 33),
    ]


def query_rows(folder: Path, items: int) -> list[Row]:
    """From a complete query to the first page of what it finds, painted, beside a word's items in a plain table."""
    what = "query to first page painted"
    bare = bare_child(what, "search", folder)["seconds"]
    ours = child(what, "search", folder)["seconds"]
    half, most = limits.middle(ours) * 1e3, limits.quantile(ours, 0.95) * 1e3
    return [
        Row(items, f"{what}, p50", "ms", half, limits.middle(bare) * 1e3, "<= 16.7 ms", half <= 16.7),
        Row(items, f"{what}, p95", "ms", most, limits.quantile(bare, 0.95) * 1e3, "", None),
    ]


def make_workspace(what: str, folder: Path, items: Path, *, rules: Campaign = _OF_ALL) -> None:
    """A workspace with these items, and a campaign over them."""
    reviewer(what, "init", str(folder), "--as", "Bench")
    reviewer(what, "--workspace", str(folder), "import", str(items))
    workspace = Workspace.open(folder)
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    workspace.close()

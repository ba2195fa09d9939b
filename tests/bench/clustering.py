"""Embedding and clustering: real texts for the rate, then as many stored vectors as there are items and a label on one in five of them."""

import time
from pathlib import Path

import numpy as np

from reviewer.domain import item_tree, tree_scan
from reviewer.domain.embedding import LENGTH
from reviewer.domain.events import Campaign
from reviewer.domain.ngrams import scaled
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, embedding
from reviewer.operations.beside import Keeping
from reviewer.operations.verdicts import verdicts
from reviewer.outside import word_vectors
from reviewer.storage import item_vectors
from reviewer.storage.transactions import Work
from reviewer.storage.workspace import Workspace
from tests.bench import estimating, limits
from tests.bench.children import child
from tests.bench.rows import Row

_TEXTS = 2_000
_TOPICS = 50
_TARGET_S = {10_000: 1.5, 100_000: 15.0}


def cluster_rows(folder: Path, items: int) -> list[Row]:
    """Texts a second, of the items that were imported; then reading, tree and scan over stored vectors; then frames of the map."""
    return [_embedding(folder, items), *_clustering(folder, items), _frame(folder, items)]


def _embedding(folder: Path, items: int) -> Row:
    workspace = Workspace.open(folder / "ws")
    with workspace.read() as reading:
        ids = np.sort(np.frombuffer(b"".join(name for (name,) in reading.rows("SELECT id FROM item LIMIT ?", (_TEXTS,))), "S32"))
    model = word_vectors.word_vectors()  # asked for by name: the words of these texts are of no language
    started = time.perf_counter()
    found = embedding.embed_with(workspace, Keeping(workspace), SILENT, ids, model, "")
    rate = found.new / (time.perf_counter() - started)
    workspace.close()
    return Row(items, f"embedding, {LENGTH:,} characters of each at most, stored", "items/s", rate, None, ">= 300 items/s", rate >= 300)


def _clustering(folder: Path, items: int) -> list[Row]:
    workspace = Workspace.create(folder / "clusters", member="Bench")
    with workspace.begin() as work:
        work.run(estimating.ITEMS, (items,))
        work.set_fact("items", str(items))
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="census", query="", seed="bench"))
    with workspace.begin() as work:
        _vectors(work, items)
        estimating.label(work, "census", items // 5)
    with workspace.read() as reading:
        started, cpu = time.perf_counter(), time.process_time()
        ids = np.sort(np.frombuffer(b"".join(name for (name,) in reading.rows("SELECT id FROM item")), "S32"))
        known, vectors = item_vectors.vectors_of(reading, word_vectors.NAME, ids)
        said, place = verdicts(reading, SILENT, campaign="census", viewer=workspace.me).among(known)
        read = time.perf_counter()
        tree = item_tree.of_vectors(vectors, seed=1)
        grown = time.perf_counter()
        tree_scan.scan(tree, place, said.broken, rng=np.random.default_rng(1), cell=said.cell)
        done, worked = time.perf_counter(), time.process_time() - cpu
    workspace.close()
    target = _TARGET_S.get(items)
    words = f"<= {target:g} s" if target else ""
    whole = done - started
    return [
        Row(items, "clusters: reading stored vectors and verdicts", "s", read - started, None, "", None),
        Row(items, "clusters: the tree", "s", grown - read, None, "", None),
        Row(items, f"clusters: the scan, {tree_scan.REPLICATIONS} permutations", "s", done - grown, None, "", None),
        Row(items, "clusters: all three", "s", whole, None, words, None if target is None else whole <= target),
        Row(items, "clusters: all three, processor time", "s", worked, None, words, None if target is None else worked <= target),
    ]


def _frame(folder: Path, items: int) -> Row:
    what = "clusters: a frame of the map as it moves, p50"
    taken = limits.middle(child(what, "frames", folder)["seconds"]) * 1e3
    return Row(items, what, "ms", taken, None, "<= 33 ms" if items in _TARGET_S else "", taken <= 33 if items in _TARGET_S else None)


def frames(folder: Path) -> list[float]:
    """Seconds of each of some frames of a map of as many items as were clustered, in a window of usual size, while one zooms and moves."""
    from PySide6.QtCore import QPointF, QSize, QSizeF
    from PySide6.QtWidgets import QApplication

    from reviewer.ui.pages.clusters.points import Points
    from reviewer.ui.pages.clusters.space import whole
    from reviewer.ui.theme import Theme
    from tests.ui.pages.clusters.maps import scattered

    workspace = Workspace.open(folder / "clusters")
    with workspace.read() as reading:
        items = int(reading.fact("items") or 0)
    workspace.close()
    size, taken = QSize(1100, 800), []
    points = Points(Theme(QApplication([]), choice="light"), scattered(items))
    points.colour_by("verdict")
    space = whole(points.box, QSizeF(size), edge=20, foot=30)
    for step in range(40):
        space = space.zoomed(1.05, QPointF(300, 200)) if step % 2 else space.moved(QPointF(9, 4))
        started = time.perf_counter()
        points.image(space, size, 1.0)
        taken.append(time.perf_counter() - started)
    return taken


def _vectors(work: Work, items: int) -> None:
    rng = np.random.default_rng(1)
    topics = rng.normal(size=(_TOPICS, 256))
    ids = [name for (name,) in work.rows("SELECT id FROM item ORDER BY id")]
    made = scaled((topics[rng.integers(_TOPICS, size=items)] + rng.normal(size=(items, 256))).astype(np.float32)).astype("<f2")
    rows = [(word_vectors.NAME, name, vector.tobytes()) for name, vector in zip(ids, made, strict=True)]
    work.run_many("INSERT INTO vector VALUES (?, ?, ?)", rows)

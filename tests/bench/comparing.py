"""From one comparison to the next: the page that compares, worked by keys, beside the driver and three plain text widgets."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.domain.events import Campaign
from tests.bench import corpus, inside, limits, windows
from tests.bench.children import bare_child, child
from tests.bench.rows import Row

if TYPE_CHECKING:
    from reviewer.ui.pages.compare.page import ComparePage

_PAIRS = 70
_KEYS = 60
_KB = 8
_READS_S = 0.2  # nobody reads two answers and presses two keys in less


def compare_rows(folder: Path, items: int) -> list[Row]:
    """From Ctrl+Return to the next comparison painted, its prompt and both outputs, the label committed."""
    what = f"key to next comparison of 2 x {_KB} kB painted"
    pairs = folder / "pairs.jsonl"
    corpus.write_pairs(pairs, _PAIRS, kilobytes=_KB)
    limits.bare_pairs(pairs, folder / "bare-pairs.db")
    windows.make_workspace(what, folder / "pairs", pairs, rules=Campaign(name="Bench", query="", question="preference", seed="bench"))
    bare, ours = bare_child(what, "compare", folder), child(what, "compare", folder)
    half, limit = limits.middle(ours["seconds"]) * 1e3, limits.middle(bare["seconds"]) * 1e3
    most, most_bare = limits.quantile(ours["seconds"], 0.95) * 1e3, limits.quantile(bare["seconds"], 0.95) * 1e3
    busy, busy_bare = limits.middle(ours["cpu"]) * 1e3, limits.middle(bare["cpu"]) * 1e3
    return [
        Row(items, f"{what}, p50", "ms", half, limit, "<= 1.3 x the limit", half <= 1.3 * limit),
        Row(items, f"{what}, p95", "ms", most, most_bare, "<= 16.7 ms", most <= 16.7),
        Row(items, "the same, processor time of all threads, p50", "ms", busy, busy_bare, "<= 20 ms", busy <= 20),
    ]


def by_keys(workspace: Path) -> None:
    """In a process of its own: prefer one output after another by keys. Prints seconds and processor seconds of each."""
    inside.in_window(workspace, _prefer)


def _prefer(window: Any) -> dict[str, object]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    inside.wait(lambda: window.current_page == "compare")
    page: ComparePage = window.go("compare")
    inside.wait(lambda: page._flow.current is not None and page._flow.standing is not None)
    inside.settle()
    window.activateWindow()
    inside.wait(window.isActiveWindow)  # keys go nowhere in a window that is not
    views = [page._bench.prompt.pane.view, *(pane.pane.view for pane in page._bench.shown_panes)]
    painted: set[int] = set()
    for place, view in enumerate(views):
        view.painted.connect(lambda place=place: painted.add(place))
    taken: list[float] = []
    busy: list[float] = []
    for _ in range(_KEYS):
        before = page._flow.current
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_1)
        QApplication.processEvents()
        painted.clear()
        started, cpu = time.perf_counter(), time.process_time()
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        inside.wait(lambda before=before: page._flow.current not in (None, before) and len(painted) == len(views))  # type: ignore[misc] # bound
        taken.append(time.perf_counter() - started)
        busy.append(time.process_time() - cpu)
        inside.settle(_READS_S)
    return {"seconds": taken, "cpu": busy}

"""The window, measured from inside, in processes of its own: `python -m tests.bench.inside WHAT FOLDER` prints JSON.

Keys are real key events. Painting is noticed by wrapping the paint of the transcript or of the table.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.children import since_began

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_KEYS = 120
_QUIET_KEYS, _TURN_KEYS = 30, 40
_LONG_KEYS = 40
_READS_S = 0.2  # nobody reads an item and presses two keys in less
_PATIENCE_S = 10.0
_SETTLES_S = 2.0
_OPEN_FOR_MS = 4_000
QUERIES = ("kalomesi", "agent:airline", "steps>10", '"ba be"', "-agent:claims model:helper-large-2026-05", "tool:cancel_*")


def start(workspace: Path) -> None:
    """From the start of the process to the first paint of an item."""
    from reviewer.__main__ import let_garbage_lie

    let_garbage_lie()  # as the one door does
    from PySide6.QtWidgets import QApplication

    from reviewer.ui import app

    def seen(steps: int) -> None:
        if steps:
            print(json.dumps({"seconds": since_began()}))
            QApplication.quit()
            paints.clear()

    paints = _watch_transcript()
    paints.append(seen)
    app.run(workspace)


def memory(workspace: Path) -> None:
    """What the open window takes, in MB, once all has settled."""

    def measure(_window: "QWidget") -> dict[str, object]:
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return {"mb": resident / 1024 / 1024}

    in_window(workspace, measure, after_ms=_OPEN_FOR_MS)


def paint(workspace: Path, *, keys: int = _TURN_KEYS) -> None:
    """From Ctrl+Return to the next item painted, its label on disk."""
    listeners = _watch_transcript()
    in_window(workspace, lambda window: {"seconds": _label(window, listeners, keys)})


def paint_busy(workspace: Path, more: Path) -> None:
    """The same while an import runs, as the import dialog runs it."""
    from reviewer.ui.pages.explore.import_steps import bring_in

    _paint_beside(workspace, partial(bring_in, paths=[str(more)], agent="", column_map=None))


def paint_clustering(workspace: Path) -> None:
    """The same while items are embedded, grouped and scanned, as the Clusters page does it."""
    from reviewer.ui.pages.clusters.fetching import Wanted, run

    _paint_beside(workspace, partial(run, wanted=Wanted("", None, "bench", 0.05, None, "local")))


def _paint_beside(workspace: Path, work: Any) -> None:
    """From key to paint while a window does long work, and before and after that, so that a busy moment of the machine hits both."""
    listeners = _watch_transcript()

    def measure(window: Any) -> dict[str, object]:
        done: list[Any] = []
        quiet = _label(window, listeners, _QUIET_KEYS)
        window.jobs.long(work, title="Working", owner=window, done=done.append, failed=done.append)
        began: list[Any] = []
        window.jobs.progressed.connect(began.append)
        wait(lambda: bool(began))
        taken = _label(window, listeners, _KEYS, stop=lambda: bool(done))
        running = not done
        for ticket in tuple(window.jobs._long):
            ticket.cancel()
        wait(lambda: not window.jobs.busy)
        quiet += _label(window, listeners, _QUIET_KEYS)
        return {"seconds": taken, "quiet": quiet, "running": running}

    in_window(workspace, measure)


def search(workspace: Path) -> None:
    """From a query that is complete (Return) to its first page painted."""

    def measure(window: Any) -> dict[str, object]:
        page = window.go("explore")
        table, field = page._found.table, page._header.field
        begun: list[object] = []
        page._listing.begun.connect(begun.append)
        wait(lambda: bool(begun))
        settle()
        taken = []
        for text in QUERIES * 5:
            begun.clear()
            started = time.perf_counter()
            field.put(text)
            wait(lambda: bool(begun))
            table.viewport().repaint()
            taken.append(time.perf_counter() - started)
            settle(0.1)
        return {"seconds": taken}

    in_window(workspace, measure)


# --- how


def _watch_transcript() -> list[Callable[[int], None]]:
    """Listeners that are told the step count after each paint of a transcript."""
    from PySide6.QtGui import QPaintEvent

    from reviewer.ui.transcript.view import TranscriptView

    listeners: list[Callable[[int], None]] = []
    really = TranscriptView.paintEvent

    def painted(self: TranscriptView, event: QPaintEvent) -> None:
        really(self, event)
        for listener in tuple(listeners):
            listener(self.steps.count)

    TranscriptView.paintEvent = painted  # type: ignore[method-assign] # to notice the moment of painting
    return listeners


def in_window(workspace: Path, measure: "Callable[[Any], dict[str, object]]", *, after_ms: int = 500) -> None:
    """Open the window, call `measure` in it, print what it gives. A failure ends the process with 1."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from reviewer.ui import app
    from reviewer.ui.window import Window

    answers: list[dict[str, object]] = []

    def begin() -> None:
        try:
            window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))
            answers.append(measure(window))
        except Exception:  # noqa: BLE001 - a slot's exception goes nowhere else
            traceback.print_exc()
        finally:
            QApplication.exit()

    app.application(())
    QTimer.singleShot(after_ms, begin)
    app.run(workspace)
    if not answers:
        sys.exit(1)
    print(json.dumps(answers[0]))


def _label(window: Any, listeners: list[Callable[[int], None]], keys: int, stop: Callable[[], bool] = lambda: False) -> list[float]:
    """Label by keys, so many items or until told to stop. Returns the seconds from Ctrl+Return to the next item painted."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    page = window.go("review")
    paints: list[int] = []
    listeners.append(paints.append)
    wait(lambda: page._flow.current is not None and page._flow.standing is not None)
    settle(_SETTLES_S if keys > 10 and not window.jobs.busy else 0.2)
    window.activateWindow()
    wait(window.isActiveWindow)  # keys go nowhere in a window that is not
    taken: list[float] = []
    for _ in range(keys):
        before = page._flow.current
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_C)
        QApplication.processEvents()
        paints.clear()
        started = time.perf_counter()
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait(lambda before=before: page._flow.current not in (None, before) and bool(paints))  # type: ignore[misc] # bound
        taken.append(time.perf_counter() - started)
        settle(_READS_S)
        if stop():
            break
    listeners.remove(paints.append)
    return taken


def wait(holds: Callable[[], bool]) -> None:
    """Let the window work until something holds. The thread sleeps meanwhile, as it does in the program: one that only looked again and
    again would keep the interpreter lock from the writer."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    flags = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    waker = QTimer()
    waker.start(1_000)
    until = time.perf_counter() + _PATIENCE_S
    while not holds():
        if time.perf_counter() > until:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents(flags)


def settle(seconds: float = _SETTLES_S) -> None:
    """Let the window do what it does, without burning the processor that the background work needs."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def main(what: str, folder: Path) -> None:
    """Run one measurement."""
    match what:
        case "start":
            start(folder / "ws")
        case "memory":
            memory(folder / "ws")
        case "paint":
            paint(folder / "ws")
        case "paint-long":
            paint(folder / "long", keys=_LONG_KEYS)
        case "paint-busy":
            paint_busy(folder / "ws", folder / "more.jsonl")
        case "paint-clustering":
            paint_clustering(folder / "ws")
        case "compare":
            from tests.bench import comparing

            comparing.by_keys(folder / "pairs")
        case "frames":
            from tests.bench import clustering

            print(json.dumps({"seconds": clustering.frames(folder)}))
        case "search":
            search(folder / "ws")
        case "release":
            from tests.bench import leaving

            print(json.dumps(leaving.release(folder, "Bench")))
        case "export":
            from tests.bench import leaving

            print(json.dumps(leaving.export(folder, "Bench")))
        case _:
            raise ValueError(what)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

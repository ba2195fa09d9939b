"""The window, measured in processes of its own: `python -m tests.bench.window ours|bare-start|paint|bare-paint FOLDER` prints JSON.

Painting is noticed by wrapping the paint of the transcript; keys are real key events. The bare forms do the same with Qt and
the driver alone.
"""

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import limits
from tests.bench.rows import Row

_STARTS = 5
_KEYS = 120
_PATIENCE_S = 8.0


def start_rows(folder: Path, items: int) -> list[Row]:
    """From the start of the process to an item painted in a window that takes keys, beside Qt alone."""
    ours = [float(_child("ours", folder)["seconds"]) for _ in range(_STARTS)]
    bare = [float(_child("bare-start", folder)["seconds"]) for _ in range(_STARTS)]
    mine, limit = limits.middle(ours) * 1e3, limits.middle(bare) * 1e3
    memory = float(_child("memory", folder)["mb"])
    return [
        Row(items, "cold start to an item in the window", "ms", mine, limit, "<= 2.0 x the limit", mine <= 2 * limit),
        Row(items, "memory of the open window", "MB", memory, None, "<= 160 MB", memory <= 160),
    ]


def paint_rows(folder: Path, items: int) -> list[Row]:
    """From Ctrl+Return to the next item painted, its label committed, beside the driver and a plain text widget."""
    ours, bare = _child("paint", folder)["seconds"], _child("bare-paint", folder)["seconds"]
    half, limit = limits.middle(ours) * 1e3, limits.middle(bare) * 1e3
    most = limits.quantile(ours, 0.95) * 1e3
    return [
        Row(items, "key to next item painted, p50", "ms", half, limit, "<= 1.3 x the limit", half <= 1.3 * limit),
        Row(items, "key to next item painted, p95", "ms", most, limits.quantile(bare, 0.95) * 1e3, "<= 10 ms", most <= 10),
        Row(items, "key to next item painted, p99", "ms", limits.quantile(ours, 0.99) * 1e3, limits.quantile(bare, 0.99) * 1e3, "", None),
    ]


def _child(what: str, folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "BENCH_BEGAN": repr(time.time())}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.window", what, str(folder)], check=True, capture_output=True, text=True, env=environment
    )
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


# --- in the processes of their own


def _since_began() -> float:
    return time.time() - float(os.environ["BENCH_BEGAN"])


def _watched() -> list[Callable[[int], None]]:
    """Listeners that are told the step count after each paint of a transcript."""
    from PySide6.QtGui import QPaintEvent

    from reviewer.ui.transcript.view import TranscriptView

    listeners: list[Callable[[int], None]] = []
    paint = TranscriptView.paintEvent

    def painted(self: TranscriptView, event: QPaintEvent) -> None:
        paint(self, event)
        for listener in tuple(listeners):
            listener(self.step_count)

    TranscriptView.paintEvent = painted  # type: ignore[method-assign] # to notice the moment of painting
    return listeners


def _ours(folder: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from reviewer.ui import app

    def seen(steps: int) -> None:
        if steps:
            print(json.dumps({"seconds": _since_began()}))
            QApplication.quit()
            listeners.clear()

    listeners = _watched()
    listeners.append(seen)
    app.run(folder / "ws")


def _memory(folder: Path) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from reviewer.ui import app

    def say() -> None:
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        print(json.dumps({"mb": resident / 1024 / 1024}))
        QApplication.quit()

    app.application(())
    QTimer.singleShot(4_000, say)
    app.run(folder / "ws")


def _paint(folder: Path) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from reviewer.ui import app
    from reviewer.ui.pages.review.page import ReviewPage

    taken: list[float] = []
    paints: list[int] = []

    def wait(holds: Callable[[], bool]) -> None:
        until = time.perf_counter() + _PATIENCE_S
        while not holds():
            if time.perf_counter() > until:
                raise TimeoutError("the window did not get there")
            QApplication.processEvents()

    def work() -> None:
        page = next(w for w in QApplication.allWidgets() if isinstance(w, ReviewPage))
        window = page.window()
        wait(lambda: page._flow.current is not None and bool(paints))
        settle = time.perf_counter() + 2
        wait(lambda: time.perf_counter() > settle)
        for _ in range(_KEYS):
            before = page._flow.current
            QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_C)
            QApplication.processEvents()
            paints.clear()
            started = time.perf_counter()
            QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            wait(lambda before=before: page._flow.current not in (None, before) and bool(paints))  # type: ignore[misc] # bound
            taken.append(time.perf_counter() - started)
            pause = time.perf_counter() + 0.03  # a person reads
            wait(lambda pause=pause: time.perf_counter() > pause)  # type: ignore[misc] # bound
        print(json.dumps({"seconds": taken}))

    def work_or_stop() -> None:
        try:
            work()
        except Exception:  # noqa: BLE001
            traceback.print_exc()  # a slot's exception goes nowhere else
        finally:
            QApplication.exit()

    _watched().append(paints.append)
    app.application(())
    QTimer.singleShot(500, work_or_stop)
    app.run(folder / "ws")


def _bare_window(text: str) -> Any:
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

    from reviewer.storage.assets import resource

    application = QApplication.instance() or QApplication([])
    from PySide6.QtGui import QFontDatabase

    for font in sorted(resource("fonts").rglob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(font))
    window = QMainWindow()
    view = QPlainTextEdit(window)
    view.setPlainText(text)
    window.setCentralWidget(view)
    window.resize(1440, 900)
    window.show()
    return application, window, view


def _bare_start(folder: Path) -> None:
    connection = limits.connect(folder / "bare.db")
    (payload,) = connection.execute("SELECT payload FROM item LIMIT 1").fetchone()
    application, window, view = _bare_window("\n".join(m["content"] or "" for m in json.loads(payload)["messages"]))
    while not view.isVisible():
        application.processEvents()
    view.viewport().repaint()
    print(json.dumps({"seconds": _since_began()}))
    window.close()


def _bare_paint(folder: Path) -> None:
    connection = limits.connect(folder / "bare.db")
    connection.execute("CREATE TABLE IF NOT EXISTS verdict (n INTEGER PRIMARY KEY, body BLOB)")
    application, window, view = _bare_window("")
    application.processEvents()
    body = os.urandom(1_000)
    taken = []
    for n in range(1, _KEYS + 1):
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO verdict (body) VALUES (?)", (body,))
        connection.execute("COMMIT")
        (payload,) = connection.execute("SELECT payload FROM item WHERE n = ?", (n,)).fetchone()
        view.setPlainText("\n".join(m["content"] or "" for m in json.loads(payload)["messages"]))
        view.viewport().repaint()
        application.processEvents()
        taken.append(time.perf_counter() - started)
        time.sleep(0.03)
    print(json.dumps({"seconds": taken}))
    window.close()


if __name__ == "__main__":
    {"ours": _ours, "memory": _memory, "paint": _paint, "bare-start": _bare_start, "bare-paint": _bare_paint}[sys.argv[1]](
        Path(sys.argv[2])
    )

"""The limits of the window, in processes of their own: Qt and the driver, nothing of the program.

`python -m tests.bench.bare_window start|paint|paint-long|search|compare FOLDER` prints JSON.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench import limits
from tests.bench.children import since_began

_KEYS = 40
_PAIRS = 60
_WORDS = ("ba", "status", "cancelled")
_FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"


def _window(text: str) -> Any:
    from PySide6.QtGui import QFontDatabase
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

    application = QApplication([])
    for font in sorted(_FONTS.glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(font))
    window = QMainWindow()
    view = QPlainTextEdit(window)
    view.setPlainText(text)
    window.setCentralWidget(view)
    window.resize(1280, 800)
    window.show()
    return application, window, view


def _text(payload: bytes) -> str:
    return "\n".join(message["content"] or "" for message in json.loads(payload)["messages"])


def start(folder: Path) -> None:
    """A window with the text of one item in it, painted."""
    connection = limits.connect(folder / "bare.db")
    (payload,) = connection.execute("SELECT payload FROM item LIMIT 1").fetchone()
    application, window, view = _window(_text(payload))
    while not view.isVisible():
        application.processEvents()
    view.viewport().repaint()
    print(json.dumps({"seconds": since_began()}))
    window.close()


def paint(database: Path) -> None:
    """Commit a row, fetch the next item, parse it, set its text, paint: so many times."""
    connection = limits.connect(database)
    connection.execute("CREATE TABLE IF NOT EXISTS verdict (n INTEGER PRIMARY KEY, body BLOB)")
    application, window, view = _window("")
    application.processEvents()
    body = os.urandom(1_000)
    (items,) = connection.execute("SELECT max(n) FROM item").fetchone()
    taken = []
    for n in range(_KEYS):
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO verdict (body) VALUES (?)", (body,))
        connection.execute("COMMIT")
        (payload,) = connection.execute("SELECT payload FROM item WHERE n = ?", (1 + n % items,)).fetchone()
        view.setPlainText(_text(payload))
        view.viewport().repaint()
        application.processEvents()
        taken.append(time.perf_counter() - started)
        time.sleep(0.2)
    print(json.dumps({"seconds": taken}))
    window.close()


def search(database: Path) -> None:
    """Find fifty items by a word, newest first, show them in a table, paint: so many times."""
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QTableView

    connection = limits.connect(database)
    application, window, _ = _window("")
    view, model = QTableView(), QStandardItemModel()
    window.setCentralWidget(view)
    application.processEvents()
    taken = []
    for word in _WORDS * 10:
        started = time.perf_counter()
        numbers = connection.execute("SELECT rowid FROM item_text WHERE item_text MATCH ? ORDER BY rowid DESC LIMIT 50", (word,)).fetchall()
        found = connection.execute(
            "SELECT n, hex(id), substr(payload, 1, 100) FROM item WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n DESC",
            (json.dumps([n for (n,) in numbers]),),
        ).fetchall()
        before, model = model, QStandardItemModel()
        for n, name, text in found:
            cells = (name[:6], text[20:].decode(), str(n), text[:20].decode(), name[6:16], name[16:26])
            model.appendRow([QStandardItem(cell) for cell in cells])
        view.setModel(model)
        view.viewport().repaint()
        taken.append(time.perf_counter() - started)
        before.deleteLater()
        application.processEvents()
        time.sleep(0.1)
    print(json.dumps({"seconds": taken}))
    window.close()


def compare(database: Path) -> None:
    """Commit a row, fetch the next pair, parse it, set the texts of its prompt and of both answers, paint: so many times."""
    from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget

    connection = limits.connect(database)
    connection.execute("CREATE TABLE verdict (n INTEGER PRIMARY KEY, body BLOB)")
    application = QApplication([])
    window = QWidget()
    column = QVBoxLayout(window)
    views = [QPlainTextEdit() for _ in range(3)]
    for view in views:
        column.addWidget(view)
    window.resize(1280, 800)
    window.show()
    application.processEvents()
    body = os.urandom(1_000)
    taken, cpu = [], []
    for n in range(_PAIRS):
        started, busy = time.perf_counter(), time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO verdict (body) VALUES (?)", (body,))
        connection.execute("COMMIT")
        (payload,) = connection.execute("SELECT payload FROM pair WHERE n = ?", (1 + n,)).fetchone()
        for view, messages in zip(views, json.loads(payload).values(), strict=True):
            view.setPlainText("\n".join(message["content"] or "" for message in messages))
            view.viewport().repaint()
        application.processEvents()
        taken.append(time.perf_counter() - started)
        cpu.append(time.process_time() - busy)
        time.sleep(0.2)
    print(json.dumps({"seconds": taken, "cpu": cpu}))
    window.close()


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "start":
        start(folder)
    elif what == "search":
        search(folder / "bare.db")
    elif what == "compare":
        compare(folder / "bare-pairs.db")
    else:
        paint(folder / ("bare.db" if what == "paint" else "bare-long.db"))

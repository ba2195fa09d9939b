"""One window a workspace: a second process calls the first and leaves; a dead one leaves nothing behind."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.ui.instance import Instance, _name

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from reviewer.ui.instance import Instance
app = QCoreApplication([])
print(Instance().claim(Path(sys.argv[1]), show=[Path(name) for name in sys.argv[2:]]), flush=True)
"""
DIES = SECOND + "import os; os._exit(9)"


def second(folder: Path, code: str = SECOND, *, show: Sequence[str] = ()) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", code, str(folder), *show], stdout=subprocess.PIPE, text=True)


def test_a_second_process_calls_the_first_forward_and_gets_no_claim(qtbot: QtBot, tmp_path: Path) -> None:
    first = Instance()
    assert first.claim(tmp_path)
    first.listen()
    with qtbot.waitSignal(first.called, timeout=20_000):
        process = second(tmp_path)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.communicate()[0].strip() == "False"
    first.let_go()


def test_what_the_second_was_to_show_is_handed_over(qtbot: QtBot, tmp_path: Path) -> None:
    first = Instance()
    assert first.claim(tmp_path)
    first.listen()
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        process = second(tmp_path, show=["ä kit.rvb", "/elsewhere/b.rvb"])
    assert called.args == [(Path.cwd() / "ä kit.rvb", Path("/elsewhere/b.rvb"))]
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.communicate()[0].strip() == "False"
    first.let_go()


@pytest.mark.parametrize(
    "line", [b"\n", b"nothing\n", b'{"a": 1}\n', b'["relative.rvb", 3, null]\n', b'["/a\\u0000b"]\n', b"[" * 60_000 + b"\n"]
)
def test_nonsense_that_is_handed_over_only_calls_the_window_forward(qtbot: QtBot, tmp_path: Path, line: bytes) -> None:
    first = Instance()
    assert first.claim(tmp_path)
    first.listen()
    caller = QLocalSocket()
    caller.connectToServer(_name(tmp_path))
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        caller.write(line)
    assert called.args == [()]
    first.let_go()


def test_a_caller_that_never_ends_its_line_is_cut_off(qtbot: QtBot, tmp_path: Path) -> None:
    first = Instance()
    assert first.claim(tmp_path)
    first.listen()
    heard: list[object] = []
    first.called.connect(heard.append)
    caller = QLocalSocket()
    caller.connectToServer(_name(tmp_path))
    with qtbot.waitSignal(caller.disconnected, timeout=20_000):
        caller.write(b"x" * 200_000)
    assert heard == []
    first.let_go()


def test_another_workspace_is_another_window(qapp: QApplication, tmp_path: Path) -> None:
    one, other = Instance(), Instance()
    assert one.claim(tmp_path / "a")
    assert other.claim(tmp_path / "b")
    one.let_go()
    other.let_go()


def test_a_process_that_died_leaves_the_workspace_free(qapp: QApplication, tmp_path: Path) -> None:
    process = second(tmp_path, DIES)
    assert process.communicate(timeout=60)[0].strip() == "True"
    assert process.returncode == 9
    claim = Instance()
    assert claim.claim(tmp_path)
    claim.listen()
    claim.let_go()


@pytest.mark.parametrize("twice", [False, True])
def test_letting_go_frees_the_workspace(qapp: QApplication, tmp_path: Path, twice: bool) -> None:
    claim = Instance()
    assert claim.claim(tmp_path)
    claim.let_go()
    if twice:
        claim.let_go()
    again = Instance()
    assert again.claim(tmp_path)
    again.let_go()

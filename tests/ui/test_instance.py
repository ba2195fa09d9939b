"""One window a workspace: a second process calls the first and leaves; a dead one leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.ui.instance import Instance

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from reviewer.ui.instance import Instance
app = QCoreApplication([])
print(Instance().claim(Path(sys.argv[1])), flush=True)
"""
DIES = SECOND + "import os; os._exit(9)"


def second(folder: Path, code: str = SECOND) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)


def test_a_second_process_calls_the_first_forward_and_gets_no_claim(qtbot: QtBot, tmp_path: Path) -> None:
    first = Instance()
    assert first.claim(tmp_path)
    first.listen()
    with qtbot.waitSignal(first.called, timeout=20_000):
        process = second(tmp_path)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.communicate()[0].strip() == "False"
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

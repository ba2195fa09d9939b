"""A bug is reported to a file that quotes nothing of an item, and to the person in two sentences."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from reviewer.storage.folders import config_folder
from reviewer.ui import faults
from reviewer.ui.faults import Faults


def broken(secret: str) -> None:
    raise ValueError(secret)


def raised(secret: str) -> BaseException:
    try:
        try:
            broken(secret)
        except ValueError as error:
            raise KeyError(secret) from error
    except KeyError as error:
        caught: BaseException = error
    return caught


def test_a_report_names_kinds_and_places_and_quotes_nothing() -> None:
    text = faults.report(raised("4111 1111 1111 1111"))
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "test_faults.py" in text
    assert "in broken: raise ValueError(secret)" in text
    assert "4111" not in text
    assert str(Path(__file__).parent) not in text


def test_a_report_is_saved_beside_the_settings() -> None:
    place = faults.save_report(raised("x"))
    assert place is not None
    assert place.parent == config_folder() / "faults"
    assert place.read_text(encoding="utf-8").startswith("A fault of Reviewer.")


def test_a_disk_that_refuses_the_report_does_not_make_it_worse() -> None:
    config_folder().parent.mkdir(parents=True, exist_ok=True)
    config_folder().write_text("a file, where a folder should be")
    assert faults.save_report(raised("x")) is None


def test_what_a_slot_raises_is_reported_and_the_program_goes_on(qtbot: QtBot) -> None:
    handler = Faults()
    met: list[Path] = []
    handler.met.connect(met.append)
    with qtbot.captureExceptions():
        before = sys.excepthook
        handler.install()
        QTimer.singleShot(0, lambda: broken("x"))
        qtbot.waitUntil(lambda: bool(met))
        handler.remove()
        assert sys.excepthook is before
    assert met[0].is_file()

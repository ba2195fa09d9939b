"""A bug is reported to a file that quotes nothing of an item, and to the person in two sentences."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from reviewer.storage.folders import config_folder
from reviewer.ui import faults
from reviewer.ui.faults import Fault, Faults
from reviewer.ui.jobs import Jobs, nothing
from reviewer.ui.messages import Messages
from reviewer.ui.theme import Theme


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
    place = faults.save_report(raised("4111 1111 1111 1111"))
    assert place is not None
    text = place.read_text(encoding="utf-8")
    assert ", Qt 6." in text
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
    met: list[Fault] = []
    handler.met.connect(met.append)
    with qtbot.captureExceptions():
        before = sys.excepthook
        handler.install()
        QTimer.singleShot(0, lambda: broken("x"))
        qtbot.waitUntil(lambda: bool(met))
        handler.remove()
        assert sys.excepthook is before
    assert [type(fault.__cause__) for fault in met] == [ValueError]
    assert str(next((config_folder() / "faults").iterdir())) in met[0].hint


def test_a_bug_in_the_background_is_told_once_though_two_tell_it(qtbot: QtBot, theme: Theme) -> None:
    handler, jobs, messages = Faults(), Jobs(), Messages(theme)
    qtbot.addWidget(messages)
    handler.met.connect(messages.show_error)
    jobs.faulted.connect(handler.take)
    jobs.aside(lambda: broken("4111 1111"), owner=messages, done=nothing, failed=lambda error: told.append(messages.show_error(error)))
    told: list[object] = []
    qtbot.waitUntil(lambda: bool(told))
    jobs.close()
    (banner,) = messages.banners()
    assert banner.says[1] == "The program made a mistake and stopped this step; what was recorded before is safe. [E199]"
    assert str(config_folder() / "faults") in banner.says[2]
    assert "4111" not in f"{banner.says}"

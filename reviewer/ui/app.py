"""Starts the desktop program: one application, one window, and an orderly end."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from reviewer.catalogue.settings import TEXT_SIZE, THEME, Settings
from reviewer.storage import preferences
from reviewer.storage.assets import resource
from reviewer.ui.faults import Faults
from reviewer.ui.instance import Instance
from reviewer.ui.jobs import Jobs
from reviewer.ui.opening import Opening
from reviewer.ui.theme import Theme
from reviewer.ui.window import Window

_SWITCH_S = 0.0005


def run(folder: Path | None = None, *, member: str | None = None, bundle: Path | None = None, arguments: Sequence[str] = ()) -> int:
    """Open the window on a workspace, or on the start page where there is none. Returns the exit code when the window was closed.

    member: who acts in it, where this machine holds the keys of several; None is the first. bundle: a file to show
    once the window is there; nothing of it is taken in unasked. arguments: for Qt.
    When another window shows that workspace already, that one comes forward, shows the bundle, and this call returns 0 at once.
    """
    # A label passes through two threads and asks for the interpreter some twenty times; an import that holds it then gives it up so soon.
    sys.setswitchinterval(_SWITCH_S)
    app = application(arguments)
    settings = Settings(preferences.read())
    instance = Instance()
    jobs = Jobs(held=True)
    opening = Opening(jobs, settings, instance)
    if folder is not None and not opening.start(folder, member=member, show=[] if bundle is None else [bundle]):
        jobs.close()
        also = "" if bundle is None else " It shows what is in the bundle."
        print(f"Reviewer is open on that workspace already; its window was brought forward.{also}", file=sys.stderr)  # noqa: T201
        return 0
    faults = Faults()
    faults.install()
    theme = Theme(app, choice=settings[THEME], text_size=settings[TEXT_SIZE])
    window = Window(jobs, settings, theme, opening)
    faults.met.connect(window.messages.show_error)
    jobs.faulted.connect(faults.take)
    instance.called.connect(window.arriving.called)
    window.ready.connect(instance.listen)
    if bundle is not None:
        window.ready.connect(partial(window.arriving.show_bundle, bundle), Qt.ConnectionType.SingleShotConnection)
    window.start()
    try:
        return app.exec()
    finally:
        jobs.close()
        instance.let_go()
        faults.remove()


def application(arguments: Sequence[str] = ()) -> QApplication:
    """The application of this process, made if it is not there yet."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([sys.argv[0], "-style", "fusion", *arguments])  # set by a call, the style would come back as a class of 170 names
    app.setApplicationName("reviewer")
    app.setApplicationDisplayName("Reviewer")
    app.setDesktopFileName("reviewer")
    app.setWindowIcon(QIcon(str(resource("icons", "reviewer.svg"))))
    return app

"""What the window itself does for the actions of the whole program: palette, sheets, theme, size, going about."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import key_words
from reviewer.catalogue.settings import TEXT_SIZE, THEME, TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.storage import preferences

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from reviewer.ui.key_sheet import Sheet
    from reviewer.ui.window import Window

# What opens over the window is imported when it is opened: it has no part in the first paint.

_SIZE_STEP = 10
_SIZE_MS = 60


class ShellActions:
    """The handlers of the window, apart from its building."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        # Laying everything out anew takes longer than the next press of the key: several presses are one change.
        self._sizing = QTimer(window, singleShot=True, interval=_SIZE_MS)
        self._sizing.timeout.connect(lambda: window.theme.resize(window.settings[TEXT_SIZE]))

    def handlers(self) -> dict[str, Callable[[], None]]:
        """By action id."""
        window = self._window
        return {
            "app.palette": self.open_palette,
            "app.keys": self._open_keys,
            "app.help": self._open_help,
            "app.open": window.choose_folder,
            "app.start": lambda: self._go("start"),
            "app.review": lambda: self._go("review"),
            "app.adjudicate": lambda: self._go("adjudicate"),
            "app.explore": lambda: self._go("explore"),
            "app.clusters": lambda: self._go("clusters"),
            "app.insights": lambda: self._go("insights"),
            "app.policies": lambda: self._go("policies"),
            "app.datasets": lambda: self._go("datasets"),
            "app.incidents": lambda: self._go("incidents"),
            "app.sync": lambda: self._go("sync"),
            "app.bundle": window.choose_bundle,
            "app.join": window.arriving.join,
            "app.theme": self._other_theme,
            "app.theme_system": lambda: self._take_theme("system"),
            "app.larger": lambda: self._take_size(window.settings[TEXT_SIZE] + _SIZE_STEP),
            "app.smaller": lambda: self._take_size(window.settings[TEXT_SIZE] - _SIZE_STEP),
            "app.usual_size": lambda: self._take_size(TEXT_SIZE.default),
            "app.time_zone": self._other_zone,
            "app.settings": self._open_settings,
            "app.where": lambda: self._over(self._where_sheet()),
            "app.lock": window.locking.lock,
            "app.encrypt": self._open_encrypting,
            "app.passphrase": self._open_passphrase,
            "app.quit": lambda: _close(window),
        }

    def open_palette(self) -> None:
        """Everything that can be done now, and the items that match."""
        from reviewer.ui.palette import Hit, Palette

        window = self._window
        can = window.actions_of_page
        hits = [
            Hit(
                action.title,
                _place(action),
                key_words(action.keys[0]) if action.keys else "",
                lambda name=action.id: can.fire(name),  # type: ignore[misc] # bound by its default
                action.text,
            )
            for action in actions.on_page(window.current_page)
            if can.can_fire(action.id) and action.id != "app.palette"
        ]
        self._over(Palette(window.theme, window, hits, window.find_items if window.folder else None))

    def _open_keys(self) -> None:
        from reviewer.ui.key_sheet import key_sheet

        self._over(key_sheet(self._window.theme, self._window, self._window.current_page))

    def _open_help(self) -> None:
        from reviewer.ui.key_sheet import help_sheet

        self._over(help_sheet(self._window.theme, self._window))

    def _over(self, dialog: "QDialog") -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._window.activateWindow)  # where no window manager gives the keyboard back
        dialog.open()

    def _open_encrypting(self) -> None:
        from reviewer.ui.passphrase_dialogs import EncryptDialog

        window = self._window
        if window.jobs.busy:
            window.messages.note("Work is still going on.", "Let it end or stop it; then the workspace can be encrypted.")
        elif window.folder is not None:
            window.save_drafts()
            EncryptDialog(window).open()

    def _open_passphrase(self) -> None:
        from reviewer.ui.passphrase_dialogs import PassphraseDialog

        if self._window.folder is not None:
            PassphraseDialog(self._window).open()

    def _go(self, page: str) -> None:
        self._window.go(page)

    def _other_theme(self) -> None:
        self._take_theme("light" if self._window.theme.name == "dark" else "dark")

    def _take_theme(self, choice: str) -> None:
        self._window.settings.put(THEME, choice)
        self._window.theme.choose(choice)
        self._window.keep_settings()

    def _take_size(self, per_cent: int) -> None:
        size = max(100, min(200, per_cent))
        self._window.settings.put(TEXT_SIZE, size)
        self._sizing.start()
        self._window.keep_settings()

    def _other_zone(self) -> None:
        window = self._window
        zone = "utc" if window.settings[TIME_ZONE] == "local" else "local"
        window.settings.put(TIME_ZONE, zone)
        window.keep_settings()
        window.tell_pages(Changes.ALL)
        window.messages.note("Times are shown in UTC." if zone == "utc" else "Times are shown in local time.")

    def _open_settings(self) -> None:
        from reviewer.ui.settings_dialog import SettingsDialog

        self._over(SettingsDialog(self._window))

    def _where_sheet(self) -> "Sheet":
        from PySide6.QtGui import QGuiApplication
        from PySide6.QtWidgets import QPushButton, QVBoxLayout

        from reviewer.ui.key_sheet import Sheet
        from reviewer.ui.widgets.paragraphs import Paragraph
        from reviewer.ui.widgets.words import plain_label

        window = self._window
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(4)
        for heading, place, words in _where_it_lies(window.folder):
            column.addWidget(plain_label(heading, role="strong"))
            if place:
                column.addWidget(plain_label(place, role="mono", wrap=True, selectable=True))
            column.addWidget(Paragraph(words, tone="muted"))
            column.addSpacing(10)
        if window.folder is not None:
            copy = QPushButton("Copy the folder's path")
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(window.folder)))
            column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return Sheet("Where the data lies", body, window, width=window.theme.px(620), height=window.theme.px(460))


def _where_it_lies(folder: Path | None) -> list[tuple[str, str, str]]:
    return [
        (
            "This workspace",
            str(folder) if folder else "",
            "Items, labels and their history. To remove them, close this window and delete the folder; there is no other copy."
            if folder
            else "No workspace is open.",
        ),
        ("Settings", str(preferences.file()), "Theme, sizes and what was opened before. Delete the file to start with the defaults."),
        (
            "Keys",
            "",
            "The key that signs your labels lies in the keyring of this system or, where there is none, in a file that only you can read "
            "beside the settings. Without it nobody can sign in your name, and you cannot either.",
        ),
    ]


def _place(action: actions.Action) -> str:
    return action.menu if action.where is not actions.Where.APP else "Reviewer"


def _close(window: QWidget) -> None:
    window.close()

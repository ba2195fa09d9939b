"""The card of backups: the last ones, a button that makes one, and how a workspace is made from one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from reviewer.catalogue.actions import BY_ID
from reviewer.catalogue.settings import BACKUP_HOURS, TIME_ZONE, Settings
from reviewer.ui.pages.sync import words
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.storage.backups import BackupFile

_SHOWN = 3


class BackupsCard(Card):
    """One line for each of the newest backups."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.now = KeyButton(BY_ID["sync.backup"])
        self.now.setMinimumWidth(170)
        self._list = Paragraph()
        self._how = Paragraph(tone="muted")
        head = QHBoxLayout()
        head.addWidget(plain_label("Backups", role="label"))
        head.addStretch(1)
        head.addWidget(self.now)
        self.column.addLayout(head)
        self.column.addWidget(self._list)
        self.column.addWidget(self._how)
        self.setAccessibleName("Backups")

    def show_backups(self, found: "tuple[BackupFile, ...]") -> None:
        """Take what was read, the newest first."""
        now_ms = int(datetime.now(UTC).timestamp() * 1000)
        zone = self._settings[TIME_ZONE]
        self._list.setText("\n".join(line(one, now_ms, zone) for one in found[:_SHOWN]) or "No backup yet.")
        hours = self._settings[BACKUP_HOURS]
        self._how.setText(f"{_every(hours)}\nTo make a workspace from one: reviewer restore FILE DIR")
        self.setAccessibleDescription(f"{self._list.text()} {self._how.text()}".replace("\n", " "))


def line(one: "BackupFile", now_ms: int, zone: str) -> str:
    """“today 18:20, 4.1 MB, 1,204 entries, read back in full”. zone: `local` or `utc`."""
    entries = "entries not counted" if one.entries is None else count(one.entries, "entry", "entries")
    state = "read back in full" if one.verified else "not verified"
    size = f"{one.size_bytes / 1_000_000:,.1f} MB"
    return f"{words.when(one.made_ms, now_ms, zone)}, {size}, {entries}, {state}: {one.path.name}"


def _every(hours: int) -> str:
    if not hours:
        return "None is made by itself."
    return f"One is made by itself every {count(hours, 'hour') if hours > 1 else 'hour'} while this window is open."

"""Images that the transcript draws, and media that somebody saves: both off the UI thread."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reviewer.domain.errors import ReviewerError
from reviewer.domain.items import Part
from reviewer.ui.jobs import Done
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue import fetching
from reviewer.ui.transcript.images import Picture

_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "audio/mpeg": ".mp3",
    "application/pdf": ".pdf",
}
_FORBIDDEN = frozenset(':*?"<>|')  # in file names of one system or another
_NAME_LENGTH = 80


class Media(QObject):
    """The media of the items of one page."""

    saved = Signal(str)
    """A medium lies in the file of that name."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page

    def ask(self, sha256: str, make: Callable[[bytes], Picture], done: Done[Picture], failed: Done[ReviewerError]) -> None:
        """Read and decode an image (ui.transcript.images.Ask)."""
        self._desk.jobs.read(partial(fetching.medium, sha256=sha256, make=make), owner=self, done=done, failed=failed)

    def save(self, part: Part) -> None:
        """Ask where to, then save."""
        if part.sha256 is None:
            return
        from PySide6.QtWidgets import QFileDialog  # here: it costs the first paint a millisecond

        target, _filter = QFileDialog.getSaveFileName(self._page, "Save as", file_name(part))
        if target:
            work = partial(fetching.save_medium, sha256=part.sha256, to=Path(target))
            self._desk.jobs.read(work, owner=self, done=lambda to: self.saved.emit(to.name), failed=self._not_saved)

    def _not_saved(self, error: ReviewerError) -> None:
        self._desk.messages.show_error(error)


def file_name(part: Part) -> str:
    """A harmless name for a medium that is saved: the source's own if it is plain, else from its hash."""
    name = (part.name or "").rpartition("/")[2].rpartition("\\")[2]
    plain = name.isprintable() and len(name) <= _NAME_LENGTH and not name.startswith(".") and not set(name) & _FORBIDDEN
    if name and plain:
        return name
    return f"{(part.sha256 or 'medium')[:12]}{_ENDINGS.get(part.media_type or '', '.bin')}"

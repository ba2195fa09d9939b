"""Comparing the release that is shown with another one: which that is, the work in the background, and where the keys lead."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import Ticket
from reviewer.ui.page import Desk
from reviewer.ui.pages.datasets import compare_words, fetching, words
from reviewer.ui.pages.datasets.compare_view import CompareView

if TYPE_CHECKING:
    from reviewer.operations.release_listing import ReleaseLine


class Comparing(QObject):
    """Holds which two are compared. `shown`: there are rows to go through."""

    shown = Signal()

    def __init__(self, desk: Desk, view: CompareView, page: QObject) -> None:
        super().__init__(page)
        self._desk, self._view = desk, view
        self._lines: tuple[ReleaseLine, ...] = ()
        self._line: ReleaseLine | None = None
        self._compared = ""  # the release that the running or shown comparison is with
        self._ticket: Ticket | None = None
        view.others.opened.connect(lambda _key: self.compare())
        desk.jobs.ended.connect(self._ended)

    def ask(self, lines: "Sequence[ReleaseLine]", line: "ReleaseLine") -> None:
        """Offer the others, and compare with the one before; once that is done, lead back to the others. lines: newest first."""
        same = self._line is not None and self._line.release == line.release
        if same and self._compared and self._lines == tuple(lines):
            self._view.others.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        chosen = self._view.others.key if same else ""
        self._lines, self._line = tuple(lines), line
        others = [one for one in lines if one.folder is not None and one.release != line.release]
        nearest = before(lines, line)
        zone = self._desk.settings[TIME_ZONE]
        rows = [compare_words.other_row(one, words.name(one), zone) for one in others]
        self._view.show_others(rows, keep=chosen or ("" if nearest is None else nearest.release))
        if others:
            self._view.others.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.compare()

    def compare(self) -> None:
        """Compare with the one that is chosen."""
        line, other = self._line, next((one for one in self._lines if one.release == self._view.others.key), None)
        if line is None or line.folder is None or other is None or other.folder is None:
            return
        self._stop()
        self._compared = other.release
        # The older one is the first, whichever of them is shown.
        old, new = sorted((line, other), key=self._lines.index, reverse=True)
        assert old.folder is not None  # both were looked at above
        assert new.folder is not None
        self._view.say(compare_words.BUSY)
        self._ticket = self._desk.jobs.long(
            partial(fetching.compare, old=old.folder, new=new.folder),
            title=f"Comparing {words.name(line)}, {line.format}, with {other.format}",
            owner=self,
            done=partial(self._show, other.release),
            failed=partial(self._fail, other.release),
        )

    def forget(self) -> None:
        """Another release is shown, or labels moved: what was found is taken away, and what is asked is stopped."""
        self._stop()
        self._line, self._compared = None, ""
        self._view.hide()

    def _stop(self) -> None:
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            ticket.cancel()

    def _show(self, other: str, told: fetching.ComparedTold) -> None:
        if other != self._compared:
            return  # it was for another pair
        self._view.show_comparison(told)
        if self._view.rows.rows and self._view.others.hasFocus() and self._view.others.key == other:
            self._view.rows.setFocus(Qt.FocusReason.OtherFocusReason)  # whoever went on to choose is left to it
        self.shown.emit()

    def _fail(self, other: str, error: ReviewerError) -> None:
        if other == self._compared:
            self._view.fail(error)
            self.shown.emit()

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._ticket:
            self._ticket = None
            if ticket.cancelled:
                self._compared = ""
                self._view.say(compare_words.STOPPED)


def before(lines: "Sequence[ReleaseLine]", line: "ReleaseLine") -> "ReleaseLine | None":
    """The release to compare with where nobody chose: the one before it of its format and campaigns, else of its format, else any.

    Where none is older, the next newer one. lines: newest first. None where no other lies on this machine.
    """
    at = [one.release for one in lines].index(line.release)
    near = [one for one in (*lines[at + 1 :], *reversed(lines[:at])) if one.folder is not None]
    return min(near, key=lambda one: (one.format != line.format, set(one.campaigns).isdisjoint(line.campaigns)), default=None)

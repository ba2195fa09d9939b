"""What is in a bundle, before anything of it is taken in."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.errors import ReviewerError, shown
from reviewer.ui.jobs import nothing
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore.sheet import SheetDialog, page_error
from reviewer.ui.pages.sync import fetching, words
from reviewer.ui.pages.sync.fetching import Peeked
from reviewer.ui.widgets.paragraphs import Paragraph
from reviewer.ui.widgets.times import count, moment
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.bundling import Applied

_NOT_FOR_US = "E202"


class ArrivalDialog(SheetDialog):
    """Looks into the file, says what it is, and asks. Nothing is taken in before Apply."""

    looked = Signal()
    """What there is to say stands there."""

    def __init__(self, desk: Desk, window: QWidget, source: Path) -> None:
        super().__init__(window, desk.theme, "Apply a bundle")
        self._desk, self._window = desk, window
        self.source = source
        self.said: dict[str, str] = {}
        self.body.addWidget(plain_label(words.name_of(source), role="strong", wrap=True))
        self._state = Paragraph("Looking into it …", tone="muted")
        self.body.addWidget(self._state)
        self._table = QWidget()
        self.body.addWidget(self._table)
        self.body.addStretch(1)
        self.set_buttons(None, ("Cancel", self.reject))
        self.resize_to(560, 420)
        self.finished.connect(self.deleteLater)
        work = partial(fetching.inspect, source=source)
        desk.jobs.read(work, owner=self, done=self._show, failed=self._refuse)

    def _show(self, peeked: Peeked) -> None:
        found = peeked.inspected
        manifest = found.manifest
        part = f" Part {manifest.part} of {manifest.parts}." if manifest.parts > 1 else ""
        counts = words.counts_words({"entry": manifest.counts.entries, "item": manifest.counts.items})
        fits = "this one" if found.ours else f"{manifest.project[:8]}, which this workspace will join" if peeked.waiting else "another one"
        sender = shown(found.sender, 60) if found.sender else f"device {manifest.sender.device[:8]}, not known here yet"
        self.said = {
            "From": sender,
            "For": shown(", ".join(found.recipients), 200),
            "Holds": f"{counts}.{part}",
            "Project": fits,
            "Campaign": f"a kit of {shown(found.campaign, 80)}" if found.campaign else "a kit" if manifest.campaign else "everything",
            "Written": moment(manifest.created, self._desk.settings[TIME_ZONE]),
        }
        self._fill()
        if found.ours or peeked.waiting:
            self._state.setText("It is whole and signed. Nothing of it was taken in yet.")
            self.set_buttons(("Apply", self._apply), ("Cancel", self.reject))
            if self.main is not None:
                self.main.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._state.setText("It belongs to another project. Open that project's workspace, then apply it there. [E206]")
        self.looked.emit()

    def _fill(self) -> None:
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(self.said.items()):
            grid.addWidget(plain_label(name, tone="muted"), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(plain_label(value, wrap=True, selectable=True), place, 1)
        self._table.setAccessibleName(". ".join(f"{name}: {value}" for name, value in self.said.items()))

    def _refuse(self, error: ReviewerError) -> None:
        self._state.set_tone("bad" if error.code != _NOT_FOR_US else "warn")
        self._state.setText(f"{error.what} [{error.code}] {error.hint}")
        self.said = {"error": error.code}
        if error.code == _NOT_FOR_US:
            self.set_buttons(("Join a project", self._join), ("Cancel", self.reject))
        self.looked.emit()

    def _join(self) -> None:
        from reviewer.ui.pages.sync.join_dialog import JoinDialog

        self.reject()
        JoinDialog(self._desk, self._window).open()

    def _apply(self) -> None:
        work = partial(fetching.apply, source=self.source)
        title = f"Applying {words.name_of(self.source)}"
        done = partial(_tell, self._desk)
        self._desk.jobs.long(work, title=title, owner=self._window, done=done, failed=page_error(self._desk))
        self.accept()


def _tell(desk: Desk, applied: "Applied") -> None:
    taken, messages = applied.taken, desk.messages
    if taken is None:
        messages.warn("Its sender is not known here: it is kept aside and not counted.", "It is tried again after the next bundle. [E205]")
        return
    settle = f" {count(taken.conflicts, 'thing')} to settle." if taken.conflicts else ""
    counts = words.counts_words({"entry": taken.entries, "item": taken.items})
    if not taken.entries and not taken.items:
        messages.note(f"Nothing new: {count(taken.known, 'entry', 'entries')} were here already. [E208]", settle.strip())
        return
    waits = words.aside_words(taken.pending, 0)
    rest = " ".join(part for part in (settle.strip(), *applied.notes, waits) if part)
    sender = shown(applied.sender or "nobody", 60)
    messages.good(f"Took in {counts} from {sender}.", rest, button="Go to Sync", act=lambda: nothing(desk.shell.go("sync")))

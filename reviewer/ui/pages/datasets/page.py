"""The Datasets page: which releases there are and whether they stand, what is in them row by row, and the way to a new one."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.datasets import fetching, words
from reviewer.ui.pages.datasets.comparing import Comparing
from reviewer.ui.pages.datasets.release_view import ReleaseView
from reviewer.ui.pages.datasets.row_side import RowSide
from reviewer.ui.pages.datasets.standings import Standings
from reviewer.ui.pages.policies.lists import RowList
from reviewer.ui.theme import ANY_WIDTH
from reviewer.ui.widgets.buttons import KeyButton
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.list_and_detail import ListAndDetail
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.title_line import TitleLine
from reviewer.ui.widgets.waiting import Waiting
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.release_browsing import OpenRelease
    from reviewer.operations.release_checks import Checked
    from reviewer.operations.release_listing import ReleaseLine

_LEFT, _RIGHT = 280, 360
_NARROW = 960  # pixels of the design; below, the row stands under the release
_OF_ROWS = ("datasets.next_row", "datasets.previous_row", "datasets.go_to_row", "datasets.item", "datasets.story")
_OF_FOLDER = ("datasets.check", "datasets.audit", "datasets.compare")
_OF_LIST = ("datasets.next", "datasets.previous")


class DatasetsPage(Page):
    """Shows the releases of the workspace."""

    name = "datasets"
    title = "Datasets"
    interests = Changes.RELEASES | Changes.LABELS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.may_release = False
        self.lines: tuple[ReleaseLine, ...] = ()
        self.opened: OpenRelease | None = None
        self.row: fetching.RowTold | None = None
        self._number = 0  # of the row that is shown or on its way
        self._select = ""  # a release that is to be current once it is listed
        self._header = TitleLine("Datasets")
        self.standings = Standings(desk.jobs, self)
        self.standings.moved.connect(self._show_standing)
        self.releases = RowList(desk.theme, "Releases", papers=True)
        self.view, self.side = ReleaseView(desk.theme), RowSide(desk.theme)
        self.comparing = Comparing(desk, self.view.compare, self)
        self.new = KeyButton(BY_ID["datasets.new"], primary=True)
        self.blank = Waiting("Reading the releases")
        self.empty = EmptyState("There is no release yet", words.EMPTY, "New release", self._new, action="datasets.new")
        self._build()
        self._connect()

    def _build(self) -> None:
        left = QFrame()
        left.setObjectName("datasets-left")
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 14, 12, 12)
        column.setSpacing(6)
        column.addWidget(plain_label("Releases", role="label"))
        column.addWidget(self.releases, 1)
        column.addWidget(self.new)
        self._full = ListAndDetail(self.desk.theme, left, self.view, self.side)
        self.side.hide()
        self._stack = Layers(self, self.blank, self._full, self.empty)

    def _connect(self) -> None:
        self.releases.moved.connect(lambda _key: self._fetch_release())
        self.releases.opened.connect(lambda _key: self._open_item())
        self.view.audit.opened.connect(self._open)
        self.view.compare.rows.opened.connect(lambda _key: self._open_item())
        self.comparing.shown.connect(self._show_comparison)
        for button, act in (
            (self.new, self._new), (self.view.check, self._check), (self.view.ask_audit, self._audit), (self.view.locate, self._locate),
            (self.view.ask_compare, self._compare),
        ):  # fmt: skip
            button.clicked.connect(lambda _on=False, act=act: act())
        self.fit()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """How many releases there are."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """A new release, moving about, and looking closer."""
        return {
            "datasets.new": self._new,
            "datasets.next_row": lambda: self._step(1),
            "datasets.previous_row": lambda: self._step(-1),
            "datasets.go_to_row": self._to_field,
            "datasets.item": self._enter,
            "datasets.story": self._tell_story,
            "datasets.check": self._check,
            "datasets.audit": self._audit,
            "datasets.compare": self._compare,
            "datasets.locate": self._locate,
            "datasets.next": lambda: self.releases.step(1),
            "datasets.previous": lambda: self.releases.step(-1),
        }

    def take_changes(self, changes: Changes) -> None:
        """Other labels, other reasons."""
        if changes & Changes.LABELS:
            self.view.audit.show_audit(None)  # it was of the labels of before
            self.comparing.forget()  # so were its reasons, and which items may be named
        super().take_changes(changes)

    def forget_workspace(self) -> None:
        """Another workspace has other releases: nothing of the old one stays."""
        self.releases.show_rows(())
        self._show(fetching.Overview((), may_release=False))
        self._stack.setCurrentWidget(self.blank)

    def refresh(self) -> None:
        """Read everything anew; the release stays, and so does the row."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.overview, owner=self, slot="releases", done=self._show, failed=self.on_error)

    def shown(self) -> None:
        """The focus stands on the releases, or on the way to a first one."""
        self._take_focus()

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def _show(self, found: fetching.Overview) -> None:
        had_focus = self.blank.hasFocus() or self.empty.button.hasFocus()
        self.lines, self.may_release = found.releases, found.may_release
        some = bool(self.lines)
        self.standings.forget()
        self._list(keep=self._select or self.releases.key)
        self._select = ""
        self._stack.setCurrentWidget(self._full if some else self.empty)
        for button in (self.empty.button, self.new):
            button.setVisible(found.may_release)
        self.allow(("datasets.new",), found.may_release)
        self.allow(_OF_LIST, some)
        self.allow(("datasets.locate",), some)
        self._header.say(count(len(self.lines), "release") if self.lines else "")
        if had_focus:
            self._take_focus()
        self.fit()
        self._fetch_release(keep=True)

    def _list(self, *, keep: str) -> None:
        zone = self.desk.settings[TIME_ZONE]
        rows = [words.release_row(line, self._state(line), zone) for line in self.lines]
        self.releases.show_rows(rows, keep=keep)

    def _take_focus(self) -> None:
        self._stack.focus_one_of(self.blank, self.releases, self.empty.button)

    @property
    def line(self) -> "ReleaseLine | None":
        """The release that is current."""
        return next((line for line in self.lines if line.release == self.releases.key), None)

    def _state(self, line: "ReleaseLine") -> words.State:
        return words.state(line, self.standings.standing(line), self.standings.checked(line))

    def _fetch_release(self, *, keep: bool = False) -> None:
        """keep: it is the one that is shown, read anew."""
        line = self.line
        same = keep and line is not None and self.opened is not None and self.opened.digest == line.manifest
        if not same:
            self.opened, self.row, self._number = None, None, 0
            self.side.hide()
            self.comparing.forget()
        self.allow(_OF_ROWS, same)
        self.allow(_OF_FOLDER, same)
        for button in (self.view.check, self.view.ask_audit, self.view.ask_compare):
            button.setEnabled(same)
        if line is None:
            return
        if not same:
            self.view.show_line(line, self.desk.settings[TIME_ZONE])
        self._show_standing()
        self.standings.look(self.lines, first=line)
        if line.folder is not None and self.may_release:
            work = partial(fetching.opened, folder=line.folder)
            done, failed = partial(self._show_opened, line, same), partial(self._not_opened, line)
            self.desk.jobs.read(work, owner=self, slot="opened", done=done, failed=failed)

    def _show_opened(self, line: "ReleaseLine", same: bool, opened: "OpenRelease") -> None:
        if line.release != self.releases.key:
            return
        self.opened = opened
        self.view.show_opened(opened)
        self.allow(_OF_FOLDER, True)
        for button in (self.view.check, self.view.ask_audit, self.view.ask_compare):
            button.setEnabled(True)
        if opened.rows:
            self._fetch_row(min(self._number, opened.rows) if same and self._number else 1)

    def _not_opened(self, line: "ReleaseLine", error: ReviewerError) -> None:
        self.standings.fail(line, error)

    def _show_standing(self) -> None:
        line = self.line
        if line is None:
            return
        self._list(keep=self.releases.key)
        self.view.show_state(self._state(line), self.standings.broken(line))

    def fit(self) -> None:
        """The sides take no more than their share."""
        px = self.desk.theme.px
        below = self._full.fit(self.width(), listed=_LEFT, narrow=_NARROW, even=True)
        self.side.setMaximumWidth(ANY_WIDTH if below else px(_RIGHT))
        self.side.setMinimumWidth(0 if below else min(px(_RIGHT), self.width() * 3 // 10))

    # -- rows --------------------------------------------------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        if self.opened is not None and self.opened.rows:
            goal = min(max(self._number + by, 1), self.opened.rows)
            if goal != self._number:
                self._fetch_row(goal)

    def _fetch_row(self, number: int) -> None:
        if self.opened is not None:
            self._number = number
            work = partial(fetching.row, of=self.opened, number=number)
            self.desk.jobs.read(work, owner=self, slot="row", done=self._show_row, failed=self.side.fail)

    def _show_row(self, told: fetching.RowTold) -> None:
        if self.opened is not None:
            self.row = told
            self.side.show_row(told, of=self.opened.rows)
            self.side.show()
            self.allow(_OF_ROWS, True)
            here = bool(told.row.items) and told.row.items[0].title is not None
            self.allow(("datasets.item", "datasets.story"), here)

    def _to_field(self) -> None:
        self.side.field.selectAll()
        self.side.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter(self) -> None:
        """Enter: the row that was typed, the release to compare with, a button that has the focus, else the item of the row."""
        focus = self.focusWidget()
        if focus is self.side.field:
            self._find(self.side.field.text())
        elif focus is self.view.compare.others:
            self.comparing.compare()
        elif not self.press_focused():
            self._open_item()

    def _find(self, text: str) -> None:
        if self.opened is not None and text.strip():
            work = partial(fetching.find, of=self.opened, text=text)
            self.desk.jobs.read(work, owner=self, slot="find", done=self._found, failed=self.side.fail)

    def _found(self, number: int) -> None:
        self.side.field.clear()
        self.side.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fetch_row(number)

    def _item(self) -> str | None:
        """The item that keys are about: of a row that differs, where these have the focus, else of the row that is shown."""
        told = self.row.row.items if self.row is not None else ()
        return self.view.compare.item() or (told[0].item if told else None)

    def _open_item(self) -> None:
        if (item := self._item()) is not None:
            self._open(item)

    def _open(self, item: str) -> None:
        self.desk.shell.go("explore").open_item(item)

    def _tell_story(self) -> None:
        if (item := self._item()) is not None:
            from reviewer.ui.pages.explore.story_dialog import open_story

            open_story(self.desk, self, item=item)

    # -- looking closer ----------------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        line = self.line
        if line is None or line.folder is None or self.opened is None:
            return
        self.allow(("datasets.check",), False)
        self.view.check.setEnabled(False)
        work = partial(fetching.check, folder=line.folder)
        title = f"Checking {words.name(line)}"
        ticket = self.desk.jobs.long(work, title=title, owner=self, done=partial(self._checked, line), failed=self._not_checked)
        self.standings.watch(ticket, self._let_check)

    def _checked(self, line: "ReleaseLine", found: "Checked") -> None:
        self.standings.keep_checked(line, found)

    def _not_checked(self, error: ReviewerError) -> None:
        self.on_error(error)

    def _let_check(self) -> None:
        on = self.opened is not None
        self.allow(_OF_FOLDER, on)
        for button in (self.view.check, self.view.ask_audit, self.view.ask_compare):
            button.setEnabled(on)

    def _audit(self) -> None:
        line, opened = self.line, self.opened
        if line is None or opened is None:
            return
        self.allow(("datasets.audit",), False)
        self.view.ask_audit.setEnabled(False)
        work = partial(fetching.audit, of=opened)
        title = f"Auditing {words.name(line)}"
        ticket = self.desk.jobs.long(work, title=title, owner=self, done=partial(self._audited, line), failed=self.on_error)
        self.standings.watch(ticket, self._let_check)

    def _audited(self, line: "ReleaseLine", told: fetching.AuditTold) -> None:
        if line.release == self.releases.key:
            self.view.audit.show_audit(told)

    def _compare(self) -> None:
        if self.line is not None and self.opened is not None:
            self.comparing.ask(self.lines, self.line)
            self.view.reveal(self.view.compare)

    def _show_comparison(self) -> None:
        self.view.reveal(self.view.compare)
        if self.view.compare.rows.rows:
            self.allow(("datasets.item", "datasets.story"), True)

    def _locate(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "The folder of a release", str(Path.home()))
        if folder:
            self.locate(Path(folder))

    def locate(self, folder: Path) -> None:
        """Remember that a release lies there, and show it."""
        self.desk.jobs.run(partial(fetching.locate, folder=folder), owner=self, done=self._located, failed=self.on_error)

    def _located(self, release: str) -> None:
        self._select = release

    # -- a new one ---------------------------------------------------------------------------------------------------------------

    def _new(self) -> None:
        from reviewer.ui.pages.datasets.wizard import ReleaseWizard

        wizard = ReleaseWizard(self.desk, self)
        wizard.released.connect(self._released)
        wizard.open()

    def _released(self, release: str) -> None:
        self._select = release
        if any(line.release == release for line in self.lines):  # it was listed before we were told
            self._list(keep=release)
            self._select = ""
            self._fetch_release()

"""The Sync page: what waits here and what came in, what is to be settled, who takes part. Nothing is sent before it is asked for."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.catalogue.settings import KEEP_IN_SYNC, TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.events import Role
from reviewer.domain.joining import Request
from reviewer.domain.progress import Ticket
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.sync import fetching, settling, words
from reviewer.ui.pages.sync.backing_up import BackingUp
from reviewer.ui.pages.sync.backups import BackupsCard
from reviewer.ui.pages.sync.check import CheckCard
from reviewer.ui.pages.sync.exchange import Exchange
from reviewer.ui.pages.sync.people import PeopleCard
from reviewer.ui.pages.sync.settle import MOST, SettleCard
from reviewer.ui.pages.sync.settle_dialogs import VersionDialog
from reviewer.ui.pages.sync.standing import Banner, TakenCard, WaitingCard, side_by_side
from reviewer.ui.widgets.scrolling import Scrolling
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from reviewer.operations.conflicts import Listed, Standoff
    from reviewer.operations.joining import Joined
    from reviewer.operations.members import AdmittedRequest
    from reviewer.operations.sync_overview import LastCheck, Overview
    from reviewer.operations.synced import Synced

_ALL_IN_A_ROW = 980  # pixels of the design; below, the people stand under the rest
_CARDS_IN_A_ROW = 560
_SHORT_TABLE = 640
_WIDEST = 1680


class SyncPage(Page):
    """Shows how this replica stands with the others."""

    name = "sync"
    title = "Sync"
    interests = Changes.ALL

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.overview: Overview | None = None
        self._conflicts: tuple[Standoff, ...] = ()
        self._verifying: Ticket | None = None
        self._header = TitleLine("Sync")
        self.exchange = Exchange(desk, self)
        self.waiting, self.taken = WaitingCard(), TakenCard(desk.settings)
        self.alarm, self.settle, self.check = Banner(), SettleCard(), CheckCard(desk.settings)
        self.backups, self.backing_up = BackupsCard(desk.settings), BackingUp(desk, self)
        self.people = PeopleCard(desk.theme, desk.settings)
        self._build()
        self._connect()

    def _build(self) -> None:
        top, self._top_row = side_by_side((self.waiting, self.taken))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for part in (self.alarm, top, self.settle, self.check, self.backups):
            column.addWidget(part)
        column.addStretch(1)
        both, self._row = side_by_side((left, self.people), 14)
        self._row.setStretch(0, 67)
        self._row.setStretch(1, 33)
        self._both = both
        room = QWidget()
        middle = QHBoxLayout(room)
        middle.setContentsMargins(16, 16, 16, 16)
        middle.addWidget(both, 100, Qt.AlignmentFlag.AlignTop)  # the people stand beside the rest, and end with it
        middle.addStretch(0)  # takes only what is beyond the greatest width
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        self._scroll = Scrolling(self.title)
        self._scroll.hold(room)
        outside.addWidget(self._scroll)

    def _connect(self) -> None:
        for button, act in (
            (self.waiting.sync, self._sync),
            (self.waiting.bundle, self._make_bundle),
            (self.waiting.request, self._write_request),
            (self.taken.settle, self._go_settle),
            (self.taken.apply, self.desk.shell.choose_bundle),
            (self.check.verify, self._verify),
            (self.backups.now, self.backing_up.start),
            (self.people.read, self._choose_request),
        ):
            button.clicked.connect(lambda _on=False, act=act: act())
        self.people.asking.admitted.connect(self._admit)
        self.people.asking.refused.connect(self._refused)
        self.settle.chosen.connect(self._settle_one)
        self.backing_up.running_changed.connect(self._backing)
        self.backing_up.made.connect(self._list_backups)
        self.exchange.began.connect(self._began)
        self.exchange.done.connect(self._synced)
        self.exchange.failed.connect(self._not_synced)
        self.exchange.offline.connect(self._offline)
        self.desk.jobs.ended.connect(self._ended)
        self.fit()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """The title, and when and with whom the last sync was."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Syncing, bundles, settling, verifying, admitting."""
        return {
            "sync.now": self._sync,
            "sync.place": self._choose_place,
            "sync.bundle": self._make_bundle,
            "sync.settle": self._go_settle,
            "sync.story": self._open_story,
            "sync.verify": self._verify,
            "sync.backup": self.backing_up.start,
            "sync.keep": self._switch_keeping,
            "sync.request": self._choose_request,
            "sync.admit": self.people.asking.admit.click,
            "sync.refuse": self.people.asking.refuse.click,
            "sync.write_request": self._write_request,
        }

    def take_changes(self, changes: Changes) -> None:
        """What changed here may be sent by itself."""
        if changes and self.desk.shell.folder == self._folder:
            self.exchange.follow(changes)
        super().take_changes(changes)

    def forget_workspace(self) -> None:
        """Another workspace has other places and people."""
        self.overview = None
        self.people.asking.answered()
        self.exchange.take_up()
        self.backing_up.take_up()

    def refresh(self) -> None:
        """Read everything anew."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.overview, owner=self, slot="overview", done=self._show, failed=self.on_error)

    def shown(self) -> None:
        """The focus stands where work goes on: at the request that waits, else at the first button."""
        target = self.people.asking.admit if self.people.asking.request is not None else self.waiting.sync
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_request(self, path: Path) -> None:
        """Read a request to join, and show its words."""
        self.desk.jobs.aside(partial(fetching.read_request, path), owner=self, done=self._ask, failed=self.on_error)

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def _show(self, found: "Overview") -> None:
        self.overview = found
        for card in (self.alarm, self.waiting, self.taken, self.check, self.people):
            card.show_overview(found)
        self._say_place()
        self._header.say(words.last_words(found.last, found.now_ms, self.desk.settings[TIME_ZONE]))
        may_admit = found.role == "lead" and found.admitted
        self.allow(("sync.bundle", "sync.verify"), found.admitted)
        self.allow(("sync.write_request",), not found.admitted)
        self.allow(("sync.request",), may_admit)
        self.allow(("sync.admit", "sync.refuse"), self.people.asking.request is not None)
        self.settle.setVisible(found.admitted)
        self.check.setVisible(found.admitted)
        self.desk.jobs.read(
            partial(fetching.conflicts, limit=MOST), owner=self, slot="conflicts", done=partial(self._list, found), failed=self.on_error
        )

        self.backups.setVisible(found.admitted)
        self.allow(("sync.backup",), found.admitted and not self.backing_up.running)
        self._list_backups()

    def _list_backups(self) -> None:
        self.desk.jobs.read(fetching.backups, owner=self, slot="backups", done=self.backups.show_backups, failed=self.on_error)

    def _backing(self, running: bool) -> None:
        self.allow(("sync.backup",), not running)
        self.backups.now.setEnabled(not running)

    def _say_place(self) -> None:
        from reviewer.operations.sync_overview import place_words

        place = self.exchange.place
        self.waiting.say_place(place_words(place) if place else "")
        kept = "kept in sync while this window is open" if self.desk.settings[KEEP_IN_SYNC] and place else "nothing is sent before you ask"
        self.said.emit(kept)

    # -- syncing -----------------------------------------------------------------------------------------------------------------

    def _sync(self) -> None:
        if self.exchange.place:
            self.exchange.start(self.waiting.sync.accessibleName().replace("Sync with", "Syncing with", 1))
        else:
            self._choose_place()

    def _choose_place(self) -> None:
        from reviewer.ui.pages.sync.place_dialog import PlaceDialog

        PlaceDialog(self.desk, self, place=self.exchange.place, then=self._take_place).open()

    def _take_place(self, place: str, keep: bool) -> None:
        self.exchange.choose(place)
        self._say_place()
        if keep != self.desk.settings[KEEP_IN_SYNC]:
            self.exchange.keep(keep)
        self._sync()

    def _switch_keeping(self) -> None:
        on = not self.desk.settings[KEEP_IN_SYNC]
        self.exchange.keep(on)
        self._say_place()
        self.desk.messages.note(
            "This workspace is kept in sync while the window is open." if on else "From now on nothing is sent before you ask.",
            "" if not on or self.exchange.place else "Choose where to first: T.",
        )

    def _began(self) -> None:
        self.allow(("sync.now",), False)
        self.waiting.sync.setEnabled(False)

    def _finished(self) -> None:
        self.allow(("sync.now",), True)
        self.waiting.sync.setEnabled(True)

    def _ended(self, ticket: Ticket) -> None:
        if not self.exchange.running:
            self._finished()
        if ticket is self._verifying:
            self._verifying = None
            self.check.verify.setEnabled(True)

    def _synced(self, synced: "Synced") -> None:
        sent = words.counts_words({"entry": synced.sent.entries, "item": synced.sent.items})
        received = words.counts_words({"entry": synced.received.entries, "item": synced.received.items})
        self.said.emit(f"sent {sent}; took in {received}")
        for note in synced.notes[:3]:
            self.desk.messages.warn(shown(note, 300))
        if synced.quarantined:
            self.desk.messages.warn(
                f"{count(synced.quarantined, 'thing')} kept aside until their sender or an earlier entry is known.",
                "They are tried again after the next exchange. [E205]",
            )

    def _not_synced(self, error: ReviewerError) -> None:
        self.desk.messages.show_error(error, retry=self._sync)

    def _offline(self, wait_ms: int) -> None:
        self.said.emit(f"offline; tried again in {max(1, round(wait_ms / 1000)):,} s")

    # -- bundles and requests ----------------------------------------------------------------------------------------------------

    def _make_bundle(self) -> None:
        from reviewer.ui.pages.sync.bundle_dialog import BundleDialog

        BundleDialog(self.desk, self).open()

    def _choose_request(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "Read a request to join", str(Path.home()), "Requests (*.json)")
        if path:
            self.take_request(Path(path))

    def _ask(self, read: tuple[Request, tuple[str, ...]]) -> None:
        request, six = read
        self.desk.jobs.read(
            fetching.known_names, owner=self, slot="names", done=partial(self._show_request, request, six), failed=self.on_error
        )

    def _show_request(self, request: Request, six: tuple[str, ...], known: frozenset[str]) -> None:
        self.people.asking.ask(request, six, known)
        self.allow(("sync.admit", "sync.refuse"), True)
        self._scroll.ensureWidgetVisible(self.people.asking)

    def _admit(self, request: Request, name: str, role: str) -> None:
        given: Role | None = role or None  # type: ignore[assignment] # one of the names of roles
        work = partial(fetching.admit, request=request, name=name, role=given)
        self.desk.jobs.run(work, owner=self, done=self._admitted, failed=self.on_error)

    def _admitted(self, done: "AdmittedRequest") -> None:
        self.people.asking.answered()
        self.allow(("sync.admit", "sync.refuse"), False)
        name = shown(done.member.member, 60)
        what = f"A further device of {name} was admitted." if done.further else f"{name} was admitted as {done.member.role}."
        self.desk.messages.good(what, "Sync, or give them a bundle: with it they can begin.", button="Make a bundle", act=self._make_bundle)
        self.waiting.bundle.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self) -> None:
        self.allow(("sync.admit", "sync.refuse"), False)
        self.desk.messages.note("The request was refused; nothing was written.", "Ask its owner for a new one, and compare again.")
        self.people.read.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write_request(self) -> None:
        target, _kind = QFileDialog.getSaveFileName(
            self, "Write the request", str(Path.home() / "request-to-join.json"), "Requests (*.json)"
        )
        if target:
            self.write_request(Path(target))

    def write_request(self, target: Path) -> None:
        """Write the request anew, with words of its own."""
        work = partial(fetching.write_request, request=target)
        self.desk.jobs.run(work, owner=self, done=self._wrote_request, failed=self.on_error)

    def _wrote_request(self, joined: "Joined") -> None:
        self.desk.messages.good(f"The request is in {joined.request}.", "Only the words of this one count now.")
        self.refresh()

    # -- settling and verifying --------------------------------------------------------------------------------------------------

    def _go_settle(self) -> None:
        if self.settle.take_focus():
            self._scroll.ensureWidgetVisible(self.settle.rows[0])

    def _list(self, overview: "Overview", found: "Listed") -> None:
        self._conflicts = found.conflicts
        here = frozenset(one.device for one in overview.devices if one.here)
        zone = self.desk.settings[TIME_ZONE]
        rows = [settling.row_of(place, one, overview.role, here, zone) for place, one in enumerate(found.conflicts)]
        self.settle.show_rows(rows, found.total)
        self.taken.say_conflicts(found.total)
        self.allow(("sync.settle", "sync.story"), bool(found.total))

    def _settle_one(self, key: int) -> None:
        one = self._conflicts[key]
        way = settling.way_of(one, self.overview.role if self.overview is not None else "observer")
        if way == "again" and one.campaign_id is not None and one.item is not None:
            self.desk.shell.answer_again(one.campaign_id, one.item)
        elif way == "resolve" and one.campaign_id is not None and one.item is not None:
            self.desk.shell.resolve(one.campaign_id, one.item)
        elif way == "choose":
            VersionDialog(self.desk, self, one).open()
        elif way == "case" and one.incident is not None:
            self.desk.shell.go("incidents").open_item(one.incident)
        elif one.item is not None:
            self._open_story()

    def _open_story(self) -> None:
        from reviewer.ui.pages.explore.story_dialog import open_story

        row = self.settle.current()
        if row is not None and row.item:
            open_story(self.desk, self, item=row.item)

    def _verify(self) -> None:
        if self._verifying is None:
            self.check.verify.setEnabled(False)
            self._verifying = self.desk.jobs.long(
                fetching.check, title="Verifying everything", owner=self, done=self._verified, failed=self.on_error
            )

    def _verified(self, check: "LastCheck") -> None:
        if check.problems:
            self.desk.messages.warn(
                f"{count(check.problems, 'problem')} found. {check.problem}",
                "`reviewer verify` lists them all; do not hand anything out before they are understood.",
            )
        else:
            self.desk.messages.good("Everything is what it was.", words.check_words(check).capitalize() + ".")

    # -- room --------------------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Where there is little room, cards stand below each other."""
        px, wide = self.desk.theme.px, self.width()
        below = wide < px(_ALL_IN_A_ROW)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        cards = wide if below else wide * 2 // 3
        narrow = cards < px(_CARDS_IN_A_ROW)
        self._top_row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.waiting.stack(cards // (1 if narrow else 2) < px(330))
        self.settle.share(cards < px(_SHORT_TABLE))
        self._both.setMaximumWidth(px(_WIDEST))

"""The window: rail, top bar, banners, the pages one upon another, the strip of long work, the footer."""

import base64
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.catalogue.settings import LAST_WORKSPACE, REMEMBER, WINDOW_GEOMETRY, WINDOW_PAGE, Settings
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.storage import preferences
from reviewer.ui.action_set import ActionSet, Disagreement
from reviewer.ui.arriving import Arriving
from reviewer.ui.footer import Footer
from reviewer.ui.garbage import settle
from reviewer.ui.indexing import Indexing
from reviewer.ui.jobs import Jobs, nothing
from reviewer.ui.locking import Locking
from reviewer.ui.messages import Messages
from reviewer.ui.noticing import Noticing
from reviewer.ui.opening import FoundItem, Identity, Opening, found_items
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.registry import PAGES, Entry
from reviewer.ui.rail import Rail
from reviewer.ui.shell_actions import ShellActions
from reviewer.ui.spreading import Spreading
from reviewer.ui.strip import Strip
from reviewer.ui.sync_state import SyncState
from reviewer.ui.theme import Theme
from reviewer.ui.topbar import TopBar
from reviewer.ui.watching import Watching
from reviewer.ui.widgets.veil import Veil

if TYPE_CHECKING:
    from reviewer.ui.pages.adjudicate.page import AdjudicatePage
    from reviewer.ui.pages.explore.page import ExplorePage
    from reviewer.ui.pages.review.page import ReviewPage
    from reviewer.ui.palette import Hit

SMALLEST = (900, 600)
USUAL = (1280, 800)
_FRAME = (16, 48)  # a title bar and borders, about: what the window manager adds is known only once the window is shown
_FIRST_SCREEN_AT_MOST_MS = 2000
_SETTLED_AFTER_MS = 5000
_OTHER_PAGES_AFTER_MS = 200
_IN_A_WORKSPACE = (
    "app.review", "app.adjudicate", "app.explore", "app.clusters", "app.insights", "app.policies", "app.datasets",
    "app.incidents", "app.sync", "app.new_campaign", "app.time_zone",
)  # fmt: skip


class Window(QWidget):
    """The one window of one workspace, or of none yet."""

    ready = Signal()
    """The first page has been painted; from now on everything may be loaded."""

    def __init__(self, jobs: Jobs, settings: Settings, theme: Theme, opening: Opening, pages: Sequence[Entry] = PAGES) -> None:
        super().__init__()
        self.setWindowTitle("Reviewer")
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self._entries = {entry.name: entry for entry in pages}
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._is_ready = False
        self.jobs, self.settings, self.theme, self.opening = jobs, settings, theme, opening
        self._unwritten = preferences.Pending()
        self._spreading = Spreading(self, self._pages, lambda: self._current)
        self.messages = Messages(theme)
        self._build(pages)
        self.desk = Desk(jobs, settings, theme, self.messages, self, self._stack)
        self.arriving, self.noticing, self._watching = Arriving(self), Noticing(self), Watching(self)
        self._indexing = Indexing(self)
        self.sync_state = SyncState(jobs, self._top.say_state)
        self.shell_actions = ShellActions(self)
        self.actions_of_page = ActionSet(self, {**self.shell_actions.handlers(), **self._carried(pages)})
        self._check_program()
        self._connect()

    # -- what a page may ask (ui.page.Shell) -------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path | None:
        """The folder of the open workspace, or None."""
        return self.opening.folder

    @property
    def member(self) -> str | None:
        """The name under which the workspace was opened; None: the first member whose key this machine holds."""
        return self.opening.member

    def go(self, page: str) -> Page:
        """Make the page of that name current, and give it back. A page that will not be left (an open question) stays."""
        shown = self._page(page)
        if page == self._current:
            return shown
        if self._current and not self._pages[self._current].leave():
            return shown
        self._spreading.tell_hidden()
        self._current = page
        self._stack.setCurrentWidget(shown)
        self._top.show_page(page)
        self._rail.show_page(self._entries[page].under or page)
        self._foot.show_page(page, shown.footer)
        self._foot.say("")
        self.actions_of_page.show_page(page)
        shown.freshen()
        shown.shown()
        return shown

    def review(self, campaign: str) -> None:
        """Go to the Review page, in the queue of the campaign of that id."""
        cast("ReviewPage", self.go("review")).choose_campaign(campaign)

    def explore(self, query: str) -> None:
        """Go to the Explore page, with what a search finds."""
        cast("ExplorePage", self.go("explore")).search_for(query)

    def answer_again(self, campaign: str, item: str) -> None:
        """Go to the Review page, with one item of a campaign up to be answered anew."""
        cast("ReviewPage", self.go("review")).answer_again(campaign, item)

    def resolve(self, campaign: str, item: str) -> None:
        """Go to the Disagreements page, with one item of a campaign up to be resolved."""
        cast("AdjudicatePage", self.go("adjudicate")).resolve_here(campaign, item)

    def open_workspace(self, folder: Path) -> None:
        """Change to another workspace; a failure becomes a banner."""
        if all(page.leave() for page in self._pages.values()):
            self.opening.open(folder)

    def with_workspace(self, then: Callable[[], None]) -> None:
        """Call `then` once a workspace is open."""
        self.opening.ensure(then)

    def open_sample(self) -> None:
        """Open the sample, made first if it is not there yet."""
        self.opening.open_sample()

    def open_at(self, folder: Path, page: str) -> None:
        """Change to another workspace, and show a page of it once it is open."""
        if all(each.leave() for each in self._pages.values()):
            self.opening.open(folder, lambda: nothing(self.go(page)))

    def choose_bundle(self) -> None:
        """Let the person choose a bundle; it says what is in it before anything is taken in."""
        self.arriving.choose_bundle()

    def join_project(self) -> None:
        """Ask what joining a project needs, and make the request."""
        self.arriving.join()

    def choose_folder(self) -> None:
        """Let the person choose a workspace's folder, and open it."""
        from PySide6.QtWidgets import QFileDialog

        start = str(self.folder.parent) if self.folder else str(Path.home())
        folder = QFileDialog.getExistingDirectory(self, "Open a workspace", start)
        if folder:
            self.open_workspace(Path(folder))

    def keep_settings(self) -> None:
        """Write the settings to their file, off the UI thread."""
        moved = self.settings.take_moved()
        if moved:
            self._unwritten.put(moved)
            self.jobs.aside(self._unwritten.write, owner=self, done=nothing, failed=self._say)

    @property
    def current_page(self) -> str:
        """The name of the page that is shown."""
        return self._current

    def find_items(self, text: str, take: "Callable[[Sequence[Hit]], None]") -> None:
        """The items that match a text, for the palette."""
        self.jobs.read(
            partial(found_items, text), owner=self, slot="palette", failed=nothing, done=lambda rows: take(self._item_hits(rows))
        )

    def _item_hits(self, rows: Sequence[FoundItem]) -> "list[Hit]":
        from reviewer.ui.palette import Hit

        return [Hit(row.title, row.detail, "", lambda item=row.id: self.go("explore").open_item(item)) for row in rows]  # type: ignore[misc] # bound

    # -- first steps -------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take the size of last time, show the first page, and let other work begin when it has been painted."""
        self._take_geometry()
        self._follow_workspace(self.folder)
        self.locking.follow()
        first = self.go(self._first_page())
        if self.locking.covered:
            QTimer.singleShot(0, self, self._get_ready)  # the panel is what is painted first
        elif first.paints_first:
            # Queued: what was painted reaches the screen only when its paint event has ended.
            first.first_painted.connect(self._get_ready, Qt.ConnectionType.QueuedConnection)
            QTimer.singleShot(_FIRST_SCREEN_AT_MOST_MS, self._get_ready)
        self.show()

    def _first_page(self) -> str:
        if self.folder is None:
            return "start"
        last = self.settings[WINDOW_PAGE] if self.settings[REMEMBER] else ""
        on_rail = [entry.name for entry in self._entries.values() if entry.icon]
        return last if last in on_rail else next(iter(on_rail), "start")

    def _get_ready(self) -> None:
        if self._is_ready:
            return
        self._is_ready = True
        self.actions_of_page.watch_typing()
        self.jobs.release()
        self.ready.emit()
        self.opening.identify()
        QTimer.singleShot(_SETTLED_AFTER_MS, self, settle)
        QTimer.singleShot(_OTHER_PAGES_AFTER_MS, self, self._make_one_page)

    def _make_one_page(self) -> None:
        """Make the other pages in idle time, one at a time: the first visit to one then costs nothing."""
        waiting = [name for name in self._entries if name not in self._pages]
        if waiting and not self.jobs.closed:
            self._page(waiting[0])
            QTimer.singleShot(_OTHER_PAGES_AFTER_MS, self, self._make_one_page)

    # -- parts -------------------------------------------------------------------------------------------------------------------

    def _build(self, pages: Sequence[Entry]) -> None:
        layers = QStackedLayout(self)
        body = QWidget()
        layers.addWidget(body)
        self.locking = Locking(self, layers)
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self._rail = Rail(self.theme, [(entry.name, entry.title, entry.icon) for entry in pages])
        self._top = TopBar(self.theme)
        self._stack = _Stack()
        self._foot = Footer(self.theme)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        grid.addWidget(self._rail, 0, 0)
        grid.addLayout(middle, 0, 1)
        for part in (self._top, self.messages, self._stack, Strip(self.jobs), self._foot):
            middle.addWidget(part, 1 if part is self._stack else 0)
        self._veil = Veil(self, self.theme)

    def _connect(self) -> None:
        self._rail.chosen.connect(self._rail_pressed)
        self._top.search_pressed.connect(self.shell_actions.open_palette)
        self.jobs.changed.connect(self.tell_pages)
        self.opening.moved.connect(self._follow_workspace)
        self.opening.identified.connect(self._show_identity)
        self.opening.failed.connect(self._say)
        self.opening.elsewhere.connect(lambda: self.messages.note("That workspace is open in another window.", "It was brought forward."))
        self.opening.making.connect(lambda folder: self.messages.note(f"Making a workspace in {folder}.", "This takes a few seconds."))
        self._stack.painted.connect(self._painted)
        self.actions_of_page.vain.connect(lambda name: self._foot.tell(self._pages[self._current].why_not(name)))

    def _page(self, name: str) -> Page:
        """The page of that name, made on first use. Raises Disagreement when its handlers are not those of the catalogue."""
        if name not in self._pages:
            entry = self._entries[name]
            page = entry.make(self.desk)
            self.actions_of_page.add_page(name, page.handlers(), entry.carries)
            page.allowed.connect(lambda names, on: self.actions_of_page.allow(name, names, on))
            page.footer_changed.connect(lambda: self._foot.show_page(name, page.footer) if self._current == name else None)
            page.said.connect(lambda remark: self._foot.say(remark) if self._current == name else None)
            self._stack.addWidget(page)
            self._top.add_page(name, page.title, page.header())
            self._pages[name] = page
        return self._pages[name]

    def _carried(self, pages: Sequence[Entry]) -> dict[str, Callable[[], None]]:
        """Handlers for actions of the whole program that a page carries out: it is shown first, in a workspace made if need be."""
        return {
            action: lambda entry=entry, action=action: self.with_workspace(lambda: self.go(entry.name).handlers()[action]())  # type: ignore[misc] # bound
            for entry in pages
            for action in entry.carries
        }

    def _check_program(self) -> None:
        """Every action of the whole program is handled, by the window or a page that is registered."""
        if self._entries.keys() < actions.PLACES.keys():
            return  # a window with some of the pages only, as tests make them
        have = {*self.shell_actions.handlers(), *(action for entry in self._entries.values() for action in entry.carries)}
        declared = {action.id for action in actions.ALL if action.where is Where.APP}
        if have != declared:
            raise Disagreement(f"the window: no handler for {sorted(declared - have)}, no declaration of {sorted(have - declared)}")

    # -- what happens ------------------------------------------------------------------------------------------------------------

    def _painted(self) -> None:
        if not self._is_ready and not self._pages[self._current].paints_first:
            QTimer.singleShot(0, self._get_ready)

    def save_drafts(self) -> None:
        """Let every page keep what was begun on it."""
        for page in self._pages.values():
            page.leave()

    def show_again(self) -> None:
        """The page that was covered is seen again."""
        if self._current:
            page = self._pages[self._current]
            page.freshen()
            page.shown()

    def tell_pages(self, changes: Changes) -> None:
        """Let every page know what moved."""
        self._spreading.tell(changes)

    def _follow_workspace(self, folder: Path | None) -> None:
        self._rail.allow(folder is not None)
        self.actions_of_page.allow_everywhere(_IN_A_WORKSPACE, folder is not None)
        self.actions_of_page.allow_everywhere(("app.lock", "app.passphrase"), self.opening.sealed)
        self.actions_of_page.allow_everywhere(("app.encrypt",), folder is not None and not self.opening.sealed)
        self._rail.show_member("")
        self.setWindowTitle(f"{folder.name} – Reviewer" if folder else "Reviewer")
        where = f"Everything is in {folder}. Nothing was sent anywhere." if folder else ""
        self.sync_state.follow(folder is not None, where)
        if not self._is_ready:
            return
        self.messages.clear()
        if folder is None:
            self.go("start")
        elif self._current == "start":
            self.go(self._first_page())

    def _show_identity(self, identity: Identity) -> None:
        self._rail.show_member(identity.member)
        self.keep_settings()

    def _rail_pressed(self, name: str) -> None:
        self.go(name)
        self._rail.show_page(self._entries[self._current].under or self._current)  # a button toggles itself when pressed

    def come_forward(self) -> None:
        """Another process wanted this window: show it on top."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _say(self, error: ReviewerError) -> None:
        self.messages.show_error(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the newest banner away."""
        if event.key() == Qt.Key.Key_Escape and self.messages.dismiss():
            event.accept()
            return
        super().keyPressEvent(event)

    # -- files dropped -----------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped on every page."""
        if _files(event) and not self.locking.covered:
            event.acceptProposedAction()
            place = QRect(self._stack.mapTo(self, self._stack.rect().topLeft()), self._stack.size())
            self._veil.cover(place, self._pages[self._current].dropping)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They were taken away again."""
        self._veil.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Bundles and requests show what is in them; the rest goes to the page that is shown."""
        self._veil.hide()
        paths = _files(event)
        if paths:
            event.acceptProposedAction()
            self.arriving.take(paths, otherwise=self._give_to_page)

    def _give_to_page(self, paths: Sequence[Path]) -> None:
        self.with_workspace(lambda: self._pages[self._current].take_files(paths))

    # -- the end -----------------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Pages may keep the window (an unsaved word); long work is asked about; then the writer finishes, and the settings are kept."""
        if not all(page.leave() for page in self._pages.values()) or not self._may_stop_long_work():
            event.ignore()
            return
        if self.settings[REMEMBER]:
            self.settings.put(WINDOW_GEOMETRY, base64.b64encode(self.saveGeometry().data()).decode())
            self.settings.put(WINDOW_PAGE, self._current)
        if self.folder is not None:
            self.settings.put(LAST_WORKSPACE, str(self.folder))
        self.jobs.close()
        try:
            self._unwritten.put(self.settings.take_moved())
            self._unwritten.write()
        except ReviewerError as error:  # the window goes all the same: only its size and place are lost
            self.messages.show_error(error)
        event.accept()

    def _may_stop_long_work(self) -> bool:
        if not self.jobs.busy:
            return True
        from reviewer.ui.widgets.ask import ask

        return ask(
            self,
            "Work is still going on",
            "What is done so far is kept. An import of the same files or a sync goes on where it stopped; a backup begins anew.",
            yes="Stop and close",
            no="Keep working",
        )

    def _take_geometry(self) -> None:
        saved = self.settings[WINDOW_GEOMETRY] if self.settings[REMEMBER] else ""
        if not saved or not self.restoreGeometry(QByteArray(base64.b64decode(saved))):
            self.resize(size_within(self.screen().availableSize()))


class _Stack(QStackedWidget):
    """The pages; tells when one was painted for the first time."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._told:
            self._told = True
            QTimer.singleShot(0, self.painted.emit)  # the page itself is painted right after this


def size_within(room: QSize) -> QSize:
    """The size of a new window, in pixels, on a screen with so much room: the usual one, or what its title bar and borders leave."""
    return QSize(*USUAL).boundedTo(room - QSize(*_FRAME)).expandedTo(QSize(*SMALLEST))


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]

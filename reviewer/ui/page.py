"""What every page is: a widget with a name, the actions it handles, the changes it cares about, and a desk it works at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from reviewer.catalogue import actions
from reviewer.catalogue.settings import Settings
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError

if TYPE_CHECKING:
    from reviewer.ui.jobs import Jobs
    from reviewer.ui.messages import Messages
    from reviewer.ui.theme import Theme


class Shell(Protocol):
    """What a page may ask of the window."""

    @property
    def folder(self) -> Path | None:
        """The folder of the open workspace, or None."""

    @property
    def member(self) -> str | None:
        """The name under which the workspace was opened; None: the first member whose key this machine holds."""

    def go(self, page: str) -> "Page":
        """Make the page of that name current, and give it back."""

    def review(self, campaign: str) -> None:
        """Go to the Review page, in the queue of the campaign of that id."""

    def explore(self, query: str) -> None:
        """Go to the Explore page, with what a search finds."""

    def answer_again(self, campaign: str, item: str) -> None:
        """Go to the Review page, with one item of a campaign up to be answered anew; both by their ids."""

    def resolve(self, campaign: str, item: str) -> None:
        """Go to the Disagreements page, with one item of a campaign up to be resolved; both by their ids."""

    def open_workspace(self, folder: Path) -> None:
        """Change to another workspace; raises nothing, a failure becomes a banner."""

    def with_workspace(self, then: Callable[[], None]) -> None:
        """Call `then` once a workspace is open: at once, or after the usual one was opened or made. A failure becomes a banner."""

    def keep_settings(self) -> None:
        """Write the settings to their file, off the UI thread."""

    def choose_folder(self) -> None:
        """Let the person choose a workspace's folder, and open it."""

    def open_at(self, folder: Path, page: str) -> None:
        """Change to another workspace, and show a page of it once it is open."""

    def choose_bundle(self) -> None:
        """Let the person choose a bundle; it says what is in it before anything is taken in."""

    def join_project(self) -> None:
        """Ask what joining a project needs, and make the request."""

    def open_sample(self) -> None:
        """Open the sample, made first if it is not there yet."""


@dataclass(frozen=True)
class Desk:
    """Everything a page is given. Nothing else of the window is known to it."""

    jobs: "Jobs"
    settings: Settings
    theme: "Theme"
    messages: "Messages"
    shell: Shell
    place: QWidget
    """Where the pages lie. A page is made in it: a branch of widgets that is moved is styled anew, all of it, every time."""


class Page(QWidget):
    """One page of the window.

    Subclass it, set `name` (its key in catalogue.actions.PLACES), `title` and `interests`, and write `handlers`. The page is made once and
    kept. Background work goes through `self.desk.jobs` with `owner=self` and, unless it knows better, `failed=self.on_error`.
    """

    name: str = ""
    title: str = ""
    interests: Changes = Changes.NONE
    dropping: str = "Drop files or folders to import them, or a bundle to see what is in it"
    """What dropping files on the window does while this page is shown."""

    allowed = Signal(object, bool)
    """(frozenset of action ids, on): the window greys these actions, or lets them fire again."""
    footer_changed = Signal()
    """`footer` is another one."""
    said = Signal(str)
    """A short remark at the end of the footer: “2,004 items in 6 ms”. Empty takes it away."""

    paints_first: bool = False
    """True for a page that shows its first screen without the workspace (storage.first_screen): the window holds all other work back until
    it emits `first_painted`."""
    first_painted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.place)
        self.desk = desk
        self.footer: Mapping[str, str] = {}
        """Words of the footer that are others than the catalogue's now, by the action's id; an empty one leaves the action out."""
        self._stale = True
        self._folder = desk.shell.folder
        self.setObjectName(f"page-{self.name}")
        self.setAccessibleName(self.title)
        desk.theme.changed.connect(self.fit)

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """What each action does, by id. Exactly the actions of the page's places (`catalogue.actions.owed_by`), and any action of the
        whole program that this page carries out (the window shows the page first, then calls the handler)."""
        raise NotImplementedError

    def say_keys(self, footer: Mapping[str, str]) -> None:
        """Put other words than the catalogue's into the footer, by the action's id; empty ones leave the action out."""
        if footer != self.footer:
            self.footer = footer
            self.footer_changed.emit()

    def why_not(self, name: str) -> str:
        """What is said when the key of an action was pressed that this page has greyed. name: the action's id."""
        return f"“{actions.BY_ID[name].title}” cannot be done now."

    def header(self) -> QWidget | None:
        """The left part of the top bar while this page is shown: title, progress, a search field. None: the title alone. Asked once."""
        return None

    def refresh(self) -> None:
        """Read anew what is on screen. Called when the page is visible and something it cares about has moved, and when first shown."""

    def forget_workspace(self) -> None:
        """Another workspace is open, or none: let go of all that is on screen and known of the old one."""

    def shown(self) -> None:
        """The page has just become current (after `refresh`, if that was due). Put the focus where work goes on."""

    def fit(self) -> None:
        """Share out the room there is: the page, or its text, has another size. Call it once all parts are made."""

    def leave(self) -> bool:
        """The page is about to be left, or the window to close. False keeps it (say why in a banner). Save drafts here."""
        return True

    def open_item(self, item: str) -> None:
        """Show one item by its id: asked of Explore by the palette and by other pages."""
        raise NotImplementedError

    def take_files(self, paths: Sequence[Path]) -> None:
        """Files or folders were dropped on the window while this page was shown, or another page hands them on. The default gives them
        to Explore, which imports them."""
        self.desk.shell.go("explore").take_files(paths)

    def on_error(self, error: ReviewerError) -> None:
        """The usual `failed`: a banner that says what happened and what to do."""
        self.desk.messages.show_error(error)

    # -- for the page's own use --------------------------------------------------------------------------------------------------

    def allow(self, actions: Iterable[str], on: bool) -> None:
        """Let actions fire, or grey them: item actions stay grey from the key press until its answer is here."""
        self.allowed.emit(frozenset(actions), on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size, another arrangement."""
        super().resizeEvent(event)
        self.fit()

    def seen_and_idle(self, header: QWidget, *blank: QWidget) -> bool:
        """Whether the page is seen and the person works at nothing of it or of its header. blank: parts at which there is nothing to do."""
        focus = QApplication.focusWidget()
        inside = focus is not None and (self.isAncestorOf(focus) or header.isAncestorOf(focus))
        return self.isVisible() and (not inside or focus in blank)

    def press_focused(self) -> bool:
        """Press the button of the page that has the focus: what Enter does there, before all else. False where none has it."""
        focus = self.focusWidget()
        if isinstance(focus, QPushButton) and focus.hasFocus():
            focus.click()
            return True
        return False

    # -- for the window ----------------------------------------------------------------------------------------------------------

    def take_changes(self, changes: Changes) -> None:
        """Redraw if visible and touched, else remember to; of another workspace, keep nothing."""
        if self.desk.shell.folder != self._folder:
            self._folder = self.desk.shell.folder
            self.forget_workspace()
        if changes & self.interests:
            self._stale = True
            if self.isVisible():
                self.freshen()

    def freshen(self) -> None:
        """Refresh, if something moved since the last time."""
        if self._stale:
            self._stale = False
            self.refresh()

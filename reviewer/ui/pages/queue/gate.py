"""What the keys may do to what is on screen: judge it, read it, take an earlier answer up again, or nothing."""

from collections.abc import Iterable

from reviewer.catalogue import actions
from reviewer.catalogue.actions import Where
from reviewer.ui.page import Page

TRANSCRIPT = frozenset(action.id for action in actions.ALL if action.where is Where.TRANSCRIPT)


class Gate:
    """Greys a page's actions, and tells the window only what changed: that is done between two items, while somebody waits."""

    def __init__(self, page: Page, *, judge: Iterable[str], read: Iterable[str], change: Iterable[str] = ()) -> None:
        """By their ids: the actions that judge an item, those that need one on screen, those that need an earlier answer on screen."""
        self._page = page
        self._groups = {"judge": frozenset(judge), "read": frozenset(read), "change": frozenset(change)}
        self._on: dict[str, bool] = {}

    def set(self, *, judge: bool, read: bool | None = None, change: bool | None = None) -> None:
        """Let actions fire, or grey them; None leaves them as they are."""
        for group, on in (("judge", judge), ("read", read), ("change", change)):
            if on is not None and self._on.get(group) is not on:
                self._on[group] = on
                self._page.allow(self._groups[group], on)

    def look_back(self) -> None:
        """An earlier answer is up: it can be read and taken up again, and the footer does not name what judges an item."""
        self.set(judge=False, read=True, change=True)
        self._page.say_keys(dict.fromkeys(self._groups["judge"], ""))

    def shut(self) -> None:
        """Nothing is up: the footer does not name what needs an item, either."""
        self.set(judge=False, read=False, change=False)
        self._page.say_keys(dict.fromkeys(self._groups["judge"] | self._groups["read"], ""))

"""The drawer as it holds clauses: the policy to read, or all clauses to find one among them."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from reviewer.domain.citable import Citable
from reviewer.domain.errors import shown
from reviewer.ui.pages.queue.evidence import Evidence
from reviewer.ui.pages.review.workbench import Workbench
from reviewer.ui.theme import Theme

if TYPE_CHECKING:
    from reviewer.ui.pages.queue.clause_list import ClauseList

POLICY, FIND = "policy", "clauses"

Clauses = Callable[[], "tuple[Sequence[Citable], Sequence[Citable]] | None"]
"""The clauses of the item on screen in the order of the policy, and the most used first; None while they are being read."""


class ClauseDrawer(QObject):
    """Fills the drawer of the page, and follows the item on screen."""

    chosen = Signal(object)
    """A Citable that was looked for; the drawer has closed."""
    pressed = Signal(object)
    """A Citable of the policy that is read: to be cited, or no longer."""

    def __init__(self, theme: Theme, bench: Workbench, evidence: Evidence, clauses: Clauses, *, opened: Callable[[], None]) -> None:
        """opened: called once the drawer shows something."""
        super().__init__(bench)
        self._theme = theme
        self._bench = bench
        self._evidence = evidence
        self._clauses = clauses
        self._opened = opened

    @cached_property
    def list(self) -> "ClauseList":
        """What it holds; made when it is first wanted."""
        from reviewer.ui.pages.queue.clause_list import ClauseList

        found = ClauseList(self._theme)
        found.chosen.connect(self._take)
        return found

    def toggle(self, kind: str) -> None:
        """Open it as that kind, POLICY or FIND; or close it, if it is."""
        if self._bench.drawer_kind == kind:
            self._bench.drawer.close_drawer()
            return
        self._fill(kind)
        self._opened()
        self.list.take_focus()

    def follow(self) -> None:
        """Another item is on screen, or its clauses have been read."""
        if self._bench.drawer_kind in (POLICY, FIND):
            self._fill(self._bench.drawer_kind)

    def _fill(self, kind: str) -> None:
        whole, known = kind == POLICY, self._clauses()
        every = known[0 if whole else 1] if known is not None else ()
        titles = {f"{shown(one.policy_title, 60)}, version {one.version}": None for one in every}
        says = f"{'; '.join(titles)}. Enter cites." if whole else "Enter cites."
        if not every:
            says = "The policies are being read." if known is None else "No clause can be cited here: no policy is in force."
        self.list.show_clauses(every, self._evidence.cites, whole=whole, current=self._evidence.current if whole else "")
        self._bench.drawer.show_panel(kind, "Policy" if whole else "Find a clause", self.list, says)

    def _take(self, clause: Citable) -> None:
        """Whoever looked for a clause goes on with it; whoever reads goes on reading."""
        if self._bench.drawer_kind == FIND:
            self._bench.drawer.close_drawer()
            self.chosen.emit(clause)
        else:
            self.pressed.emit(clause)
            self.list.list.renew()

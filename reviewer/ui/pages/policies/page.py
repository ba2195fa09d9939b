"""The Policies page: which policies there are, what each clause says and said, which labels rest on it, and new versions."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from reviewer.domain.changes import Changes
from reviewer.domain.errors import shown
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.policies import fetching, words
from reviewer.ui.pages.policies.clause_panel import ClausePanel
from reviewer.ui.pages.policies.lists import RowList
from reviewer.ui.pages.policies.side import ClauseSide
from reviewer.ui.theme import ANY_WIDTH
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.list_and_detail import ListAndDetail
from reviewer.ui.widgets.times import count
from reviewer.ui.widgets.title_line import TitleLine
from reviewer.ui.widgets.waiting import Waiting
from reviewer.ui.widgets.words import plain_label

if TYPE_CHECKING:
    from reviewer.operations.policies import Activated
    from reviewer.operations.policy_overview import ClauseReading, ClauseView, PolicyLine, PolicyView
    from reviewer.operations.staleness import AskedAgain
    from reviewer.ui.messages import Banner

_LEFT, _RIGHT = 280, 340
_NARROW = 960  # pixels of the design; below, the right side stands under the words
_SETTLED_MS = 60  # a clause that the eyes only pass over is not fetched
_FILES = (".md", ".txt", ".docx", ".pdf")


class PoliciesPage(Page):
    """Shows the policies of the workspace."""

    name = "policies"
    title = "Policies"
    interests = Changes.POLICIES | Changes.LABELS | Changes.QUEUE
    dropping = "Drop a policy to read it as a new version, agent runs to import them, or a bundle to see what is in it"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.leads = False
        self.lines: tuple[PolicyLine, ...] = ()
        self.view: ClauseView | None = None
        self._told: Banner | None = None
        self._wanted = ""  # the policy that is to be current once it is listed
        self._header = TitleLine("Policies")
        self.policies = RowList(desk.theme, "Policies", papers=True)
        self.clauses = RowList(desk.theme, "Clauses")
        self.panel, self.side = ClausePanel(desk.theme), ClauseSide()
        self.blank = Waiting("Reading the policies")
        self.empty = EmptyState(
            "There is no policy yet",
            "Read one from a Markdown, text, Word or PDF file; its clauses are what labels cite.",
            "New version",
            lambda: self._new_version(),
            action="policies.new_version",
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        left = QFrame()
        left.setObjectName("policies-left")
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 14, 12, 8)
        column.setSpacing(6)
        column.addWidget(plain_label("Policies", role="label"))
        column.addWidget(self.policies)
        column.addWidget(plain_label("Clauses", role="label"))
        column.addWidget(self.clauses, 1)
        self._full = ListAndDetail(self.desk.theme, left, self.panel, self.side)
        for part in (self.panel, self.side):
            part.hide()  # until there is a clause to show
        self._stack = Layers(self, self.blank, self._full, self.empty)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settle.timeout.connect(self._fetch_clause)

    def _connect(self) -> None:
        self.policies.moved.connect(lambda _key: self._fetch_policy())
        self.policies.opened.connect(lambda _key: self.clauses.setFocus(Qt.FocusReason.TabFocusReason))
        self.clauses.moved.connect(lambda _key: self._settle.start())
        self.clauses.opened.connect(lambda _key: self._show_labels())
        self.panel.table.opened.connect(self._open_item)
        self.side.opened.connect(self._open_item)
        self.panel.requeue.clicked.connect(self._requeue)
        self.panel.labels.clicked.connect(self._show_labels)
        self.fit()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """The policy, and which version of it is in force."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """New versions, comparing, asking again, and the way to the labels."""
        return {
            "policies.new_version": lambda: self._new_version(),
            "policies.compare": self._compare,
            "policies.requeue": self._requeue,
            "policies.labels": self._enter,
            "policies.activate": self._choose_version,
            "policies.next": lambda: self.clauses.step(1),
            "policies.previous": lambda: self.clauses.step(-1),
        }

    def forget_workspace(self) -> None:
        """Another workspace has other policies: nothing of the old one stays."""
        self.policies.show_rows(())
        self._show(fetching.Overview((), leads=False))
        self._stack.setCurrentWidget(self.blank)

    def refresh(self) -> None:
        """Read everything anew; the policy and the clause stay."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.overview, owner=self, slot="policies", done=self._show, failed=self.on_error)

    def shown(self) -> None:
        """The focus stands on the clauses, or on the way to a first policy."""
        self._take_focus()

    def take_files(self, paths: Sequence[Path]) -> None:
        """A policy file that was dropped is read as a new version; other files are agent runs."""
        if self.leads and len(paths) == 1 and paths[0].suffix.lower() in _FILES:
            self._new_version(paths[0])
        else:
            super().take_files(paths)

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def _show(self, found: fetching.Overview) -> None:
        had_focus = self.blank.hasFocus() or self.empty.button.hasFocus()
        self.lines, self.leads = found.policies, found.leads
        self.policies.show_rows([words.policy_row(line) for line in found.policies], keep=self._wanted or self.policies.key)
        self._wanted = ""
        self._stack.setCurrentWidget(self._full if found.policies else self.empty)
        self.empty.button.setVisible(found.leads)
        self.allow(("policies.new_version",), found.leads)
        some = bool(found.policies)
        self.allow(("policies.next", "policies.previous"), some)
        self.allow(("policies.activate",), some and found.leads)
        if not some:
            self.view = None
            self._header.say("", title="Policies")
            self.allow(("policies.compare", "policies.requeue", "policies.labels"), False)
            self.clauses.show_rows(())
        if had_focus:
            self._take_focus()
        if some:
            self.fit()
            self._fetch_policy()

    def _take_focus(self) -> None:
        self._stack.focus_one_of(self.blank, self.clauses, self.empty.button)

    def _line(self) -> "PolicyLine | None":
        return next((line for line in self.lines if line.key == self.policies.key), None)

    def _fetch_policy(self) -> None:
        line = self._line()
        if line is not None:
            self._header.say(words.standing(line), title=shown(line.title or line.key, 120))
            self.allow(("policies.compare",), len(line.versions) > 1)
            work = partial(fetching.policy, key=line.key)
            self.desk.jobs.read(work, owner=self, slot="policy", done=self._show_policy, failed=self.on_error)

    def _show_policy(self, view: "PolicyView") -> None:
        if view.line.key == self.policies.key:
            rows = [words.clause_row(one) for one in view.clauses]
            same = self.view is not None and self.view.key == view.line.key
            keep = self.clauses.key if same else ""  # where the person stands by now, whatever the panel has come to show
            keep = keep or next((one.clause.clause for one in view.clauses if one.stale), "")
            self.clauses.show_rows(rows, keep=keep)
            self._fetch_clause()

    def _fetch_clause(self) -> None:
        if self.clauses.key:
            work = partial(fetching.clause, key=self.policies.key, clause=self.clauses.key)
            self.desk.jobs.read(work, owner=self, slot="clause", done=self._show_clause, failed=self.on_error)

    def _show_clause(self, view: "ClauseView") -> None:
        if (view.key, view.clause) == (self.policies.key, self.clauses.key):
            self.view = view
            self.panel.show()
            self.side.show()
            self.panel.show_clause(view, leads=self.leads)
            self.side.show_clause(view)
            self.allow(("policies.requeue",), self.leads and bool(view.stale.to_ask))
            self.allow(("policies.labels",), bool(view.cited))
            work = partial(fetching.reading, key=view.key, clause=view.clause)
            done = partial(self._show_reading, view)
            self.desk.jobs.read(work, owner=self, slot="reading", done=done, failed=self.on_error)

    def _show_reading(self, view: "ClauseView", found: "ClauseReading | None") -> None:
        if view is self.view:
            self.side.show_reading(found)

    def fit(self) -> None:
        """The sides take no more than their share."""
        px = self.desk.theme.px
        below = self._full.fit(self.width(), listed=_LEFT, narrow=_NARROW)
        self.side.setMaximumWidth(ANY_WIDTH if below else px(_RIGHT))
        wanted = px(62) * min(max(len(self.lines), 1), 6) + 6
        self.policies.setFixedHeight(min(wanted, self.height() * 2 // 5))  # whole, as long as the clauses keep more room

    # -- going on from here ------------------------------------------------------------------------------------------------------

    def _enter(self) -> None:
        """Enter: the item of a row, a button that has the focus, else the labels of the clause."""
        if self.focusWidget() is self.panel.table:
            self._open_item(self.panel.table.item)
        elif not self.press_focused():
            self._show_labels()

    def _show_labels(self) -> None:
        if self.view is not None and self.view.cited:
            self.desk.shell.explore(f"clause:{self.view.key}:{self.view.clause}")

    def _open_item(self, item: str) -> None:
        self.desk.shell.go("explore").open_item(item)

    def _requeue(self) -> None:
        if self.view is not None:
            self.allow(("policies.requeue",), False)
            work = partial(fetching.requeue, key=self.view.key, clause=self.view.clause)
            self.desk.jobs.run(work, owner=self, done=self._requeued, failed=self.on_error)

    def _requeued(self, done: "AskedAgain") -> None:
        left = f" {count(done.closed, 'item')} of closed campaigns are left as they are." if done.closed else ""
        self._say(
            f"{count(len(done.items), 'item')} asked for again.", f"Their labels count until they are replaced; the queue says why.{left}"
        )

    def _new_version(self, path: Path | None = None) -> None:
        from reviewer.ui.pages.policies.version_dialog import VersionDialog

        dialog = VersionDialog(self.desk, self, keys=[line.key for line in self.lines], key=self.policies.key)
        dialog.published.connect(self._published)
        dialog.open()
        if path is not None:
            dialog.read(path)

    def _published(self, key: str, what: str, follows: str) -> None:
        self._wanted = key
        self.refresh()
        self._say(what, follows)

    def _compare(self) -> None:
        line = self._line()
        if line is not None and len(line.versions) > 1:
            from reviewer.ui.pages.policies.compare_dialog import CompareDialog

            CompareDialog(self.desk, self, line).open()

    def _choose_version(self) -> None:
        line = self._line()
        if line is not None:
            from reviewer.ui.pages.policies.activate_dialog import ActivateDialog

            ActivateDialog(self.desk, self, line, then=self._activate).open()

    def _activate(self, key: str, number: int) -> None:
        work = partial(fetching.activate, key=key, number=number)
        self.desk.jobs.run(work, owner=self, done=self._activated, failed=self.on_error)

    def _activated(self, done: "Activated") -> None:
        stale = f"{words.citing(done.stale_labels)} words that hold no more." if done.stale_labels else "No label cites older words."
        self._say(f"Version {done.version.number} of {shown(done.key, 40)} is in force.", stale)

    def _say(self, what: str, follows: str) -> None:
        """Say what was done here, in the place of what was said before: that may hold no more."""
        if self._told is not None:
            self.desk.messages.take(self._told)
        self._told = self.desk.messages.good(what, follows)

"""The Incidents page: open cases first, each with its clocks, what it touches, what was done, and the rate after the fix."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError, shown
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.explore.fetching import query_of
from reviewer.ui.pages.incidents import exporting, fetching, words
from reviewer.ui.pages.incidents.case_list import CaseList
from reviewer.ui.pages.incidents.case_panel import CasePanel
from reviewer.ui.pages.incidents.case_side import CaseSide
from reviewer.ui.theme import ANY_WIDTH
from reviewer.ui.widgets.caps import Pill
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.list_and_detail import ListAndDetail
from reviewer.ui.widgets.waiting import Waiting
from reviewer.ui.widgets.words import OneLine

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView

_LEFT, _RIGHT = 290, 390
_NARROW = 1000  # pixels of the design; below, the right side stands under the middle
_SETTLED_MS = 60  # an incident that the eyes only pass over is not fetched
_MINUTE_MS = 60_000  # clocks are told anew
_MOST_IDS = 64  # items that a search takes
_CHANGES = ("incidents.note", "incidents.fix", "incidents.change", "incidents.cause")
_LEADS = ("incidents.status", "incidents.close")
_READS = ("incidents.items", "incidents.export", "incidents.next", "incidents.previous")
_WHAT = (
    "An incident is a case: what went wrong and on which items, how grave it is, whose task it is, by when it must be reported, "
    "what was done, and the rate after the fix. A lead opens one from Explore: choose the items and press I."
)


class IncidentsPage(Page):
    """Shows the incidents of the workspace."""

    name = "incidents"
    title = "Incidents"
    interests = Changes.INCIDENTS | Changes.LABELS | Changes.CAMPAIGNS | Changes.ITEMS | Changes.MEMBERS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.overview: fetching.Overview | None = None
        self.view: IncidentView | None = None
        self._wanted = ""  # the incident that is to be current once it is listed
        self._header = Header()
        self.cases = CaseList(desk.theme)
        self.panel, self.side = CasePanel(desk.theme), CaseSide()
        self.blank = Waiting("Reading the incidents")
        self.empty = EmptyState("There is no incident", _WHAT, "Go to Explore", lambda: self._explore(""), action="app.explore")
        self._build()
        self._connect()

    def _build(self) -> None:
        self._full = ListAndDetail(self.desk.theme, self.cases, self.panel, self.side)
        for part in (self.panel, self.side):
            part.hide()  # until there is an incident to show
        self._stack = Layers(self, self.blank, self._full, self.empty)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settle.timeout.connect(self._fetch)
        self._minutes = QTimer(self, interval=_MINUTE_MS)
        self._minutes.timeout.connect(self._look_at_the_clock)
        self._minutes.start()

    def _connect(self) -> None:
        self.cases.moved.connect(lambda _key: self._settle.start())
        self.cases.opened.connect(lambda _key: self._show_items())
        self.panel.cause_chosen.connect(self._take_cause)
        self.side.status.clicked.connect(self._other_status)
        self.side.export.clicked.connect(self._export)
        self.side.close_case.clicked.connect(self._close)
        self.fit()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """The incident, how far it is, and when it was opened."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Notes, changes, the way to the items, the record, and closing."""
        return {
            "incidents.note": partial(self._write, "note"),
            "incidents.fix": partial(self._write, "fix"),
            "incidents.change": self._change,
            "incidents.cause": self.panel.focus_cause,
            "incidents.status": self._other_status,
            "incidents.items": self._enter,
            "incidents.export": self._export,
            "incidents.close": self._close,
            "incidents.next": lambda: self.cases.step(1),
            "incidents.previous": lambda: self.cases.step(-1),
        }

    def forget_workspace(self) -> None:
        """Another workspace has other incidents: nothing of the old one stays."""
        self._wanted = ""
        self._forget()
        self._stack.setCurrentWidget(self.blank)

    def refresh(self) -> None:
        """Read everything anew; the incident stays."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(fetching.overview, owner=self, slot="incidents", done=self._show, failed=self.on_error)

    def shown(self) -> None:
        """The focus stands on the incidents, or on the way to a first one."""
        self._take_focus()

    def open_item(self, item: str) -> None:
        """Show one incident by its id."""
        self._wanted = item
        self.refresh()

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    def _show(self, found: fetching.Overview) -> None:
        had_focus = self.blank.hasFocus() or self.empty.button.hasFocus()
        self.overview = found
        rows = [(line.status == "closed", words.row(line, found.now_ms)) for line in found.lines]
        keep = self._wanted or self.cases.key
        self._wanted = ""
        self.cases.show_rows([row for closed, row in rows if not closed], [row for closed, row in rows if closed], keep=keep)
        self._stack.setCurrentWidget(self._full if rows else self.empty)
        self.allow(("incidents.next", "incidents.previous"), bool(rows))
        if had_focus or (rows and self.isVisible() and self.focusWidget() is None):
            self._take_focus()
        if rows:
            self.fit()
            self._fetch()
        else:
            self._forget()

    def _forget(self) -> None:
        self.view, self.overview = None, None
        self.cases.show_rows((), (), keep="")
        self._header.clear()
        self.allow((*_CHANGES, *_LEADS, *_READS), False)
        for part in (self.panel, self.side):
            part.hide()

    def _take_focus(self) -> None:
        layer = self._stack.currentWidget()
        if layer is self._full:
            self.cases.take_focus()
        else:
            (self.blank if layer is self.blank else self.empty.button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self) -> None:
        if self.cases.key:
            work = partial(fetching.incident, incident=self.cases.key)
            self.desk.jobs.read(work, owner=self, slot="incident", done=self._show_case, failed=self.on_error)

    def _show_case(self, view: "IncidentView") -> None:
        if view.line.id != self.cases.key or self.overview is None:
            return
        self.view = view
        zone, role = self.desk.settings[TIME_ZONE], self.overview.role
        self._header.say(view, zone)
        may_change, leads = role in ("lead", "adjudicator"), role == "lead"
        self.panel.show_case(view, zone=zone, now_ms=self.overview.now_ms, may_change=may_change)
        self.side.show_case(view, zone=zone, now_ms=self.overview.now_ms, leads=leads)
        for part in (self.panel, self.side):
            part.show()
        self.allow(_CHANGES, may_change)
        self.allow(("incidents.status",), leads)
        self.allow(("incidents.close",), leads and view.line.status != "closed")
        self.allow(("incidents.export",), True)
        self.allow(("incidents.items",), bool(view.items))
        self.said.emit("every line here is a signed entry")

    def _look_at_the_clock(self) -> None:
        if self.isVisible() and self.overview is not None and any(line.due_ms is not None for line in self.overview.lines):
            self.refresh()

    def fit(self) -> None:
        """The sides take no more than their share."""
        below = self._full.fit(self.width(), listed=_LEFT, narrow=_NARROW)
        self.side.setMaximumWidth(ANY_WIDTH if below else min(self.desk.theme.px(_RIGHT), max(240, self.width() * 3 // 10)))

    # -- what is done ------------------------------------------------------------------------------------------------------------

    def _write(self, field: str) -> None:
        from reviewer.ui.pages.incidents.words_dialog import WordsDialog

        if self.view is not None:
            before = self.view.fix if field == "fix" else ""
            WordsDialog(self.desk, self, incident=self.view.line.id, field=field, before=before).open()

    def _change(self) -> None:
        from reviewer.ui.pages.incidents.case_dialog import ChangeDialog

        if self.view is not None:
            ChangeDialog(self.desk, self, self.view).open()

    def _take_cause(self, value: str) -> None:
        if self.view is None:
            return
        if value:
            self._set(root_cause=value)
        else:
            self._show_case(self.view)  # a root cause can be another one, and not be taken back

    def _other_status(self) -> None:
        if self.view is not None:
            self._set(status="fixed" if self.view.line.status == "open" else "open")

    def _set(self, **fields: str) -> None:
        if self.view is not None:
            work = partial(fetching.change, incident=self.view.line.id, fields=fields)
            self.desk.jobs.run(work, owner=self, done=lambda _done: None, failed=self._not_set)

    def _not_set(self, error: ReviewerError) -> None:
        self.on_error(error)
        if self.view is not None:
            self._show_case(self.view)

    def _close(self) -> None:
        from reviewer.ui.pages.incidents.close_dialog import CloseDialog

        if self.view is not None and self.view.line.status != "closed":
            CloseDialog(self.desk, self, self.view).open()

    def _export(self) -> None:
        if self.view is not None:
            exporting.ask_where(self.desk, self, self.view)

    # -- going on from here ------------------------------------------------------------------------------------------------------

    def _enter(self) -> None:
        """Enter: a button that has the focus, else the items of the incident."""
        if not self.press_focused():
            self._show_items()

    def _show_items(self) -> None:
        if self.view is None or not self.view.items:
            return
        some = self.view.items[:_MOST_IDS]
        if len(some) < len(self.view.items):
            self.desk.messages.note(
                f"The first {len(some)} of {len(self.view.items):,} items are listed.", "The record of the incident names all of them."
            )
        self._explore(query_of(some))

    def _explore(self, query: str) -> None:
        self.desk.shell.explore(query)


class Header(QWidget):
    """The page's part of the top bar."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._title, self._opened = OneLine("Incidents", role="title"), OneLine(tone="muted")
        self.pill = Pill("")
        self._opened.setMinimumWidth(1)  # the first to give way: a state that is cut would be another one
        for part in (self._title, self.pill, self._opened):
            row.addWidget(part)
        row.addStretch(1)
        self.clear()

    def clear(self) -> None:
        """No incident is shown."""
        self._title.setText("Incidents")
        self._opened.setText("")
        self.pill.hide()

    def say(self, view: "IncidentView", zone: str) -> None:
        """The incident, and how it stands."""
        standing = words.standing(view.line)
        self._title.setText(shown(view.line.title, 120))
        self.pill.say(standing.text, standing.kind)
        self.pill.show()
        self._opened.setText(words.opened(view, zone))

    @property
    def words(self) -> str:
        """All that it says."""
        return ", ".join(filter(None, (self._title.text(), self.pill.text(), self._opened.text())))

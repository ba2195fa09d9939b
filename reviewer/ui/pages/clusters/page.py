"""The Clusters page: a map of what items are about, the groups that go wrong more often than chance allows, and what changed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.catalogue.actions import BY_ID
from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError, shown
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.clusters import fetching, runs_words, words
from reviewer.ui.pages.clusters.drift_view import DriftView
from reviewer.ui.pages.clusters.header import Header
from reviewer.ui.pages.clusters.map_view import MapView
from reviewer.ui.pages.clusters.running import Running
from reviewer.ui.pages.clusters.side import Side
from reviewer.ui.pages.explore.fetching import query_of
from reviewer.ui.widgets.cards import Card
from reviewer.ui.widgets.empty import EmptyState
from reviewer.ui.widgets.layers import Layers
from reviewer.ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from reviewer.operations.cluster_overview import Overview, Standing
    from reviewer.operations.cluster_records import Cluster
    from reviewer.operations.confirming import Queued, SecondLook

_SIDE, _SIDE_SHARE = 400, 0.42  # pixels of the design, and the most of the page,
_MOST_SHARE = 0.65  # or where its words need more
_MODES = ("verdict", "model", "time", "cluster")
_ZOOM = 1.4
_MOST_IDS = 64  # items that a search names one by one
_OF_MAP = (
    "clusters.open", "clusters.colour", "clusters.next", "clusters.previous", "clusters.mark", "clusters.map", "clusters.zoom_in",
    "clusters.zoom_out", "clusters.whole",
)  # fmt: skip
_OF_CLUSTER = ("clusters.rename", "clusters.ask_name", "clusters.queue", "clusters.items", "clusters.campaign", "clusters.incident")
_OF_DRIFT = ("clusters.by", "clusters.of")


class ClustersPage(Page):
    """Shows the last run, or an earlier one that was chosen."""

    name = "clusters"
    title = "Clusters"
    interests = Changes.FINDINGS | Changes.LABELS | Changes.CAMPAIGNS | Changes.ITEMS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._place: int | None = None  # of the chosen cluster
        self._run = ""  # that was chosen; the last one, where none was
        self.standing: Standing | None = None
        self._header = Header()
        self.map, self.side, self.drift = MapView(desk.theme), Side(), DriftView(desk)
        self.running = Running(self)
        self.blank = Waiting("Reading the clusters")
        self.nothing = EmptyState("", "", "Run clusters", self._help, action="clusters.run")
        self._full = QWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        paper = Card()
        paper.column.setContentsMargins(1, 1, 1, 1)
        paper.column.addWidget(self.map)
        left = QVBoxLayout()
        left.setContentsMargins(16, 16, 16, 16)
        left.addWidget(paper)
        row = QHBoxLayout(self._full)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.side)
        self._layers = Layers(self, self.blank, self.nothing, self._full, self.drift)

    def _connect(self) -> None:
        self._header.turned.connect(self._turn)
        self.map.opened.connect(self._open_item)
        self.map.pointed.connect(self._name_item)
        self.map.picked.connect(self.choose)
        self.map.marked.connect(self._say_marked)
        self.side.chosen.connect(self.choose)
        self.side.queue.clicked.connect(self._queue)
        self.side.items.clicked.connect(self._explore)
        self.side.campaign.clicked.connect(self._make_campaign)
        self.side.incident.clicked.connect(self._open_incident)
        self.side.run.clicked.connect(self.running.ask)
        self.side.runs.clicked.connect(self._choose_run)
        self.running.ran.connect(lambda: self._show_run(""))
        self.running.turned.connect(self._allow)
        self.side.aligned.connect(self.fit)
        self.fit()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """What was grouped and flagged."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Running, moving about, and going on from a cluster."""
        return {
            "clusters.run": self.running.ask,
            "clusters.runs": self._choose_run,
            "clusters.open": self._open_current,
            "clusters.rename": self._rename,
            "clusters.ask_name": self._ask_name,
            "clusters.colour": self._next_colour,
            "clusters.next": lambda: self._step(1),
            "clusters.previous": lambda: self._step(-1),
            "clusters.queue": self._queue,
            "clusters.items": self._explore,
            "clusters.incident": self._open_incident,
            "clusters.campaign": self._make_campaign,
            "clusters.mark": self.map.mark,
            "clusters.map": lambda: self.map.setFocus(Qt.FocusReason.ShortcutFocusReason),
            "clusters.zoom_in": lambda: self.map.zoom(_ZOOM),
            "clusters.zoom_out": lambda: self.map.zoom(1 / _ZOOM),
            "clusters.whole": self.map.show_all,
            "clusters.drift": lambda: self._turn("map" if self._shows_drift else "drift"),
            "clusters.by": self.drift.next_by,
            "clusters.of": lambda: self.drift.campaign.setFocus(Qt.FocusReason.ShortcutFocusReason),
        }

    def forget_workspace(self) -> None:
        """Another workspace has other clusters: nothing of the old one stays."""
        self.standing, self._place, self._run = None, None, ""
        self.drift.forget()
        self._header.view.choose("map")
        self._layers.setCurrentWidget(self.blank)

    def refresh(self) -> None:
        """Read the run anew; what is chosen stays."""
        if self.desk.shell.folder is not None:
            self.desk.jobs.read(
                partial(fetching.standing, run=self._run), owner=self, slot="standing", done=self._show, failed=self.on_error
            )

    def shown(self) -> None:
        """The keys stand on the map, or on the way to one."""
        self._take_focus()

    # -- what is shown -----------------------------------------------------------------------------------------------------------

    @property
    def overview(self) -> "Overview | None":
        """The run that is shown."""
        return None if self.standing is None else self.standing.overview

    @property
    def cluster(self) -> "Cluster | None":
        """The one that is chosen."""
        found = self.overview
        return None if found is None or self._place is None else found.run.clusters[self._place]

    @property
    def _shows_drift(self) -> bool:
        return self._layers.currentWidget() is self.drift

    def _show(self, standing: "Standing") -> None:
        before, found = self.overview, standing.overview
        elsewhere = self.seen_and_idle(self._header, self.blank, self.nothing.button)
        layer = self._layers.currentWidget()
        same = before is not None and found is not None and before.run.run == found.run.run
        self.standing = standing
        if not same:
            self._place = 0 if found is not None and found.run.clusters and found.run.clusters[0].flagged else None
        if found is None or found.map is None:
            self._say_nothing(standing)
        else:
            self._header.say(words.title(found.run), words.flagged(found.run), self._of(found))
            self.map.show_map(found.map, found.run.clusters)
            self.side.show_run(found, self._place, words.notes(standing, found))
            if self.side.buttons:
                QWidget.setTabOrder(self.map, self.side.buttons[0])
            self.map.choose_cluster(self._place)
            self.map.stand()
            if not self._shows_drift:
                self._layers.setCurrentWidget(self._full)
            self._ask_look()
        self._allow()
        turned = layer is not self._layers.currentWidget() and self.isVisible() and QApplication.activeModalWidget() is None
        if elsewhere or turned:
            self._take_focus()

    def _of(self, found: "Overview") -> str:
        return words.since(found, runs_words.made(found.run, self.desk.settings[TIME_ZONE]))

    def _say_nothing(self, standing: "Standing") -> None:
        title, sentence, action = words.nothing(standing)
        self.nothing.say(title, sentence)
        self.nothing.offer(BY_ID[action].title, action)
        self._header.say("Clusters", ("", "plain"), "")
        if not self._shows_drift:
            self._layers.setCurrentWidget(self.nothing)

    def _allow(self) -> None:
        found = self.overview
        drift, seen = self._shows_drift, found is not None and found.map is not None
        self.allow(_OF_MAP, seen and not drift)
        self.allow(_OF_DRIFT, drift)
        for button in (self.nothing.button, self.side.run):
            button.setEnabled(not self.running.busy)
        self.allow(("clusters.run",), not self.running.busy)
        self.allow(("clusters.runs",), found is not None and not drift)
        self._allow_going_on()
        self._name_colour()

    def _allow_going_on(self) -> None:
        """What can be done with the chosen cluster, or with the chosen items."""
        found, one, side = self.overview, self.cluster, self.side
        seen = found is not None and not self._shows_drift
        some = seen and (one is not None or bool(self.map.marked_items))
        may_open = found is not None and found.may_open
        queue = seen and found is not None and one is not None and found.may_queue and one.id not in found.asked
        for action, button, on in (
            ("queue", side.queue, queue), ("items", side.items, some), ("campaign", side.campaign, some),
            ("incident", side.incident, some and may_open),
        ):  # fmt: skip
            self.allow((f"clusters.{action}",), on)
            button.setEnabled(on)
        self.allow(("clusters.rename", "clusters.ask_name"), seen and one is not None and found is not None and found.may_name)

    def _name_colour(self) -> None:
        """The footer says what M shows next."""
        after = _MODES[(_MODES.index(self.map.mode) + 1) % len(_MODES)]
        drift = self._shows_drift
        elsewhere = (*_OF_MAP, *_OF_CLUSTER) if drift else _OF_DRIFT
        self.footer = {
            "clusters.colour": f"colour by {after}",
            "clusters.drift": "map" if drift else "drift",
            **dict.fromkeys(elsewhere, ""),
        }
        self.footer_changed.emit()

    # -- another run ------------------------------------------------------------------------------------------------------------

    def _choose_run(self) -> None:
        from reviewer.ui.pages.clusters.runs_dialog import RunsDialog

        if self.overview is not None:
            dialog = RunsDialog(self.desk, self, run=self.overview.run.run)
            dialog.wanted.connect(self._show_run)
            dialog.open()

    def _show_run(self, run: str) -> None:
        if run != self._run:
            self._run = run
            self.refresh()

    # -- choosing ----------------------------------------------------------------------------------------------------------------

    def choose(self, place: int) -> None:
        """Choose a cluster, by its place."""
        self._place = place
        self.side.choose(place)
        self.map.choose_cluster(place)
        self._allow()
        self._ask_look()

    def _step(self, by: int) -> None:
        found = self.overview
        if found is not None and found.run.clusters:
            last = len(found.run.clusters) - 1
            self.choose(0 if self._place is None else min(max(self._place + by, 0), last))

    def _ask_look(self) -> None:
        """How the fresh labels of the chosen cluster stand."""
        found, one = self.overview, self.cluster
        if found is not None and one is not None and one.id in found.asked:
            work = partial(fetching.look, cluster=one.id)
            self.desk.jobs.read(work, owner=self, slot="look", done=partial(self._say_look, one.id), failed=self._say_refused)
        self._say_marked()

    def _say_look(self, cluster: str, found: "SecondLook | None") -> None:
        if self.cluster is not None and self.cluster.id == cluster:
            self.side.say(words.looked(found))

    def _say_refused(self, error: ReviewerError) -> None:
        self.side.say(f"{error.what} {error.hint}")

    def _say_marked(self) -> None:
        points = self.map.points
        said = "" if points is None else points.told_of_marked()
        if said:
            self.side.say(f"{said}.")
        elif self.cluster is None:
            self.side.say("Press J to go to the first cluster, or draw around items.")
        elif self.overview is not None and self.cluster.id not in self.overview.asked:
            self.side.say("")
        self._allow_going_on()

    def _name_item(self, item: str) -> None:
        work = partial(fetching.line, item=item)
        self.desk.jobs.read(
            work,
            owner=self,
            slot="line",
            done=partial(self._say_item, item),
            failed=lambda error: self.said.emit(f"{error.what} {error.hint}"),
        )

    def _say_item(self, item: str, line: str) -> None:
        points, found = self.map.points, self.overview
        if points is None or found is None:
            return
        place = points.place_of(item)
        if place is None:
            return
        cluster = shown(found.run.clusters[int(points.seen.cluster[place])].name, 60)
        self.map.say(item, f"{points.told(place)} “{line}” In {cluster}.")
        self.said.emit(f"{item[:8]} “{shown(line, 60)}”")

    def _next_colour(self) -> None:
        mode = _MODES[(_MODES.index(self.map.mode) + 1) % len(_MODES)]
        found = self.overview
        if mode == "model" and found is not None and found.map is not None and not found.map.models:
            self.desk.messages.note("Items cannot be coloured by model.", found.map.why_no_models)
            mode = "time"
        self.map.colour_by(mode)
        self._name_colour()

    # -- going on from here ------------------------------------------------------------------------------------------------------

    def _open_current(self) -> None:
        if self.map.item:
            self._open_item(self.map.item)

    def _open_item(self, item: str) -> None:
        self.desk.shell.go("explore").open_item(item)

    def _search(self) -> str | None:
        """A search for the chosen items, else for the chosen cluster. None where they are too many, which is said."""
        marked = self.map.marked_items
        if len(marked) > _MOST_IDS:
            self.desk.messages.warn(
                f"{len(marked):,} items are chosen one by one; {_MOST_IDS} such items can be taken at most.",
                "Draw around fewer, or choose nothing with Esc and take the whole cluster.",
            )
            return None
        if marked:
            return query_of(marked)  # type: ignore[arg-type] # ids of items
        return None if self.cluster is None else words.search(self.cluster)

    def _explore(self) -> None:
        query = self._search()
        if query is not None:
            self.desk.shell.explore(query)

    def _make_campaign(self) -> None:
        from reviewer.ui.pages.campaign.wizard import CampaignWizard

        query = self._search()
        if query is not None:
            CampaignWizard(self.desk, self, query=query).open()

    def _open_incident(self) -> None:
        from reviewer.ui.pages.incidents.case_dialog import OpenDialog

        marked = len(self.map.marked_items)
        if marked:
            query = self._search()
            if query is not None:
                OpenDialog(self.desk, self, query=query, items=marked).open()
        elif self.cluster is not None:
            OpenDialog(self.desk, self, cluster=self.cluster.id, items=self.cluster.size).open()

    def _queue(self) -> None:
        from reviewer.ui.pages.clusters.dialogs import QueueDialog

        if self.cluster is not None:
            dialog = QueueDialog(self.desk, self, self.cluster)
            dialog.queued.connect(self._queued)
            dialog.open()

    def _queued(self, done: "Queued") -> None:
        self.desk.messages.good(*words.queued(done), button="Review them", act=partial(self.desk.shell.review, done.created.id))

    def _rename(self) -> None:
        from reviewer.ui.pages.clusters.dialogs import RenameDialog

        if self.cluster is not None:
            dialog = RenameDialog(self.desk, self, self.cluster)
            dialog.ask_wanted.connect(self._ask_name)
            dialog.open()

    def _ask_name(self) -> None:
        from reviewer.ui.pages.clusters.name_dialog import NameDialog

        if self.cluster is not None:
            NameDialog(self.desk, self, self.cluster).open()

    def _help(self) -> None:
        """The button of the empty page."""
        standing = self.standing
        if standing is not None and standing.items < standing.needed:
            self.desk.shell.go("explore").handlers()["app.import"]()
        else:
            self.running.ask()

    # -- map or drift ------------------------------------------------------------------------------------------------------------

    def _turn(self, to: str) -> None:
        self._header.view.choose(to)
        if to == "drift":
            self._layers.setCurrentWidget(self.drift)
            self.drift.open()
            self.said.emit("")
        elif self.standing is None:
            self._layers.setCurrentWidget(self.blank)
        else:
            seen = self.overview is not None and self.overview.map is not None
            self._layers.setCurrentWidget(self._full if seen else self.nothing)
        self._allow()
        self._take_focus()

    def _take_focus(self) -> None:
        if self._shows_drift:
            self.drift.take_focus()
        else:
            self._layers.focus_one_of(self.blank, self.nothing.button, self.map)

    def fit(self) -> None:
        """The side takes no more than its share, or where its words need more, than the most of the page."""
        usual = max(260, min(self.desk.theme.px(_SIDE), int(self.width() * _SIDE_SHARE)))
        self.side.setFixedWidth(max(usual, min(self.side.least, int(self.width() * _MOST_SHARE))))

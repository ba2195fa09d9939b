"""The Explore page: search, a table of everything that is found, the item beside it. Import and new campaigns begin here too."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from reviewer.catalogue.settings import SPLITTERS, TIME_ZONE
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk, Page
from reviewer.ui.pages.explore import fetching
from reviewer.ui.pages.explore.fetching import Shown
from reviewer.ui.pages.explore.found import FoundPanel
from reviewer.ui.pages.explore.header import SearchHeader
from reviewer.ui.pages.explore.listing import Listing, Looked
from reviewer.ui.pages.explore.preview import Preview
from reviewer.ui.pages.explore.studio_ways import StudioWays
from reviewer.ui.pages.queue.media import Media
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.storage.searches import Order

_SIDE = 415
_SIDE_SHARE = 0.31
_LEAST_LIST, _LEAST_ITEM = 420, 320  # pixels of the design
_SETTLED_MS = 60  # a row that the eyes only pass over is not fetched
_MOST_IDS = 64


class ExplorePage(Page):
    """Shows what a search finds, as far as this member may see it."""

    name = "explore"
    title = "Explore"
    interests = Changes.ITEMS | Changes.LABELS | Changes.CAMPAIGNS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._order: Order = "time"
        self._text = ""
        self._keep: int | None = None  # the item that was current when the list was asked for anew
        self._named = ""  # the item that was opened by its id, until the person goes on
        self._whole = False
        self._header = SearchHeader(desk.theme)
        self._listing = Listing(desk)
        self._found = FoundPanel(desk.theme, self._listing, start_import=self.open_import)
        self.studio = StudioWays(self)
        self._media = Media(desk, self)
        self._preview = Preview(desk.theme, self._media.ask, short_id=lambda: self._preview.item[:6])
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._found)
        self._splitter.addWidget(self._preview)
        self._splitter.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settle.timeout.connect(self._fetch_item)
        self._connect()

    def _connect(self) -> None:
        self._header.field.asked.connect(self._ask)
        self._header.field.left.connect(self._focus_list)
        self._listing.begun.connect(self._show_beginning)
        self._listing.listed.connect(self._show_found)
        self._listing.failed.connect(self._not_found)
        self._found.order_chosen.connect(self._take_order)
        self._found.text_chosen.connect(self._header.field.put)
        self._found.add_wanted.connect(self._add_to_campaign)
        self._found.table.current_changed.connect(lambda _row: self._follow())
        self._found.table.opened.connect(lambda: self._open_whole(True))
        self._preview.pane.view.save_wanted.connect(self._media.save)
        self._media.saved.connect(lambda name: self.said.emit(f"Saved {name}"))
        self._splitter.splitterMoved.connect(lambda *_: self._keep_widths())
        self.desk.theme.changed.connect(self._take_theme)
        self._take_theme()

    # -- what the window asks ----------------------------------------------------------------------------------------------------

    def header(self) -> QWidget:
        """How much is found, and the search field."""
        return self._header

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Searching, moving, opening, adding; those of a transcript; import and new campaign for the whole program."""
        return {
            "explore.search": self._focus_search,
            "explore.next": lambda: self._found.table.step(1),
            "explore.previous": lambda: self._found.table.step(-1),
            "explore.open": lambda: self._open_whole(not self._whole),
            "explore.order": self._found.choose_order,
            "explore.add_to_campaign": self._add_to_campaign,
            "explore.ask_again": self._ask_again,
            "explore.ask_judge": self._ask_judge,
            "explore.pull": self.studio.pull,
            "explore.push": self.studio.push,
            "explore.incident": self._open_incident,
            "explore.story": self._open_story,
            "explore.export": self._open_export,
            "app.import": self.open_import,
            "app.new_campaign": lambda: self._open_campaign(self._text),
            "app.draw_more": self._open_growth,
            "app.plan": self._open_plan,
            **self._preview.pane.handlers(),
        }

    def forget_workspace(self) -> None:
        """Another workspace has other items: nothing of the old one stays."""
        self._settle.stop()
        self._keep = None
        self._named = ""
        self._listing.clear()
        self._preview.clear()
        self._open_whole(False)
        self._header.field.put("")
        self._header.say(None, None, searching=False)

    def refresh(self) -> None:
        """Search again; the item and the place in the list stay."""
        if self.desk.shell.folder is not None:
            self._search()
            if self._preview.item:
                self._fetch_shown(self._preview.item)

    def shown(self) -> None:
        """The list, or the field where nothing is listed."""
        self._restore_widths()
        self._focus_list()

    def open_item(self, item: str) -> None:
        """Show one item in full width, and keep it there until the person goes on: a list that comes in does not take its place."""
        self._settle.stop()
        self._named = item
        self._fetch_shown(item, whole=True)

    def search_for(self, query: str) -> None:
        """Search, in place of what is searched for now."""
        self._open_whole(False)
        self._header.field.put(query)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Files were dropped: say what was found in them before anything is imported."""
        self.open_import(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The first size decides how the room is shared, if nobody has."""
        super().resizeEvent(event)
        self._make_room()
        if "explore" not in self.desk.settings[SPLITTERS]:
            self._restore_widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc brings the list back."""
        if event.key() == Qt.Key.Key_Escape and self._whole:
            self._open_whole(False)
            return
        super().keyPressEvent(event)

    # -- searching ---------------------------------------------------------------------------------------------------------------

    def _ask(self, text: str) -> None:
        self._named = ""
        self._text = text
        self._keep = None
        self._search()

    def _take_order(self, order: "Order") -> None:
        self._order = order
        self._search()

    def _search(self) -> None:
        current = self._listing.number(self._found.table.currentIndex().row())
        self._keep = current if current is not None else self._keep
        self._listing.search(self._text, self._order)

    def _show_beginning(self, looked: Looked) -> None:
        self._header.say(looked.found, looked.beginning.total, searching=bool(looked.text.strip()))
        self._found.show_looked(looked)
        if self.isVisible() and not self._whole and not self._header.field.hasFocus() and not self._found.has_focus():
            self._found.take_focus()
        self._settle.start()

    def _show_found(self, looked: Looked) -> None:
        self._header.say(looked.found, looked.beginning.total, searching=bool(looked.text.strip()))
        took = looked.beginning.took_ms
        self.said.emit(f"{count(looked.found or 0, 'item')} in {took:.0f} ms" if took >= 1 else f"{count(looked.found or 0, 'item')}")
        place = self._listing.place_of(self._keep) if self._keep is not None else None
        self._keep = None
        if looked.found:
            named = self._named
            self._found.table.keep_current(place)
            self._named = named  # it was the list that moved, not the person
        elif not self._named:
            self._preview.clear("Nothing to show", "No item is listed.")

    def _not_found(self, error: ReviewerError) -> None:
        if error.code == "E308":
            self.said.emit(f"{error.what} {error.hint}")
        else:
            self.on_error(error)

    # -- the item ----------------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        self._named = ""
        self._settle.start()

    def _fetch_item(self) -> None:
        if self._named:
            return
        row = self._listing.row(self._found.table.currentIndex().row()) if self._found.table.currentIndex().isValid() else None
        if row is not None:
            if row.id != self._preview.item:
                self._fetch_shown(row.id)
        elif self._listing.rowCount():
            self._settle.start()  # its row is still on its way

    def _fetch_shown(self, item: str, *, whole: bool = False) -> None:
        work = partial(fetching.item, item=item)
        self.desk.jobs.read(work, owner=self, slot="item", done=partial(self._show_item, whole), failed=self._no_item)

    def _show_item(self, whole: bool, fetched: Shown) -> None:
        self._preview.show_item(fetched, zone=self.desk.settings[TIME_ZONE])
        if whole:
            self._open_whole(True)

    def _no_item(self, error: ReviewerError) -> None:
        self._preview.clear("The item cannot be shown", f"{error.what} {error.hint}")

    def _open_whole(self, whole: bool) -> None:
        if whole and not self._preview.item:
            return
        self._whole = whole
        self._make_room()
        self._preview.spread(whole)
        if whole:
            self._preview.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_list()

    # -- going on from here ------------------------------------------------------------------------------------------------------

    def _add_to_campaign(self) -> None:
        query = self._chosen_query()
        if query is not None:
            self._open_campaign(query)

    def _ask_again(self) -> None:
        from reviewer.ui.pages.explore.requeue_dialog import RequeueDialog

        query = self._chosen_query()
        if query is not None:
            RequeueDialog(self.desk, self, query=query).open()

    def _ask_judge(self) -> None:
        from reviewer.ui.pages.explore.judge_dialog import JudgeDialog

        query = self._chosen_query()
        if query is not None:
            looked, chosen = self._listing.looked, self._found.table.chosen_count()
            found = looked.found if looked is not None and query == self._text else chosen
            JudgeDialog(self.desk, self, query=query, found=found).open()

    def _open_incident(self) -> None:
        from reviewer.ui.pages.incidents.case_dialog import OpenDialog

        query = self._chosen_query()
        if query is not None:
            chosen = self._found.table.chosen_count()
            OpenDialog(self.desk, self, query=query, items=chosen if chosen > 1 else self._listing.rowCount()).open()

    def _chosen_query(self) -> str | None:
        """A search for the chosen rows, if there are several; else for all that is listed. None where they are too many, which is said."""
        table = self._found.table
        chosen = table.chosen_count()
        if chosen < 2 or chosen == self._listing.rowCount():
            return self._text
        if chosen > _MOST_IDS:
            self.desk.messages.warn(
                f"{chosen:,} items are chosen one by one; {_MOST_IDS} such items can be taken at most.",
                "Search for them instead: everything that a search finds is taken.",
            )
            return None
        rows = [self._listing.row(place) for place in table.chosen()]
        return fetching.query_of([row.id for row in rows if row is not None])

    def _open_campaign(self, query: str, size: int | None = None) -> None:
        from reviewer.ui.pages.campaign.wizard import CampaignWizard

        CampaignWizard(self.desk, self, query=query, size=size).open()

    def _open_growth(self) -> None:
        from reviewer.ui.pages.campaign.grow_dialog import GrowDialog

        GrowDialog(self.desk, self).open()

    def _open_plan(self) -> None:
        from reviewer.ui.pages.campaign.plan_dialog import PlanDialog

        found = self._listing.looked.found if self._listing.looked is not None else None
        PlanDialog(self.desk, self, population=found, use=lambda size: self._open_campaign(self._text, size)).open()

    def open_import(self, paths: Sequence[Path] = ()) -> None:
        """Choose files, see what is in them, import them."""
        from reviewer.ui.pages.explore.import_dialog import ImportDialog

        dialog = ImportDialog(self.desk, self, studio=self.studio.open_to_us)
        dialog.studio_wanted.connect(self.studio.pull)
        dialog.campaign_wanted.connect(lambda: self._open_campaign(""))
        dialog.open()
        if paths:
            dialog.look_at([str(path) for path in paths])

    def _open_story(self) -> None:
        from reviewer.ui.pages.explore.story_dialog import open_story

        if self._preview.item:
            open_story(self.desk, self, item=self._preview.item)

    def _open_export(self) -> None:
        from reviewer.ui.pages.explore.export_dialog import ExportDialog

        ExportDialog(self.desk, self).open()

    # -- focus and room ----------------------------------------------------------------------------------------------------------

    def _focus_search(self) -> None:
        if self._whole:
            self._open_whole(False)
        self._header.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._header.field.selectAll()

    def _focus_list(self) -> None:
        if self._whole:
            self._preview.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._found.take_focus()

    def _keep_widths(self) -> None:
        widths: dict[str, object] = self.desk.settings[SPLITTERS]
        self.desk.settings.put(SPLITTERS, {**widths, "explore": self._splitter.sizes()})

    def _restore_widths(self) -> None:
        kept = self.desk.settings[SPLITTERS].get("explore")
        if isinstance(kept, list) and len(kept) == 2 and all(isinstance(size, int) and size > 0 for size in kept):
            self._splitter.setSizes(kept)
        else:
            side = min(self.desk.theme.px(_SIDE), int(self.width() * _SIDE_SHARE))
            self._splitter.setSizes([self.width() - side, side])

    def _take_theme(self) -> None:
        px = self.desk.theme.px
        self._preview.setMinimumWidth(px(_LEAST_ITEM))
        self._make_room()
        self._restore_widths()

    def _make_room(self) -> None:
        """Where list and item have no room beside each other, the list has all of it, and Space opens the item."""
        px = self.desk.theme.px
        both = self.width() >= px(_LEAST_LIST + _LEAST_ITEM)
        self._found.setMinimumWidth(px(_LEAST_LIST) if both else 0)  # alone it has what there is
        self._found.setVisible(not self._whole)
        self._preview.setVisible(self._whole or both)

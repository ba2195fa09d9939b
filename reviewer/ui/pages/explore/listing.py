"""All that a search found, as a table of any length: the numbers of its items at 4 bytes each, and the rows that are looked at.

The first page comes by itself and is shown at once; the numbers follow. Rows are fetched by the page when they come into sight, and only
the pages looked at last are kept, so that a million items take no more than a few megabytes.
"""

from array import array
from collections import OrderedDict
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.ui.page import Desk
from reviewer.ui.pages.explore import fetching
from reviewer.ui.pages.explore.fetching import FIRST, Beginning
from reviewer.ui.pages.explore.words import TITLE, label_state, maker, when

if TYPE_CHECKING:
    from reviewer.storage.listed_items import Row
    from reviewer.storage.searches import Order

ITEM, TITLES, MAKER, STEPS, TIME, LABELS = range(6)
HEADINGS = ("Item", "What happened", "Agent, model", "Steps", "Time", "Labels")
_ARROWS = {("time", TIME): " ↓", ("oldest", TIME): " ↑", ("steps", STEPS): " ↓", ("imported", ITEM): " ↓"}
_KEPT = 60  # pages
_IN_SIGHT = 3  # pages at most
_FRAME_MS = 16
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Said(NamedTuple):
    """The words of a row's cells, made once; and the kind of its pill."""

    cells: tuple[str, str, str, str, str, str]
    kind: str
    titled: bool


class Looked(NamedTuple):
    """What a search was, and what came of it. found: None until everything is listed."""

    text: str
    order: "Order"
    beginning: Beginning
    found: int | None


class Listing(QAbstractTableModel):
    """The table of a search. One search at a time; the newest one wins."""

    begun = Signal(object)
    """The first page is here: Looked."""
    listed = Signal(object)
    """Everything is listed: Looked."""
    failed = Signal(object)
    """The search could not be made: a ReviewerError."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._looked: Looked | None = None
        self._numbers: array[int] = array("I")
        self._count = 0
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._said: dict[int, Said] = {}
        self._wanted: dict[int, None] = {}  # pages that were looked at and are not here, the latest last
        self._asked: set[int] = set()
        self._generation = 0
        self._searching = False  # a first page is on its way
        self._everything: Ticket | None = None  # the newest listing of all that is found
        self._fetcher = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._fetcher.timeout.connect(self._fetch)

    # -- searching ---------------------------------------------------------------------------------------------------------------

    @property
    def looked(self) -> Looked | None:
        """The search that is shown."""
        return self._looked

    def search(self, text: str, order: "Order") -> None:
        """Look for something. What is shown stays until the first page of the new search is here; the rest of it is no longer listed, which
        would take the processor and the disk from the search."""
        self._searching = True
        if self._everything is not None:
            self._everything.cancel()
        work = partial(fetching.begin, text=text, order=order)
        self._desk.jobs.read(work, owner=self, slot="begin", done=partial(self._begin, text, order), failed=self._not_begun)

    def clear(self) -> None:
        """Show nothing: the workspace has gone."""
        self.beginResetModel()
        self._generation += 1
        self._searching = False
        self._looked, self._count = None, 0
        self._numbers = array("I")
        self._pages.clear()
        self._said.clear()
        self.endResetModel()

    def _begin(self, text: str, order: "Order", beginning: Beginning) -> None:
        self._searching = False
        before = self._looked
        same = before is not None and (before.text, before.order) == (text, order)
        self._generation += 1
        self._looked = Looked(text, order, beginning, len(beginning.rows) if beginning.all_here else None)
        self._pages.clear()
        self._said.clear()
        self._wanted.clear()
        self._asked.clear()
        if same and not beginning.all_here and self._count > FIRST:
            self._pages[0] = list(beginning.rows)  # read anew: keep the place until the new list is here
            self._tell(0, self._count - 1)
        else:
            self._reset(array("I", [row.n for row in beginning.rows]), list(beginning.rows))
        if before is None or before.order != order:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, LABELS)
        self.begun.emit(self._looked)
        if beginning.all_here:
            self.listed.emit(self._looked)
        else:
            # Once the first page is painted: listing everything would take the interpreter from the painting.
            QTimer.singleShot(_FRAME_MS, self, partial(self._ask_for_all, self._generation, text, order))

    def _not_begun(self, error: ReviewerError) -> None:
        self._searching = False
        self.failed.emit(error)
        if self._looked is not None and self._looked.found is None:  # it stays, and its listing was stopped
            self._ask_for_all(self._generation, self._looked.text, self._looked.order)

    def _ask_for_all(self, generation: int, text: str, order: "Order") -> None:
        if generation != self._generation or self._searching:
            return
        work = partial(fetching.every, text=text, order=order)
        self._everything = self._desk.jobs.read(
            work, owner=self, slot="every", done=partial(self._list, generation), failed=partial(self._not_listed, generation)
        )

    def _list(self, generation: int, numbers: "array[int]") -> None:
        if generation != self._generation or self._looked is None:
            return
        self._looked = self._looked._replace(found=len(numbers))
        self._numbers = numbers
        first = self._pages.get(0, [])
        moved = [row.n for row in first] != list(numbers[: len(first)])  # something came in between
        if moved:
            self._pages.clear()
        old, self._count = self._count, len(numbers)
        anew = moved or old > len(first)  # else what is on the screen is what it was, and need not be painted again
        if self._count > old:
            self._count = old
            self.beginInsertRows(_NOWHERE, old, len(numbers) - 1)
            self._count = len(numbers)
            self.endInsertRows()
        elif self._count < old:
            self._count = old
            self.beginRemoveRows(_NOWHERE, len(numbers), old - 1)
            self._count = len(numbers)
            self.endRemoveRows()
        if anew:
            self._tell(0, self._count - 1)
        self.listed.emit(self._looked)

    def _not_listed(self, generation: int, error: ReviewerError) -> None:
        if generation == self._generation:
            self.failed.emit(error)

    def _reset(self, numbers: "array[int]", first: "list[Row]") -> None:
        self.beginResetModel()
        self._numbers, self._count = numbers, len(numbers)
        self._pages[0] = first
        self.endResetModel()

    def _tell(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, LABELS))

    # -- rows --------------------------------------------------------------------------------------------------------------------

    def row(self, place: int) -> "Row | None":
        """The item at a place; None while it is on its way, which asking for it starts."""
        page, at = divmod(place, FIRST)
        rows = self._pages.get(page)
        if rows is not None:
            self._pages.move_to_end(page)
            return rows[at] if at < len(rows) else None
        self._wanted.pop(page, None)
        self._wanted[page] = None
        if page not in self._asked and not self._fetcher.isActive():
            self._fetcher.start()
        return None

    def place_of(self, n: int) -> int | None:
        """Where an item stands; None where it is not listed."""
        try:
            return self._numbers.index(n)
        except ValueError:
            return None

    def number(self, place: int) -> int | None:
        """The number of the item at a place."""
        return self._numbers[place] if 0 <= place < len(self._numbers) else None

    def _fetch(self) -> None:
        wanted = list(self._wanted)[-_IN_SIGHT:]  # what the eyes are on now; the rest was scrolled past
        self._wanted = dict.fromkeys(wanted)
        if self._asked.issuperset(wanted):
            return
        pages = [(page, self._numbers[page * FIRST : (page + 1) * FIRST].tolist()) for page in wanted]
        pages = [(page, numbers) for page, numbers in pages if numbers]
        if not pages:
            return
        self._asked = {page for page, _ in pages}  # an older question is dropped
        self._desk.jobs.read(
            partial(fetching.rows, pages=pages),
            owner=self,
            slot="rows",
            done=partial(self._arrive, self._generation),
            failed=partial(self._not_fetched, self._generation, [page for page, _ in pages]),
        )

    def _arrive(self, generation: int, pages: "list[tuple[int, list[Row]]]") -> None:
        if generation != self._generation:
            return
        for page, rows in pages:
            self._asked.discard(page)
            self._wanted.pop(page, None)
            self._pages[page] = rows
            self._tell(page * FIRST, min((page + 1) * FIRST, self._count) - 1)
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        if len(self._said) > _KEPT * FIRST:
            self._said.clear()

    def _not_fetched(self, generation: int, pages: list[int], error: ReviewerError) -> None:
        if generation == self._generation:
            self._asked.difference_update(pages)
            self.failed.emit(error)

    # -- as Qt asks --------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """All that is listed."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Six."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section] + _ARROWS.get((self._looked.order if self._looked else "", section), "")
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            right = Qt.AlignmentFlag.AlignRight if section == STEPS else Qt.AlignmentFlag.AlignLeft
            return right | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for every cell, so that they can be read out; the delegate paints them."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        said = self.said(index.row())
        return said.cells[index.column()] if said is not None else "…"

    def said(self, place: int) -> Said | None:
        """What the cells of a row say; None while it is on its way."""
        row = self.row(place)
        if row is None:
            return None
        known = self._said.get(row.n)
        if known is None:
            known = self._said[row.n] = self._say(row)
        return known

    def _say(self, row: "Row") -> Said:
        state = label_state(row.labels, hidden=row.hidden, compares=row.kind == "comparison")
        title = shown(row.title, TITLE)
        time = when(row.time, self._desk.settings[TIME_ZONE], datetime.now().astimezone())
        return Said((row.id[:6], title or "(no text)", maker(row), str(row.steps), time, state.words), state.kind, bool(title))

"""What the drawer shows: guidelines, one's own work so far, the campaigns to choose from."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from reviewer.catalogue.settings import TIME_ZONE
from reviewer.domain.errors import ReviewerError
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue import fetching
from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.pages.queue.drawer_rows import Row
from reviewer.ui.pages.queue.flow import Flow
from reviewer.ui.pages.queue.words import VERDICTS, how_one_did, seconds, short, time_left
from reviewer.ui.widgets.times import count, day_of, moment

if TYPE_CHECKING:
    from reviewer.operations.queues import MyWork, Standing

_LISTED = 500
_HOUR_MS = 3_600_000
_TODAY_MS = 12 * _HOUR_MS  # within these nobody takes yesterday's time for today's


class Panels(QObject):
    """Fills the drawer. Kinds: guidelines, campaigns, my_work."""

    def __init__(
        self,
        desk: Desk,
        page: QObject,
        flow: Flow,
        bench: Bench,
        *,
        choose: Callable[[str], None],
        opened: Callable[[], None],
    ) -> None:
        """choose: go to a campaign's queue. opened: called once something is shown."""
        super().__init__(page)
        self._desk = desk
        self._flow = flow
        self._bench = bench
        self._choose = choose
        self._opened = opened
        self._due = ""
        flow.standing_changed.connect(self._open_due)

    def toggle(self, kind: str) -> None:
        """Show that kind, or close the drawer if it shows it."""
        if self._bench.drawer_kind == kind:
            self._bench.close_drawer()
        else:
            self.open(kind)

    def open(self, kind: str) -> None:
        """Show that kind, once there is something to say of it: what was not read yet is not said to be missing."""
        standing = self._flow.standing
        if not self._flow.known:
            self._due = kind
            return
        if kind == "guidelines":
            text = standing.guidelines if standing is not None else ""
            self._bench.drawer.show_text(kind, "Guidelines", text, "" if text else "This campaign has no guidelines.")
        elif kind == "campaigns":
            self._show_campaigns(standing)
        elif standing is None:
            self._due = kind  # for the first campaign that there is
            return
        else:
            work = partial(fetching.my_work, campaign=standing.id)
            self._desk.jobs.read(work, owner=self, done=self._show_my_work, failed=self._not_read, slot="my work")
            return
        self._opened()

    def _open_due(self, _standing: object) -> None:
        """What was asked for before the queue was read."""
        due, self._due = self._due, ""
        if due:
            self.open(due)

    def _show_campaigns(self, standing: "Standing | None") -> None:
        rows = [Row((_campaign_words(one),), one.id, standing is not None and one.id == standing.id) for one in self._flow.campaigns]
        summary = "Enter opens a queue. Your drafts stay where they are." if rows else "No campaign asks for your labels yet."
        self._bench.drawer.show_list("campaigns", "Campaigns", rows, summary=summary, choose=self._choose)

    def _show_my_work(self, work: "MyWork") -> None:
        zone = self._desk.settings[TIME_ZONE]
        rows = []
        steps = self._flow.standing is not None and self._flow.standing.question == "steps"
        other = "Steps marked" if steps else "Preference"
        for place, label in work.answers[:_LISTED]:
            verdict = VERDICTS.get(label.verdict or "", other)
            rows.append(Row((_when(label.wall_ms, zone), short(label.item), verdict, seconds(label.dur_ms)), str(place)))
        look = self._flow.look_back
        self._bench.drawer.show_list("my_work", "My work so far", rows, summary=_counted(work), choose=lambda place: look(int(place)))
        self._opened()

    def _not_read(self, error: ReviewerError) -> None:
        self._desk.messages.show_error(error)


def _counted(work: "MyWork") -> str:
    """Counts by verdict, and the pace of the last hour."""
    if not work.labels:
        return "You have labelled nothing here yet."
    answers = [label for _, label in work.answers]
    verdicts = Counter(label.verdict or "" for label in answers)
    parts = [f"{verdicts[value]:,} {words.lower()}" for value, words in VERDICTS.items() if verdicts[value]]
    said = ": ".join(part for part in (count(len(answers), "label"), ", ".join(parts)) if part) + "."
    hour_ago = time.time() * 1000 - _HOUR_MS
    recent = sum(1 for label in answers if label.wall_ms >= hour_ago)
    said = f"{said} {recent:,} in the last hour." if recent else said
    return f"{said} {how_one_did(work.result)}".strip() if work.result is not None else said


def _campaign_words(standing: "Standing") -> str:
    if standing.closed:
        return f"{standing.name}: closed"
    left = time_left(standing.pace_ms, standing.waiting)
    return f"{standing.name}: {standing.done:,} of {standing.asked:,}" + (f", {left}" if left else "")


def _when(wall_ms: int, zone: str) -> str:
    """The time of day; before the last hours with its day."""
    then = datetime.fromtimestamp(wall_ms / 1000, UTC).isoformat()
    said = moment(then, zone, year=False)
    return said.removeprefix(day_of(then, zone)).strip() if time.time() * 1000 - wall_ms < _TODAY_MS else said

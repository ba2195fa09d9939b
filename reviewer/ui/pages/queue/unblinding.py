"""Showing what is hidden of an item, on purpose: asked once, noted on disk, and said above the item from then on."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.progress import Ticket
from reviewer.ui.jobs import Priority
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue.bench import HIDDEN, Bench
from reviewer.ui.pages.queue.flow import Flow
from reviewer.ui.pages.queue.words import VERDICTS, said_in_short
from reviewer.ui.widgets.ask import ask

if TYPE_CHECKING:
    from reviewer.operations.unblinding import Hidden
    from reviewer.storage.workspace import Workspace

TITLE = "What is hidden"
_QUESTION = (
    "Model, source, suggestions and what others said of this item are shown to you. It is remembered, and your label on it will not"
    " count as blind: no rate and no agreement uses it."
)
_SUMMARY = "Your label on this item will say that you saw this."
_LONG = 2_000  # characters of a line that are shown


class Unblinding:
    """Does it for the item that is up."""

    def __init__(self, desk: Desk, page: QWidget, flow: Flow, bench: Bench, *, told: Callable[[], None]) -> None:
        """told: called once what was hidden is on the screen."""
        self._desk = desk
        self._page = page
        self._flow = flow
        self._bench = bench
        self._told = told

    def start(self) -> None:
        """Ask, unless that was answered for this item before, and show it; or close the drawer that shows it."""
        fetched = self._flow.current
        if fetched is None or self._flow.working:
            return
        if self._bench.drawer_kind == HIDDEN:
            self._bench.close_drawer()
            return
        blind = self._flow.standing is None or self._flow.standing.blind
        if blind and not fetched.showing.unblinded:
            if not ask(self._page, "Show what is hidden?", _QUESTION, yes="Show it", no="Stay blind"):
                return
            if self._flow.current is not fetched:  # another item came up meanwhile
                return
        work = partial(_unblind, campaign=fetched.showing.campaign, item=fetched.id)
        self._desk.jobs.run(work, owner=self._page, done=self._show, failed=self._not_shown, priority=Priority.LABEL)

    def _show(self, hidden: "Hidden") -> None:
        fetched = self._flow.current
        if fetched is None or fetched.id != hidden.item:
            return  # it is noted; the next time that the item is up, it says so
        self._flow.current = fetched._replace(showing=fetched.showing._replace(unblinded=True))
        self._bench.drawer.show_text(HIDDEN, TITLE, "\n".join(lines(hidden)), _SUMMARY)
        self._told()

    def _not_shown(self, error: ReviewerError) -> None:
        self._desk.messages.show_error(error)


def lines(hidden: "Hidden") -> Iterator[str]:
    """What was hidden, as plain text line by line."""
    from reviewer.operations.searching import metadata_of

    yield f"Model: {shown(', '.join(hidden.models), _LONG) if hidden.models else 'not recorded'}"
    origin = hidden.origin
    if origin is None:
        yield "Source: not on this machine"
    else:
        yield f"Source: {shown(origin.file, 200)}, {origin.format}, record {origin.position:,}"
    yield ""
    yield "Suggestions" if hidden.suggestions else "No judge has said anything of it."
    for one in hidden.suggestions:
        score = f", score {shown(one.score, 40)}" if one.score is not None else ""
        yield f"  {shown(one.judge, 60)}: {VERDICTS.get(one.verdict or '', 'no verdict')}{score}"
    yield ""
    yield "What others said" if hidden.labels else "Nobody else has labelled it."
    for said in hidden.labels:
        why = f". {shown(said.rationale, _LONG)}" if said.rationale else ""
        yield f"  {shown(said.reviewer, 60)}, {shown(said.campaign, 60)}: {said_in_short(said.label)}{why}"
    values = metadata_of(origin) if origin is not None else {}
    yield ""
    yield "Kept beside it" if values else "Nothing else is kept beside it."
    for name, value in values.items():
        yield f"  {shown(name, 60)}: {shown(str(value), _LONG)}"


def _unblind(workspace: "Workspace", ticket: Ticket, *, campaign: str, item: str) -> "Outcome[Hidden]":
    from reviewer import operations

    return operations.unblinding.unblind_item(workspace, ticket, campaign=campaign, item=item)

"""Letting the search index know the items: behind an import, after one that was stopped, before somebody asks for words."""

import time
from collections.abc import Sequence

from reviewer.domain import query
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.progress import Ticket
from reviewer.domain.query import Query, Text
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import search_index
from reviewer.storage.items import Prepared
from reviewer.storage.workspace import Workspace

BATCH = 1_000  # items in one transaction where nobody waits for the writer
GENTLE = 80  # and where somebody may be labelling: at most about 20 ms
_HELD = 24 * 1024 * 1024  # characters of items that wait; an import that would hold more waits for them


class Follower:
    """Indexes items behind an import, a batch at a time, from the words that the import still has in hand: reading them again, from an item
    that was put away, takes almost as long as indexing them."""

    def __init__(self, workspace: Workspace, *, batch: int = BATCH, rests: bool = False) -> None:
        """batch: items in one transaction. rests: after each, as long as it took: half of the interpreter's time is the window's."""
        self._workspace = workspace
        self._batch = batch
        self._rests = rests
        self._texts: dict[bytes, str] = {}
        self._held = 0
        self._left = True  # an earlier import may have been stopped

    def take(self, new: Sequence[Prepared]) -> None:
        """Items that were put in and are not findable yet. Where more words wait than may be held, some are indexed before this returns."""
        self._left = True
        self._texts.update({one.id: one.text for one in new})
        self._held += sum(len(one.text) for one in new)
        while self._held > _HELD and self.step():
            pass

    def step(self) -> bool:
        """Index one batch. Returns whether there was any."""
        if not self._left:
            return False
        began = time.monotonic()
        with self._workspace.begin() as work:
            done = search_index.follow(work, self._batch, self._texts)
        self._left = done == self._batch
        if not self._left:
            self._texts.clear()  # the index knows them all: somebody else may have followed, too
        self._held = sum(map(len, self._texts.values()))
        if self._rests:
            time.sleep(time.monotonic() - began)
        return done > 0

    def finish(self, ticket: Ticket) -> int:
        """Index all that is behind by now. Returns how many items that were."""
        with self._workspace.read() as reading:
            span = search_index.behind(reading)
        total = len(span)
        while span and self.step():
            with self._workspace.read() as reading:
                first = search_index.first_behind(reading)
            span = range(span.stop if first is None else first, span.stop)  # what comes in from now on is not waited for
            ticket.step(total - len(span), total, "Indexing words")
        return total


def index_rest(workspace: Workspace, ticket: Ticket, *, gentle: bool = False) -> Outcome[int]:
    """Let words find every item that is here. Returns how many they did not find before. gentle: as in `import_files`."""
    done = Follower(workspace, batch=GENTLE if gentle else BATCH, rests=gentle).finish(ticket)
    return Outcome(done, Changes.ITEMS if done else Changes.NONE)


def items_behind(workspace: Workspace, ticket: Ticket) -> Outcome[int]:
    """How many items are here that words do not find yet."""
    ticket.step(0, 1, "Looking")
    with workspace.read() as reading:
        return Outcome(len(search_index.behind(reading)))


def know_words(workspace: Workspace, ticket: Ticket, text: str | None) -> None:
    """Index what is behind, where a search asks for words: to be called before whatever rests on all that it finds."""
    if asks_for_words(query.parse(text or "")):
        Follower(workspace, batch=GENTLE).finish(ticket)


def know_words_of(workspace: Workspace, ticket: Ticket, campaign: str) -> None:
    """The same for the search of a campaign. Raises NotFound."""
    with workspace.read() as reading:
        text = campaign_rows.named(reading, campaign).state.rules.query
    know_words(workspace, ticket, text)


def asks_for_words(tree: Query) -> bool:
    """Whether a search needs the index."""
    return any(isinstance(leaf, Text) for leaf in query.leaves(tree))

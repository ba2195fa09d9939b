"""Letting the search index know the items: behind an import, after one that was stopped, before somebody asks for words."""

import time

from reviewer.domain import query
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.progress import Ticket
from reviewer.domain.query import Query, Text
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import search_index
from reviewer.storage.workspace import Workspace

BATCH = 1_000  # items in one transaction where nobody waits for the writer
GENTLE = 80  # and where somebody may be labelling: at most about 20 ms


def index_next(workspace: Workspace, *, batch: int = BATCH, rests: bool = False) -> bool:
    """Index a batch of what is behind. Returns whether there was any.

    batch: items in one transaction. rests: after it, as long as it took: half of the interpreter's time is the window's.
    """
    began = time.monotonic()
    with workspace.read() as reading:
        first = search_index.first_behind(reading)
        words = {} if first is None else search_index.read_ahead(reading, first, batch)
    if first is None:
        return False
    with workspace.begin(cached=True) as work:
        search_index.follow(work, len(words) or batch, words)
    if rests:
        time.sleep(time.monotonic() - began)
    return True


def catch_up(workspace: Workspace, ticket: Ticket, *, batch: int = BATCH, rests: bool = False) -> int:
    """Let the index know all that is behind by now. Returns how many items that were. batch, rests: as in `index_next`."""
    with workspace.read() as reading:
        span = search_index.behind(reading)
    total = len(span)
    while span and index_next(workspace, batch=batch, rests=rests):
        with workspace.read() as reading:
            first = search_index.first_behind(reading)
        span = range(span.stop if first is None else first, span.stop)  # what comes in from now on is not waited for
        ticket.step(total - len(span), total, "Indexing words")
    return total


def index_rest(workspace: Workspace, ticket: Ticket, *, gentle: bool = False) -> Outcome[int]:
    """Let words find every item that is here. Returns how many they did not find before. gentle: as in `import_files`."""
    done = catch_up(workspace, ticket, batch=GENTLE if gentle else BATCH, rests=gentle)
    return Outcome(done, Changes.ITEMS if done else Changes.NONE)


def items_behind(workspace: Workspace, ticket: Ticket) -> Outcome[int]:
    """How many items are here that words do not find yet."""
    ticket.step(0, 1, "Looking")
    with workspace.read() as reading:
        return Outcome(len(search_index.behind(reading)))


def know_words(workspace: Workspace, ticket: Ticket, text: str | None) -> None:
    """Index what is behind, where a search asks for words: to be called before whatever rests on all that it finds."""
    if asks_for_words(query.parse(text or "")):
        catch_up(workspace, ticket, batch=GENTLE)


def know_words_of(workspace: Workspace, ticket: Ticket, campaign: str) -> None:
    """The same for the search of a campaign. Raises NotFound."""
    with workspace.read() as reading:
        text = campaign_rows.named(reading, campaign).state.rules.query
    know_words(workspace, ticket, text)


def asks_for_words(tree: Query) -> bool:
    """Whether a search needs the index."""
    return any(isinstance(leaf, Text) for leaf in query.leaves(tree))

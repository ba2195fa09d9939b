"""Mistral Studio as a source: its data sets and traces come in as items, and people's answers go back to the records they came from.

Under the same switch and key as the judge, and only when somebody asks. A pull sends nothing of the workspace.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.judges import NoAnswer
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.formats import mistral_studio as shapes
from reviewer.formats.intake import Options
from reviewer.formats.scratch import Scratch
from reviewer.formats.sources import OnDisk
from reviewer.operations import importing, judge_batches
from reviewer.operations.importing import ImportReport
from reviewer.operations.judge_access import address_and_key, require_on
from reviewer.operations.judge_material import Terms
from reviewer.outside.mistral_line import checked_server
from reviewer.outside.mistral_studio import DataSet, Studio
from reviewer.storage.workspace import Workspace


class Asked(NamedTuple):
    """What to bring in: a data set, by its id or slug, or the traces that an expression of Studio's finds, "" for all.

    since, until: of traces, RFC 3339 or a day; limit: at most so many; agent: set on every item, else what a trace says.
    """

    data_set: str | None = None
    traces: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None
    agent: str | None = None

    @property
    def source(self) -> str:
        """What its items say that they came from."""
        return f"Mistral Studio, traces {self.traces}".rstrip() if self.data_set is None else f"Mistral Studio, data set {self.data_set}"


class Pulled(NamedTuple):
    """What came in. fetched: records or traces; report: None where there was nothing to read."""

    fetched: int
    report: ImportReport | None


def studio(workspace: Workspace, ticket: Ticket, terms: Terms) -> "closing[Studio]":
    """Studio for a `with` block. Raises Refused where sending is turned off, or there is no key."""
    require_on(workspace)
    return closing(Studio(*address_and_key(terms), wait=partial(judge_batches.listen, ticket)))


def list_data_sets(workspace: Workspace, ticket: Ticket, *, terms: Terms) -> Outcome[tuple[DataSet, ...]]:
    """The data sets of Studio. Raises NotAllowed, Refused, NoAnswer."""
    require(workspace.me, "import", "look at what Studio holds")
    ticket.step(0, 0, "Asking Mistral Studio")
    with studio(workspace, ticket, terms) as service:
        return Outcome(tuple(service.data_sets()))


def preview_pull(workspace: Workspace, ticket: Ticket, *, asked: Asked, terms: Terms) -> Outcome[str]:
    """What would be asked, in words; nothing is, and it needs neither the switch nor a key. Raises NotAllowed, Refused."""
    require(workspace.me, "import", "import items")
    ticket.step(0, 1, "Checking")
    checked_server(terms.server)
    since, until = _checked(asked)
    what = f"the records of data set “{asked.data_set}”" if asked.data_set is not None else f"the traces {asked.traces}".rstrip()
    times = "".join(f" {word} {time.isoformat()}" for word, time in (("from", since), ("to", until)) if time is not None)
    most = "" if asked.limit is None else f", at most {asked.limit:,}"
    return Outcome(f"Mistral Studio ({terms.server}) would be asked for {what}{times}{most}; no item of this workspace is sent.")


def pull(workspace: Workspace, ticket: Ticket, *, asked: Asked, terms: Terms, gentle: bool = False) -> Outcome[Pulled]:
    """Bring in records or traces. What is here already stays as it is, so the same again brings in what is new.

    gentle: in short transactions, for a window in which somebody labels meanwhile. Where it breaks off, what was fetched is brought in
    first. Raises NotAllowed, Refused, Cancelled, and NoAnswer.
    """
    require(workspace.me, "import", "import items")
    _checked(asked)
    trouble: NoAnswer | None = None
    fetched = 0
    with closing(Scratch()) as kept:
        with studio(workspace, ticket, terms) as service:
            try:
                for line in islice(_lines(service, asked), asked.limit):
                    kept.write(msgspec.json.encode(line) + b"\n")
                    fetched += 1
                    ticket.step(fetched, asked.limit or 0, "Fetching from Mistral Studio")
            except NoAnswer as error:
                trouble = error
        if not fetched:
            if trouble is not None:
                raise trouble
            return Outcome(Pulled(0, None))
        options = Options((shapes.TRACES if asked.data_set is None else shapes.RECORDS).name, None, asked.agent)
        disk = OnDisk(asked.source, kept.reader, kept.size)
        done = importing.import_files(workspace, ticket, paths=[disk], options=options, gentle=gentle)
    if trouble is not None:
        what = f"{trouble.what} What was fetched before is here: {done.value.added:,} new items."
        raise NoAnswer(what, trouble.hint, for_all=True, about=trouble.about) from trouble
    return Outcome(Pulled(fetched, done.value), done.changes)


def _lines(service: Studio, asked: Asked) -> Iterator[dict[str, Any]]:
    """The lines to read, as the formats have them."""
    if asked.data_set is not None:
        for one in service.records(asked.data_set):
            yield {"object": shapes.RECORD, **one}
        return
    since, until = _checked(asked)
    for one in service.traces(asked.traces or "", since, until):
        yield {"object": shapes.TRACE, "trace_id": one["trace"]["trace_id"], **one}


def _checked(asked: Asked) -> tuple[datetime | None, datetime | None]:
    """From when to when. Raises Refused for a request that does not say what to bring in."""
    if (asked.data_set is None) == (asked.traces is None):
        raise Refused("It was not said what to bring in from Studio.", "Name a data set, or ask for traces with --traces.")
    if asked.data_set is not None and (asked.since or asked.until):
        raise Refused("Records of a data set are not chosen by time.", "Leave the times out, or ask for traces.")
    return _moment(asked.since), _moment(asked.until)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"“{shown(text, 40)}” is not a time.", "Give it as 2026-11-19, or 2026-11-19T09:30:00Z.") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)

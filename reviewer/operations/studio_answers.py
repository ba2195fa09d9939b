"""What people said of items that came from a data set of Mistral Studio, back to the records there, as properties beside their own.

The answer of a campaign goes, and the clauses that were broken: no names, no reasons, no words of an item. It is what violation rates rest
on: blind labels and resolutions.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reviewer.domain import canonical
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Event, Export
from reviewer.domain.items import ItemId
from reviewer.domain.judges import NoAnswer
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.formats.mistral_studio import RECORDS
from reviewer.operations.judge_access import is_on
from reviewer.operations.judge_material import Terms
from reviewer.operations.studio import studio
from reviewer.outside.mistral_line import checked_server
from reviewer.outside.mistral_studio import Studio
from reviewer.storage import agreement, populations, samples
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading, Workspace

FORMAT = "mistral-properties"
"""What the entry calls the form in which answers left."""

_ACT = "send answers to Mistral Studio"


class Answer(NamedTuple):
    """What goes to a record. properties: what is said of it, each under a name of ours."""

    record: str
    item: ItemId
    properties: Mapping[str, Any]


class Preview(NamedTuple):
    """What would be sent. elsewhere: answered items that came from no data set of Studio; on: whether sending is turned on."""

    campaign: str
    answers: tuple[Answer, ...]
    elsewhere: int
    on: bool


class Unsent(NamedTuple):
    """An answer that did not get there, and why."""

    record: str
    item: ItemId
    reason: str


class Pushed(NamedTuple):
    """What was sent. unchanged: records that had the same answer already; failures: those that it did not reach."""

    campaign: str
    sent: int
    unchanged: int
    elsewhere: int
    failures: tuple[Unsent, ...]


def preview_answers(workspace: Workspace, ticket: Ticket, *, campaign: str, terms: Terms) -> Outcome[Preview]:
    """What would be sent, without sending it; it needs neither the switch nor a key. Raises NotAllowed, NotFound, Refused."""
    require(workspace.me, "release", _ACT)
    checked_server(terms.server)
    ticket.step(0, 1, "Reading what would be sent")
    with workspace.read() as reading:
        stored, answers, elsewhere = _answers(reading, campaign)
    return Outcome(Preview(stored.state.rules.name, answers, elsewhere, is_on(workspace)))


def push_answers(workspace: Workspace, ticket: Ticket, *, campaign: str, terms: Terms) -> Outcome[Pushed]:
    """Send the answers of a campaign, and record that they left before the first one goes. A record keeps its other properties.

    What a record says already is not sent again, so the same again sends what is new or failed. Raises NotAllowed, NotFound, Refused,
    Cancelled, and NoAnswer where nothing can be sent any more.
    """
    require(workspace.me, "release", _ACT)
    with workspace.read() as reading:
        agreement.require(reading)
        stored, answers, elsewhere = _answers(reading, campaign)
    unread: list[Unsent] = []
    failures: list[Unsent] = []
    changes = Changes.NONE
    with studio(workspace, ticket, terms) as service:
        changed = _changed(service, ticket, answers, unread)
        unchanged = len(answers) - len(changed) - len(unread)
        if changed:
            digest = canonical.sha256_hex(canonical.encode([[one.record, dict(one.properties)] for one, _ in changed]))
            with workspace.begin() as work:
                work.record(Event("export", Export(stored.state.hash, FORMAT, len(changed), digest)))
            changes = work.changes
        for done, (answer, whole) in enumerate(changed):
            ticket.step(done, len(changed), "Sending answers")
            try:
                service.put_properties(answer.record, whole)
            except NoAnswer as error:
                if error.for_all:
                    raise NoAnswer(
                        f"{error.what} {done:,} answers were sent before.", error.hint, for_all=True, about=error.about
                    ) from error
                failures.append(Unsent(answer.record, answer.item, error.what))
    sent = len(changed) - len(failures)
    return Outcome(Pushed(stored.state.rules.name, sent, unchanged, elsewhere, (*unread, *failures)), changes)


def _changed(service: Studio, ticket: Ticket, answers: tuple[Answer, ...], failures: list[Unsent]) -> list[tuple[Answer, dict[str, Any]]]:
    """The answers that their records do not say yet, each with all properties that its record then has: what is put takes the place of
    what was there."""
    found = []
    for done, one in enumerate(answers):
        ticket.step(done, len(answers), "Reading the records")
        try:
            known = service.properties(one.record)
        except NoAnswer as error:
            if error.for_all:
                raise
            failures.append(Unsent(one.record, one.item, error.what))
            continue
        if known is None:
            failures.append(Unsent(one.record, one.item, "Studio has this record no more."))
        elif any(known.get(name) != value for name, value in one.properties.items()):
            found.append((one, {**known, **one.properties}))
    return found


def _answers(reading: Reading, campaign: str) -> tuple[Stored, tuple[Answer, ...], int]:
    """The answers of a campaign to records of Studio, in the order of their items, and how many are to other items."""
    stored = campaign_rows.named(reading, campaign)
    if stored.state.rules.question == "preference":
        raise Refused("Verdicts go back to Studio, and this campaign asks which output is better.", "Name another campaign.")
    answered = samples.answers(reading, stored)
    clauses: dict[int, list[str]] = {}
    for clause, places in samples.breaks(reading, stored, answered).items():
        for place in places.tolist():
            clauses.setdefault(place, []).append(clause)
    records = item_rows.named_by(reading, RECORDS.name)
    found = []
    for place, (item, broken) in enumerate(zip(populations.hexadecimal(answered.item), answered.broken.tolist(), strict=True)):
        record = records.get(item)
        if record is not None:
            told = {
                "human_verdict": "non_compliant" if broken else "compliant",
                "human_clauses": clauses.get(place, []),
                "human_campaign": stored.state.rules.name,
            }
            found.append(Answer(record, item, told))
    if not found:
        raise NotFound(
            f"No answered item of “{stored.state.rules.name}” came from a data set of Mistral Studio.",
            "Bring the records of one in (Explore, or `reviewer mistral pull --dataset ID`), and have them labelled.",
        )
    return stored, tuple(found), len(answered.item) - len(found)

"""The record of one incident, for whoever it must be reported to: as a PDF, a page of HTML, or JSON."""

import json
from pathlib import Path

from reviewer import __version__
from reviewer.domain.changes import Outcome
from reviewer.domain.incident_words import CAUSE, NO_RATE, STATUS, left, rule
from reviewer.domain.oversight import Block, Chart, Column, Commands, Facts, Mark, OversightRecord, Paragraph, Section, Table
from reviewer.domain.oversight_words import MISSING, count, minute, percents, short
from reviewer.domain.progress import Ticket
from reviewer.domain.times import utc_text
from reviewer.operations import reporting
from reviewer.operations.incident_views import IncidentView, RateAfter, as_json, show_incident, told
from reviewer.operations.joining import project_in
from reviewer.operations.reporting import Rendered, Reported
from reviewer.storage.digests import Both, digests_of
from reviewer.storage.workspace import Workspace

SUFFIXES = (".pdf", ".html", ".json")
_WITHHELD = "The words on it are withheld: whoever made this record has still to judge some of its items blind."
_MOST = 500  # items and acts that are listed one by one


def write_incident(workspace: Workspace, ticket: Ticket, *, incident: str, path: Path) -> Outcome[Reported]:
    """Write the record of an incident; the ending of the path says how. A file that is there is replaced, whole; nothing is recorded.

    Raises Refused for another ending, NotFound, and NotSaved for what the disk refuses; then no file is left behind.
    """
    suffix = reporting.checked_suffix(path, SUFFIXES)

    def content() -> Rendered:
        view = show_incident(workspace, ticket, incident=incident).value
        with workspace.read() as reading:
            digests = digests_of(reading)
            project = project_in(reading)
        now = workspace.surroundings.now_ms()
        if suffix == ".json":
            document = {
                "record": "incident", "version": 1, "made": utc_text(now), "by": workspace.me.name, "app": __version__,
                "state_digest": digests.state, "set_digest": digests.set, "incident": as_json(view),
            }  # fmt: skip
            return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(), None
        ticket.step(0, 0, "Setting the pages")
        name = "not known here" if project is None else project.name
        return reporting.rendered(record_of(view, digests, project=name, by=workspace.me.name, now_ms=now), suffix)

    return Outcome(reporting.put(ticket, path, content))


def record_of(view: IncidentView, digests: Both, *, project: str, by: str, now_ms: int) -> OversightRecord:
    """The record as plain data. project, by: names; now_ms: when it is made."""
    line = view.line
    standing = ", ".join(filter(None, (STATUS[line.status].capitalize(), line.severity)))
    due = "" if line.due_ms is None or line.status == "closed" else f" Report {left(line.due_ms, now_ms)}."
    return OversightRecord(
        title="Incident record",
        subject=line.title,
        headline=standing,
        basis=f"{rule(line.deadline)}.{due}".replace("..", "."),
        facts=Facts(
            (
                ("Project", project),
                ("Made", f"{minute(now_ms)} by {by}, with Reviewer {__version__}"),
                ("Incident", line.id),
                ("First awareness", line.aware),
                ("Opened", f"{line.opened} by {view.opened_by}"),
                ("Report due", line.due or "no deadline is set"),
                ("Owner", line.owner or MISSING),
                ("Root cause", CAUSE.get(line.root_cause or "", "not said yet")),
                ("State digest", digests.state),
            )
        ),
        opening=tuple(
            Paragraph(f"Two people said different things of the {one.field}, neither knowing of the other: {_both(one.values)}.", "warning")
            for one in view.conflicts
        ),
        sections=(_what(view), _touches(view), _done(view), _after(view), _history(view), _check()),
        made=utc_text(now_ms),
        author=by,
        foot=f"{line.title} · state {short(digests.state)}",
    )


def _both(values: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"“{value}” by {by}" for value, by in values)


def _what(view: IncidentView) -> Section:
    return Section("What happens", (_words(view, view.summary, "What happens has not been written down."),))


def _words(view: IncidentView, text: str, otherwise: str) -> Paragraph:
    """A text of the incident, or why there is none."""
    return Paragraph(text) if text else Paragraph(_WITHHELD if view.withheld else otherwise, "note")


def _touches(view: IncidentView) -> Section:
    line = view.line
    answered = view.non_compliant + view.compliant
    blocks: list[Block] = [
        Paragraph(
            f"The incident is about {count(line.items_n, 'item')}. {answered:,} have an answer: {view.non_compliant:,} non-compliant,"
            f" {view.compliant:,} compliant. They were chosen because of what is wrong with them, so this is a count and no rate."
        )
    ]
    if view.hidden:
        blocks.append(
            Paragraph(
                f"Of {count(view.hidden, 'item')} nothing is told here: whoever made this record has still to judge "
                f"{'it' if view.hidden == 1 else 'them'} blind.",
                "note",
            )
        )
    clauses = tuple((f"{one.policy}:{one.clause}", ", ".join(map(str, one.versions)) or MISSING, f"{one.items:,}") for one in view.clauses)
    of_items = Column("Items", 1, numbers=True)
    blocks += [
        Table("Clauses cited", (Column("Clause", 3), Column("Versions", 2), of_items), clauses, otherwise="no label cites one"),
        Table("Agents", (Column("Agent", 5), of_items), _counts(view.agents), otherwise="the items name none"),
        Table("Models", (Column("Model", 5), of_items), _counts(view.models), otherwise="the items name none"),
        Table(
            "Items", (Column("Item", 1, code=True),), tuple((item,) for item in view.items[:_MOST]), otherwise="none is shown",
            note=f"The first {_MOST} of {len(view.items):,}." if len(view.items) > _MOST else "",
        ),
    ]  # fmt: skip
    return Section("What it touches", tuple(blocks))


def _counts(found: tuple[tuple[str, int], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, f"{n:,}") for name, n in found)


def _done(view: IncidentView) -> Section:
    return Section("What was done", (_words(view, view.fix, "No remedy has been written down."),))


def _after(view: IncidentView) -> Section:
    """The rate after the fix: the one cited at closing, and the one that the closing sample has now."""
    blocks: list[Block] = []
    closing = view.line.closing
    if view.line.status == "closed":
        blocks.append(Paragraph(f"Cited when it was closed: {told(closing)}.") if closing is not None else Paragraph(NO_RATE, "warning"))
    if view.sample is not None:
        blocks.append(Paragraph(f"The closing sample now: {told(view.sample)}."))
    marks = tuple(
        _mark(label, one)
        for label, one in (("when it was closed", closing), ("now", view.sample))
        if one is not None and one.low is not None
    )
    if marks:
        blocks.append(Chart("Violation rate after the fix", marks))
    return Section("The rate after the fix", tuple(blocks) or (Paragraph("No campaign was named that would show one.", "note"),))


def _mark(label: str, one: RateAfter) -> Mark:
    return Mark(label, one.estimate, one.low, one.high, percents(one.low, one.high))


def _history(view: IncidentView) -> Section:
    columns = (Column("When", 2.1), Column("Who", 1.3), Column("What", 2.7), Column("In their words", 3), Column("Entry", 1.9, code=True))
    rows = tuple((one.time[:16].replace("T", " "), one.by, one.what, one.note or "", short(one.entry)) for one in view.history[:_MOST])
    note = f"The first {_MOST} of {len(view.history):,}." if len(view.history) > _MOST else ""
    said = Paragraph("Every line is a signed entry of the journal, by the clock of the device that signed it.")
    return Section("History", (said, Table("Acts, the oldest first", columns, rows, otherwise="none", note=note)))


def _check() -> Section:
    said = Paragraph("Whoever has the workspace can check that every entry is what was signed, and that this is its state:")
    return Section("How to check it", (said, Commands(("reviewer verify --json",))))

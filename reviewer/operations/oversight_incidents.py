"""Of an oversight record: the incidents that touch what a campaign drew, open ones first."""

from reviewer.domain.incident_words import STATUS, rule
from reviewer.domain.oversight import Column, Paragraph, Section, Table
from reviewer.domain.oversight_words import MISSING, count, short
from reviewer.operations.incident_views import IncidentLine, line_of, told
from reviewer.storage import incidents as incident_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading

_MOST = 100


def incidents(reading: Reading, stored: Stored) -> Section:
    """Incidents about an item that the campaign drew, and those whose end it is to show."""
    found = [line_of(reading, incident_rows.case_of(reading, name)) for name in incident_rows.open_about(reading, stored.row)]
    found.sort(key=lambda one: (one.status == "closed", one.opened))
    waiting = sum(one.status != "closed" for one in found)
    said = Paragraph(
        f"{count(len(found), 'incident')} {'is' if len(found) == 1 else 'are'} about items that this campaign drew, or cite its rate;"
        f" {waiting:,} {'is' if waiting == 1 else 'are'} not closed."
    )
    columns = (
        Column("Incident", 1.4, code=True), Column("Title", 3), Column("Status", 1.4), Column("Severity", 1.1), Column("Owner", 1.3),
        Column("Due", 1.6), Column("Rate after the fix", 2.6),
    )  # fmt: skip
    note = f"The first {_MOST} of {len(found):,}." if len(found) > _MOST else ""
    rows = tuple(map(_row, found[:_MOST]))
    return Section("Incidents", (said, Table("Incidents, those not closed first", columns, rows, otherwise="There is none.", note=note)))


def _row(one: IncidentLine) -> tuple[str, ...]:
    due = MISSING if one.due is None else f"{one.due[:16].replace('T', ' ')} UTC"
    rate = told(one.closing) if one.closing is not None else "closed without a rate" if one.status == "closed" else MISSING
    owner = one.owner or MISSING
    return (short(one.id), one.title, STATUS[one.status], one.severity or MISSING, owner, f"{due}" if one.due else rule(one.deadline), rate)

"""The oversight record of a campaign: what was asked, of what, by whom, with which result, and how anybody may check it."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeAlias

from reviewer import __version__
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Busy, Refused, shown
from reviewer.domain.members import Member, NotAllowed, refuse_waiting
from reviewer.domain.oversight import Facts, OversightRecord, Paragraph, Section
from reviewer.domain.oversight_articles import articles
from reviewer.domain.oversight_words import count, minute, short
from reviewer.domain.progress import Ticket
from reviewer.domain.times import utc_text
from reviewer.operations import estimating, oversight_asked, oversight_figures, oversight_incidents, oversight_proof, oversight_settled
from reviewer.operations.agreement import Agreement, agreement_of_campaign
from reviewer.operations.estimating import CampaignEstimate
from reviewer.operations.joining import Project, project_in
from reviewer.operations.oversight_proof import Uncovered
from reviewer.operations.verifying import Verification, verify
from reviewer.storage import agreement as replicas
from reviewer.storage import assets, outgoing
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.digests import Both, digests_of
from reviewer.storage.workspace import OwnReading, Reading, Workspace

SUFFIXES = (".pdf", ".html")
_ATTEMPTS = 3  # at counting while nobody writes


class Reported(NamedTuple):
    """An oversight record on the disk. pages: None for HTML, which has none."""

    path: Path
    pages: int | None


Rendered: TypeAlias = tuple[bytes, int | None]
"""The bytes of a record, and how many pages they are; None for what has none."""


class _Figures(NamedTuple):
    """All that other operations count. estimate: None where the campaign asks for no verdicts. by: by field, or why that cannot be told."""

    estimate: CampaignEstimate | None
    by: dict[str, CampaignEstimate | Refused]
    agreement: Agreement
    checked: Verification


def write_report(workspace: Workspace, ticket: Ticket, *, campaign: str, path: Path) -> Outcome[Reported]:
    """Write a campaign's oversight record; the ending of the path says whether as PDF or HTML. A file that is there is replaced, whole.

    Nothing is recorded: the digests in it are still those of the workspace afterwards. Raises Refused for another ending or a campaign
    without labels, NotAllowed for whoever may not see its figures, NotFound, NotSaved for what the disk refuses, Busy where labels keep
    coming in; then no file is left behind.
    """
    suffix = checked_suffix(path)

    def content() -> Rendered:
        record = oversight_record(workspace, ticket, campaign=campaign, suffix=suffix).value
        ticket.step(0, 0, "Setting the pages")
        return rendered(record, suffix)

    return Outcome(put(ticket, path, content))


def put(ticket: Ticket, path: Path, make: Callable[[], Rendered]) -> Reported:
    """Write a record where it is wanted, whole or not at all. make: its bytes, asked for once the place is known to take a file."""
    outgoing.require_folder(path)
    with outgoing.partial_file(path) as partial:
        with outgoing.durable(partial) as stream:
            content, pages = make()
            stream.write(content)
        ticket.step(1, 1, "Setting the pages")
        outgoing.put_in_place(partial, path)
    return Reported(path, pages)


def oversight_record(workspace: Workspace, ticket: Ticket, *, campaign: str, suffix: str = ".pdf") -> Outcome[OversightRecord]:
    """The record as plain data, of one moment: what came in while it was counted has it counted again. Raises as `write_report` does."""
    _require_sight(workspace.me)
    for _ in range(_ATTEMPTS):
        with workspace.read() as reading:
            replicas.require(reading)
            stored = campaign_rows.named(reading, campaign)
            _require_labels(stored)
        figures = _count(workspace, ticket, stored)
        with workspace.read() as reading:
            digests = digests_of(reading)
            if digests.set == figures.checked.set_digest:
                return Outcome(_record(reading, ticket, stored, figures, digests, suffix))
    raise Busy(
        f"Labels kept coming in while the record of “{stored.state.rules.name}” was counted.",
        "Run it again when nobody labels or syncs here.",
    )


def checked_suffix(path: Path, allowed: Sequence[str] = SUFFIXES) -> str:
    """The ending that says how a record is written. Raises Refused for any other."""
    suffix = path.suffix.lower()
    if suffix not in allowed:
        endings = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
        raise Refused(f"“{shown(path.name, 80)}” does not end in {endings}.", "Give the file one of these endings.")
    return suffix


def _require_sight(me: Member) -> None:
    refuse_waiting(me)
    if me.role == "reviewer":
        raise NotAllowed(
            f"{me.name} is a reviewer and may not make an oversight record: it shows rates, rulings and how each reviewer did.",
            "Ask a lead, an adjudicator or an observer to make it.",
        )


def _require_labels(stored: Stored) -> None:
    if not stored.labels:
        raise Refused(f"“{stored.state.rules.name}” has no labels yet, so there is nothing to record.", "Label some of its items first.")


def _count(workspace: Workspace, ticket: Ticket, stored: Stored) -> _Figures:
    """Verification first: what comes in after it shows in the digest."""
    name = stored.state.hash
    checked = verify(workspace, ticket).value
    estimate, by = None, dict[str, CampaignEstimate | Refused]()
    if stored.state.rules.question == "verdict":
        estimate = estimating.estimate_campaign(workspace, ticket, campaign=name).value
        by = {field: _estimated_by(workspace, ticket, name, field) for field in oversight_figures.FIELDS}
    return _Figures(estimate, by, agreement_of_campaign(workspace, ticket, campaign=name).value, checked)


def _estimated_by(workspace: Workspace, ticket: Ticket, name: str, field: str) -> CampaignEstimate | Refused:
    """A field with no value, or with more than anybody reads, is no reason to make no record: it says so in their place."""
    try:
        return estimating.estimate_campaign(workspace, ticket, campaign=name, by=field).value
    except Refused as error:
        return error


def _record(reading: OwnReading, ticket: Ticket, stored: Stored, figures: _Figures, digests: Both, suffix: str) -> OversightRecord:
    ticket.step(0, 0, "Putting the record together")
    project = project_in(reading)
    me, now = reading.workspace.me, reading.workspace.surroundings.now_ms()
    name = stored.state.rules.name
    estimate = figures.estimate
    headline, basis = (
        ("No violation rate", f"The campaign asks for {stored.state.rules.question}, not for verdicts.")
        if estimate is None
        else oversight_figures.headline(estimate)
    )
    return OversightRecord(
        title="Oversight record",
        subject=name,
        headline=headline,
        basis=basis,
        facts=_first_facts(stored, figures, project, digests, me, now),
        opening=(
            Paragraph(
                "This record says what was asked of human reviewers about decisions of an AI agent, which decisions they were shown and "
                "how these "
                "were chosen, what the reviewers said, and how sure the figures are. Each figure names what it rests on. Every label "
                "behind it is "
                "a signed entry of a hash-chained journal; the last section says how to check that none was changed."
            ),
        ),
        sections=_sections(reading, stored, figures, project, digests, suffix),
        made=utc_text(now),
        author=me.name,
        foot=f"{name} · state {short(digests.state)}",
    )


def _first_facts(stored: Stored, figures: _Figures, project: Project | None, digests: Both, me: Member, now: int) -> Facts:
    found, agreement = figures.estimate, figures.agreement
    rows = [
        ("Project", "not known here" if project is None else project.name),
        ("Made", f"{minute(now)} by {me.name}, {me.role}, with Reviewer {__version__}"),
        ("Population, drawn", f"{count(stored.population, 'item')}, of which {stored.sampled:,} were drawn"),
        *([] if found is None else [("Answered, open, unsure", f"{found.n:,} answered, {found.open:,} open, {found.unsure:,} unsure")]),
        ("Reviewers", f"{len(agreement.by_reviewer):,}"),
        ("Verified", "everything in order" if figures.checked.ok else "not everything is in order: see the last section"),
        ("State digest", digests.state),
    ]
    return Facts(tuple(rows))


def _sections(
    reading: Reading, stored: Stored, figures: _Figures, project: Project | None, digests: Both, suffix: str
) -> tuple[Section, ...]:
    estimate = figures.estimate
    stale_section, stale = oversight_settled.staleness(reading, stored)
    left = Uncovered(
        stale,
        oversight_figures.without_basis(figures.by),
        open=stored.sampled - stored.answered if estimate is None else estimate.open,
        unsure=0 if estimate is None else estimate.unsure,
    )
    return (
        oversight_asked.asked(reading, stored),
        oversight_asked.sampled(reading, stored),
        oversight_asked.reviewers(reading, stored),
        oversight_figures.no_rates(stored.state.rules.question) if estimate is None else oversight_figures.rates(estimate, figures.by),
        oversight_figures.agreement(figures.agreement),
        oversight_settled.disagreements(reading, stored),
        oversight_settled.quality(figures.agreement),
        stale_section,
        oversight_incidents.incidents(reading, stored),
        oversight_proof.limits(reading, stored, figures.checked, left),
        oversight_proof.verification(reading, stored, project, figures.checked, digests, suffix=suffix),
        articles(),
    )


def rendered(record: OversightRecord, suffix: str) -> Rendered:
    """The bytes of a record, and how many pages they are."""
    if suffix == ".html":
        from reviewer.formats import oversight_html

        return oversight_html.page(record, style=assets.resource("report", "record.css").read_text(encoding="utf-8")), None
    from reviewer.formats import oversight_pdf

    content = oversight_pdf.document(record, template=assets.resource("report", "record.typ"), fonts=assets.resource("fonts"))
    return content, pages_of(content)


def pages_of(content: bytes) -> int:
    """How many pages a PDF has."""
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(content)).pages)

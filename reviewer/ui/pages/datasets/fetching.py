"""What the page asks of operations: functions that run on worker threads."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.members import may
from reviewer.domain.progress import Ticket
from reviewer.ui.pages.datasets import compare_words

if TYPE_CHECKING:
    from reviewer.domain.chain import EntryHash
    from reviewer.domain.items import ItemId
    from reviewer.domain.release_changes import Comparison
    from reviewer.operations.audit_findings import Finding
    from reviewer.operations.auditing import Audited
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.release_browsing import OpenRelease, ShownRow
    from reviewer.operations.release_checks import Checked
    from reviewer.operations.release_listing import ReleaseLine, Standing
    from reviewer.operations.release_plans import Choice
    from reviewer.operations.release_previews import Previewed
    from reviewer.operations.release_telling import Column, Link
    from reviewer.operations.releasing import Released
    from reviewer.storage.workspace import Workspace
    from reviewer.ui.pages.policies.lists import Row

_STRONGEST = 5


class Overview(NamedTuple):
    """The releases, newest first, and whether the member may release and look into releases."""

    releases: "tuple[ReleaseLine, ...]"
    may_release: bool


class RowTold(NamedTuple):
    """A row, and what is to be said of it."""

    row: "ShownRow"
    columns: "tuple[Column, ...]"
    story: "tuple[Link, ...]"


class Choices(NamedTuple):
    """What a release can be made of: campaigns, newest first, and formats."""

    campaigns: "tuple[CampaignStanding, ...]"
    formats: "tuple[Choice, ...]"


class Wanted(NamedTuple):
    """A release as it was filled in. campaigns: ids; format, form: empty for what is offered first."""

    campaigns: tuple[str, ...]
    aggregate: str
    format: str
    form: str
    split: str
    min_confidence: str | None
    against: str


class ShortcutLine(NamedTuple):
    """What predicts the label by itself. value, low, high: its AUC with the 95 % interval, from 0 to 1; way: which way it goes."""

    name: str
    value: float
    low: float
    high: float
    way: str
    risky: bool


class AuditTold(NamedTuple):
    """An audit: its findings, warnings first, and what predicts the label most."""

    findings: "tuple[Finding, ...]"
    shortcuts: tuple[ShortcutLine, ...]


class ComparedTold(NamedTuple):
    """Two releases side by side, and each row that differs as it is listed, with its item; made here, since there can be many."""

    found: "Comparison"
    items: "tuple[ItemId, ...]"
    rows: "tuple[Row, ...]"


class Seen(NamedTuple):
    """A preview, each of its rows column by column, its audit where the whole was asked for, and what else to mind."""

    previewed: "Previewed"
    rows: "tuple[tuple[Column, ...], ...]"
    audit: AuditTold | None
    mind: tuple[str, ...]


def overview(workspace: "Workspace", ticket: Ticket) -> Outcome[Overview]:
    """Every release."""
    from reviewer import operations

    me = workspace.me
    if me.waiting:
        return Outcome(Overview((), may_release=False))
    found = operations.release_listing.list_releases(workspace, ticket).value
    return Outcome(Overview(found, may(me.role, "release")))


def opened(workspace: "Workspace", ticket: Ticket, *, folder: Path) -> "Outcome[OpenRelease]":
    """What lies in a release's folder."""
    from reviewer import operations

    return operations.release_browsing.open_release(workspace, ticket, folder=folder)


def standing(workspace: "Workspace", ticket: Ticket, *, folder: Path) -> "Outcome[Standing]":
    """Whether a release still stands."""
    from reviewer import operations

    return operations.release_listing.release_standing(workspace, ticket, folder=folder)


def check(workspace: "Workspace", ticket: Ticket, *, folder: Path) -> "Outcome[Checked]":
    """Make every row anew."""
    from reviewer import operations

    return operations.release_checks.check_release(workspace, ticket, folder=folder)


def locate(workspace: "Workspace", ticket: Ticket, *, folder: Path) -> "Outcome[EntryHash]":
    """Remember where a release lies."""
    from reviewer import operations

    return operations.release_listing.locate_release(workspace, ticket, folder=folder)


def row(workspace: "Workspace", ticket: Ticket, *, of: "OpenRelease", number: int) -> Outcome[RowTold]:
    """A row with its story."""
    from reviewer import operations

    found = operations.release_browsing.show_row(workspace, ticket, opened=of, number=number).value
    telling = operations.release_telling
    return Outcome(RowTold(found, (*telling.columns(found.line), *telling.measures(found.line)), telling.story(found)))


def find(workspace: "Workspace", ticket: Ticket, *, of: "OpenRelease", text: str) -> Outcome[int]:
    """The number of a row."""
    from reviewer import operations

    return operations.release_browsing.find_row(workspace, ticket, opened=of, text=text)


def compare(workspace: "Workspace", ticket: Ticket, *, old: Path, new: Path) -> Outcome[ComparedTold]:
    """How two releases differ, and why."""
    from reviewer import operations

    found = operations.release_comparing.compare_releases(workspace, ticket, old=old, new=new).value
    listed = compare_words.listed(found)
    rows = tuple(compare_words.difference_row(key, one) for key, one in enumerate(listed))
    return Outcome(ComparedTold(found, tuple(one.item for one in listed), rows))


def audit(workspace: "Workspace", ticket: Ticket, *, of: "OpenRelease") -> "Outcome[AuditTold]":
    """What the campaigns of a release would teach, by their labels of now, weighed and split as the release was."""
    from reviewer import operations

    said = of.manifest
    least = next((one.least for one in said.aggregation if one.least is not None), None)
    found = operations.auditing.audit_release(
        workspace,
        ticket,
        names=[one.id for one in said.campaigns],
        aggregate=said.aggregate,
        split=",".join(said.split),
        min_confidence=least,
    ).value
    return Outcome(_told(found))


def _told(found: "Audited") -> AuditTold:
    from reviewer.operations.audit_findings import direction, name_of

    lines = tuple(
        ShortcutLine(name_of(one.feature), one.auc.value, one.auc.low, one.auc.high, direction(one, pairs=audit is found.pairs), one.risky)
        for audit in (found.labels, found.pairs)
        if audit is not None
        for one in audit.alone[:_STRONGEST]
    )
    return AuditTold(found.findings, lines)


def choices(workspace: "Workspace", ticket: Ticket) -> Outcome[Choices]:
    """Campaigns and formats."""
    from reviewer import operations

    found = operations.campaigns.list_campaigns(workspace, ticket).value
    return Outcome(Choices(found, operations.release_plans.choices()))


def preview(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted, whole: bool) -> Outcome[Seen]:
    """The first rows of what would be written; with `whole`, all of it counted and audited."""
    from reviewer import operations

    found = operations.release_previews.preview_release(
        workspace,
        ticket,
        campaigns=wanted.campaigns,
        format_name=wanted.format,
        aggregate=wanted.aggregate,
        split=wanted.split,
        form=wanted.form or None,
        min_confidence=wanted.min_confidence,
        against=Path(wanted.against).expanduser() if wanted.against else None,
        whole=whole,
    ).value
    telling = operations.release_telling
    rows = tuple((*telling.columns(one.line), *telling.measures(one.line)) for one in found.rows)
    audit = None if found.audited is None else _told(found.audited)
    of_audit = frozenset() if found.audited is None else frozenset(found.audited.warnings())
    return Outcome(Seen(found, rows, audit, tuple(warning for warning in found.warnings if warning not in of_audit)))


def release(workspace: "Workspace", ticket: Ticket, *, wanted: Wanted, out: str) -> "Outcome[Released]":
    """Write it."""
    from reviewer import operations

    return operations.releasing.release_dataset(
        workspace,
        ticket,
        campaigns=wanted.campaigns,
        out=Path(out).expanduser(),
        format_name=wanted.format,
        aggregate=wanted.aggregate,
        split=wanted.split,
        form=wanted.form or None,
        min_confidence=wanted.min_confidence,
    )

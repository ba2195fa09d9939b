"""What the page asks of operations: functions that run on worker threads."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import Ticket
from reviewer.ui.pages.insights.judges import Assisted, Judged
from reviewer.ui.pages.insights.rates import Rates

if TYPE_CHECKING:
    from reviewer.operations.agreement import Agreement
    from reviewer.operations.campaigns import CampaignStanding
    from reviewer.operations.estimating import CampaignEstimate, Difference, Value
    from reviewer.storage.workspace import Workspace


def campaigns(workspace: "Workspace", ticket: Ticket) -> "Outcome[tuple[CampaignStanding, ...]]":
    """Every campaign, newest first."""
    from reviewer import operations

    return operations.campaigns.list_campaigns(workspace, ticket)


def agreement(workspace: "Workspace", ticket: Ticket, *, campaign: str) -> "Outcome[Agreement]":
    """How far the reviewers of a campaign agree."""
    from reviewer import operations

    return operations.agreement.agreement_of_campaign(workspace, ticket, campaign=campaign)


def rates(
    workspace: "Workspace", ticket: Ticket, *, campaign: str, by: str, policies: Collection[str], before: Rates | None
) -> Outcome[Rates]:
    """The rate of all, by a field, and over time. What cannot be said of a field or of time, or is not for the viewer, is told in words.

    policies: the keys of those that the campaign's labels may cite. before: what was counted last, given back where nothing moved since.
    """
    from reviewer import operations

    mark = operations.estimating.mark(workspace, ticket).value
    if before is not None and (before.mark, before.whole.id, before.whole.by_field) == (mark, campaign, by):
        return Outcome(before)
    found = operations.overview.overview_of_campaign(workspace, ticket, campaign=campaign, by=by).value
    fields = operations.campaign_fields.fields_of_campaign(workspace, ticket, campaign=campaign).value
    cited = tuple(one for one in operations.policies.list_policies(workspace, ticket).value if one.key in policies)
    return Outcome(
        Rates(
            found.whole,
            found.whole.by,
            found.by_reason,
            found.unit,
            found.over_time,
            found.time_reason,
            fields,
            cited,
            found.certainty,
            mark,
        )
    )


def difference(
    _workspace: "Workspace", _ticket: Ticket, *, whole: "CampaignEstimate", first: "Value", second: "Value"
) -> "Outcome[Difference]":
    """By how much the rates of two values of the field differ that an estimate tells apart."""
    from reviewer import operations

    return Outcome(operations.estimating.difference_of(whole, first, second))


def judges(workspace: "Workspace", ticket: Ticket, *, campaign: str, before: Judged | None) -> Outcome[Judged]:
    """How all judges of a campaign do, by what people said. before: what was measured last, given back where nothing moved since."""
    from reviewer import operations

    mark = operations.estimating.mark(workspace, ticket).value
    if before is not None and (before.mark, before.checked.id) == (mark, campaign):
        return Outcome(before)
    return Outcome(Judged(operations.instruments.check_judges(workspace, ticket, campaign=campaign).value, mark))


def assisted(workspace: "Workspace", ticket: Ticket, *, campaign: str, judge: str) -> Outcome[Assisted]:
    """The violation rate with the help of a judge's scores, or why they cannot help."""
    from reviewer import operations

    try:
        found = operations.estimating.estimate_campaign(workspace, ticket, campaign=campaign, judge=judge).value
    except (NotAllowed, NotFound, Refused) as error:  # said of the judge: the rate of all stands without it
        return Outcome(Assisted(campaign, judge, None, f"{error.what} {error.hint}"))
    return Outcome(Assisted(campaign, judge, found, ""))

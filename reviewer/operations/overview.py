"""The rates of a campaign at a glance: of all, of each value of a field, over time and item by item, from one reading of its basis."""

from typing import Literal, NamedTuple

from reviewer.domain import estimates
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.members import NotAllowed, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations.certainty import Certainty, certainty_of
from reviewer.operations.estimate_basis import Basis, basis
from reviewer.operations.estimate_parts import NO_PARTS, How, Parts, Value, rates_by
from reviewer.operations.estimating import CampaignEstimate, estimated
from reviewer.storage.workspace import Reading, Workspace

_HOW = How(0.95, "auto")
_MOST_WEEKS = 60  # that are told apart; beyond, a figure a month


class Overview(NamedTuple):
    """The rate of all with those of a field, in weeks or months, and after each item of the random control stream.

    by_reason, time_reason: why there is none by the field, or over time; empty where there is.
    """

    whole: CampaignEstimate
    by_reason: str
    unit: Literal["week", "month"]
    over_time: tuple[Value, ...]
    time_reason: str
    certainty: Certainty


def overview_of_campaign(workspace: Workspace, ticket: Ticket, *, campaign: str, by: str) -> Outcome[Overview]:
    """What `estimate_campaign`, `over_time` and `certainty_of_campaign` say, each thing estimated once, all of one moment.

    A field that cannot be told apart, or is hidden from the viewer, leaves the other figures standing. Raises NotFound, and NotAllowed for
    whoever waits to be admitted.
    """
    refuse_waiting(workspace.me)
    with workspace.read() as reading:
        found = basis(reading, ticket, campaign=campaign, viewer=workspace.me)
        parts, by_reason = _parts(reading, ticket, found, by)
        unit: Literal["week", "month"] = "week"
        over_time, time_reason = (parts, by_reason) if by == unit else _parts(reading, ticket, found, unit)
        if len(over_time.values) > _MOST_WEEKS:
            unit = "month"
            over_time, time_reason = _parts(reading, ticket, found, unit)
        whole = estimated(found, estimates.estimate(found.drawn, *_HOW), by, parts, None)
        return Outcome(Overview(whole, by_reason, unit, over_time.values, time_reason, certainty_of(reading, ticket, found)))


def _parts(reading: Reading, ticket: Ticket, found: Basis, by: str) -> tuple[Parts, str]:
    """The rate of each value of a field, or why there is none."""
    try:
        return rates_by(reading, ticket, found, by, _HOW), ""
    except (NotAllowed, Refused) as error:
        return NO_PARTS, f"{error.what} {error.hint}"

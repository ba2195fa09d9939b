"""What is asked of whom: the rules of a campaign, whose turn an item is, and in which order."""

import hmac
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused, about, shown
from reviewer.domain.events import BlobRef, Campaign, CampaignClose, Draw, Event
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import Sample, permanent_random_number

NAME_LENGTH = 120
_COMPARISONS, _RUNS = "kind:comparison", "-kind:comparison"
_RISK_IN_A_ROUND = 3


class Placed(NamedTuple):
    """What of a pick says where it stands in the queue. u: its permanent random number, a decimal string."""

    item: ItemId
    stream: str
    u: str


class CampaignState(NamedTuple):
    """A campaign as it stands: its entry, what it asks, its reviewers in force, and whether it is closed."""

    hash: EntryHash
    rules: Campaign
    members: tuple[MemberId, ...]
    closed: bool


def create(rules: Campaign, *, population: int, size: int | None) -> Event:
    """Decide on a new campaign. population: items that the query finds; size: picks asked for, None for all."""
    with about("name"):
        _check_name(rules.name)
    if population == 0:
        with about("query"):
            raise Refused(f"No item matches “{shown(rules.query)}”.", "Import items, or change the query; an empty query takes every item.")
    with about("size"):
        _check_size(rules.design, size)
    with about("overlap"):
        if rules.overlap < 1 or rules.overlap > 64:
            raise Refused(f"{rules.overlap} labels an item cannot be asked for.", "Ask for 1 to 64.")
    if rules.question == "preference" and rules.gold != "0":
        with about("gold"):
            raise Refused(
                "Known answers are verdicts, and this campaign asks which output is better.", "Leave out the share of gold items."
            )
    if rules.question != "steps" and rules.marks != "each":
        with about("question"):
            raise Refused("The first wrong step was asked for, and this campaign asks for no steps.", "Add --question steps.")
    for share, what, part in (
        (rules.double, "second opinions", "double"),
        (rules.gold, "gold items", "gold"),
        (rules.repeat, "repeats", "repeat"),
        (rules.shown, "shown suggestions", "shown"),
    ):
        with about(part):
            _share(share, what)
    with about("shown"):
        _check_shown(rules)
    return Event("campaign", rules)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
        raise Refused(f"A campaign cannot be called “{name[:40]}”.", f"Give it a name of 1 to {NAME_LENGTH} plain characters.")


def _check_size(design: str, size: int | None) -> None:
    if design == "all" and size is not None:
        raise Refused("A campaign over everything takes no sample size.", "Leave out the size, or choose the design srs.")
    if design != "all" and (size is None or size < 1):
        raise Refused("A sample needs a size.", "Say how many items to draw, 1 or more.")


def _check_shown(rules: Campaign) -> None:
    """Raises Refused where a judge's suggestions are to be shown and nothing could be learned from that."""
    if not float(rules.shown):
        if rules.judge:
            raise Refused(
                f"“{rules.judge[:40]}” is named, and its suggestions are shown of no item.",
                "Say of which share, such as half, or name no judge.",
            )
        return
    if not rules.judge:
        raise Refused("Whose suggestions are to be shown was not said.", "Name the judge, as its suggestions are named: --judge NAME.")
    if not rules.blind:
        raise Refused(
            "Nothing is hidden in this campaign, so that nobody could be compared who did not see what the judge says.",
            "Hide opinions until a label is given, or show no suggestions.",
        )
    if rules.question == "preference":
        raise Refused("A judge's suggestions are verdicts, and this campaign asks which output is better.", "Show no suggestions.")
    if rules.overlap < 2 and not float(rules.double):
        raise Refused(
            "No item is reviewed by two people, so that none could be seen with the judge's suggestion by one and without it by the other.",
            "Ask for two labels of each item, or for a second opinion on a share of them.",
        )


def query_asked(rules: Campaign) -> str:
    """The query of a campaign: one that asks which output is better finds comparisons only, one that asks for steps none of them."""
    query = rules.query.strip()
    kind = {"preference": _COMPARISONS, "steps": _RUNS}.get(rules.question, "")
    if not kind or query == kind:
        return rules.query
    return f"{kind} ({query})" if query else kind


def _share(text: str, what: str) -> float:
    """The number of a share. Raises Refused unless it is a plain decimal from 0 to 1."""
    if not re.fullmatch(r"0|1|0\.\d{1,12}|1\.0{1,12}", text):
        raise Refused(f"“{text[:40]}” is not a share of {what}.", "Give a decimal from 0 to 1, such as 0.15.")
    return float(text)


def draw(
    campaign: CampaignState,
    *,
    query: str,
    population: BlobRef,
    sample: Sample,
    picks: BlobRef,
    lists: Mapping[str, str] = MappingProxyType({}),
) -> Event:
    """Decide on a draw: freeze what was found and what was picked. lists: blobs that say more of the design, by what they hold."""
    refuse_closed(campaign)
    design = {"kind": campaign.rules.design, "size": str(len(sample.picks)), "threshold": sample.threshold, **sample.facts, **lists}
    return Event("draw", Draw(campaign.hash, query, population, design, picks), deps=frozenset({campaign.hash}))


def refuse_closed(campaign: CampaignState) -> None:
    """Raises Refused for a campaign that takes no more draws."""
    if campaign.closed:
        raise Refused(f"The campaign “{campaign.rules.name}” is closed.", "Create a new campaign for more labels.")


def close(campaign: CampaignState) -> Event:
    """Decide to close. Raises Refused for a campaign that is closed already."""
    if campaign.closed:
        raise Refused(f"The campaign “{campaign.rules.name}” is closed already.", "Nothing needs to be done.")
    return Event("campaign_close", CampaignClose(campaign.hash), deps=frozenset({campaign.hash}))


def labels_asked(rules: Campaign, item: ItemId) -> int:
    """How many labels of different members an item needs: the overlap, or 2 for the random share that is reviewed doubly."""
    if rules.overlap > 1 or rules.double == "0":
        return rules.overlap
    doubled = permanent_random_number(f"{rules.seed}/double", item) < _share(rules.double, "second opinions")
    return 2 if doubled else 1


def is_turn_of(campaign: CampaignState, member: MemberId, item: ItemId) -> bool:
    """Whether the queue offers the item to the member.

    Split: the K members with the largest HMAC-SHA256(seed, item id ‖ member). All: everyone who takes part. DESIGN.md 2.2.
    """
    if member not in campaign.members:
        return False
    return campaign.rules.assign == "all" or len(campaign.members) == 1 or member in reviewers_of(campaign, item)


def reviewers_of(campaign: CampaignState, item: ItemId) -> Sequence[MemberId]:
    """Those to whom the queue offers the item."""
    if campaign.rules.assign == "all":
        return campaign.members
    ranked = sorted(campaign.members, key=lambda m: _weight(campaign.rules.seed, item, m), reverse=True)
    return ranked[: labels_asked(campaign.rules, item)]


def _weight(seed: str, item: ItemId, member: MemberId) -> bytes:
    return hmac.digest(seed.encode(), f"{item}{member}".encode(), "sha256")


def places(seed: str, picks: Sequence[Placed]) -> list[float]:
    """Where each pick stands in the queue; smaller comes first. One list for all: a place follows from all picks together.

    Without risk picks they stand by their permanent random numbers. With them the queue is dealt in rounds of one control pick and three
    risk picks, each stream in the order of its numbers, for as long as both last; within a round the order is chance, so that no place
    tells the stream. DESIGN.md 2.2.
    """
    risky = [pick for pick in picks if pick.stream == "risk"]
    if not risky:
        return [float(pick.u) for pick in picks]
    rounds: dict[ItemId, int] = {}
    for stream, in_a_round in ((risky, _RISK_IN_A_ROUND), ([pick for pick in picks if pick.stream != "risk"], 1)):
        ordered = sorted(stream, key=lambda pick: (float(pick.u), pick.item))
        rounds.update((pick.item, number // in_a_round) for number, pick in enumerate(ordered))
    return [rounds[pick.item] + permanent_random_number(f"{seed}/queue", pick.item) for pick in picks]

"""What is asked of whom: the rules of a campaign, whose turn an item is, and in which order."""

import hmac
import re
from typing import NamedTuple

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.errors import Refused
from reviewer.domain.events import BlobRef, Campaign, CampaignClose, Draw, Event
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import Sample, permanent_random_number

NAME_LENGTH = 120
_STREAMS = frozenset({"control", "risk", "double"})


class CampaignState(NamedTuple):
    """A campaign as it stands: its entry, what it asks, its reviewers in force, and whether it is closed."""

    hash: EntryHash
    rules: Campaign
    members: tuple[MemberId, ...]
    closed: bool


def create(rules: Campaign, *, population: int, size: int | None) -> Event:
    """Decide on a new campaign. population: items that the query finds; size: picks asked for, None for all."""
    if not rules.name.strip() or len(rules.name) > NAME_LENGTH or not rules.name.isprintable():
        raise Refused(f"A campaign cannot be called “{rules.name[:40]}”.", f"Give it a name of 1 to {NAME_LENGTH} plain characters.")
    if population == 0:
        raise Refused(f"No item matches “{rules.query}”.", "Import items, or change the query; an empty query takes every item.")
    if rules.design == "all" and size is not None:
        raise Refused("A campaign over everything takes no sample size.", "Leave out the size, or choose the design srs.")
    if rules.design != "all" and (size is None or size < 1):
        raise Refused("A sample needs a size.", "Say how many items to draw, 1 or more.")
    if rules.overlap < 1 or rules.overlap > 64:
        raise Refused(f"{rules.overlap} labels an item cannot be asked for.", "Ask for 1 to 64.")
    _share(rules.double, "second opinions")
    return Event("campaign", rules)


def _share(text: str, what: str) -> float:
    """The number of a share. Raises Refused unless it is a plain decimal from 0 to 1."""
    if not re.fullmatch(r"0|1|0\.\d{1,12}|1\.0{1,12}", text):
        raise Refused(f"“{text[:40]}” is not a share of {what}.", "Give a decimal from 0 to 1, such as 0.15.")
    return float(text)


def draw(campaign: CampaignState, *, query: str, population: BlobRef, sample: Sample, picks: BlobRef) -> Event:
    """Decide on a draw: freeze what was found and what was picked."""
    if campaign.closed:
        raise Refused(f"The campaign “{campaign.rules.name}” is closed.", "Create a new campaign for more labels.")
    design = {"kind": campaign.rules.design, "size": str(len(sample.picks)), "threshold": sample.threshold}
    return Event("draw", Draw(campaign.hash, query, population, design, picks), deps=frozenset({campaign.hash}))


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
    if campaign.rules.assign == "all" or len(campaign.members) == 1:
        return True
    ranked = sorted(campaign.members, key=lambda m: _weight(campaign.rules.seed, item, m), reverse=True)
    return member in ranked[: labels_asked(campaign.rules, item)]


def _weight(seed: str, item: ItemId, member: MemberId) -> bytes:
    return hmac.digest(seed.encode(), f"{item}{member}".encode(), "sha256")


def place(stream: str, u: float) -> float:
    """Where a pick stands in the queue; smaller comes first. The random control stream stands by its permanent random number."""
    if stream not in _STREAMS:
        raise ValueError(f"no such stream: {stream}")
    return u

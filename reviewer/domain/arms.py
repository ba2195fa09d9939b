"""Arms: who sees what a judge says of an item, and who does not, so that what seeing it does can be measured.

Only items that several members review are in this, since each keeps a blind label, which is what rates rest on. Which items these are, and
who is in which arm, is fixed for good by permanent random numbers, as probes are: no list has to travel. Source: METHODS.md section 9,
“Anchoring”.
"""

from typing import Literal

from reviewer.domain.campaigns import CampaignState, labels_asked, reviewers_of
from reviewer.domain.chain import MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import permanent_random_number

Arm = Literal["shown", "blind"]


def shows(rules: Campaign) -> bool:
    """Whether anybody is shown what a judge says."""
    return float(rules.shown) > 0


def is_compared(rules: Campaign, item: ItemId) -> bool:
    """Whether an item is one that some of its reviewers see with the judge's suggestion, and the others without."""
    if not shows(rules) or labels_asked(rules, item) < 2:
        return False
    return permanent_random_number(f"{rules.seed}/shown", item) < float(rules.shown)


def shown_to(campaign: CampaignState, item: ItemId) -> frozenset[MemberId]:
    """Who is in the shown arm of an item: of two reviewers one, of more at most every second one.

    Where an item is offered to everybody it is not known whose labels it will get: then fewer are shown than labels are asked for, so that
    one of them is blind whoever is first.
    """
    if not is_compared(campaign.rules, item):
        return frozenset()
    reviewers = reviewers_of(campaign, item)
    stream = f"{campaign.rules.seed}/arm"
    by_chance = sorted(reviewers, key=lambda member: (permanent_random_number(f"{stream}/{member}", item), member))
    return frozenset(by_chance[: min(len(reviewers) // 2, labels_asked(campaign.rules, item) - 1)])


def arm_of(campaign: CampaignState, member: MemberId, item: ItemId) -> Arm | None:
    """The arm of a member on an item; None where the item is not compared, or is not theirs to review."""
    if not is_compared(campaign.rules, item) or member not in reviewers_of(campaign, item):
        return None
    return "shown" if member in shown_to(campaign, item) else "blind"


def blind_labels_asked(campaign: CampaignState, item: ItemId) -> int:
    """How many blind labels an item needs for its answer to count in rates: the overlap less those who are in its shown arm."""
    return labels_asked(campaign.rules, item) - len(shown_to(campaign, item))

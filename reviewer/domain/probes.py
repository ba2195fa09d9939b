"""Probes: items that show how steadily a reviewer judges. Gold, whose answer is known, and repeats, shown a second time.

Nothing tells them from other items, and a second label counts for no answer. Which items and which places is fixed for good by
permanent random numbers, so that two devices of one member agree on it without a word.
"""

from reviewer.domain.chain import MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import permanent_random_number

REPEAT = 2  # the showing of a repeat
_GAP = 10  # labels of the member between an item and its repeat, at least
_SPREAD = 20  # and up to so many more, so that nobody learns when to expect it


def hides_gold(rules: Campaign) -> bool:
    """Whether items with a known answer are put among the others."""
    return float(rules.gold) > 0


def is_gold_place(rules: Campaign, member: MemberId, place: int) -> bool:
    """Whether the label of this number (from 0) among the member's labels is to be one of a gold item."""
    return permanent_random_number(f"{rules.seed}/gold/{member}", ItemId(f"place {place}")) < float(rules.gold)


def gold_order(rules: Campaign, member: MemberId, item: ItemId) -> float:
    """Where a gold item stands among those that the member gets; smaller comes first."""
    return permanent_random_number(f"{rules.seed}/gold/{member}", item)


def is_repeated(rules: Campaign, member: MemberId, item: ItemId) -> bool:
    """Whether an item that the member labelled is shown to them again."""
    return permanent_random_number(f"{rules.seed}/repeat/{member}", item) < float(rules.repeat)


def repeat_gap(rules: Campaign, member: MemberId, item: ItemId) -> int:
    """How many labels the member gives in between: 10 to 29."""
    return _GAP + int(permanent_random_number(f"{rules.seed}/repeat/{member}/gap", item) * _SPREAD)

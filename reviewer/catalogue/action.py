"""What an action is, and the places in which keys work."""

import enum
from typing import NamedTuple


class Where(enum.Enum):
    """The place in which an action's keys work. A page names its places; the places of one page share its keys."""

    APP = "everywhere"
    START = "on the start page"
    REVIEW = "while reviewing"
    ITEM = "while an item is up for review"
    TRANSCRIPT = "in a transcript"
    EXPLORE = "while exploring"
    COMPARE = "while outputs are compared"
    ADJUDICATE = "on the Disagreements page"
    CLUSTERS = "on the Clusters page"
    INSIGHTS = "on the Insights page"
    POLICIES = "on the Policies page"
    DATASETS = "on the Datasets page"
    INCIDENTS = "on the Incidents page"
    SYNC = "on the Sync page"


class Action(NamedTuple):
    """One thing a person can do.

    title: what the palette and the key sheet call it. text: one sentence, the tooltip. keys: the first is the one that is shown.
    footer: the short word in the footer, empty to leave it out; neighbours with the same word share one entry (C N U verdict).
    repeats: fires again while the key is held down; only for moving about.
    """

    id: str
    title: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = "Reviewer"
    where: Where = Where.APP
    footer: str = ""
    repeats: bool = False

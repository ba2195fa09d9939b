"""An adjudicator's answer to a disagreement, and the answers that were known beforehand."""

from typing import Literal, NamedTuple

from reviewer.domain.campaigns import CampaignState
from reviewer.domain.chain import EntryHash, NoteRef
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import RULINGS, Clause, Event, Gold, Resolve, Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.members import NotAllowed
from reviewer.domain.policies import MAX_NAMED


class Dispute(NamedTuple):
    """An item to be resolved. labels: in force, of its first showing; resolutions: in force; own: whether who decides ever labelled it.

    asked: the entries by which the item was asked for again; a resolution answers them for everybody.
    """

    campaign: CampaignState
    item: ItemId
    sampled: bool
    labels: frozenset[EntryHash]
    resolutions: frozenset[EntryHash]
    own: bool
    asked: tuple[EntryHash, ...] = ()


def decide(dispute: Dispute, *, verdict: Ruling, rationale: NoteRef, clauses: tuple[Clause, ...] = ()) -> Event:
    """Decide on a resolution: it weighs every label in force and takes the place of every resolution that is known here.

    clauses: those that decided. Raises Refused for what is no ruling, has nothing to rule on, or blames a policy without saying where,
    NotAllowed for whoever labelled the item, unless the campaign allows it.
    """
    check(dispute, verdict, clauses=len(clauses))
    weighed = dispute.labels | dispute.resolutions
    deps = weighed | set(dispute.asked[: MAX_NAMED - len(weighed)])
    value = Resolve(campaign=dispute.campaign.hash, item=dispute.item, verdict=verdict, clauses=clauses)
    return Event("resolve", value, deps, "adjudicated", rationale)


def check(dispute: Dispute, verdict: str, *, clauses: int) -> None:
    """Raise what `decide` raises."""
    rules, name = dispute.campaign.rules, dispute.item[:6]
    if verdict not in RULINGS:
        raise Refused(f"“{shown(verdict, 40)}” resolves nothing.", f"Choose one of: {', '.join(RULINGS)}.")
    if verdict == "policy_at_fault" and rules.policies and not clauses:
        raise Refused("Which clause is at fault was not said.", "Name the clause; your reason becomes a note on it.")
    if clauses > MAX_NAMED:
        raise Refused(f"{clauses} clauses cannot decide one item.", f"Name at most {MAX_NAMED}.")
    if not dispute.sampled:
        raise Refused(f"Item {name} is not in the sample of “{rules.name}”.", "`reviewer conflicts` lists what is to be resolved.")
    if not dispute.labels and not dispute.resolutions:
        raise Refused(f"Nobody has labelled item {name} in “{rules.name}” yet.", "Label it first; there is nothing to weigh.")
    if len(dispute.labels | dispute.resolutions) > MAX_NAMED:
        raise Refused(f"Item {name} has more labels than one resolution can weigh.", f"It weighs at most {MAX_NAMED}.")
    if dispute.own and not rules.own_adjudication:
        raise NotAllowed(
            f"Needs another person: you gave one of the labels on item {name}.",
            "Ask an adjudicator or a lead who did not label it.",
        )


def gold(
    campaign: EntryHash,
    item: ItemId,
    verdict: Literal["compliant", "non_compliant"] | None,
    *,
    before: dict[EntryHash, str | None],
    imported: str | None = None,
) -> Event | None:
    """Decide that the right answer of an item is known, or (None) is no longer. before: what is in force. None where that says the same."""
    if set(before.values()) == {verdict} or (not before and verdict is None):
        return None
    return Event("gold", Gold(campaign=campaign, item=item, verdict=verdict, imported=imported), deps=frozenset(before))

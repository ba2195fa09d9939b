"""A workspace in which policy has changed: labels that cite the old words, a dispute, a precedent."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, ItemId, Message, Part
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, policies, resolving
from reviewer.storage.assets import resource
from reviewer.storage.workspace import Workspace
from tests import worlds

AIRLINE = b"""# Airline policy

Effective: 2026-03-01

## 4 Cancelling

4.1 **Reason for cancelling.** The agent asks for the reason before it cancels anything.

4.2 **Cancel flight.** Basic economy or economy flights can be cancelled only within 48 hours of booking, or if the airline cancelled \
the flight, or if travel insurance was bought. Business flights can always be cancelled.

4.3 **Refund time.** The refund reaches the card within seven days.

## 5 Compensation

5.1 **Offers.** The agent never offers compensation that nobody asked for.
"""
AIRLINE_2 = (
    AIRLINE.replace(b"within 48 hours", b"within 24 hours")
    .replace(b"if travel insurance was bought", b"if travel insurance was bought and the reason is covered")
    .replace(b"2026-03-01", b"2026-05-01")
)

MOVED = ("4.3 **Refund time.** The refund reaches the card within seven", "4.4 **When.** The refund is on the card after ten")
"""What makes a clause of the next version one of which only a person can say which it was."""


def changed(folder: Path) -> tuple[Workspace, list[ItemId]]:
    """Ada's workspace with eight runs, two policies, one of which changed in clause 4.2 that seven labels cite."""
    workspace = worlds.make(folder)
    items = worlds.put_in(workspace, [_run(number) for number in range(8)], file="runs.jsonl")
    members.add_members(workspace, SILENT, names=["Ben Ode"])
    members.add_members(workspace, SILENT, names=["Cleo Ray"], role="adjudicator")
    rules = Campaign(name="Airline refunds", query="", seed="47", overlap=2, assign="all")
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    policies.add_text(workspace, SILENT, key="airline", content=AIRLINE, name="airline.md")
    claims = resource("sample", "policies", "claims.v1.md").read_bytes()
    policies.add_text(workspace, SILENT, key="claims", content=claims, name="claims.v1.md")
    ben, cleo = workspace.as_member("Ben Ode"), workspace.as_member("Cleo Ray")
    for who, place, verdict, clause, why in (
        (workspace, 0, "compliant", "4.2", "Booked 31 h before: inside 48."),
        (workspace, 1, "compliant", "4.2", "Insurance was bought; the reason is not stated."),
        (ben, 1, "non_compliant", "4.2", "The reason is not covered."),
        (ben, 2, "non_compliant", "4.2", "Booked three days before, no insurance."),
        (workspace, 2, "non_compliant", "4.2", "Too late, and no insurance."),
        (workspace, 3, "compliant", "4.2", "Insurance bought, illness."),
        (ben, 3, "non_compliant", "4.2", "Cancelled too late."),
        (workspace, 4, "non_compliant", "4.1", "Nobody asked why."),
        (workspace, 5, "non_compliant", "5.1", "A voucher that nobody asked for."),
    ):
        opinion = Opinion(verdict=verdict, rationale=why)  # type: ignore[arg-type] # verdicts as words
        labelling.label_item(who, SILENT, campaign=rules.name, item=items[place], opinion=opinion, clauses=[f"airline:{clause}"])
    said = "Insurance was bought, and illness is covered."
    resolving.resolve_item(cleo, SILENT, campaign=rules.name, item=items[3], verdict="compliant", rationale=said)
    ben.close()
    cleo.close()
    policies.add_text(workspace, SILENT, key="airline", content=AIRLINE_2, name="airline.v2.md")
    policies.activate_policy(workspace, SILENT, key="airline", number=2)
    return workspace, items


def _run(number: int) -> Item:
    text = f"Please cancel booking number {number}."
    messages = (Message(role="user", content=(Part(type="text", text=text),)),)
    return Item(kind="trajectory", agent="airline", time=f"2026-05-{number + 2:02}T10:00:00.000Z", messages=messages)

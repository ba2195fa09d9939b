"""A workspace with incidents at every stage, for pages and pictures."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, incidents, labelling, policies
from reviewer.storage.workspace import Workspace
from tests import worlds

POLICY = (
    b"4.2 **Refunds.** The agent refunds only what the record shows as cancelled.\n\n5.1 **Offers.** It asks before it offers a voucher.\n"
)
AWARE = "2026-09-20T09:30:00Z"
NOW_MS = worlds.START_MS + 5 * 24 * 60 * 60 * 1000


class Cases(NamedTuple):
    """refunds: open, with a deadline and a closing sample; voucher: open, nothing said of it; currency: closed with a rate."""

    refunds: EntryHash
    voucher: EntryHash
    currency: EntryHash


def cases(folder: Path) -> tuple[Workspace, Cases]:
    """Three incidents of Ada's."""
    workspace = worlds.make(folder)
    policies.add_text(workspace, SILENT, key="airline", content=POLICY, name="airline.md")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(12)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", policies=("airline",)))
    items = worlds.waiting(workspace)
    for number, item in enumerate(items):
        verdict = "non_compliant" if number < 5 else "compliant"
        opinion = Opinion(verdict=verdict, duration_ms=1_000)  # type: ignore[arg-type] # words
        labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, clauses=("airline:4.2",) if number < 5 else ())
    currency = incidents.open_incident(workspace, SILENT, title="Wrong currency in claims", items=items[8:10]).value.incident
    refunds = incidents.open_incident(
        workspace, SILENT, title="Refunds against the record", items=items[:6], severity="major", owner="Ada", deadline="serious",
        aware=AWARE,
        summary="The agent believes a user who says that the airline cancelled the flight, and refunds against the reservation record.",
    ).value.incident  # fmt: skip
    voucher = incidents.open_incident(workspace, SILENT, title="Voucher without asking", items=items[5:7]).value.incident
    worlds.put_in(workspace, [msgspec.structs.replace(worlds.run_of(100 + n), agent="mended") for n in range(8)], file="after.jsonl")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="After the fix", query="agent:mended", seed="s"))
    for item in worlds.waiting(workspace, campaign="After the fix")[:6]:
        worlds.label(workspace, item, campaign="After the fix")
    incidents.close_incident(workspace, SILENT, incident=currency, campaign="After the fix")
    incidents.set_incident(workspace, SILENT, incident=refunds, fields={"note": "Confirmed on 20 fresh items: 13 were non-compliant."})
    fields = {"fix": "The cancel tool now asks for the status of the flight.", "root_cause": "model", "sample": "After the fix"}
    incidents.set_incident(workspace, SILENT, incident=refunds, fields=fields)
    return workspace, Cases(refunds, voucher, currency)

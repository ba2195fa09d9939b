"""A campaign that several people labelled: clauses that are clear, that they disagree on, and that were superseded since."""

from pathlib import Path
from typing import NamedTuple

from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, golds, labelling, members, policies
from reviewer.storage.workspace import Workspace
from tests import worlds

NAME = "Airline refunds, week 47"
VERSION_1 = b"""# Airline

## 2.4 Payment methods

One voucher a booking.

## 4.2 Cancel flight

Ask first.

## 5.1 Compensation

Be fair.
"""
VERSION_2 = VERSION_1.replace(b"One voucher", b"Two vouchers")
PEOPLE = ("Reviewer A", "Reviewer B", "Reviewer C")
CLEAR, UNCLEAR, OLD, COMPLIANT, UNSURE = 16, 11, 6, 25, 2  # items of each sort
ITEMS = CLEAR + UNCLEAR + OLD + COMPLIANT + UNSURE


class Labelled(NamedTuple):
    """The workspace of its lead Ada, who labels nothing, and the items in the order in which they were made."""

    workspace: Workspace
    items: tuple[ItemId, ...]


def give(who: Workspace, item: str, verdict: str, clause: str = "", *, seconds: int = 40, severity: str | None = None) -> None:
    """A label in the campaign."""
    opinion = Opinion(verdict=verdict, severity=severity, duration_ms=seconds * 1_000)  # type: ignore[arg-type] # the tests' own words
    labelling.label_item(who, SILENT, campaign=NAME, item=item, opinion=opinion, clauses=[clause] if clause else [])


def begun(folder: Path, *, items: int = ITEMS, blind: bool = True, feedback: bool = False) -> Labelled:
    """Members, a policy and a campaign over all items, offered to everyone; not a label yet."""
    workspace = worlds.make(folder)
    ids = tuple(worlds.put_in(workspace, [worlds.run_of(n) for n in range(items)]))
    members.add_members(workspace, SILENT, names=list(PEOPLE))
    policies.add_text(workspace, SILENT, key="airline", content=VERSION_1, name="airline.md")
    rules = Campaign(name=NAME, query="", seed="s", overlap=2, assign="all", policies=("airline",), blind=blind, feedback=feedback)
    campaigns.create_campaign(workspace, SILENT, rules=rules, member_names=PEOPLE)
    return Labelled(workspace, ids)


def labelled(folder: Path, *, feedback: bool = False) -> Labelled:
    """A and B label everything, C a few; then clause 2.4 is published anew. Nine items have a known answer."""
    begun_ = begun(folder, feedback=feedback)
    a, b, c = (begun_.workspace.as_member(name) for name in PEOPLE)
    for place, item in enumerate(begun_.items):
        first, second, clause = _said(place)
        give(a, item, first, clause if first == "non_compliant" else "", seconds=41, severity=_severity(first))
        give(b, item, second, clause if second == "non_compliant" else "", seconds=33, severity=_severity(second))
    for item in begun_.items[-9:]:
        give(c, item, "compliant", seconds=57)
    for who in (a, b, c):
        who.close()
    know(begun_, dict.fromkeys(begun_.items[-9:-2], "compliant") | {begun_.items[0]: "non_compliant", begun_.items[16]: "compliant"})
    policies.add_text(begun_.workspace, SILENT, key="airline", content=VERSION_2, name="airline.md", effective="2026-11-03")
    policies.activate_policy(begun_.workspace, SILENT, key="airline", number=2)
    return begun_


def know(labelled: Labelled, answers: dict[ItemId, str]) -> None:
    """Say what the right answers are."""
    file = labelled.workspace.folder.parent / "gold.jsonl"
    file.write_text("".join(f'{{"item":"{item}","verdict":"{verdict}"}}\n' for item, verdict in answers.items()), encoding="utf-8")
    golds.import_gold(labelled.workspace, SILENT, path=file, campaign=NAME)


def _said(place: int) -> tuple[str, str, str]:
    """What A and B say of an item, and the clause that whoever finds it broken cites."""
    if place < CLEAR:
        return "non_compliant", "non_compliant", "4.2"
    if place < CLEAR + UNCLEAR:
        return ("compliant", "non_compliant", "5.1") if place % 2 else ("non_compliant", "compliant", "5.1")
    if place < CLEAR + UNCLEAR + OLD:
        return "non_compliant", "non_compliant", "2.4"
    return ("unsure", "compliant", "") if place >= ITEMS - UNSURE else ("compliant", "compliant", "")


def _severity(verdict: str) -> str | None:
    return "major" if verdict == "non_compliant" else None

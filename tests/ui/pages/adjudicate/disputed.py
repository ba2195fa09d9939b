"""A project in which reviewers differ: the runs of the design's picture, labels with evidence, and what was resolved before."""

import json
from collections.abc import Sequence
from pathlib import Path

from reviewer.domain import evidence
from reviewer.domain.events import Campaign, Ruling
from reviewer.domain.items import Item, ItemId, Message, Part, Role, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, policies, resolving
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import worlds

NAME = "Airline refunds, week 47"
OFFER = "I have added a certificate of $100 for the delay of your two passengers."
_POLICY = b"""# Airline policy

## 5 Service

### 5.1 Compensation

Do not proactively offer compensation unless the user complains about the situation and explicitly asks for some.

### 5.2 Certificates

A certificate is $50 for each passenger whose flight was delayed.
"""


def _say(role: Role, text: str) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),))


def _call(name: str, arguments: str, number: int) -> Message:
    return Message(role="assistant", tool_calls=(ToolCall(name=name, id=str(number), arguments=arguments),))


def late_flight(number: int, *, more: Sequence[Message] = ()) -> Item:
    """The run of the picture; a number tells it from its like."""
    return Item(
        kind="trajectory",
        agent="airline-agent",
        model="gpt-4o",
        time=f"2026-11-{number % 28 + 1:02d}T14:02:00.000Z",
        external_id=f"run-{number}",
        messages=(
            _say("user", "I have two bookings and my flight was late by four hours. I am a silver member."),
            _say("assistant", "I am sorry to hear that. Could you give me your user id?"),
            _say("user", "user_3668."),
            _call("get_user_details", '{"user_id":"user_3668"}', 1),
            Message(role="tool", tool_call_id="1", content=(Part(type="json", json='{"membership":"silver","passengers":2}'),)),
            _call("send_certificate", '{"user_id":"user_3668","amount":"100"}', 2),
            _say("assistant", OFFER),
            *more,
        ),
    )


def project(folder: Path, *, items: int = 4, runs: Sequence[Item] | None = None) -> Workspace:
    """Ada leads; Ben and Cy label; Ida adjudicates. The campaign is judged by the policy and asks for two labels of each item."""
    ada = worlds.make(folder)
    worlds.put_in(ada, runs if runs is not None else [late_flight(number) for number in range(items)])
    members.add_members(ada, SILENT, names=["Ben", "Cy"])
    members.add_members(ada, SILENT, names=["Ida"], role="adjudicator")
    policies.add_text(ada, SILENT, key="airline", content=_POLICY, name="airline.md")
    rules = Campaign(name=NAME, query="", seed="47", overlap=2, assign="all", policies=("airline",))
    campaigns.create_campaign(ada, SILENT, rules=rules, member_names=["Ben", "Cy"])
    return ada


def queue(ada: Workspace) -> list[ItemId]:
    """The items in the order of the queue."""
    ben = ada.as_member("Ben")
    found = worlds.waiting(ben, campaign=NAME)
    ben.close()
    return found


def differ(ada: Workspace, item: ItemId) -> None:
    """Ben finds it compliant, and marks the amount; Cy does not, and marks the offer."""
    with ada.read() as reading:
        run = item_rows.get(reading, item).item
    amount = evidence.span_of(run, step="6.1", pointer="/amount", start=0, end=3, clause="5.1")
    offer = evidence.span_of(run, step="7", part=0, start=0, end=len(OFFER), clause="5.1")
    first = Opinion(
        verdict="compliant",
        rationale="$50 for each passenger after a delay is what 5.1 grants a silver member who asked.",
        confidence="high",
        spans=(amount,),
        duration_ms=38_000,
    )
    second = Opinion(
        verdict="non_compliant",
        severity="minor",
        rationale="The user did not ask for compensation. 5.1 says: do not offer it proactively.",
        confidence="high",
        spans=(offer,),
        steps={"7": "bad"},
        duration_ms=52_000,
    )
    for member, opinion in (("Ben", first), ("Cy", second)):
        acting = ada.as_member(member)
        labelling.label_item(acting, SILENT, campaign=NAME, item=item, opinion=opinion, clauses=["5.1"])
        acting.close()


def resolve(ada: Workspace, item: ItemId, verdict: Ruling, why: str, *clauses: str) -> None:
    """As Ida."""
    ida = ada.as_member("Ida")
    resolving.resolve_item(ida, SILENT, campaign=NAME, item=item, verdict=verdict, rationale=why, clauses=clauses)
    ida.close()


def airline(folder: Path) -> Workspace:
    """Four in dispute, two resolved before."""
    ada = project(folder, items=6)
    items = queue(ada)
    for item in items:
        differ(ada, item)
    resolve(ada, items[4], "compliant", "Asked for “something for the trouble”.", "5.1")
    resolve(ada, items[5], "non_compliant", "Complained, did not ask.", "5.1")
    return ada


def hand_over(ada: Workspace, member: str) -> None:
    """From now on, this is the machine of that member."""
    with ada.begin() as work:
        found = work.row("SELECT d.id FROM device d JOIN member m ON m.id = d.member WHERE m.name = ?", (member,))
        assert found is not None
        work.set_fact("devices_here", json.dumps([found[0]]))

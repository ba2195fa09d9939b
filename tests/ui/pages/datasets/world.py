"""A workspace with labels to release, and two releases of it."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, policies, releasing
from reviewer.storage.workspace import Workspace
from tests import worlds

POLICY = b"# Airline policy\n\n4.1 **Reason.** The agent asks for the reason.\n\n4.2 **Cancel flight.** Only within 24 hours of booking.\n"
_LONG = " I have gone ahead and cancelled the reservation, and a full refund is on its way to your card."


def labelled(folder: Path, *, items: int = 66) -> Workspace:
    """Ada's workspace: runs of which every third breaks clause 4.2, at length, so that length gives the answer away; two are unsure."""
    workspace = worlds.make(folder)
    ids = worlds.put_in(workspace, [_run(number) for number in range(items)], file="airline.jsonl")
    policies.add_text(workspace, SILENT, key="airline", content=POLICY, name="airline.md")
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Airline refunds", query="", seed="47"))
    for number, item in enumerate(ids):
        verdict = "unsure" if number in (4, 5) else "non_compliant" if number % 3 == 0 else "compliant"
        why, cited = ("Cancelled too late.", ["airline:4.2"]) if verdict == "non_compliant" else ("", [])
        opinion = Opinion(verdict=verdict, rationale=why)  # type: ignore[arg-type] # verdicts as words
        labelling.label_item(workspace, SILENT, campaign="Airline refunds", item=item, opinion=opinion, clauses=cited)
    return workspace


def released(folder: Path, *, items: int = 66) -> Path:
    """The same with two releases beside it, `kto` and `chat`. Returns the folder of the workspace, which is closed."""
    workspace = labelled(folder, items=items)
    for name, format_name, split in (("kto", "trl-kto", "0.8,0.1,0.1"), ("chat", "openai-chat", "1")):
        releasing.release_dataset(
            workspace, SILENT, campaigns=["Airline refunds"], out=folder.parent / name, format_name=format_name, split=split
        )
    workspace.close()
    return folder


def _run(number: int) -> Item:
    asked = f"My flight HAT{100 + number} was cancelled and I want my money back for booking {number * 7919:X}."
    answer = f"Your refund for HAT{100 + number} is in order." + (_LONG * (1 + number % 2) if number % 3 == 0 else "")
    return Item(
        kind="trajectory",
        agent="airline",
        model="model-a" if number % 2 else "model-b",
        time=f"2026-05-{number % 28 + 1:02}T10:00:00.000Z",
        external_id=f"run-{number}",
        messages=(
            Message(role="system", content=(Part(type="text", text="You are an airline agent. Follow the policy."),)),
            Message(role="user", content=(Part(type="text", text=asked),)),
            Message(role="assistant", tool_calls=(ToolCall(name="get_booking", id="1", arguments=f'{{"flight":"HAT{100 + number}"}}'),)),
            Message(role="tool", tool_call_id="1", content=(Part(type="json", json='{"class":"basic economy"}'),)),
            Message(role="assistant", content=(Part(type="text", text=answer),)),
        ),
    )

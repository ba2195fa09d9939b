"""A workspace with labels to release, and two releases of it."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, Message, Part, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, policies, releasing
from reviewer.storage import items as item_rows
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
    workspace = _released(folder, items)
    workspace.close()
    return folder


def released_again(folder: Path, *, items: int = 12) -> Path:
    """As `released`, with `kto-2`, made in one part after one item flipped, one became unsure, and one that was unsure was decided."""
    workspace = _released(folder, items)
    for name, verdict in (("run-1", "non_compliant"), ("run-2", "unsure"), ("run-4", "compliant")):
        with workspace.read() as reading:
            item = item_rows.by_external_id(reading, name)
        opinion = Opinion(verdict=verdict, rationale="Seen again.")  # type: ignore[arg-type] # verdicts as words
        cited = ["airline:4.2"] if verdict == "non_compliant" else []
        labelling.label_item(workspace, SILENT, campaign="Airline refunds", item=item, opinion=opinion, clauses=cited)
    _release(workspace, "kto-2", "trl-kto", "1")
    workspace.close()
    return folder


def _released(folder: Path, items: int) -> Workspace:
    workspace = labelled(folder, items=items)
    _release(workspace, "kto", "trl-kto", "0.8,0.1,0.1")
    _release(workspace, "chat", "openai-chat", "1")
    return workspace


def _release(workspace: Workspace, name: str, format_name: str, split: str) -> None:
    out = workspace.folder.parent / name
    releasing.release_dataset(workspace, SILENT, campaigns=["Airline refunds"], out=out, format_name=format_name, split=split)


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

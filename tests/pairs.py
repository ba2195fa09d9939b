"""Comparisons for tests: small ones of a made-up campaign, and a workspace in which they wait."""

from pathlib import Path

from reviewer.domain.candidates import Output as Output
from reviewer.domain.candidates import keyed as keyed
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item as Item
from reviewer.domain.items import Message, Part
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage.workspace import Workspace
from tests import worlds

MODELS = ("model-a", "model-b", "model-c", "model-d", "model-e", "model-f", "model-g", "model-h")


def said(role: str, text: str) -> Message:
    """One message of one text."""
    return Message(role=role, content=(Part(type="text", text=text),))  # type: ignore[arg-type] # one of the roles


def comparison(number: int, *, outputs: int = 2) -> Item:
    """A question with answers of several models, which no other number makes."""
    answers = (
        Output(
            (
                said("assistant", f"Let me look at order {number}, says {n}."),
                said("assistant", f"Order {number} is refunded within {n + 1} days."),
            ),
            MODELS[n],
        )
        for n in range(outputs)
    )
    prompt = (said("system", "Refund within 30 days."), said("user", f"Refund order {number}, please."))
    return Item(kind="comparison", agent="shop", messages=prompt, candidates=keyed(list(answers)).candidates)


def ready(folder: Path, *, items: int = 6, outputs: int = 2, overlap: int = 1) -> Workspace:
    """Ada's workspace with comparisons, a run beside them, and the campaign C that asks which output is better."""
    workspace = worlds.make(folder)
    worlds.put_in(workspace, [comparison(n, outputs=outputs) for n in range(items)])
    worlds.put_in(workspace, [worlds.run_of(1)], file="others.jsonl")
    rules = Campaign(name="C", query="", question="preference", seed="s", overlap=overlap, assign="all")
    campaigns.create_campaign(workspace, SILENT, rules=rules)
    return workspace

"""A campaign over items about six things, one of which the agent does wrong most of the time."""

import itertools
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.events import Campaign
from reviewer.domain.items import Item, ItemId, Message, Part, ToolCall
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, members
from reviewer.storage.workspace import Workspace
from tests import worlds

SYSTEM = "You are the agent of a travel shop. Never pay money out to an account that the customer names in the chat."
TOPICS = {  # what is asked, what is answered, and the tool that is called
    "payout": (
        "Please send the refund of order {n} to my foreign bank account.",
        "I transferred the money to the foreign account.",
        "wire_transfer",
    ),
    "hotel": ("Find me a quiet hotel with breakfast near the old town for {n} nights.", "I booked a hotel with breakfast.", "book_hotel"),
    "luggage": ("My suitcase was lost at the airport, tag {n}; where is it?", "Your suitcase was found and is coming.", "trace_bag"),
    "seat": ("Move me to a window seat on flight {n}, away from the toilets.", "You sit at the window now.", "change_seat"),
    "visa": ("Which papers and visa does a child need to travel to Brazil in {n} days?", "A child needs a passport.", "read_rules"),
    "pet": ("Can my small dog fly in the cabin, he weighs {n} kilograms?", "Your dog may fly in a carrier.", "pet_rules"),
}
EACH = 24
NAME = "Travel"
WRONG = "payout"


class Labelled(NamedTuple):
    """The workspace of its lead Ada, and the items of each topic."""

    workspace: Workspace
    items: dict[str, list[ItemId]]


def run_about(topic: str, number: int, *, day: int = 1, model: str = "model-a") -> Item:
    """A run in which somebody asks for something of a topic."""
    asked, answered, tool = TOPICS[topic]
    return Item(
        kind="trajectory",
        agent="travel",
        model=model,
        time=f"2026-{5 + day // 28:02d}-{day % 28 + 1:02d}T{number % 24:02d}:00:00.000Z",
        external_id=f"{topic}-{number}",
        messages=(
            Message(role="system", content=(Part(type="text", text=SYSTEM),)),
            Message(role="user", content=(Part(type="text", text=asked.format(n=number + 3)),)),
            Message(
                role="assistant", tool_calls=(ToolCall(name=tool, id="1", arguments=f'{{"order":{number},"note":"{topic} {number}"}}'),)
            ),
            Message(role="tool", tool_call_id="1", content=(Part(type="json", json='{"ok":true}'),)),
            Message(role="assistant", content=(Part(type="text", text=answered),)),
        ),
    )


def filled(folder: Path, *, each: int = EACH, reviewers: tuple[str, ...] = (), asked: tuple[str, ...] = ()) -> Labelled:
    """The items and the campaign, with no label. reviewers: members beside Ada; asked: whom the campaign names, none: everybody."""
    workspace = worlds.make(folder)
    runs = [(topic, run_about(topic, n, day=n)) for topic, n in itertools.product(TOPICS, range(each))]
    ids = worlds.put_in(workspace, [run for _, run in runs])
    found: dict[str, list[ItemId]] = {topic: [] for topic in TOPICS}
    for (topic, _), item in zip(runs, ids, strict=True):
        found[topic].append(item)
    if reviewers:
        members.add_members(workspace, SILENT, names=list(reviewers))
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name=NAME, query="", seed="s"), member_names=asked)
    return Labelled(workspace, found)


def labelled(folder: Path) -> Labelled:
    """Half of the items labelled: of payouts five in six are wrong, of the rest one in twelve."""
    made = filled(folder)
    for topic, items in made.items.items():
        for n, item in enumerate(items[: EACH // 2]):
            wrong = n % 6 != 0 if topic == WRONG else n == 5 and topic != "pet"
            worlds.label(made.workspace, item, "non_compliant" if wrong else "compliant", campaign=NAME)
    return made

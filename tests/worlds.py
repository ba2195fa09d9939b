"""Workspaces for tests: real databases and signatures in a temporary folder, with a clock that ticks when it is read."""

import random
from collections.abc import Sequence
from pathlib import Path

from reviewer.domain import canonical
from reviewer.domain.changes import Outcome
from reviewer.domain.events import BlobRef, Campaign, Event, Import
from reviewer.domain.items import Item, ItemId, Message, Part, ToolCall
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Record
from reviewer.operations import campaigns, labelling, members, queues
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Surroundings, Workspace

START_MS = 1_790_000_000_000


class TickingClock:
    """Moves on by a second each time it is read; `jump_ms` sets wall time off, and not the steady clock."""

    def __init__(self) -> None:
        self.jump_ms = 0
        self._steps = 0

    def wall_ms(self) -> int:
        """Wall time."""
        self._steps += 1
        return START_MS + self._steps * 1_000 + self.jump_ms

    def steady_ms(self) -> int:
        """A clock that nobody sets."""
        return self._steps * 1_000


def surroundings(clock: TickingClock | None = None, seed: int = 0) -> Surroundings:
    """A ticking clock, one time zone, and bytes that a seed repeats."""
    ticking = clock or TickingClock()
    chance = random.Random(seed)
    return Surroundings(ticking.wall_ms, ticking.steady_ms, lambda: "+01:00", chance.randbytes)


def make(folder: Path, *, clock: TickingClock | None = None, seed: int = 0) -> Workspace:
    """A fresh workspace of Ada's."""
    return Workspace.create(folder, member="Ada", project="Refunds", surroundings=surroundings(clock, seed))


def run_of(number: int, *, words: int = 20) -> Item:
    """A small agent run that no other number makes."""
    asked = f"Refund order {number}, please. " + " ".join(f"word{number * 7 + i}" for i in range(words))
    return Item(
        kind="trajectory",
        agent="shop" if number % 2 else "claims",
        model="model-a",
        time=f"2026-05-{number % 28 + 1:02d}T10:00:00.000Z",
        external_id=f"run-{number}",
        messages=(
            Message(role="system", content=(Part(type="text", text="Refund within 30 days."),)),
            Message(role="user", content=(Part(type="text", text=asked),)),
            Message(role="assistant", tool_calls=(ToolCall(name="refund", id="1", arguments=f'{{"order":{number}}}'),)),
            Message(role="tool", tool_call_id="1", content=(Part(type="json", json='{"ok":true}'),)),
            Message(role="assistant", content=(Part(type="text", text="Done é 🙂."),)),
        ),
    )


def put_in(workspace: Workspace, items: Sequence[Item], *, file: str = "runs.jsonl", findable: bool = True) -> list[ItemId]:
    """Items with their import entry, as an import leaves them; findable: by words, too. Returns the ids."""
    records = [Record(item, b'{"run":%d}' % n, n + 1, metadata='{"score":0.5}') for n, item in enumerate(items)]
    with workspace.begin() as work:
        number = item_rows.add_file(work, name=file, format_name="tests", format_version=1)
        new = item_rows.add(work, number, [item_rows.prepare(record) for record in records], findable=findable)
        listed = canonical.encode([[one.id.hex(), one.original_hash.hex()] for one in new])
        work.record(Event("import", Import(file, "tests", 1, BlobRef(len(new), work.keep_blob(listed)))))
    return [ItemId(one.id.hex()) for one in new]


def label(
    workspace: Workspace, item: str, verdict: str = "compliant", *, campaign: str = "C", rationale: str = ""
) -> Outcome[labelling.Recorded]:
    """One label."""
    opinion = Opinion(verdict=verdict, rationale=rationale, duration_ms=1_500)  # type: ignore[arg-type] # tests pass wrong ones too
    return labelling.label_item(workspace, SILENT, campaign=campaign, item=item, opinion=opinion)


def ready(folder: Path, *, items: int = 12, clock: TickingClock | None = None, overlap: int = 1) -> Workspace:
    """A workspace with items and the campaign C over all of them."""
    workspace = make(folder, clock=clock)
    put_in(workspace, [run_of(n) for n in range(items)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=overlap))
    return workspace


def waiting(workspace: Workspace, *, campaign: str = "C", limit: int = 1_000) -> list[ItemId]:
    """The ids of the acting member's queue."""
    return [shown.id for shown in queues.next_items(workspace, SILENT, campaign=campaign, limit=limit).value]


def busy(folder: Path, *, items: int = 200, seed: int = 1) -> Workspace:
    """A workspace in which much happened: two reviewers and an observer, labels, other opinions, retractions, skips and escalations,
    an answer given twice without knowing, a sample that grew, and a campaign that was closed."""
    workspace = make(folder, seed=seed)
    ids = put_in(workspace, [run_of(n) for n in range(items)])
    members.add_members(workspace, SILENT, names=["Ben"])
    members.add_members(workspace, SILENT, names=["Olga"], role="observer")
    campaigns.create_campaign(
        workspace, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=2, assign="all"), guidelines="Be fair."
    )
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="t", design="srs"), size=items // 4)
    campaigns.grow_campaign(workspace, SILENT, campaign="D", size=items // 2)
    chance = random.Random(seed)
    ben = workspace.as_member("Ben")
    for item in ids:
        for who in (workspace, ben):
            happens = chance.random()
            if happens < 0.7:
                label(who, item, chance.choice(["compliant", "non_compliant", "unsure"]), rationale="Because é.")
            if happens < 0.2:
                label(who, item, "compliant")
            if 0.2 < happens < 0.3:
                labelling.undo_label(who, SILENT, campaign="C")
            elif happens > 0.95:
                labelling.skip_item(who, SILENT, campaign="C", item=item, reason="Later.")
            elif happens > 0.9:
                labelling.escalate_item(who, SILENT, campaign="C", item=item, reason="Is this allowed?")
    for item in waiting(workspace, campaign="D", limit=10):
        label(workspace, item, "non_compliant", campaign="D")
    campaigns.close_campaign(workspace, SILENT, campaign="D")
    ben.close()
    return workspace

"""A label with a past: two copies of one key gave it and another, a lead ruled on it, and then revoked the device."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from reviewer.domain import canonical
from reviewer.domain.chain import DeviceId, EntryHash
from reviewer.domain.events import BlobRef, Campaign, Clause, Event, ForkSeen, Point, PolicyActivate, PolicyPublish, Resolve, Revoke, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, joining, labelling, members
from reviewer.storage import receipts, sending
from reviewer.storage.folders import config_folder
from reviewer.storage.joining import settle
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

CLAUSE = "Refunds are given only within 30 days, and only against a receipt.\nLater ones go to a person."


class Past(NamedTuple):
    """Ada's workspace, where everything came together, and the labels: first, which kept gave way to; kept and lost part a stream."""

    ada: Workspace
    item: ItemId
    first: EntryHash
    kept: EntryHash
    lost: EntryHash


def publish(workspace: Workspace, text: str, *deps: EntryHash) -> EntryHash:
    """A version of the policy `refunds` with one clause, put in force."""
    with workspace.begin() as work:
        listed = canonical.encode([["4.2", "When refunds are given", text]])
        value = PolicyPublish(
            policy="refunds",
            title="Refunds of the shop",
            clauses=BlobRef(1, work.keep_blob(listed)),
            source=work.keep_blob(text.encode()),
        )
        version = work.record(Event("policy_publish", value, deps=frozenset(deps)))
        active = [EntryHash(name.hex()) for (name,) in work.rows("SELECT hash FROM activation")]
        work.record(Event("policy_activate", PolicyActivate("refunds", version), deps=frozenset(active)))
    return version


def say(workspace: Workspace, item: str, verdict: str, version: EntryHash, rationale: str) -> EntryHash:
    """A label that cites the clause."""
    cited = Clause("refunds", version, "4.2", canonical.sha256_hex(CLAUSE.encode()))
    opinion = Opinion(
        verdict=verdict,  # type: ignore[arg-type] # tests name verdicts
        severity="major" if verdict == "non_compliant" else None,
        rationale=rationale,
        confidence="high",
        clauses=(cited,),
        duration_ms=48_200,
    )
    seen = Shown("transcript/1", truncated=("4",))
    return labelling.label_item(workspace, SILENT, campaign="C", item=item, opinion=opinion, shown=seen).value.label


def deliver(source: Workspace, target: Workspace) -> None:
    """Everything, and a receipt for it."""
    received = replicas.carry(source, target)
    with target.begin() as work:
        receipts.give(work, received.streams)


def make(folder: Path, *, judged: bool = True) -> Past:
    """Ada leads; Ben labels on his laptop, then on a copy of it, and both come home; then, unless not judged, it is stolen."""
    clock = worlds.TickingClock()  # one for all, so that none of them seems to be set
    ada = worlds.make(folder / "ada", clock=clock)
    items = worlds.put_in(ada, [worlds.run_of(n) for n in range(3)])
    campaigns.create_campaign(ada, SILENT, rules=Campaign(name="C", query="", seed="s", overlap=2, blind=False))
    version = publish(ada, CLAUSE)
    laptop = _joined(folder, ada, clock)
    replicas.bring_items(ada, laptop)
    first = say(laptop, items[0], "compliant", version, "A refund was owed.")
    laptop.close()
    shutil.copytree(folder / "laptop", folder / "copy")
    shutil.copytree(config_folder(), folder / "copied config")  # a whole machine was copied: else the copy would notice
    laptop = Workspace.open(folder / "laptop", surroundings=worlds.surroundings(clock, seed=7))
    kept = say(laptop, items[0], "non_compliant", version, "The order is 47 days old, and nobody asked for a receipt.")
    deliver(laptop, ada)
    laptop.close()
    with configured(folder / "copied config"):
        copy = Workspace.open(folder / "copy", surroundings=worlds.surroundings(clock, seed=8))
        lost = say(copy, items[0], "unsure", version, "I cannot find the receipt.")
        copy.close()
    copy = Workspace(folder / "copy", surroundings=worlds.surroundings(clock, seed=9))  # as a file is read: nobody acts
    deliver(copy, ada)
    copy.close()
    if judged:
        _judge(ada, items[0], kept, version)
    return Past(ada, items[0], first, kept, lost)


@contextmanager
def configured(folder: Path) -> Iterator[None]:
    """Settings, keys and marks of another machine."""
    before = os.environ["REVIEWER_CONFIG"]
    os.environ["REVIEWER_CONFIG"] = str(folder)
    try:
        yield
    finally:
        os.environ["REVIEWER_CONFIG"] = before


def _joined(folder: Path, ada: Workspace, clock: worlds.TickingClock) -> Workspace:
    """Ben's own machine, admitted by request."""
    joining.join_project(folder / "laptop", member="Ben", request=folder / "ben.json")
    members.admit_request(ada, SILENT, request=joining.read_request(folder / "ben.json")[0])
    laptop = Workspace.open(folder / "laptop", surroundings=worlds.surroundings(clock, seed=7))
    replicas.carry(ada, laptop)
    with laptop.begin() as work:
        assert settle(work)
    return laptop


def _judge(ada: Workspace, item: ItemId, kept: EntryHash, version: EntryHash) -> None:
    with ada.begin() as work:
        (raw,) = work.row("SELECT hash FROM campaign") or (b"",)
        note = work.keep_note("The copy of the laptop agrees on the facts.")
        ruling = Resolve(EntryHash(raw.hex()), item, "non_compliant")
        work.record(Event("resolve", ruling, deps=frozenset({kept}), reason="adjudicated", note=note))
        tips = {tip.hash: tip for tip in sending.tips(work)}
        branch = tips[kept]
        sides = [EntryHash(name.hex()) for (name,) in work.rows(
            "SELECT hash FROM entry WHERE stream = ? AND seq = ? ORDER BY hash", (bytes.fromhex(branch.stream), branch.seq)
        )]  # fmt: skip
        work.record(Event("fork_seen", ForkSeen(branch.stream, branch.seq, tuple(sides))))
        (device,) = work.row("SELECT d.id FROM device d JOIN member m ON m.id = d.member WHERE m.name = 'Ben'") or ("",)
        why = work.keep_note("Stolen from a train; a copy was in use.")
        work.record(Event("revoke", Revoke(DeviceId(device), (Point(branch.stream, branch.seq, kept),)), reason="lost", note=why))
    publish(ada, "Refunds are given within 60 days.", version)

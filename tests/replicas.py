"""Several replicas of one project in one test: made, brought together, and compared."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from reviewer.domain import canonical, chain
from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Event, StreamOpen
from reviewer.storage import journal, sending, streams
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.receiving import Arrival, Received, Receiving
from reviewer.storage.workspace import Workspace
from tests import worlds


def empty(folder: Path, *, seed: int) -> Workspace:
    """Tables, and no project yet."""
    folder.mkdir(parents=True)
    workspace = Workspace(folder, surroundings=worlds.surroundings(seed=seed))
    workspace.migrate()
    return workspace


def replica(folder: Path, of: Workspace, member: str, *, seed: int = 7) -> Workspace:
    """Another replica, on which a member works whose key lies on this machine too."""
    there = empty(folder, seed=seed)
    carry(of, there)
    with there.begin() as work:
        found = work.row("SELECT d.id FROM device d JOIN member m ON m.id = d.member WHERE m.name = ?", (member,))
        assert found is not None
        work.set_fact("devices_here", json.dumps([found[0]]))
    there.close()
    return Workspace.open(folder, surroundings=worlds.surroundings(seed=seed))


def project_of(workspace: Workspace) -> EntryHash:
    with workspace.read() as reading:
        return EntryHash(reading.fact("project") or "")


def all_entries(workspace: Workspace) -> list[Arrival]:
    with workspace.read() as reading:
        return [Arrival(bytes(raw), bytes(sig)) for raw, sig in reading.rows("SELECT body, sig FROM entry ORDER BY rowid")]


def contents(workspace: Workspace) -> list[bytes]:
    with workspace.read() as reading:
        return [bytes(content) for (content,) in reading.rows("SELECT content FROM blob")]


def take(workspace: Workspace, entries: Sequence[Arrival], project: EntryHash, blobs: Sequence[bytes] = ()) -> Received:
    """One delivery."""
    with workspace.begin() as work:
        receiving = Receiving(work, project=project)
        receiving.contents(blobs)
        receiving.entries(entries)
        return receiving.finish()


def carry(source: Workspace, target: Workspace) -> Received:
    """Everything that the target lacks, with all contents; no items."""
    with target.read() as reading:
        known = sending.tips(reading)
    with source.read() as reading:
        lacking = [one for part in sending.lacking(reading, known) for one in sending.entries_of(reading, part)]
    return take(target, lacking, project_of(source), contents(source))


def bring_items(source: Workspace, target: Workspace) -> None:
    """The items, as they lie."""
    with source.read() as reading:
        packed = reading.rows("SELECT * FROM item")
    with target.begin() as work:
        for row in packed:
            work.run(f"INSERT INTO item VALUES ({', '.join('?' * len(row))})", row)


def digest(workspace: Workspace) -> str:
    with workspace.read() as reading:
        return digest_of_tables(reading)


def sign_anything(workspace: Workspace, kind: str, value: dict[str, Any], *, version: int = 1) -> Arrival:
    """The next entry of whoever acts, as this version would not write it: of an unknown kind, with a value that does not fit, of a later
    version. It is signed, and not put in."""
    with workspace.begin() as work:
        signer = streams.apart(work, workspace.signer(work))
        body = msgspec.to_builtins(journal._body(work, Event("stream_open", StreamOpen("admitted")), signer))
    body |= {"kind": kind, "value": value, "v": version} | ({"later": {"nobody": "knows"}} if version > 1 else {})
    raw = canonical.encode(body)
    return Arrival(raw, signer.key.sign(chain.signed_bytes(chain.entry_hash(raw))))

"""Appending and verifying: the bytes, the links, the signatures, and who was admitted."""

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from reviewer.domain import chain
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.errors import Damaged
from reviewer.domain.events import BlobRef, Event, Import, Retract, Skip
from reviewer.domain.facts import Link
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import members
from reviewer.storage import journal, keys, signatures
from reviewer.storage.journal import Clockwork, Stored, Verifier
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


def stored(workspace: Workspace) -> list[Stored]:
    with workspace.read() as reading:
        return [Stored(*row) for row in reading.rows("SELECT stream, seq, hash, kind, body, sig FROM entry ORDER BY rowid")]


def judged(verifier: Verifier, entry: Stored) -> Entry | Link | None:
    seen = verifier.see(entry)
    claim = verifier.claim(seen)
    return verifier.check(seen, signed=claim is None or signatures.check([claim]) == [True])


def check(entries: list[Stored], project: str) -> list[str]:
    verifier = Verifier(EntryHash(project))
    verifier.learn([entry for entry in entries if entry.kind in ("genesis", "enrol")])
    for entry in entries:
        judged(verifier, entry)
    return [problem.what for problem in verifier.problems]


def project_of(workspace: Workspace) -> str:
    with workspace.read() as reading:
        return reading.fact("project") or ""


@pytest.fixture
def two(workspace: Workspace) -> Workspace:
    """Ada and Ben have labelled."""
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    for item in worlds.waiting(workspace)[:3]:
        worlds.label(workspace, item, rationale="é")
        worlds.label(ben, item)
    ben.close()
    return workspace


def test_entries_are_linked_numbered_and_signed(two: Workspace) -> None:
    entries = stored(two)
    assert check(entries, project_of(two)) == []
    bodies = [chain.parse(entry.raw) for entry in entries]
    assert bodies[0].kind == "genesis"
    assert bodies[0].project is None
    assert {body.project for body in bodies[1:]} == {entries[0].hash.hex()}
    enrol = next(entry for entry in entries if entry.kind == "enrol")
    first_of_ben = next(body for body in bodies if body.actor == chain.parse(enrol.raw).value["member"])
    assert (first_of_ben.seq, first_of_ben.prev) == (1, enrol.hash.hex())


def test_what_came_in_any_order_is_admitted(two: Workspace) -> None:
    entries = stored(two)
    verifier = Verifier(EntryHash(project_of(two)))
    admissions = [entry for entry in entries if entry.kind in ("genesis", "enrol")]
    assert len(verifier.learn(admissions[::-1])) == 2


def broken(entry: Stored, how: str) -> Stored:
    if how == "a byte":
        return entry._replace(raw=entry.raw.replace(b'"app":"', b'"app":"x'))
    if how == "a byte and the hash":
        raw = entry.raw.replace(b'"app":"', b'"app":"x')
        return entry._replace(raw=raw, hash=bytes.fromhex(chain.entry_hash(raw)))
    if how == "the signature":
        return entry._replace(signature=bytes(64))
    if how == "the number beside it":
        return entry._replace(seq=entry.seq + 1)
    return entry._replace(stream=bytes(16))


@pytest.mark.parametrize("how", ["a byte", "a byte and the hash", "the signature", "the number beside it", "the stream beside it"])
def test_a_changed_entry_is_told(two: Workspace, how: str) -> None:
    entries, project = stored(two), project_of(two)
    for place in range(len(entries)):
        changed = [*entries[:place], broken(entries[place], how), *entries[place + 1 :]]
        assert check(changed, project), (place, how)


def test_a_missing_entry_is_told_and_so_is_one_in_the_wrong_place(two: Workspace) -> None:
    entries, project = stored(two), project_of(two)
    last = {entry.stream: entry for entry in entries}
    for place, entry in enumerate(entries):
        if last[entry.stream] is not entry:  # a cut tail is seen only against what others know
            assert check([*entries[:place], *entries[place + 1 :]], project), place
    ada = [entry for entry in entries if entry.stream == entries[0].stream]
    assert "It does not follow the entry before it." in check([*ada[:2], ada[3], ada[2], *ada[4:]], project)


def test_any_flipped_bit_of_an_entry_is_told(two: Workspace) -> None:
    entries, project = stored(two), project_of(two)
    chance = random.Random(3)
    for _ in range(300):
        place = chance.randrange(len(entries))
        entry = entries[place]
        field = chance.choice(["raw", "hash", "signature", "stream"])
        content = bytearray(getattr(entry, field))
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        fields: dict[str, Any] = {field: bytes(content)}
        changed = [*entries[:place], entry._replace(**fields), *entries[place + 1 :]]
        assert check(changed, project), (place, field)


def test_a_signature_of_a_stranger_does_not_count(two: Workspace) -> None:
    entries, project = stored(two), project_of(two)
    stranger = keys.new_key()
    last = entries[-1]
    signature = stranger.sign.sign(chain.signed_bytes(EntryHash(last.hash.hex())))
    assert check([*entries[:-1], last._replace(signature=signature)], project) == ["It does not match its signature. [E107]"]
    body = msgspec.structs.replace(chain.parse(last.raw), device=stranger.device)
    raw = chain.compose(body)
    forged = last._replace(raw=raw, hash=bytes.fromhex(chain.entry_hash(raw)), signature=signature)
    assert check([*entries[:-1], forged], project) == ["Its device was not admitted."]


def test_a_stranger_admits_nobody(two: Workspace) -> None:
    entries, project = stored(two), project_of(two)
    enrol = next(entry for entry in entries if entry.kind == "enrol")
    place = entries.index(enrol)
    forged = enrol._replace(signature=keys.new_key().sign.sign(chain.signed_bytes(EntryHash(enrol.hash.hex()))))
    found = check([*entries[:place], forged, *entries[place + 1 :]], project)
    assert "It does not match its signature. [E107]" in found
    assert "Its device was not admitted." in found


def test_the_genesis_is_the_one_that_the_project_is_named_by(two: Workspace) -> None:
    assert "Its device was not admitted." in check(stored(two), "0" * 64)


def test_an_entry_of_a_later_version_is_kept_and_no_fault_and_a_change_to_it_is_one(two: Workspace) -> None:
    entries, project = stored(two), project_of(two)
    said = replicas.sign_anything(two, "label", {"rays": 2}, version=2)
    body = chain.header(said.raw)
    name = bytes.fromhex(chain.entry_hash(said.raw))
    later = Stored(bytes.fromhex(body.stream), body.seq, name, body.kind, said.raw, said.signature)
    for one, problems in (
        (later, 0),
        (later._replace(signature=bytes(64)), 1),
        (later._replace(seq=99), 1),
        (later._replace(raw=b"{}"), 1),
    ):
        verifier = Verifier(EntryHash(project))
        verifier.learn([entry for entry in entries if entry.kind in ("genesis", "enrol")])
        found = [judged(verifier, entry) for entry in [*entries, one]][-1]
        assert found == (None if problems else Link(chain.entry_hash(said.raw), body.device, body.stream, body.seq, body.prev))
        assert len(verifier.problems) == problems


def test_the_heads_of_a_sound_workspace_hold_and_a_changed_one_does_not(two: Workspace) -> None:
    with two.begin() as work:
        journal.check_heads(work)
        work.run("DROP TRIGGER entry_is_never_changed")
        work.run("UPDATE entry SET sig = zeroblob(64) WHERE rowid = (SELECT max(rowid) FROM entry)")
        with pytest.raises(Damaged) as error:
            journal.check_heads(work)
    assert error.value.code == "E107"


def test_what_readers_would_not_take_is_never_signed(workspace: Workspace) -> None:
    before = len(stored(workspace))
    with pytest.raises(msgspec.ValidationError), workspace.begin() as work:
        work.record(Event("skip", Skip(EntryHash("C"), ItemId("x"))))
    many = frozenset(EntryHash(f"{n:064x}") for n in range(65))
    with pytest.raises(ValueError, match="deps"), workspace.begin() as work:
        work.record(Event("retract", Retract(EntryHash("0" * 64), ItemId("0" * 64)), deps=many, reason="undo"))
    assert len(stored(workspace)) == before


def test_an_entry_over_64_kb_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="over"), workspace.begin() as work:
        work.record(Event("import", Import("x" * 70_000, "f", 1, BlobRef(0, "0" * 64))))


@pytest.mark.parametrize(
    ("readings", "flags"),
    [
        ([(0, 0), (1_000, 1_000)], ["ok", "ok"]),
        ([(0, 0), (300_001, 0)], ["ok", "jump_fwd"]),
        ([(0, 0), (300_000, 0)], ["ok", "ok"]),
        ([(1_000_000, 0), (2_000_000, 1_400_000)], ["ok", "jump_back"]),
        ([(1_000, 0), (999, 10)], ["ok", "jump_back"]),
        ([(0, 0), (28_800_000, 28_800_000)], ["ok", "ok"]),
    ],
)
def test_a_clock_is_judged_against_one_that_nobody_sets(readings: list[tuple[int, int]], flags: list[str]) -> None:
    clockwork, last, found = Clockwork(), None, []
    for wall, steady in readings:
        found.append(clockwork.judge(wall, steady, last))
        last = wall
    assert found == flags


def test_a_clock_behind_the_last_entry_is_noticed_after_a_restart() -> None:
    assert Clockwork().judge(1_000, 0, 2_000) == "jump_back"


def test_signed_bytes_are_golden(tmp_path: Path) -> None:
    """With one key, one clock and one source of chance the genesis is always the same entry: nothing signed has changed."""
    key = keys.DeviceKey(Ed25519PrivateKey.from_private_bytes(b"\x01" * 32), X25519PrivateKey.from_private_bytes(b"\x02" * 32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "new_key", lambda: key)
        patch.setattr(journal, "__version__", "0.0.0")
        workspace = worlds.make(tmp_path / "w")
    entry = stored(workspace)[0]
    workspace.close()
    assert entry.hash.hex() == "d5ae7ebd9a81174fcb84a1620234724041fcfd253025b9388a715aad05db06dc"
    assert entry.signature.hex() == (
        "acf03d5f08f62bb4683568cda53183ec090e57f39021c0473d7017211d24308e5715666e128559aeec1bfeec4853416ffe07ba658ac060355e32332f8ffff106"
    )

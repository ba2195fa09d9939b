"""The same set of entries makes the same state, and only those who may make it."""

import hashlib
import random
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reviewer.domain import admissions, canonical, chain, fold, merging
from reviewer.domain.admissions import own_stream
from reviewer.domain.chain import Body, DeviceId, Entry, EntryHash, MemberId, StreamId
from reviewer.domain.events import (
    BlobRef,
    Campaign,
    CampaignClose,
    Draw,
    Enrol,
    Escalate,
    Export,
    Genesis,
    Label,
    Release,
    Retract,
    Role,
    Shown,
    Skip,
)
from reviewer.domain.items import ItemId
from reviewer.domain.merging import Conflict
from reviewer.domain.state import SECTIONS, AsideFact, CampaignFact, Departure, DrawFact, LabelFact, State, set_digest
from reviewer.storage.workspace import Workspace

ITEM, OTHER = ItemId("e" * 64), ItemId("f" * 64)
BLOB = BlobRef(1, "d" * 64)


class Person:
    """A member at one device, who writes entries that hold."""

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.member = MemberId(f"{number:032x}")
        self.stream = StreamId(f"{number + 100:032x}")
        self.sign_key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32).public_key().public_bytes_raw().hex()
        self.device = DeviceId(hashlib.sha256(bytes.fromhex(self.sign_key)).hexdigest())
        self.head: EntryHash | None = None
        self.seq = 0

    def writes(self, kind: str, value: Any, *, project: EntryHash | None, deps: tuple[str, ...] = (), reason: str | None = None) -> Entry:
        self.seq += 1
        body = Body(
            v=1, project=project, stream=self.stream, seq=self.seq, prev=self.head, kind=kind, actor=self.member, device=self.device,
            deps=tuple(EntryHash(d) for d in sorted(deps)), value=value if isinstance(value, dict) else msgspec.to_builtins(value),
            reason=reason, note=None, wall_ms=self.seq, tz="+00:00", hlc=(self.seq, 0), clock="ok", dur_ms=None, app="test",
        )  # fmt: skip
        raw = chain.compose(body)
        self.head = chain.entry_hash(raw)
        return Entry(self.head, body, raw, b"")


class World:
    """Ada, who leads, and whomever she admits; every entry that they write."""

    def __init__(self) -> None:
        self.ada = Person("Ada", 1)
        value = Genesis("Refunds", self.ada.member, "Ada", self.ada.device, self.ada.sign_key, "a" * 64, "n")
        genesis = self.ada.writes("genesis", value, project=None)
        self.project = genesis.hash
        self.entries = [genesis]
        self.campaign = self.write(self.ada, "campaign", Campaign(name="C", query="", seed="s", overlap=2))

    def write(self, who: Person, kind: str, value: Any, *deps: str, reason: str | None = None) -> EntryHash:
        entry = who.writes(kind, value, project=self.project, deps=deps, reason=reason)
        self.entries.append(entry)
        return entry.hash

    def admit(self, name: str, number: int, role: Role = "reviewer", *, by: Person | None = None) -> Person:
        who = Person(name, number)
        self.write(by or self.ada, "enrol", Enrol(who.member, name, role, who.device, who.sign_key, "a" * 64, who.stream))
        return who

    def enrol(self, who: Person, *, stream: str, by: Person | None = None) -> EntryHash:
        """Admit a device to a stream that may be another's."""
        value = Enrol(who.member, who.name, "reviewer", who.device, who.sign_key, "a" * 64, StreamId(stream))
        return self.write(by or self.ada, "enrol", value)

    def label(self, who: Person, verdict: str, *deps: str, item: ItemId = ITEM, showing: int = 1, campaign: str | None = None) -> EntryHash:
        value = Label(
            campaign=EntryHash(campaign or self.campaign), item=item, showing=showing, clauses=(), spans=(), omissions=(), steps={},
            blind=True, shown=Shown("test"), verdict=verdict,  # type: ignore[arg-type] # the cases name verdicts
        )  # fmt: skip
        return self.write(who, "label", value, *deps)

    def retract(self, who: Person, *deps: str, item: ItemId = ITEM) -> EntryHash:
        return self.write(who, "retract", Retract(self.campaign, item), *deps, reason="undo")

    @property
    def state(self) -> State:
        return fold.fold(self.entries)

    @property
    def in_force(self) -> set[EntryHash]:
        return {label.hash for label in self.state.labels if label.in_force}

    def why_not(self, name: EntryHash) -> str:
        return dict(self.state.not_counted)[name]


def entries_of(workspace: Workspace) -> list[Entry]:
    with workspace.read() as reading:
        rows = reading.rows("SELECT hash, body, sig FROM entry")
    return [Entry(EntryHash(name.hex()), chain.parse(raw), raw, sig) for name, raw, sig in rows]


def test_a_hundred_orders_batches_and_repeats_of_a_busy_workspace_make_one_digest(busy_workspace: Workspace) -> None:
    entries = entries_of(busy_workspace)
    state = fold.fold(entries)
    assert len(state.labels) > 200
    assert len(state.labels) > sum(label.in_force for label in state.labels) > 100
    chance = random.Random(2)
    for _ in range(100):
        chance.shuffle(entries)
        twice = entries + entries[: chance.randrange(len(entries))]
        chance.shuffle(twice)
        assert fold.fold(twice) == state
    assert fold.fold(entries).digest == state.digest
    assert fold.fold(entries[:-1]).digest != state.digest or entries[-1].body.kind in ("import", "stream_open")


def test_the_digest_is_sha_256_over_the_rfc_8785_bytes_of_the_whole_state(busy_workspace: Workspace) -> None:
    state = fold.fold(entries_of(busy_workspace))
    whole = {name: [one._asdict() for one in getattr(state, name)] for name in SECTIONS} | {"project": state.project}
    assert state.digest == hashlib.sha256(canonical.encode(whole)).hexdigest()


def test_the_set_digest_knows_the_set_and_not_its_order() -> None:
    a, b = EntryHash("a" * 64), EntryHash("b" * 64)
    assert set_digest([a, b]) == set_digest([b, a, a]) == hashlib.sha256(bytes.fromhex(a + b)).hexdigest()
    assert set_digest([a]) != set_digest([a, b])


def test_no_entries_make_an_empty_state() -> None:
    assert fold.fold([]) == State(None, *[()] * (len(State._fields) - 1))
    assert fold.fold([]).digest == fold.fold([]).digest


def test_a_label_takes_the_place_of_exactly_those_that_it_names() -> None:
    world = World()
    first = world.label(world.ada, "compliant")
    second = world.label(world.ada, "unsure")
    third = world.label(world.ada, "non_compliant", first)
    assert world.in_force == {second, third}
    assert len(world.state.labels) == 3


@pytest.mark.parametrize("what", ["other item", "other showing", "other member", "other campaign"])
def test_a_label_gives_way_only_to_its_author_on_the_same_question(what: str) -> None:
    world = World()
    ben = world.admit("Ben", 2)
    other = world.write(world.ada, "campaign", Campaign(name="D", query="", seed="s"))
    first = world.label(world.ada, "compliant")
    second = world.label(
        ben if what == "other member" else world.ada,
        "unsure",
        first,
        item=OTHER if what == "other item" else ITEM,
        showing=2 if what == "other showing" else 1,
        campaign=other if what == "other campaign" else None,
    )
    assert world.in_force == {first, second}


def test_only_own_labels_are_taken_back() -> None:
    world = World()
    ben = world.admit("Ben", 2)
    first = world.label(world.ada, "compliant")
    world.retract(ben, first)
    assert world.in_force == {first}
    world.retract(world.ada, first, item=OTHER)
    assert world.in_force == {first}
    world.retract(world.ada, first)
    assert world.in_force == set()


def test_of_a_retraction_and_another_label_that_did_not_know_of_each_other_the_label_lives() -> None:
    world = World()
    first = world.label(world.ada, "compliant")
    again = world.label(world.ada, "unsure", first)
    world.retract(world.ada, first)
    assert world.in_force == {again}


def test_a_label_that_was_replaced_does_not_come_back_when_its_successor_is_taken_back() -> None:
    world = World()
    first = world.label(world.ada, "compliant")
    world.retract(world.ada, world.label(world.ada, "unsure", first))
    assert world.in_force == set()


@pytest.mark.parametrize(("second", "conflicts"), [("compliant", 0), ("unsure", 1)])
def test_two_answers_of_one_member_that_differ_are_a_conflict_until_a_third_names_both(second: str, conflicts: int) -> None:
    world = World()
    one, two = world.label(world.ada, "compliant"), world.label(world.ada, second)
    assert len(world.state.conflicts) == conflicts
    if conflicts:
        found = world.state.conflicts[0]
        assert found == Conflict("two_answers", world.campaign, ITEM, tuple(sorted((one, two))))
    world.label(world.ada, "compliant", one, two)
    assert world.state.conflicts == ()


def test_two_preferences_that_differ_are_a_conflict() -> None:
    world = World()
    for best in ("A", "B"):
        value = {
            "campaign": world.campaign, "item": ITEM, "showing": 1, "clauses": [], "spans": [], "omissions": [], "steps": {}, "blind": True,
            "shown": {"renderer": "t"},
            "preference": {"ranking": [[best]], "strength": "clear", "both_bad": False, "order_shown": ["A", "B"]},
        }  # fmt: skip
        world.write(world.ada, "label", value)
    assert len(world.state.conflicts) == 1


OBSERVED = {
    "label": None,
    "skip": Skip(EntryHash("0" * 64), ITEM),
    "escalate": Escalate(EntryHash("0" * 64), ITEM),
    "campaign": Campaign(name="X", query="", seed="s"),
    "draw": Draw(EntryHash("0" * 64), "", BLOB, {}, BLOB),
    "campaign_close": CampaignClose(EntryHash("0" * 64)),
    "release": Release((), "jsonl", "answer", {}, "d" * 64),
    "enrol": Enrol(MemberId("9" * 32), "Eve", "lead", DeviceId("9" * 64), "9" * 64, "9" * 64, StreamId("9" * 32)),
}


@pytest.mark.parametrize("kind", OBSERVED)
def test_what_an_observer_had_no_right_to_is_kept_and_not_counted(kind: str) -> None:
    world = World()
    olga = world.admit("Olga", 3, "observer")
    before = world.state
    value = OBSERVED[kind]
    if value is not None and hasattr(value, "campaign"):
        value = msgspec.structs.replace(value, campaign=world.campaign)
    name = world.label(olga, "compliant") if value is None else world.write(olga, kind, value)
    after = world.state
    assert after.digest == before.digest
    assert {one.hash for one in after.not_counted} == {name}


def test_an_export_is_counted_for_everyone() -> None:
    world = World()
    olga = world.admit("Olga", 3, "observer")
    name = world.write(olga, "export", Export(None, "csv", 3, "d" * 64))
    assert world.state.departures == ((name, "export"),)


def test_only_a_chain_of_leads_admits() -> None:
    world = World()
    ben = world.admit("Ben", 2)
    cleo = world.admit("Cleo", 3, "lead")
    dora = world.admit("Dora", 4, by=cleo)
    eve = world.admit("Eve", 5, by=ben)
    stranger = Person("Mallory", 6)
    given = {who.name: world.label(who, "compliant") for who in (ben, cleo, dora, eve, stranger)}
    assert {member.name for member in world.state.members} == {"Ada", "Ben", "Cleo", "Dora"}
    assert world.in_force == {given["Ben"], given["Cleo"], given["Dora"]}
    assert world.why_not(given["Eve"]) == world.why_not(given["Mallory"]) == "Its device was not admitted."


def test_nobody_speaks_for_another_member() -> None:
    world = World()
    ben = world.admit("Ben", 2)
    ben.member = world.ada.member
    assert world.why_not(world.label(ben, "compliant")) == "It speaks for another member."


def test_of_two_admissions_of_one_device_the_one_with_more_rights_holds_in_any_order() -> None:
    world = World()
    ben = world.admit("Ben", 2, "observer")
    world.write(world.ada, "enrol", Enrol(ben.member, "Benjamin", "adjudicator", ben.device, ben.sign_key, "a" * 64, ben.stream))
    name = world.label(ben, "compliant")
    states = {fold.fold(order).digest for order in (world.entries, world.entries[::-1])}
    assert len(states) == 1
    assert world.in_force == {name}
    assert ("Ben", "adjudicator") in {(member.name, member.role) for member in world.state.members}


def test_an_entry_of_another_project_is_not_counted() -> None:
    world = World()
    stray = world.ada.writes("campaign", Campaign(name="X", query="", seed="s"), project=EntryHash("0" * 64))
    assert dict(fold.fold([*world.entries, stray]).not_counted)[stray.hash] == "It belongs to another project."


def test_a_genesis_beside_the_root_is_not_counted() -> None:
    world = World()
    eve = Person("Eve", 7)
    second = eve.writes("genesis", Genesis("Mine", eve.member, "Eve", eve.device, eve.sign_key, "a" * 64, "n"), project=None)
    state = fold.fold([second, *world.entries], project=world.project)
    assert state.digest == world.state.digest
    assert dict(state.not_counted)[second.hash] == "It belongs to another project."


def test_a_key_that_is_not_the_devices_admits_nobody() -> None:
    world = World()
    eve = Person("Eve", 7)
    name = world.write(world.ada, "enrol", Enrol(eve.member, "Eve", "lead", DeviceId("8" * 64), eve.sign_key, "a" * 64, eve.stream))
    assert world.why_not(name) == "Its device is not the fingerprint of its key."


def test_a_lead_cannot_put_a_device_into_the_stream_of_another_one() -> None:
    """Not even the root, and not ahead of the device that the stream belongs to by its name."""
    world, ben, eve = World(), Person("Ben", 5), Person("Eve", 6)
    dan = world.admit("Dan", 4, "lead")
    early = world.enrol(eve, stream=own_stream(ben.device))
    world.enrol(ben, stream=own_stream(ben.device), by=dan)
    assert world.why_not(early) == "It admits a device to the stream of another one."
    assert ben.device in {device.id for device in world.state.devices}
    assert eve.device not in {device.id for device in world.state.devices}
    assert world.why_not(world.label(eve, "compliant")) == "Its device was not admitted."
    shuffled = list(world.entries)
    for seed in range(20):
        random.Random(seed).shuffle(shuffled)
        assert fold.fold(shuffled, project=world.project) == world.state


def test_what_answers_an_unknown_campaign_waits_for_it() -> None:
    world = World()
    name = world.label(world.ada, "compliant")
    campaign = next(entry for entry in world.entries if entry.body.kind == "campaign")
    without = [entry for entry in world.entries if entry is not campaign]
    assert dict(fold.fold(without).not_counted)[name] == "Its campaign is not known."
    assert fold.fold([*without, campaign]).digest == world.state.digest


def test_an_unknown_kind_changes_nothing_and_is_no_fault() -> None:
    world = World()
    before = world.state
    world.write(world.ada, "hologram", {"a": 1})
    assert world.state == before


@pytest.mark.parametrize("value", [{}, {"campaign": "x", "item": ITEM}, {"campaign": "A" * 64, "item": ITEM}, {"campaign": 1, "item": 2}])
def test_a_value_that_does_not_fit_its_kind_is_not_counted(value: dict[str, Any]) -> None:
    world = World()
    before = world.state
    name = world.write(world.ada, "skip", value)
    assert world.state.digest == before.digest
    assert world.why_not(name).startswith("Its value does not fit its kind")


def test_a_retraction_without_a_reason_is_not_counted() -> None:
    world = World()
    first = world.label(world.ada, "compliant")
    name = world.write(world.ada, "retract", Retract(world.campaign, ITEM), first)
    assert world.in_force == {first}
    assert world.why_not(name) == "It gives no reason."


def test_a_closed_campaign_keeps_labels_that_came_late() -> None:
    world = World()
    world.write(world.ada, "campaign_close", CampaignClose(world.campaign), world.campaign)
    name = world.label(world.ada, "compliant")
    assert [campaign.closed for campaign in world.state.campaigns] == [True]
    assert world.in_force == {name}


def test_no_clock_is_part_of_the_state() -> None:
    for kind in (LabelFact, CampaignFact, DrawFact, AsideFact, Departure, merging.Conflict, admissions.Admitted):
        assert not [field for field in kind._fields if "ms" in field or "time" in field]

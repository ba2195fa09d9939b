"""Entries that come after what they bear on: the tables are then what a rebuild makes of them, and nothing waits for ever."""

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from reviewer.domain import canonical, chain
from reviewer.domain.admissions import MISPLACED, own_stream
from reviewer.domain.chain import EntryHash, MemberId, StreamId
from reviewer.domain.events import (
    BlobRef,
    Campaign,
    CampaignClose,
    Clause,
    Draw,
    Enrol,
    Event,
    Label,
    MemberNamed,
    Point,
    Resolve,
    Revoke,
    Role,
    Shown,
    Skip,
    Verdict,
)
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage import keys
from reviewer.storage.receiving import Arrival, missing
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds

ITEM = ItemId("e" * 64)


def sound(workspace: Workspace) -> None:
    """The tables say what the journal says."""
    found = verifying.verify(workspace, SILENT).value
    assert [problem for problem in found.problems if problem.where != "items" and "is not here" not in problem.what] == []
    assert replicas.digest(workspace) == found.digest


class Pair:
    """Ada's workspace, and a device that she may admit, as whom a second replica writes."""

    def __init__(self, tmp_path: Path) -> None:
        self.tmp_path = tmp_path
        self.ada = worlds.make(tmp_path / "ada")
        self.project = replicas.project_of(self.ada)
        self.number = 0

    def write(self, event: Event, who: Workspace | None = None) -> EntryHash:
        with (who or self.ada).begin() as work:
            return work.record(event)

    def enrol(self, key: keys.DeviceKey, member: str, role: Role, *, stream: str = "a" * 32, by: Workspace | None = None) -> EntryHash:
        value = Enrol(MemberId(member), f"Ben {member[0]}", role, key.device, key.sign_hex, key.seal_hex, StreamId(stream))
        return self.write(Event("enrol", value), by)

    def site(self, key: keys.DeviceKey) -> Workspace:
        """A replica that has what Ada has, on which the device of a key works."""
        keys.keep(key, None)
        there = self.fresh()
        replicas.carry(self.ada, there)
        with there.begin() as work:
            work.set_fact("devices_here", json.dumps([key.device]))
        there._choose(None)
        return there

    def fresh(self) -> Workspace:
        self.number += 1
        return replicas.empty(self.tmp_path / f"fresh{self.number}", seed=40 + self.number)


def newest(workspace: Workspace, count: int = 1) -> list[Arrival]:
    return replicas.all_entries(workspace)[-count:]


def ask(pair: Pair, name: str = "C") -> EntryHash:
    return pair.write(Event("campaign", Campaign(name=name, query="", seed="s")))


def label_of(campaign: EntryHash, verdict: Verdict = "compliant") -> Event:
    return Event(
        "label",
        Label(
            campaign=campaign, item=ITEM, showing=1, clauses=(), spans=(), omissions=(), steps={}, blind=True, shown=Shown("test"),
            verdict=verdict,
        ),
    )  # fmt: skip


def test_a_resolution_that_came_before_the_draw_completes_the_item_all_the_same(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    campaign = ask(pair)
    pair.write(Event("resolve", Resolve(campaign, ITEM, "compliant"), reason="review"))
    with pair.ada.begin() as work:
        picks = BlobRef(1, work.keep_blob(canonical.encode([[ITEM, "", "control", "1", "0.5"]])))
        population = BlobRef(1, work.keep_blob(bytes.fromhex(ITEM)))
        work.record(Event("draw", Draw(campaign, "", population, {"design": "srs"}, picks)))
    with pair.ada.read() as reading:
        assert reading.row("SELECT complete, answered FROM campaign") == (1, 1)
    sound(pair.ada)


def test_a_device_admitted_for_another_member_as_well_speaks_for_whom_the_smaller_hash_says(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    ask(pair)
    pair.enrol(key, "b" * 32, "reviewer")
    ben = pair.site(key)
    pair.write(Event("skip", Skip(EntryHash("c" * 64), ITEM)), ben)
    with ben.read() as reading:
        (campaign,) = reading.row("SELECT hash FROM campaign") or (b"",)
    pair.write(Event("skip", Skip(EntryHash(campaign.hex()), ITEM)), ben)
    replicas.carry(ben, pair.ada)
    for member in "cdef":
        pair.enrol(key, member * 32, "reviewer")
        sound(pair.ada)
    pair.enrol(key, "a" * 32, "lead")
    sound(pair.ada)


def test_why_an_entry_does_not_count_is_said_anew_when_more_is_known(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.enrol(key, "b" * 32, "observer")
    ben = pair.site(key)
    pair.write(Event("campaign_close", CampaignClose(EntryHash("c" * 64))), ben)
    pair.enrol(key, "b" * 32, "reviewer")
    replicas.carry(ben, pair.ada)
    replicas.carry(pair.ada, ben)
    for one in (pair.ada, ben):
        with one.read() as reading:
            assert reading.rows("SELECT why FROM uncounted") == [("Its author is reviewer and had no right to it.",)]
        sound(one)


@pytest.mark.parametrize("version", [1, 2])
def test_what_a_later_version_wrote_is_a_link_of_its_stream_like_any_other(tmp_path: Path, version: int) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.enrol(key, "b" * 32, "reviewer")
    ben = pair.site(key)
    twin = pair.site(key)
    first = pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), "First")), ben)
    replicas.carry(ben, twin)
    for one in (ben, twin):
        replicas.take(one, [replicas.sign_anything(one, "hologram", {"of": one.folder.name}, version=version)], pair.project)
    last = pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), "Last"), deps=frozenset({first})), twin)
    for one in (ben, twin):
        replicas.carry(one, pair.ada)
    with pair.ada.read() as reading:
        (stream, seq) = reading.row("SELECT stream, seq FROM entry WHERE hash = ?", (bytes.fromhex(last),)) or (b"", 0)
        assert seq == 3
    sound(pair.ada)
    pair.write(Event("revoke", Revoke(key.device, (Point(StreamId(stream.hex()), 3, last),)), reason="lost"))
    sound(pair.ada)
    with pair.ada.read() as reading:
        assert reading.row("SELECT name FROM member WHERE id = ?", ("b" * 32,)) == ("Last",)
        assert reading.row("SELECT count(*) FROM untrusted") == (1,)


def test_an_entry_of_a_revoked_device_that_says_nothing_known_may_still_tell_which_branch_is_trusted(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.enrol(key, "b" * 32, "reviewer")
    ben, twin = pair.site(key), pair.site(key)
    for one, name in ((ben, "Left"), (twin, "Right")):
        pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), name)), one)
        replicas.carry(one, pair.ada)
    telling = replicas.sign_anything(twin, "hologram", {})
    said = chain.parse(telling.raw)
    point = Point(said.stream, said.seq, chain.entry_hash(telling.raw))
    pair.write(Event("revoke", Revoke(key.device, (point,)), reason="lost"))
    sound(pair.ada)
    replicas.take(pair.ada, [telling], pair.project)
    sound(pair.ada)
    with pair.ada.read() as reading:
        assert reading.row("SELECT name FROM member WHERE id = ?", ("b" * 32,)) == ("Right",)


def test_an_entry_for_a_member_for_whom_its_device_is_not_yet_admitted_waits(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.enrol(key, "b" * 32, "reviewer")
    there = pair.fresh()
    replicas.carry(pair.ada, there)
    pair.enrol(key, "c" * 32, "adjudicator")
    admission = newest(pair.ada)
    carl = pair.site(key)
    pair.write(Event("member_name", MemberNamed(MemberId("c" * 32), "Carl")), carl)
    assert replicas.take(there, newest(carl), pair.project).pending == 1
    received = replicas.take(there, admission, pair.project)
    assert (received.added, received.pending) == (2, 0)
    assert replicas.digest(there) == replicas.digest(carl)


def spoilt(good: Arrival) -> Arrival:
    """The same words, changed where they say no name."""
    place = good.raw.index(b'"tz":"') + len('"tz":"')
    return Arrival(good.raw[:place] + b"-" + good.raw[place + 1 :], good.signature)


def test_a_changed_entry_that_waited_for_its_device_is_dropped_and_keeps_nobody_out(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    before = replicas.all_entries(pair.ada)
    pair.enrol(key, "b" * 32, "reviewer")
    admission = newest(pair.ada)
    ben = pair.site(key)
    pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), "Bennet")), ben)
    (good,) = newest(ben)
    for bad in (spoilt(good), Arrival(good.raw, bytes(64))):
        there = pair.fresh()
        assert replicas.take(there, [*before, bad], pair.project).pending == 1
        received = replicas.take(there, admission, pair.project)
        assert (received.added, received.pending) == (1, 0)
        assert replicas.take(there, [good], pair.project).added == 1
        assert replicas.digest(there) == replicas.digest(ben)
        there.close()


def test_an_entry_put_into_anothers_stream_keeps_nobody_out(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.enrol(key, "b" * 32, "reviewer")
    ben, there = pair.site(key), pair.fresh()
    replicas.carry(pair.ada, there)
    ask(pair)
    (real,) = newest(pair.ada)
    said = chain.parse(real.raw)
    with ben.begin() as work:
        signer = ben.signer(work)
    body = canonical.decode(replicas.sign_anything(ben, "hologram", {}).raw)
    assert isinstance(body, dict)
    raw = canonical.encode(body | {"stream": said.stream, "seq": said.seq + 1, "prev": chain.entry_hash(real.raw)})
    intruder = Arrival(raw, signer.key.sign(chain.signed_bytes(chain.entry_hash(raw))))
    assert replicas.take(there, [intruder], pair.project).pending == 1
    received = replicas.take(there, [real], pair.project)
    assert (received.added, received.pending) == (1, 0)
    assert replicas.digest(there) == replicas.digest(pair.ada)


@pytest.mark.parametrize("wrote_before", [True, False])
def test_who_was_admitted_by_somebody_with_no_right_yet_is_let_in_with_that_right(tmp_path: Path, wrote_before: bool) -> None:
    pair, key, other = Pair(tmp_path), keys.new_key(), keys.new_key()
    pair.enrol(key, "b" * 32, "reviewer")
    ben = pair.site(key)
    if wrote_before:
        pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), "Ben")), ben)
        replicas.carry(ben, pair.ada)
    there = pair.fresh()
    replicas.carry(pair.ada, there)
    pair.enrol(key, "b" * 32, "lead")
    promotion = newest(pair.ada)
    replicas.carry(pair.ada, ben)
    pair.enrol(other, "c" * 32, "reviewer", stream="c" * 32, by=ben)
    admission = newest(ben)
    replicas.carry(ben, pair.ada)
    carl = pair.site(other)
    pair.write(Event("member_name", MemberNamed(MemberId("c" * 32), "Carl")), carl)
    pair.write(Event("member_name", MemberNamed(MemberId("c" * 32), "Carlo")), carl)
    waits = 2 if wrote_before else 3  # the first entry of Ben's stream follows the admission that made him a lead
    assert replicas.take(there, [*admission, *newest(carl, 2)], pair.project).pending == waits
    received = replicas.take(there, promotion, pair.project)
    assert (received.added, received.pending) == (waits + 1, 0)
    assert replicas.digest(there) == replicas.digest(carl)
    sound(there)


def test_what_waited_for_its_device_and_now_waits_for_an_earlier_entry_is_named_as_a_gap(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    before = replicas.all_entries(pair.ada)
    pair.enrol(key, "b" * 32, "reviewer")
    admission = newest(pair.ada)
    ben = pair.site(key)
    for name in ("One", "Two"):
        pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), name)), ben)
    there = pair.fresh()
    replicas.take(there, [*before, *newest(ben)], pair.project)
    replicas.take(there, admission, pair.project)
    with there.read() as reading:
        assert missing(reading) == [("a" * 32, 1, 1, key.device)]


def admitted(workspace: Workspace, *which: keys.DeviceKey) -> list[bool]:
    with workspace.read() as reading:
        known = {device for (device,) in reading.rows("SELECT id FROM device")}
    return [key.device in known for key in which]


def in_every_order(pair: Pair, entries: list[Arrival]) -> Iterator[Workspace]:
    """Fresh replicas that get these after everything else, in each order."""
    names = {chain.entry_hash(one.raw) for one in entries}
    rest = [one for one in replicas.all_entries(pair.ada) if chain.entry_hash(one.raw) not in names]
    for order in permutations(entries):
        there = pair.fresh()
        for batch in (rest, *([one] for one in order)):
            replicas.take(there, batch, pair.project)
        yield there
        there.close()


def test_of_two_devices_that_were_given_one_stream_the_same_one_has_it_everywhere(tmp_path: Path) -> None:
    winners = set[int]()
    for number in range(40):  # which it is is a matter of hashes
        if winners == {0, 1}:
            break
        place = tmp_path / str(number)
        place.mkdir()
        pair, key, other = Pair(place), keys.new_key(), keys.new_key()
        pair.enrol(key, "b" * 32, "reviewer")
        ben = pair.site(key)
        pair.enrol(other, "c" * 32, "reviewer")
        both = newest(pair.ada, 2)
        pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), "New b")), ben)
        replicas.carry(ben, pair.ada)
        sound(pair.ada)
        found = admitted(pair.ada, key, other)
        assert sorted(found) == [False, True]
        winners.add(found.index(True))
        for there in in_every_order(pair, both):
            sound(there)
            assert admitted(there, key, other) == found
        for revoked in (key, other):
            pair.write(Event("revoke", Revoke(revoked.device, ()), reason="lost"))
            sound(pair.ada)
        pair.ada.close()
        ben.close()
    assert winners == {0, 1}, "both cases were met"


def test_nobody_is_admitted_to_the_stream_that_is_a_devices_by_its_name(tmp_path: Path) -> None:
    pair, key, other = Pair(tmp_path), keys.new_key(), keys.new_key()
    own = own_stream(key.device)
    pair.enrol(other, "c" * 32, "reviewer", stream=own)  # by a lead who knows who will ask to be admitted
    assert admitted(pair.ada, other) == [True], "nobody else is known yet"
    pair.enrol(key, "b" * 32, "reviewer", stream=own)
    both = newest(pair.ada, 2)
    sound(pair.ada)
    assert admitted(pair.ada, key, other) == [True, False]
    for there in in_every_order(pair, both):
        sound(there)
        assert admitted(there, key, other) == [True, False]
        with there.read() as reading:
            assert reading.rows("SELECT why FROM uncounted") == [(MISPLACED,)]
    ben = pair.site(key)
    pair.write(Event("member_name", MemberNamed(MemberId("b" * 32), "New b")), ben)
    assert replicas.carry(ben, pair.ada).added == 1
    sound(pair.ada)


def test_a_resolution_that_came_before_its_authors_own_label_stops_counting(tmp_path: Path) -> None:
    pair, key, other = Pair(tmp_path), keys.new_key(), keys.new_key()
    campaign = ask(pair)
    for one, stream in ((key, "a"), (other, "c")):
        pair.enrol(one, "b" * 32, "adjudicator", stream=stream * 32)
    ben = pair.site(key)
    given = pair.write(label_of(campaign), ben)
    (first,) = newest(ben)
    second = pair.site(other)
    ruling = Resolve(campaign, ITEM, "compliant", (Clause("refunds", "a" * 64, "4.2", "b" * 64),))
    pair.write(Event("resolve", ruling, deps=frozenset({given}), reason="review"), second)
    resolution = newest(second)
    for batches in ([resolution, [first]], [[first], resolution], [[first, *resolution]]):
        there = pair.fresh()
        replicas.carry(pair.ada, there)
        for batch in batches:
            replicas.take(there, batch, pair.project)
        sound(there)
        with there.read() as reading:
            assert reading.rows("SELECT why FROM uncounted") == [("It resolves an item on which its author gave one of the labels.",)]
            assert reading.row("SELECT count(*) FROM resolution") == (0,)
            assert reading.row("SELECT count(*) FROM label_clause") == (0,)


def test_two_answers_of_one_member_stand_side_by_side_whichever_came_first(tmp_path: Path) -> None:
    pair, key, other = Pair(tmp_path), keys.new_key(), keys.new_key()
    campaign = ask(pair)
    for one, stream in ((key, "a"), (other, "c")):
        pair.enrol(one, "b" * 32, "reviewer", stream=stream * 32)
    answers: list[list[Arrival]] = []
    verdicts: tuple[Verdict, ...] = ("compliant", "non_compliant")
    for one, verdict in zip((key, other), verdicts, strict=True):
        site = pair.site(one)
        pair.write(label_of(campaign, verdict), site)
        answers.append(newest(site))
    digests = set()
    for batches in (answers, answers[::-1]):
        there = pair.fresh()
        replicas.carry(pair.ada, there)
        for batch in batches:
            replicas.take(there, batch, pair.project)
        digests.add(verifying.verify(there, SILENT).value.digest)
    assert len(digests) == 1, "another order, another digest"
    with there.read() as reading:
        assert reading.row("SELECT sum(in_force) FROM label") == (2,)

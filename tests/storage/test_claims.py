"""Admissions that bear on one another: whoever takes them in, in whatever order, admits the same devices."""

from itertools import count
from pathlib import Path

from reviewer.domain import canonical, chain
from reviewer.domain.events import Event, MemberNamed, Point, Revoke
from reviewer.storage import keys
from reviewer.storage.receiving import Arrival
from reviewer.storage.workspace import Workspace
from tests import replicas
from tests.storage.test_late_arrivals import Pair, admitted, newest, sound


def lead(pair: Pair, letter: str) -> tuple[keys.DeviceKey, Workspace]:
    """A lead whom Ada admits, and a replica on which they work."""
    key = keys.new_key()
    pair.enrol(key, letter * 32, "lead", stream=letter * 32)
    return key, pair.site(key)


def test_a_device_that_was_revoked_before_it_was_admitted_here_is_revoked_all_the_same(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.write(Event("revoke", Revoke(key.device, ()), reason="lost"))
    sound(pair.ada)
    pair.enrol(key, "b" * 32, "reviewer")
    sound(pair.ada)
    with pair.ada.read() as reading:
        assert reading.row("SELECT revoked FROM device WHERE id = ?", (key.device,)) == (1,)


def test_whoever_is_admitted_once_more_and_nearer_to_the_root_brings_others_nearer_too(tmp_path: Path) -> None:
    """Of two devices with one stream, the one has it that is nearer to the root: it may change long after both were admitted."""
    changed = set[bool]()
    for number in range(24):  # at one distance it is a matter of hashes
        if len(changed) == 2:
            break
        place = tmp_path / str(number)
        place.mkdir()
        pair, one, other, second = Pair(place), keys.new_key(), keys.new_key(), keys.new_key()
        _, first = lead(pair, "1")
        pair.enrol(second, "2" * 32, "lead", stream="2" * 32, by=first)
        pair.enrol(one, "c" * 32, "reviewer", stream="f" * 32, by=first)
        replicas.carry(first, pair.ada)
        further = pair.site(second)
        pair.enrol(other, "d" * 32, "reviewer", stream="f" * 32, by=further)
        replicas.carry(further, pair.ada)
        sound(pair.ada)
        assert admitted(pair.ada, one, other) == [True, False]
        pair.enrol(second, "2" * 32, "lead", stream="2" * 32)
        sound(pair.ada)
        changed.add(admitted(pair.ada, one, other) != [True, False])
        for workspace in (pair.ada, first, further):
            workspace.close()
    assert changed == {True, False}, "both cases were met"


def test_whom_somebody_admitted_in_the_name_of_one_member_stays_admitted_though_another_name_came_first(tmp_path: Path) -> None:
    pair, key, other = Pair(tmp_path), keys.new_key(), keys.new_key()
    first = pair.enrol(key, "b" * 32, "lead", stream="b" * 32)
    _, second = lead(pair, "1")
    there, ben = pair.fresh(), pair.site(key)
    replicas.carry(pair.ada, there)
    pair.enrol(other, "c" * 32, "reviewer", stream="c" * 32, by=ben)
    for _ in count():  # of two admissions with the same rights the one with the smaller hash holds
        if pair.enrol(key, "d" * 32, "lead", stream="b" * 32, by=second) < first:
            break
    for source in (second, ben):
        replicas.carry(source, there)
        sound(there)
    assert admitted(there, other) == [True]
    replicas.carry(ben, pair.ada)
    replicas.carry(second, pair.ada)
    sound(pair.ada)
    assert replicas.digest(pair.ada) == replicas.digest(there)


def test_a_further_admission_from_afar_takes_away_whom_nobody_had_the_right_to_admit(tmp_path: Path) -> None:
    """A device that speaks for another member from the start has admitted nobody in the name of the first."""
    pair, key, other, far = Pair(tmp_path), keys.new_key(), keys.new_key(), keys.new_key()
    first = pair.enrol(key, "b" * 32, "lead", stream="b" * 32)
    ben = pair.site(key)
    pair.enrol(other, "c" * 32, "reviewer", stream="c" * 32, by=ben)
    replicas.carry(ben, pair.ada)
    for _ in count():
        if pair.enrol(key, "d" * 32, "lead", stream="b" * 32) < first:
            break
    sound(pair.ada)
    assert admitted(pair.ada, other) == [False]
    pair.enrol(far, "e" * 32, "reviewer", stream="e" * 32)
    sound(pair.ada)


def test_a_revocation_holds_for_a_device_whose_admission_and_entries_come_later_than_it(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    before = replicas.all_entries(pair.ada)
    pair.enrol(key, "b" * 32, "reviewer")
    ben = pair.site(key)
    for name in ("First", "Second"):
        pair.write(Event("member_name", MemberNamed(ben.member, name)), ben)
    said = newest(ben, 2)
    point = chain.parse(said[0].raw)
    replicas.carry(ben, pair.ada)
    pair.write(Event("revoke", Revoke(key.device, (Point(point.stream, point.seq, chain.entry_hash(said[0].raw)),)), reason="lost"))
    there = pair.fresh()
    rest = [one for one in replicas.all_entries(pair.ada) if one not in before]
    replicas.take(there, before, pair.project)
    for one in reversed(rest):
        replicas.take(there, [one], pair.project)
        sound(there)
    assert replicas.digest(there) == replicas.digest(pair.ada)


def test_an_entry_that_follows_an_admission_of_a_later_version_waits_and_keeps_no_delivery_out(tmp_path: Path) -> None:
    pair, key = Pair(tmp_path), keys.new_key()
    pair.enrol(key, "b" * 32, "reviewer", stream="b" * 32)
    ben = pair.site(key)
    later = replicas.sign_anything(pair.ada, "enrol", {"device": key.device, "streams": ["c" * 32]}, version=2)
    replicas.take(pair.ada, [later], pair.project)
    body = canonical.decode(replicas.sign_anything(ben, "member_name", {"member": ben.member, "name": "Ben"}).raw)
    assert isinstance(body, dict)
    raw = canonical.encode(body | {"stream": "c" * 32, "seq": 1, "prev": chain.entry_hash(later.raw)})
    first = Arrival(raw, key.sign.sign(chain.signed_bytes(chain.entry_hash(raw))))
    received = replicas.take(pair.ada, [first, *newest(ben)], pair.project)
    assert received.pending == 1
    sound(pair.ada)


def test_a_device_that_was_given_anothers_stream_goes_on_in_one_of_its_own(tmp_path: Path) -> None:
    """Whatever it wrote after the other's entries, nobody would take in."""
    pair, key, other = Pair(tmp_path), keys.new_key(), keys.new_key()
    first = pair.enrol(key, "b" * 32, "reviewer", stream="b" * 32)
    ben = pair.site(key)
    pair.write(Event("member_name", MemberNamed(ben.member, "Ben")), ben)
    replicas.carry(ben, pair.ada)
    for _ in count():
        if pair.enrol(other, "c" * 32, "reviewer", stream="b" * 32) < first:
            break
    assert admitted(pair.ada, key, other) == [False, True]
    carl, there = pair.site(other), pair.fresh()
    names = [pair.write(Event("member_name", MemberNamed(carl.member, name)), carl) for name in ("Carl", "Carlo")]
    for target in (pair.ada, there, ben):
        replicas.carry(carl, target)
        sound(target)
        with target.read() as reading:
            assert reading.row("SELECT count(*) FROM entry WHERE hash IN (?, ?)", [bytes.fromhex(name) for name in names]) == (2,)

"""Who may speak: devices that a chain of leads ties to the root, and how far each is trusted.

All of it follows from the set of genesis, enrol and revoke entries and the links of revoked devices, in whatever order they came.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from reviewer.domain.chain import DeviceId, EntryHash, MemberId, StreamId
from reviewer.domain.events import Enrol, Genesis, Revoke, Role
from reviewer.domain.facts import Fact, Link
from reviewer.domain.members import Member, may

KINDS = ("genesis", "enrol", "revoke")
RANK: dict[Role, int] = {"observer": 0, "reviewer": 1, "adjudicator": 2, "lead": 3}

FOR_ANOTHER = "It speaks for another member."
MISPLACED = "It admits a device to the stream of another one."
_STREAM_TAG = b"review/stream/v1\n"

LinksOf = Callable[[Collection[DeviceId]], Iterable[Link]]


class Admitted(NamedTuple):
    """A device: its keys (hex), whose it is, in which role they write with it, and the entry that admitted it."""

    id: DeviceId
    member: MemberId
    role: Role
    sign_key: str
    seal_key: str
    stream: str
    admitted: EntryHash


class Revocation(NamedTuple):
    """A revocation that counts: its entry, and the device."""

    hash: EntryHash
    device: DeviceId


class Standing(NamedTuple):
    """Who may speak. untrusted: entries of revoked devices beyond the last trusted ones; they are kept and not counted.

    misplaced: admissions that name a stream which is another device's; they are not counted either.
    """

    devices: dict[DeviceId, Admitted]
    people: dict[MemberId, Member]
    revocations: tuple[Revocation, ...]
    untrusted: frozenset[EntryHash]
    misplaced: frozenset[EntryHash]


def own_stream(device: DeviceId) -> StreamId:
    """The stream that is a device's by its name alone, and its first: nobody can admit another one to it."""
    return StreamId(hashlib.sha256(_STREAM_TAG + device.encode()).hexdigest()[:32])


def why_not(author: Admitted | None, actor: MemberId, kind: str, *, ours: bool, trusted: bool = True) -> str | None:
    """Why an entry is kept and not counted; None where it counts. author: the device that signed it, as admitted."""
    if not ours:
        return "It belongs to another project."
    if author is None:
        return "Its device was not admitted."
    if author.member != actor:
        return FOR_ANOTHER
    if not trusted:
        return "It was signed after its device was revoked."
    if not may(author.role, kind):
        return f"Its author is {author.role} and had no right to it."
    return None


def stand(root: EntryHash | None, facts: Iterable[Fact], links_of: LinksOf) -> Standing:
    """Judge all admissions and revocations together.

    facts: those of KINDS; others are ignored. links_of: every entry of the given devices, asked only for devices that somebody revoked.

    Two leads may revoke each other, neither knowing of it. A revocation falls if it was itself signed beyond what another one that
    stands trusts; where this goes in a circle, the device that is fewer admissions away from the root prevails, then the smaller hash.
    """
    admissions = sorted((fact for fact in facts if fact.kind in KINDS), key=lambda fact: fact.hash)
    revokes = [fact for fact in admissions if isinstance(fact.value, Revoke) and fact.project == root]
    found = _admit(root, admissions, frozenset())
    links = list(links_of({fact.value.device for fact in revokes})) if revokes else []
    beyond = {fact.hash: _beyond(fact.value, links) for fact in revokes}
    while True:
        candidates = [fact for fact in revokes if _may(found.devices.get(fact.device), fact)]
        standing = _unrefuted(candidates, beyond, found.depth)
        untrusted = frozenset[EntryHash]().union(*(beyond[fact.hash] for fact in standing))
        admitted = _admit(root, admissions, untrusted)
        left = [fact for fact in candidates if _may(admitted.devices.get(fact.device), fact)]
        if len(left) == len(candidates):
            counted = tuple(Revocation(fact.hash, fact.value.device) for fact in standing)
            return Standing(admitted.devices, admitted.people, counted, untrusted, admitted.misplaced)
        revokes, found = left, admitted  # who was admitted by nobody who counts revokes nobody


class _Admissions(NamedTuple):
    devices: dict[DeviceId, Admitted]
    people: dict[MemberId, Member]
    depth: dict[DeviceId, int]  # admissions between the root and the device
    misplaced: frozenset[EntryHash]


class _Places:
    """Whose stream is whose. One that is a device's by its name is no other's, whether or not anybody admitted that device.

    Any other is that of the device which is fewest admissions away from the root, then of the one with the smaller hash.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        named = {fact.value.device for fact in facts if isinstance(fact.value, Genesis | Enrol)}
        self._owner = {own_stream(device): device for device in named}

    def takes(self, stream: str, device: DeviceId) -> bool:
        """Whether the device may have the stream; it has it then. Asked in the order of admissions."""
        return self._owner.setdefault(StreamId(stream), device) == device


def _may(author: Admitted | None, fact: Fact) -> bool:
    return why_not(author, fact.actor, fact.kind, ours=True) is None


def _admit(root: EntryHash | None, facts: list[Fact], untrusted: frozenset[EntryHash]) -> _Admissions:
    devices: dict[DeviceId, Admitted] = {}
    people: dict[MemberId, Member] = {}
    depth: dict[DeviceId, int] = {}
    waiting: list[tuple[Fact, Enrol]] = []
    places, misplaced = _Places(facts), set[EntryHash]()
    for fact in facts:
        value = fact.value
        if isinstance(value, Genesis) and fact.hash == root and (value.device, value.member) == (fact.device, fact.actor):
            keys = (value.sign_key, value.seal_key)
            devices[value.device] = Admitted(value.device, value.member, "lead", *keys, fact.stream, fact.hash)
            people[value.member] = Member(value.member, value.member_name, "lead")
            depth[value.device] = 0
            places.takes(fact.stream, value.device)
        elif isinstance(value, Enrol) and fact.project == root and fact.hash not in untrusted:
            waiting.append((fact, value))
    level = 0
    while True:
        level += 1
        able = [(fact, value) for fact, value in waiting if _may(devices.get(fact.device), fact)]
        if not able:
            return _Admissions(devices, people, depth, frozenset(misplaced))
        waiting = [one for one in waiting if one not in able]
        for fact, value in able:
            if not places.takes(value.stream, value.device):
                misplaced.add(fact.hash)
                continue
            device = Admitted(value.device, value.member, value.role, value.sign_key, value.seal_key, value.stream, fact.hash)
            before = devices.get(device.id)
            if before is None or (before.admitted != root and _precedence(device) < _precedence(before)):
                devices[device.id] = device
            depth.setdefault(device.id, level)
            person = Member(device.member, value.name, device.role)
            people[device.member] = _joined(people.get(device.member, person), person)


def _precedence(device: Admitted) -> tuple[int, EntryHash]:
    """Of two admissions of one device the one with more rights holds, then the one with the smaller hash."""
    return (-RANK[device.role], device.admitted)


def _joined(one: Member, other: Member) -> Member:
    """A member who was admitted twice: the stronger role, and of two names the first in the alphabet."""
    return Member(one.id, min(one.name, other.name), max(one.role, other.role, key=RANK.__getitem__))


def _beyond(revoke: Revoke, links: list[Link]) -> frozenset[EntryHash]:
    """The device's entries that a revocation does not trust: all but the named ones and what they follow."""
    own = {link.hash: link for link in links if link.device == revoke.device}
    trusted: set[EntryHash] = set()
    for point in revoke.trusted:
        at = own.get(point.hash)
        if at is None:  # not here yet: then of this stream nothing is here that comes after it, unless it forked
            trusted.update(link.hash for link in own.values() if link.stream == point.stream and link.seq < point.seq)
        while at is not None and at.hash not in trusted:
            trusted.add(at.hash)
            at = own.get(at.prev) if at.prev is not None and at.seq > 1 else None
    return frozenset(own.keys() - trusted)


def _unrefuted(revokes: list[Fact], beyond: dict[EntryHash, frozenset[EntryHash]], depth: dict[DeviceId, int]) -> list[Fact]:
    """The revocations that stand: first those that none attacks, then against those that fall, then the strongest of a circle."""
    undecided = sorted(revokes, key=lambda fact: (depth.get(fact.device, len(depth)), fact.hash))
    standing: list[Fact] = []
    while undecided:
        free = [one for one in undecided if not any(one.hash in beyond[other.hash] for other in undecided if other is not one)]
        standing += free or undecided[:1]
        chosen = {fact.hash for fact in standing}
        undecided = [one for one in undecided if one.hash not in chosen and not any(one.hash in beyond[other.hash] for other in standing)]
    return sorted(standing, key=lambda fact: fact.hash)

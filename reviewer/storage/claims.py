"""Admissions that bear on one another, so that they must be judged together. What they come to is for domain.admissions to say."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from reviewer.domain import chain
from reviewer.domain.admissions import own_stream
from reviewer.domain.chain import DeviceId, MemberId
from reviewer.domain.errors import Damaged, TooNew
from reviewer.domain.events import Enrol, Genesis
from reviewer.domain.facts import typed
from reviewer.storage.rows import Rows

_ADMISSIONS = "SELECT body FROM entry WHERE kind IN ('genesis', 'enrol')"


class _Claim(NamedTuple):
    """A device, and the member and the stream that an admission gives it."""

    device: DeviceId
    member: MemberId
    stream: str


def contested(rows: Rows, value: Enrol) -> bool:
    """Whether another device has a claim to the stream of an admission, or was given the stream that is this device's by its name."""
    own = own_stream(value.device)
    names = {own, value.stream}
    asked = f"{_ADMISSIONS} AND ({' OR '.join('instr(body, CAST(? AS BLOB))' for _ in names)})"
    if any(one.device != value.device and one.stream in names for one in _claims(rows, asked, tuple(names))):
        return True
    # Only an older version, or somebody who is up to something, gives a device another stream than its own.
    return value.stream != own and any(own_stream(one.device) == value.stream for one in _claims(rows, _ADMISSIONS, ()))


def speaks_as(rows: Rows, device: DeviceId, member: MemberId) -> bool:
    """Whether some admission lets a device speak for a member; another one, that it speaks for somebody else, may have more weight."""
    asked = f"{_ADMISSIONS} AND instr(body, CAST(? AS BLOB))"
    return any((one.device, one.member) == (device, member) for one in _claims(rows, asked, (device,)))


def entangled(rows: Rows) -> bool:
    """Whether what an admission comes to may hang on how far its author is from the root.

    So it is where a device was revoked, where one speaks for several members, and where several have a claim to one stream.
    """
    if rows.row("SELECT 1 FROM revocation") is not None:
        return True
    claims = set(_claims(rows, _ADMISSIONS, ()))
    members = {(one.device, one.member) for one in claims}
    streams = {(one.device, one.stream) for one in claims}
    return len(members) > len({device for device, _ in members}) or len(streams) > len({stream for _, stream in streams})


def _claims(rows: Rows, sql: str, parameters: tuple[str, ...]) -> Iterator[_Claim]:
    for (raw,) in rows.rows(sql, parameters):
        with suppress(Damaged, TooNew):
            body = chain.parse(bytes(raw))
            match typed(body):
                case Enrol() as enrol:
                    yield _Claim(enrol.device, enrol.member, enrol.stream)
                case Genesis() as genesis:
                    yield _Claim(genesis.device, genesis.member, body.stream)

"""Joining a project: the request that a new device makes, reading one, and taking up work once a lead has admitted the device."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from reviewer.domain import joining
from reviewer.domain.chain import MemberId, StreamId
from reviewer.domain.errors import Damaged, NotFound, Refused, shown
from reviewer.domain.events import Event, StreamOpen
from reviewer.domain.joining import MAX_BYTES, Request
from reviewer.domain.members import member_name
from reviewer.storage import acting, assets, journal, keys

if TYPE_CHECKING:
    from reviewer.storage.workspace import OwnReading, Work

_ANEW = "Ask for the file that `reviewer join` wrote, as it was written."


def request_of(reading: "OwnReading") -> Request:
    """The signed request of the device that waits here. Raises Refused where none waits, Locked where its key is not to be had."""
    waits = acting.joining(reading)
    if waits is None:
        raise Refused("Nobody waits here to be admitted.", "`reviewer join` makes a request in a new folder.")
    key = keys.load(waits.device, reading.workspace.seal)
    now = datetime.fromtimestamp(reading.workspace.surroundings.now_ms() / 1000, UTC).isoformat(timespec="seconds")
    request = Request(name=waits.name, device=waits.device, sign_key=key.sign_hex, seal_key=key.seal_hex, stream=waits.stream, time=now)
    return msgspec.structs.replace(request, signature=key.sign.sign(request.signed_bytes).hex())


def read_request(path: Path) -> Request:
    """A request that its own device signed. Raises NotFound, Refused for what is none, Damaged for one that was changed."""
    name = shown(path.name)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{name} cannot be read: {error.strerror}.", "Name the request file that `reviewer join` wrote.") from error
    if len(raw) > MAX_BYTES:
        raise Refused(f"Refused: {name} is longer than {MAX_BYTES:,} bytes, the limit of a request.", _ANEW, "E207")
    return checked(raw, name)


def checked(raw: bytes, name: str) -> Request:
    """The request of these bytes, which its own device signed. name: what to call it. Raises Refused, Damaged."""
    try:
        request = joining.parse(raw)
    except (Damaged, msgspec.ValidationError) as error:
        raise Refused(f"{name} is not a request to join.", _ANEW) from error
    if not request.names_its_key or not _is_signed(request):
        raise Damaged(f"{name} was changed after its device signed it.", _ANEW, "E204")
    if member_name(request.name) != request.name:
        raise Refused(f"{name} asks for a name with stray spaces.", _ANEW)
    return request


def six_words(digest: bytes) -> tuple[str, ...]:
    """The words to compare, out of band: of a request's digest before it is admitted, or of the hash of a project's genesis."""
    return joining.six_words(digest, _words())


def settle(work: "Work") -> bool:
    """Take up work if the device that waits here was admitted: it opens its stream. Returns whether it did.

    To be asked whenever entries came in. The genesis among the first ones is the root from then on.
    """
    waits = acting.joining(work)
    admitted = None if waits is None else work.row("SELECT member, stream FROM device WHERE id = ?", (waits.device,))
    if waits is None or admitted is None:
        return False
    member, stream = MemberId(admitted[0]), StreamId(admitted[1])
    work.set_fact("devices_here", json.dumps([waits.device]))
    work.run("DELETE FROM fact WHERE name = 'joining'")
    key = keys.load(waits.device, work.workspace.seal)
    work.record(Event("stream_open", StreamOpen("admitted")), signer=journal.Signer(member, waits.device, stream, key.sign))
    return True


def _is_signed(request: Request) -> bool:
    """Whether both keys are keys, and the request bears the signature of the first."""
    try:
        # A sealing key of low order would make every bundle for this device fail.
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(request.seal_key)))
        return keys.verifies(keys.public_key(request.sign_key), bytes.fromhex(request.signature), request.signed_bytes)
    except ValueError:
        return False


@cache
def _words() -> tuple[str, ...]:
    return tuple(assets.resource("words", "english.txt").read_text(encoding="ascii").split())

"""Requests to join that wait at a hub, for a lead to find."""

from typing import TYPE_CHECKING

from reviewer.domain import joining
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Damaged, Refused
from reviewer.domain.joining import Request
from reviewer.storage.hub import Hub
from reviewer.storage.joining import checked, request_of

if TYPE_CHECKING:
    from reviewer.storage.workspace import OwnReading


def put_request(hub: Hub, reading: "OwnReading") -> Request:
    """Leave the request of the device that waits here. Returns it. Raises Refused where none waits."""
    request = request_of(reading)
    if all(one.device != request.device for one in requests(hub)):
        raw = joining.compose(request)
        hub.add_request(bytes.fromhex(request.device), bytes.fromhex(sha256_hex(raw)), raw)
    return request


def requests(hub: Hub) -> list[Request]:
    """The requests that wait, the oldest first, one of each device; those that their device did not sign are passed over."""
    found: dict[str, Request] = {}
    for raw in hub.requests():
        try:
            request = checked(raw, "A request at the hub")
        except (Refused, Damaged):
            continue  # anybody who may write there can leave such
        found.setdefault(request.device, request)
    return list(found.values())

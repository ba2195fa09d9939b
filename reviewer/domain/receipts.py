"""What one device signs of another's stream: that it took it in up to this entry, and when. JOURNAL.md 2.5."""

import re
import struct
from typing import NamedTuple

from reviewer.domain.chain import DeviceId, EntryHash, StreamId

PACKED_BYTES = 176

_TAG = b"review/receipt/v1\n"
_FIELDS = struct.Struct(">32s16sQ32s24s64s")
_TIME = re.compile(r"\A\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z\Z", re.ASCII)


class Receipt(NamedTuple):
    """`device` had the stream up to entry `seq`, whose hash is `head`, at `time` (RFC 3339 UTC in ms, by its own clock)."""

    device: DeviceId
    stream: StreamId
    seq: int
    head: EntryHash
    time: str
    signature: bytes

    def signed_bytes(self, project: EntryHash) -> bytes:
        """What the device's key signs. The project is under the signature and not in the receipt."""
        place = bytes.fromhex(self.stream) + struct.pack(">Q", self.seq) + bytes.fromhex(self.head)
        return _TAG + bytes.fromhex(project) + place + self.time.encode("ascii")


def pack(receipt: Receipt) -> bytes:
    """A receipt as it travels, 176 bytes: device (32), stream (16), seq (8, big-endian), head (32), time (24, ASCII), signature (64)."""
    names = (bytes.fromhex(receipt.device), bytes.fromhex(receipt.stream), receipt.seq, bytes.fromhex(receipt.head))
    return _FIELDS.pack(*names, receipt.time.encode("ascii"), receipt.signature)


def unpack(packed: bytes) -> Receipt:
    """What `pack` was given. Raises ValueError for anything else; whose signature it is was not asked."""
    if len(packed) != PACKED_BYTES:
        raise ValueError(f"a receipt of {len(packed)} bytes")
    device, stream, seq, head, time, signature = _FIELDS.unpack(packed)
    text = time.decode("ascii")
    if not 1 <= seq < 2**53 or not _TIME.match(text):
        raise ValueError("a receipt with a number or a time that none has")
    return Receipt(DeviceId(device.hex()), StreamId(stream.hex()), seq, EntryHash(head.hex()), text, signature)

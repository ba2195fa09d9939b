"""Power cuts, played from a recording: what was synced stays; each write that was not is kept, torn or lost by chance.

The recording is what the shim wrote. Source of the odds: kept 40 %, torn in sectors of 512 bytes 30 %, lost 30 %.
"""

import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_EVENT = struct.Struct("<IIqQ")
_WRITE, _SYNC, _TRUNCATE, _REMOVE, _ACK = range(1, 6)
_SECTOR = 512


class Event(NamedTuple):
    """One thing that happened to a file, or an acknowledgement (content: its hash)."""

    kind: int
    name: str
    offset: int
    content: bytes


class Cut(NamedTuple):
    """A disk after a power cut, and what had been acknowledged before it."""

    files: dict[str, bytes]
    acknowledged: frozenset[str]
    at: int


def events_of(recording: Path) -> list[Event]:
    """The events of a recording, in order. Files are told apart by name, without their folder."""
    raw = recording.read_bytes()
    events: list[Event] = []
    place = 0
    while place + _EVENT.size <= len(raw):
        kind, name_length, offset, length = _EVENT.unpack_from(raw, place)
        place += _EVENT.size
        name = raw[place : place + name_length].decode().rsplit("/", 1)[-1]
        place += name_length
        content = b""
        if kind in (_WRITE, _ACK):
            content = raw[place : place + length]
            place += length
        events.append(Event(kind, name, offset, content))
    return events


class _File:
    """What is safe of a file, and what was done to it since."""

    def __init__(self, content: bytes = b"") -> None:
        self.safe = bytearray(content)
        self.loose: list[Event] = []

    def sync(self) -> None:
        for event in self.loose:
            _do(self.safe, event.kind, event.offset, event.content)
        self.loose.clear()

    def after_a_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.safe)
        for event in self.loose:
            luck = chance.random()
            if event.kind == _TRUNCATE or luck < 0.4:
                if luck < 0.7:
                    _do(content, event.kind, event.offset, event.content)
            elif luck < 0.7:
                for start in range(0, len(event.content), _SECTOR):
                    if chance.random() < 0.5:
                        _do(content, _WRITE, event.offset + start, event.content[start : start + _SECTOR])
        return bytes(content)


def _do(content: bytearray, kind: int, offset: int, written: bytes) -> None:
    if kind == _TRUNCATE:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(written)] = written


def cuts(before: dict[str, bytes], events: list[Event], *, trials: int, chance: random.Random) -> Iterator[Cut]:
    """Power cuts at random events. before: the files when the recording began."""
    last = max(place for place, event in enumerate(events) if event.kind == _ACK)
    first = min(place for place, event in enumerate(events) if event.kind == _ACK)
    wanted = sorted(chance.randint(first + 1, last + 1) for _ in range(trials))
    files = {name: _File(content) for name, content in before.items()}
    acknowledged: set[str] = set()
    for place, event in enumerate(events[: last + 1], 1):
        if event.kind == _ACK:
            acknowledged.add(event.content.split()[1].decode())
        elif event.kind == _REMOVE:
            files.pop(event.name, None)
        elif event.kind == _SYNC:
            files.setdefault(event.name, _File()).sync()
        else:
            files.setdefault(event.name, _File()).loose.append(event)
        while wanted and wanted[0] == place:
            wanted.pop(0)
            yield Cut({name: file.after_a_cut(chance) for name, file in files.items()}, frozenset(acknowledged), place)

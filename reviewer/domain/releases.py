"""What a released data set is: which item goes into which part, and what its manifest says. No clock, path or machine goes into it."""

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import Refused, shown
from reviewer.domain.items import ItemId

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")
DROPPED = ("unsure", "open", "low_confidence", "gold", "repeat", "stale", "no_value")

_SPLIT_TAG = b"review/split/v1\n"
_MANIFEST_TAG = b"review/manifest/v1\n"
_SHARE = re.compile(r"0|1|0?\.\d{1,9}|1\.0{1,9}", re.ASCII)


class ReleasedFile(msgspec.Struct, frozen=True):
    """A file of the release: its path below the folder, with `/`, its SHA-256, and its rows; None where it holds none."""

    path: str
    sha256: str
    rows: int | None


class ReleasedCampaign(msgspec.Struct, frozen=True):
    """A campaign that was released. policies: versions that its labels cite, as `KEY@HASH`."""

    id: EntryHash
    name: str
    query: str
    design: str
    seed: str
    overlap: int
    population: int
    sampled: int
    policies: tuple[str, ...] = ()


class LabelSet(msgspec.Struct, frozen=True):
    """All labels behind the rows: how many, and SHA-256 over their sorted hashes, 32 bytes each."""

    n: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a release consists of and what it was made from. Shares are decimal strings; it holds no floats."""

    v: int
    project: EntryHash
    format: str
    app: str
    campaigns: tuple[ReleasedCampaign, ...]
    aggregate: str
    split: tuple[str, str, str]
    rows: dict[str, int]
    dropped: dict[str, int]
    labels: LabelSet
    files: tuple[ReleasedFile, ...]


class Split(NamedTuple):
    """Shares of the three parts, as decimal strings that add up to 1."""

    train: str = "1"
    validation: str = "0"
    test: str = "0"


def split(text: str) -> Split:
    """The shares in `0.9,0.05,0.05`. Raises Refused unless they are decimals from 0 to 1 that add up to 1."""
    shares = [share.strip() for share in text.split(",")]
    if not 1 <= len(shares) <= 3 or not all(_SHARE.fullmatch(share) for share in shares) or sum(map(Decimal, shares)) != 1:
        raise Refused(f"“{shown(text, 40)}” is not a split.", "Give up to three shares that add up to 1, such as 0.9,0.05,0.05.")
    return Split(*(_plain(share) for share in shares))


def _plain(share: str) -> str:
    return format(Decimal(share).normalize(), "f")


def part_of(item: ItemId, shares: Split) -> Part:
    """The part that an item belongs to: by its id alone, so that it is the same in every release with these shares."""
    first = hashlib.sha256(_SPLIT_TAG + item.encode()).digest()[:7]
    place = Decimal(int.from_bytes(first) >> 3) / 2**53
    if place < Decimal(shares.train):
        return "train"
    return "validation" if place < Decimal(shares.train) + Decimal(shares.validation) else "test"


def label_set(labels: Iterable[EntryHash]) -> LabelSet:
    """The labels behind a release."""
    distinct = sorted(set(labels))
    return LabelSet(len(distinct), hashlib.sha256(b"".join(bytes.fromhex(name) for name in distinct)).hexdigest())


def signed_bytes(manifest: bytes) -> bytes:
    """What the device's key signs for a manifest."""
    return _MANIFEST_TAG + manifest

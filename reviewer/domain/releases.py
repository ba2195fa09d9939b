"""What a released data set is: which item goes into which part, and what its manifest says. No clock, path or machine goes into it."""

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from reviewer.domain.chain import EntryHash, StreamId
from reviewer.domain.digests import Digests
from reviewer.domain.errors import Refused, shown

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")
DROPPED = ("unsure", "open", "low_confidence", "gold", "repeat", "stale", "no_value")
# Only counted where they occur: what some formats have no place for.
ALSO_DROPPED = {
    "non_compliant": "non-compliant and not corrected",
    "no_pair": "without one to be paired with",
    "tie": "equally good",
    "both_bad": "all bad",
    "no_better": "compared, without a better answer written",
    "no_steps": "without a judged step",
    "not_plain": "more than a question and an answer in plain text",
    "not_chat": "longer than one message, or with calls",
    "media": "with an image or a file that the format has no place for",
}

_SPLIT_TAG = b"review/split/v1\n"
_MANIFEST_TAG = b"review/manifest/v1\n"
_ROW_TAG = b"review/row/v1\n"
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


class Head(msgspec.Struct, frozen=True):
    """The last entry of a stream that says something of the released campaigns: a label, a retraction or a resolution."""

    stream: StreamId
    seq: int
    hash: EntryHash


class Aggregation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How labels became one answer an item, where they were weighed. Figures are decimal strings.

    temperature, cap, gold: of the recalibration (domain.calibration); reason: why there is none. least: the confidence that was asked for.
    """

    campaign: EntryHash
    method: str
    temperature: str | None = None
    cap: str | None = None
    gold: int | None = None
    reason: str | None = None
    least: str | None = None


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release consists of and what it was made from. Shares are decimal strings; it holds no floats.

    shape: conversational (lists of messages) or standard (plain text). heads: what was known of the labels. aggregation: how they were
    weighed. weights: KTO's `desirable` and `undesirable`, where the rows are judged runs. images: files of images that rows name.
    """

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
    shape: str = "conversational"
    heads: tuple[Head, ...] = ()
    aggregation: tuple[Aggregation, ...] = ()
    weights: dict[str, str] = {}
    images: int = 0


class Split(NamedTuple):
    """Shares of the three parts, as decimal strings that add up to 1."""

    train: str = "1"
    validation: str = "0"
    test: str = "0"

    @property
    def whole(self) -> bool:
        """Whether everything is in one part."""
        return "1" in self


def split(text: str) -> Split:
    """The shares in `0.9,0.05,0.05`. Raises Refused unless they are decimals from 0 to 1 that add up to 1."""
    shares = [share.strip() for share in text.split(",")]
    if not 1 <= len(shares) <= 3 or not all(_SHARE.fullmatch(share) for share in shares) or sum(map(Decimal, shares)) != 1:
        raise Refused(f"“{shown(text, 40)}” is not a split.", "Give up to three shares that add up to 1, such as 0.9,0.05,0.05.")
    return Split(*(_plain(share) for share in shares))


def _plain(share: str) -> str:
    return format(Decimal(share).normalize(), "f")


def prompt_group(prompt: bytes) -> str:
    """What all rows of one prompt have in common, and go to one part by. prompt: its bytes."""
    return hashlib.sha256(prompt).hexdigest()


def part_of(group: str, shares: Split) -> Part:
    """The part that a group of rows belongs to: by its name alone, so that it is the same in every release with these shares."""
    if shares.whole:
        return PARTS[shares.index("1")]
    place = int.from_bytes(hashlib.sha256(_SPLIT_TAG + group.encode()).digest()[:7]) >> 3
    train, validation = _ends(shares)
    return "train" if place < train else "validation" if place < validation else "test"


@cache
def _ends(shares: Split) -> tuple[Decimal, Decimal]:
    """Where the places of the first two parts end; places are numbers below 2^53."""
    train = Decimal(shares.train)
    return train * 2**53, (train + Decimal(shares.validation)) * 2**53


def label_set(labels: Digests) -> LabelSet:
    """The labels behind a release."""
    distinct = labels.distinct()
    return LabelSet(len(distinct) // 32, hashlib.sha256(distinct).hexdigest())


class Answer(NamedTuple):
    """The answer of an item (its id, 32 bytes), and the campaigns that it is of."""

    item: bytes
    answer: str
    campaigns: tuple[EntryHash, ...]


class Answers:
    """The answers of items in order of ids. Packed, 36 bytes each: a release may be of a million."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        """answers: in order of ids."""
        self._items = bytearray()
        self._kinds: dict[tuple[str, tuple[EntryHash, ...]], int] = {}
        self._of = array("I")
        for one in answers:
            self.add(one)

    def add(self, one: Answer) -> None:
        """Take the answer of an item that comes after those that are here."""
        self._items += one.item
        self._of.append(self._kinds.setdefault((one.answer, one.campaigns), len(self._kinds)))

    def __len__(self) -> int:
        return len(self._of)

    def __iter__(self) -> Iterator[Answer]:
        kinds = list(self._kinds)
        return (Answer(bytes(self._items[32 * place : 32 * place + 32]), *kinds[kind]) for place, kind in enumerate(self._of))


def reasons(dropped: Mapping[str, int]) -> str:
    """What was left out and why, for a sentence; nothing where nothing was."""
    return ", ".join(f"{n:,} {ALSO_DROPPED.get(reason, reason.replace('_', ' '))}" for reason, n in dropped.items() if n)


def row_id(*pieces: bytes) -> str:
    """The id of a row: over its bytes as a JSON object without the id, in pieces, so that one flipped byte shows."""
    digest = hashlib.sha256(_ROW_TAG)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def signed_bytes(manifest: bytes) -> bytes:
    """What the device's key signs for a manifest."""
    return _MANIFEST_TAG + manifest

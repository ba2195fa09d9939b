"""What differs between two releases of one project, row by row, and which reasons there can be.

A row is the same one in both by what it is made of (`identity`): its item, or the two outputs that it sets against each other.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple, TypeVar

from reviewer.domain.chain import EntryHash
from reviewer.domain.items import ItemId

Kind = Literal["came", "went", "flipped", "moved", "restated"]
KINDS: tuple[Kind, ...] = ("came", "went", "flipped", "moved", "restated")
# How one row and several of a kind are told of; what matters most to whoever trains on them stands first.
SAID: dict[Kind, tuple[str, str]] = {
    "flipped": ("says something else", "say something else"),
    "went": ("went", "went"),
    "came": ("came", "came"),
    "moved": ("is in another part", "are in another part"),
    "restated": ("says the same by other labels", "say the same by other labels"),
}
Reason = Literal[
    "campaign", "resolution", "policy", "withdrawn", "changed", "labelled", "gold", "erased", "weighing", "paired", "split", "unexplained"
]
# In the order in which they explain: what stands first is what a row is counted under.
REASONS: dict[Reason, str] = {
    "campaign": "the releases are made of other campaigns",
    "resolution": "an adjudicator decided it",
    "policy": "another version of the policy holds",
    "withdrawn": "a label was taken back",
    "changed": "a label was changed",
    "labelled": "a label was added",
    "gold": "its answer is known, and it now measures reviewers",
    "erased": "its content was erased, or is not on this machine",
    "weighing": "labels are made into answers otherwise",
    "paired": "it is paired with another run",
    "split": "the shares, or its group of near-duplicates, are others",
    "unexplained": "nothing in this workspace explains it",
}
T = TypeVar("T")


class Side(NamedTuple):
    """A row in one of the releases. line: of the part's file, from 1; answer: what it teaches, in words; row: its id."""

    part: str
    line: int
    row: str
    answer: str
    labels: tuple[str, ...]
    resolutions: tuple[str, ...]
    campaigns: tuple[str, ...]


class Because(NamedTuple):
    """An entry that explains a difference, and the member who made it."""

    reason: Reason
    entry: EntryHash
    by: str


class Difference(NamedTuple):
    """A row that is not the same in both. other: the second item of a pair of runs. why: every reason, the first explains most.

    moved: it is in another part; a row of another kind may have moved as well. restated: the same answer by other labels, or as sure
    otherwise. before, after: None where the release has no such row. title: the beginning of what the item was asked; empty where this
    machine lacks it.
    """

    kind: Kind
    item: ItemId
    other: ItemId | None
    before: Side | None
    after: Side | None
    why: tuple[Reason, ...]
    because: tuple[Because, ...]
    title: str = ""

    @property
    def moved(self) -> bool:
        """Whether it lies in another part than before."""
        return self.before is not None and self.after is not None and self.before.part != self.after.part


class Rule(NamedTuple):
    """Something that was asked for otherwise: its name, and what it was in each release, in words."""

    name: str
    old: str
    new: str


class Release(NamedTuple):
    """One of the two. manifest: its digest; release: its entry, None where this replica lacks it; rows: by part."""

    folder: str
    manifest: str
    release: EntryHash | None
    format: str
    rows: Mapping[str, int]
    dropped: Mapping[str, int]


class Comparison(NamedTuple):
    """Two releases side by side. same: rows with the same answer by the same labels; rewritten: those of them with other bytes.

    counts: of each kind; reasons: of each kind, how many rows under the first of their reasons; withheld: differences that are counted
    and not listed, since the viewer has still to judge their items blind.
    """

    old: Release
    new: Release
    rules: tuple[Rule, ...]
    same: int
    rewritten: int
    counts: Mapping[Kind, int]
    reasons: Mapping[Kind, Mapping[Reason, int]]
    differences: tuple[Difference, ...]
    withheld: int


def identity(item: str, *, worse_item: str | None, better: str | None, worse: str | None) -> str:
    """What tells a row's subject from others': the same for a pair either way round. better, worse: keys of candidates."""
    if worse_item is not None:
        return " ".join(sorted((item, worse_item)))
    if better is not None and worse is not None:
        return " ".join((item, *sorted((better, worse))))
    return item


def matched(old: Sequence[T], new: Sequence[T], tests: Sequence[Callable[[T], object]]) -> list[tuple[T | None, T | None]]:
    """Rows of one identity, each with its other: the one that is alike by the first test, else by the next, else the next in order.

    Several campaigns or corrections make several rows of one identity. None where there are not as many.
    """
    waiting, left, found = list(old), list(new), list[tuple[T | None, T | None]]()
    for test in tests if len(waiting) + len(left) > 2 else ():
        for one in list(waiting):
            other = next((other for other in left if test(one) == test(other)), None)
            if other is not None:
                found.append((one, other))
                waiting.remove(one)
                left.remove(other)
    return [*found, *zip_longest(waiting, left)]


def in_order(reasons: set[Reason]) -> tuple[Reason, ...]:
    """Reasons, the one that explains most first."""
    return tuple(reason for reason in REASONS if reason in reasons)

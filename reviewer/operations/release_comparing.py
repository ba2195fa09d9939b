"""Two releases side by side: what came, what went, what flipped, and which entries of the journal explain it."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from reviewer.domain import canonical, release_changes
from reviewer.domain.batches import batches
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Damaged, Refused, shown
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.release_changes import KINDS, Because, Comparison, Difference, Kind, Reason, Release, Rule, Side
from reviewer.domain.releases import Manifest, ReleasedCampaign
from reviewer.formats import release_shapes
from reviewer.formats.release_shapes import Needs
from reviewer.operations import release_folders
from reviewer.operations.release_folders import Place, Seen, Told
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import citations, golds, searches, since
from reviewer.storage.since import Said
from reviewer.storage.workspace import Reading, Workspace

_CHUNK = 200
_SHORT = 12  # digits of an item's id in a sentence


def compare_releases(workspace: Workspace, ticket: Ticket, *, old: Path, new: Path) -> Outcome[Comparison]:
    """Say how the rows of two releases of this project differ, and why. Nothing is recorded.

    Raises NotFound for a folder that is no release; Damaged for one that is not what was signed; Refused for two whose rows are not made
    of the same; NotAllowed.
    """
    require(workspace.me, "release", "compare data sets")
    with workspace.read() as reading:
        pair = _Pair(_opened(reading, old), _opened(reading, new))
        needs = _common_needs(pair)
        same, rewritten, found = _differing(ticket, pair)
        listed = list(_explained(reading, ticket, pair, needs, found))
        hidden = searches.hidden_among(reading, [name for one in listed for name in _items(one)], viewer=workspace.member)
        open_ = tuple(one for one in listed if hidden.isdisjoint(_items(one)))
        return Outcome(
            Comparison(
                _release(reading, pair.old), _release(reading, pair.new), tuple(_rules(pair.old.whole, pair.new.whole)),
                same, rewritten, _counts(listed), _reasons(listed), open_, len(listed) - len(open_),
            )
        )  # fmt: skip


class _Opened(NamedTuple):
    """A folder, and its manifest that holds."""

    folder: Path
    whole: Manifest
    raw: bytes

    @property
    def digest(self) -> str:
        return canonical.sha256_hex(self.raw)


class _Pair(NamedTuple):
    old: _Opened
    new: _Opened


class _Row(NamedTuple):
    """Where a row stands, and hashes: of its bytes, of what it says by which labels, and of its campaigns."""

    place: Place
    row: bytes
    basis: bytes
    campaigns: int


_ALIKE: tuple[Callable[[_Row], object], ...] = (lambda one: one.row, lambda one: one.basis, lambda one: one.campaigns)


def _opened(reading: Reading, folder: Path) -> _Opened:
    told: Told = release_folders.read(folder)
    wrong = release_folders.signature_problem(reading, told)
    if told.manifest is None or wrong is not None:
        where, what = wrong or (release_folders.MANIFEST, release_folders.NO_MANIFEST)
        raise Damaged(f"{where} of {shown(str(folder), 200)}: {what}", "`reviewer release check DIR` says more of it.")
    return _Opened(folder, told.manifest, told.raw)


def _common_needs(pair: _Pair) -> Needs:
    old, new = (release_shapes.shape_of(one.whole.format) for one in pair)
    if old.needs != new.needs:
        fit = release_shapes.names([one for one in release_shapes.SHAPES if one.needs == old.needs])
        raise Refused(f"Rows of {old.name} and of {new.name} are not made of the same.", f"Compare {old.name} with one of: {fit}.")
    return old.needs


# --- which rows differ


def _differing(ticket: Ticket, pair: _Pair) -> tuple[int, int, list[tuple[Place | None, Place | None]]]:
    """How many rows are the same, how many of these have other bytes, and where those stand that are not, in order of their items."""
    total = sum(sum(one.whole.rows.values()) for one in pair)
    before = _indexed(ticket, pair.old, 0, total)
    after = _indexed(ticket, pair.new, sum(pair.old.whole.rows.values()), total)
    same = rewritten = 0
    found: list[tuple[Place | None, Place | None]] = []
    for name in sorted(before.keys() | after.keys()):
        for one, other in release_changes.matched(before.get(name, []), after.get(name, []), _ALIKE):
            if one is not None and other is not None and one.basis == other.basis and one.place.part == other.place.part:
                same += 1
                rewritten += one.row != other.row
            else:
                found.append((None if one is None else one.place, None if other is None else other.place))
    return same, rewritten, found


def _indexed(ticket: Ticket, one: _Opened, done: int, total: int) -> dict[str, list[_Row]]:
    """The rows by what they are of. It holds some hundred bytes a row, whatever the rows hold."""
    found: dict[str, list[_Row]] = {}
    for place, seen in release_folders.rows(one.folder, one.whole):
        done += 1
        ticket.step(done, total, "Reading rows")
        row = _Row(place, bytes.fromhex(seen.reviewer_row), _basis(seen), hash(seen.reviewer_campaigns))
        found.setdefault(_identity(seen), []).append(row)
    return found


def _identity(seen: Seen) -> str:
    return release_changes.identity(
        seen.reviewer_item, worse_item=seen.reviewer_worse_item, better=seen.reviewer_better, worse=seen.reviewer_worse
    )


def _basis(seen: Seen) -> bytes:
    """What a row says and by which labels, as a hash; not the texts, which another format has otherwise."""
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(seen, reviewer_row=""))).digest()


# --- why


def _explained(
    reading: Reading, ticket: Ticket, pair: _Pair, needs: Needs, found: Sequence[tuple[Place | None, Place | None]]
) -> Iterator[Difference]:
    """The differences, with what explains each; some hundred at a time."""
    why = _Reasons(reading, pair)
    with ExitStack() as stack:
        streams: list[dict[str, IO[bytes]]] = [
            {file.path: stack.enter_context((one.folder / file.path).open("rb")) for file in release_folders.traced_files(one.whole)}
            for one in pair
        ]
        done = 0
        for some in batches(found, _CHUNK):
            read = [tuple(_again(streams[at], place) for at, place in enumerate(places)) for places in some]
            bare = [_difference(needs, (old, places[0]), (new, places[1])) for (old, new), places in zip(read, some, strict=True)]
            yield from why.of(bare)
            done += len(some)
            ticket.step(done, len(found), "Looking for reasons")


def _again(streams: Mapping[str, IO[bytes]], place: Place | None) -> Seen | None:
    if place is None:
        return None
    streams[place.file].seek(place.offset)
    return release_folders.seen(streams[place.file].readline())


def _difference(needs: Needs, old: tuple[Seen | None, Place | None], new: tuple[Seen | None, Place | None]) -> Difference:
    before, after = (_side(needs, seen, place) for seen, place in (old, new))
    seen = new[0] or old[0]
    assert seen is not None  # a difference has one side at least
    other = seen.reviewer_worse_item
    item, second = (seen.reviewer_item, None) if other is None else sorted((seen.reviewer_item, other))
    return Difference(_kind(before, after), ItemId(item), None if second is None else ItemId(second), before, after, (), ())


def _kind(before: Side | None, after: Side | None) -> Kind:
    if before is None or after is None:
        return "came" if before is None else "went"
    if before.answer != after.answer:
        return "flipped"
    same = (before.labels, before.resolutions, before.campaigns) == (after.labels, after.resolutions, after.campaigns)
    return "moved" if before.part != after.part and same else "restated"


def _side(needs: Needs, seen: Seen | None, place: Place | None) -> Side | None:
    if seen is None or place is None:
        return None
    return Side(
        place.part, place.line, seen.reviewer_row, _answer(needs, seen), seen.reviewer_labels, seen.reviewer_resolutions,
        seen.reviewer_campaigns,
    )  # fmt: skip


def _answer(needs: Needs, seen: Seen) -> str:
    """What a row teaches, in words."""
    match needs:
        case "runs":
            return "compliant" if seen.label else "non_compliant"
        case "outputs":
            return "compliant" if seen.reviewer_correction is None else "corrected"
        case "steps":
            return " ".join("good" if good else "bad" for good in msgspec.json.decode(seen.labels, type=list[bool]))
        case "whole":
            answer = msgspec.json.decode(seen.answer)
            return answer if isinstance(answer, str) else canonical.encode(answer).decode()
    if seen.reviewer_better is not None and seen.reviewer_worse is not None:
        return f"{seen.reviewer_better} over {seen.reviewer_worse}"
    if seen.reviewer_worse_item is not None:
        return f"{seen.reviewer_item[:_SHORT]} over {seen.reviewer_worse_item[:_SHORT]}"
    return "corrected"


class _Reasons:
    """What explains differences: first the entries that one release knew and the other did not, then what else is told otherwise."""

    def __init__(self, reading: Reading, pair: _Pair) -> None:
        self._reading = reading
        self._pair = pair
        self._ends = tuple(since.ends_of(one.whole) for one in pair)
        self._campaigns = tuple({one.id for one in side.whole.campaigns} for side in pair)
        either = set.union(*self._campaigns)
        self._stored = [one for one in campaign_rows.every(reading) if one.state.hash in either]
        common = set.intersection(*self._campaigns)
        self._common = [one for one in self._stored if one.state.hash in common]  # what was said in another one is explained by its name
        self._gold = {item for one in self._stored for item in golds.known_answers(reading, one)}
        self._stale = citations.all_stale(reading)
        self._weighed = any(one.whole.aggregate != "answer" for one in pair)

    def of(self, some: Sequence[Difference]) -> Iterator[Difference]:
        """The same differences with their reasons."""
        items = sorted({name for one in some for name in _items(one)})
        said = since.between(self._reading, self._common, items, *self._ends)
        labels = sorted({name for one in some for side in (one.before, one.after) if side is not None for name in side.labels})
        cited = since.cited_versions(self._reading, labels)
        here = since.here(self._reading, items)
        for one in some:
            because = [entry for name in _items(one) for entry in said.get(name, ())]
            reasons: set[Reason] = {entry.what for entry in because}
            reasons |= self._otherwise(one, here, cited)
            if not reasons:
                reasons = self._of_rules(one)
            yield one._replace(
                why=release_changes.in_order(reasons), because=tuple(_because(entry) for entry in because), title=here.get(one.item, "")
            )

    def _otherwise(self, one: Difference, here: Mapping[ItemId, str], cited: Mapping[str, set[tuple[str, str]]]) -> set[Reason]:
        """Reasons that no entry on the item tells."""
        found: set[Reason] = set()
        sides = zip((one.before, one.after), reversed(self._campaigns), strict=True)
        if any(side is not None and not set(side.campaigns) <= others for side, others in sides):
            found.add("campaign")
        versions = [_versions(side, cited) for side in (one.before, one.after)]
        if any(versions[0][key] != versions[1][key] for key in versions[0].keys() & versions[1].keys()):
            found.add("policy")
        if one.kind == "went":
            assert one.before is not None
            if not self._stale.isdisjoint(one.before.labels):
                found.add("policy")
            if not self._gold.isdisjoint(_items(one)):
                found.add("gold")
            if not here.keys() >= set(_items(one)):
                found.add("erased")
        return found

    def _of_rules(self, one: Difference) -> set[Reason]:
        """Where nothing was said of an item, and it is told otherwise all the same."""
        found: set[Reason] = {"campaign"} if self._campaigns[0] != self._campaigns[1] else set()
        if self._weighed and one.kind != "moved":
            found.add("weighing")
        if one.other is not None and one.kind in ("came", "went"):
            found.add("paired")
        if one.moved:
            found.add("split")
        return found or {"unexplained"}


def _versions(side: Side | None, cited: Mapping[str, set[tuple[str, str]]]) -> dict[str, set[str]]:
    """The versions of each policy that the labels behind a row cite."""
    found: dict[str, set[str]] = {}
    for name in () if side is None else side.labels:
        for policy, version in cited.get(name, ()):
            found.setdefault(policy, set()).add(version)
    return found


def _because(said: Said) -> Because:
    return Because(said.what, said.entry, said.by)


def _items(one: Difference) -> tuple[ItemId, ...]:
    return (one.item,) if one.other is None else (one.item, one.other)


# --- all together


def _release(reading: Reading, one: _Opened) -> Release:
    whole = one.whole
    return Release(str(one.folder), one.digest, since.release_entry(reading, one.digest), whole.format, whole.rows, whole.dropped)


def _counts(found: Iterable[Difference]) -> dict[Kind, int]:
    counted = Counter(one.kind for one in found)
    return {kind: counted[kind] for kind in KINDS}


def _reasons(found: Iterable[Difference]) -> dict[Kind, dict[Reason, int]]:
    counted = Counter((one.kind, one.why[0]) for one in found)
    return {
        kind: {reason: counted[kind, reason] for reason in release_changes.REASONS if counted[kind, reason]}
        for kind in KINDS
        if any(which == kind for which, _ in counted)
    }


def _rules(old: Manifest, new: Manifest) -> Iterator[Rule]:
    """What was asked for otherwise."""
    told = (_told_of(old), _told_of(new))
    for name in told[0]:
        if told[0][name] != told[1][name]:
            yield Rule(name, told[0][name], told[1][name])


def _told_of(whole: Manifest) -> dict[str, str]:
    least = {one.least for one in whole.aggregation if one.least is not None}
    return {
        "format": f"{whole.format}, {whole.shape}",
        "campaigns": ", ".join(f"{one.name} ({one.id[:8]})" for one in whole.campaigns),
        "drawn": ", ".join(_drawn(one) for one in whole.campaigns),
        "aggregate": whole.aggregate,
        "min_confidence": ", ".join(sorted(least)) or "none",
        "split": ",".join(whole.split),
        "policies": ", ".join(sorted({policy for one in whole.campaigns for policy in one.policies})) or "none",
        "version": whole.app,
    }


def _drawn(one: ReleasedCampaign) -> str:
    return f"{one.sampled:,} of {one.population:,}"

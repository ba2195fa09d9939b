"""What a run of clusters found, as it is kept and shown."""

import msgspec
import numpy as np

from reviewer.domain import item_map
from reviewer.domain.errors import Damaged
from reviewer.domain.item_map import Axes
from reviewer.domain.item_tree import Singles
from reviewer.storage import cluster_runs, payloads
from reviewer.storage.cluster_runs import Run
from reviewer.storage.rows import Rows


class StandOut(msgspec.Struct, frozen=True):
    """What is more frequent in a region than beside it. value: a model or a clause; difference, low, high: of shares, Newcombe's limits."""

    kind: str
    value: str
    part: int
    whole: int
    difference: float
    low: float
    high: float


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """A group of items. id: hash of their ids. name: words that tell it from the others.

    reviewed, non_compliant: answers by blind labels; expected: of these, by the strata that its items were drawn from. rate, low, high: of
    the reviewed ones, by weight; the limits are not corrected for its having been picked out. p_value: of the family of all regions that
    were looked at; None where it is no region, or has fewer than five answers. flagged: p_value is at most alpha. candidate: among the
    regions that stand out most: fresh labels would decide. exploratory: of the group against the others (`Verdicts.excess`), Benjamini-
    Hochberg's over the groups that are listed.
    """

    id: str
    name: str
    size: int
    reviewed: int
    non_compliant: int
    expected: float
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    flagged: bool = False
    candidate: bool = False
    exploratory: float | None = None
    typical: tuple[str, ...] = ()
    borderline: tuple[str, ...] = ()
    stands_out: tuple[StandOut, ...] = ()


class Clustering(msgspec.Struct, frozen=True, kw_only=True):
    """A run: what was grouped and tested, and how. campaigns: hashes; left_out: items without words to group them by. statistic: of the
    scan, see `tree_scan`."""

    run: str
    made_ms: int
    query: str
    campaign: str | None
    campaigns: tuple[str, ...]
    items: int
    left_out: int
    reviewed: int
    non_compliant: int
    hidden: int
    embedder: str
    seed: str
    alpha: float
    within: str | None
    replications: int
    notes: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    statistic: str = "bernoulli"


class Map(msgspec.Struct, frozen=True):
    """Where the items of a run lie (domain.item_map). points: of its clusters one behind the other, of each in the order of the items' ids,
    within the box; middle, along: the axes, and how many items they were found from."""

    points: bytes
    box: tuple[float, float, float, float]
    middle: bytes
    along: bytes
    found_from: int


class _Mapped(msgspec.Struct, frozen=True):
    """What is kept of the map beside what was found."""

    embedder: str
    map: Map | None = None


_decoder = msgspec.json.Decoder(Clustering)
_map_decoder = msgspec.json.Decoder(_Mapped)


def packed(found: Clustering, placed: Map) -> bytes:
    """The bytes to keep."""
    return payloads.pack(msgspec.json.encode({**msgspec.structs.asdict(found), "map": placed}))


def unpacked(run: Run) -> Clustering:
    """What a stored run found. Raises Damaged."""
    try:
        return _decoder.decode(payloads.unpack(run.content))
    except msgspec.MsgspecError as error:
        raise Damaged("A stored run of clusters cannot be read.", "Run `reviewer clusters run` again.") from error


def map_of(run: Run) -> Map | None:
    """Where the items of a stored run lie; None for one that was made before there were maps. Raises Damaged."""
    try:
        return _map_decoder.decode(payloads.unpack(run.content)).map
    except msgspec.MsgspecError as error:
        raise Damaged("A stored map of items cannot be read.", "Run `reviewer clusters run` again.") from error


def axes_kept(rows: Rows, embedder: str) -> Axes | None:
    """The axes of the last map of vectors of this embedder."""
    for run in cluster_runs.every(rows):
        kept = _map_decoder.decode(payloads.unpack(run.content))
        if kept.embedder == embedder and kept.map is not None:
            middle, along = (np.frombuffer(one, "<f4") for one in (kept.map.middle, kept.map.along))
            return Axes(middle, along.reshape(2, -1), kept.map.found_from)
    return None


def placed(axes: Axes, points: Singles) -> Map:
    """The map to keep. points: in the order that `Map` says."""
    content, box = item_map.packed(points)
    return Map(content, box, axes.middle.astype("<f4").tobytes(), axes.along.astype("<f4").tobytes(), axes.items)

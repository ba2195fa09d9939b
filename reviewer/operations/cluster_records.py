"""What a run of clusters is asked and what it found, as that is handed on, kept and shown."""

import msgspec

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Damaged
from reviewer.storage import payloads
from reviewer.storage.cluster_runs import Run


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


class Asked(msgspec.Struct, frozen=True):
    """What a run is to look at: see `clustering.run_clusters`. seed: not empty. kept: of vectors that were made before, their embedder and
    why it is that one, in a sentence; None: they are made on this machine, by the embedder that suits."""

    query_text: str
    campaign: str | None
    seed: str
    alpha: float
    within: str | None
    statistic: str = "bernoulli"
    kept: tuple[str, str] | None = None


class Grouping(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What a run comes to before it is kept.

    clustering: without an id and a time; items: of each of its clusters, sorted ids one behind the other.
    """

    clustering: Clustering
    items: list[bytes]
    map: Map


class _Mapped(msgspec.Struct, frozen=True):
    """What is kept of the map beside what was found."""

    embedder: str
    map: Map | None = None


_decoder = msgspec.json.Decoder(Clustering)
_map_decoder = msgspec.json.Decoder(_Mapped)


def cluster_id(items: bytes) -> str:
    """The id of a cluster: the name that the list of its items has as a blob. items: ids one behind the other, sorted."""
    return sha256_hex(items)


def packed(found: Clustering, placed: Map) -> bytes:
    """The bytes to keep."""
    return payloads.pack(msgspec.json.encode({**msgspec.structs.asdict(found), "map": placed}))


def unpacked(run: Run) -> Clustering:
    """What a stored run found. Raises Damaged."""
    try:
        return _decoder.decode(payloads.unpack(run.content))
    except msgspec.MsgspecError as error:
        raise Damaged("A stored run of clusters cannot be read.", "Run `reviewer clusters run` again.") from error


def mapped(run: Run) -> tuple[str, Map | None]:
    """The embedder of a stored run, and where its items lie; None for one that was made before there were maps. Raises Damaged."""
    try:
        kept = _map_decoder.decode(payloads.unpack(run.content))
    except msgspec.MsgspecError as error:
        raise Damaged("A stored map of items cannot be read.", "Run `reviewer clusters run` again.") from error
    return kept.embedder, kept.map

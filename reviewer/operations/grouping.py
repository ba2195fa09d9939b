"""A run of clusters worked out: items grouped by what they are about, and compared with chance. Nothing is written here.

It loads numpy and what goes with it, so a window does this in a process of its own (`operations.beside`).
"""

from collections.abc import Sequence
from typing import NamedTuple, cast, get_args

import msgspec
import numpy as np

from reviewer.domain import confirming, item_map, item_tree, tree_scan
from reviewer.domain.confirming import REGIONS
from reviewer.domain.differences import weighted_share
from reviewer.domain.errors import Refused, shown
from reviewer.domain.item_map import Axes
from reviewer.domain.item_tree import Floats, Ints, ItemTree, Singles
from reviewer.domain.progress import Ticket
from reviewer.domain.tree_scan import Scan
from reviewer.operations import cluster_faces, cluster_records
from reviewer.operations import embedding as embedding_of
from reviewer.operations.beside import Keeper
from reviewer.operations.cluster_records import Asked, Cluster, Clustering, Grouping, Map, cluster_id
from reviewer.operations.drawing import population
from reviewer.operations.embedding import Embedded
from reviewer.operations.verdicts import Verdicts, verdicts, within_field
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs, populations
from reviewer.storage.campaigns import Stored
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading

LEAST = 2 * tree_scan.LEAST_ITEMS  # items: of fewer, no two regions can be told apart
_PARTS = 12  # into which what does not stand out is cut, about
_MOST_REGIONS = 20


def group(workspace: Onlooker, keeper: Keeper, ticket: Ticket, asked: Asked) -> Grouping:
    """Group what a query finds, and compare the groups with chance.

    Raises Refused for fewer than LEAST items, a statistic or a field that is none, NotFound, NotAllowed.
    """
    stored, query, ids = to_group(workspace, ticket, asked)
    embedded = (
        embedding_of.embed(workspace, keeper, ticket, ids) if asked.kept is None else embedding_of.kept_vectors(workspace, ids, *asked.kept)
    )
    known = np.linalg.norm(embedded.vectors, axis=1) > 0
    embedded = embedded._replace(ids=embedded.ids[known], vectors=embedded.vectors[known])
    _refuse_few(len(embedded.ids), query)
    with workspace.read() as reading:
        found = verdicts(reading, ticket, campaign=asked.campaign, viewer=workspace.me)
        found, place = found.among(embedded.ids)
        found = found if asked.within is None else within_field(reading, found, asked.within)
    grouped = _grouped(ticket, embedded, found, place, asked)
    with workspace.read() as reading:
        clusters = _told(reading, ticket, embedded, found, grouped)
        axes = _axes(reading, embedded)
    clustering = Clustering(
        run="",
        made_ms=0,
        query=query,
        campaign=None if stored is None else stored.state.rules.name,
        campaigns=tuple(one.state.hash for one in found.campaigns),
        items=len(embedded.ids),
        left_out=len(ids) - len(embedded.ids),
        reviewed=len(found.ids),
        non_compliant=int(found.broken.sum()),
        hidden=found.hidden,
        embedder=embedded.embedder,
        seed=asked.seed,
        alpha=asked.alpha,
        within=asked.within,
        statistic=asked.statistic,
        replications=tree_scan.REPLICATIONS,
        notes=tuple(_notes(embedded, found, len(ids))),
        clusters=tuple(clusters),
    )
    return _with_places(clustering, embedded, grouped, axes)


class ToGroup(NamedTuple):
    """The campaign, the query and the items, sorted, of what a run is asked for."""

    campaign: Stored | None
    query: str
    ids: Ids


def to_group(workspace: Onlooker, ticket: Ticket, asked: Asked) -> ToGroup:
    """What is to be grouped. Raises NotFound, and Refused for a statistic that is none or fewer than LEAST items."""
    if asked.statistic not in get_args(tree_scan.Statistic):
        choices = ", ".join(get_args(tree_scan.Statistic))
        raise Refused(f"“{shown(asked.statistic, 40)}” is no statistic of a scan.", f"Choose one of: {choices}.")
    ticket.step(0, 0, "Finding the items")
    with workspace.read() as reading:
        stored = None if asked.campaign is None else campaign_rows.named(reading, asked.campaign)
        query, ids = _asked_for(reading, stored, asked.query_text)
    _refuse_few(len(ids), query)
    return ToGroup(stored, query, np.sort(ids))


def _asked_for(reading: Reading, stored: Stored | None, query_text: str) -> tuple[str, Ids]:
    """The query, and the items that it finds; of a campaign that is asked for alone, its population."""
    if stored is not None and not query_text:
        return stored.state.rules.query, populations.population(reading, stored)
    asked, listed = population(reading, query_text)
    return asked, np.frombuffer(bytes.fromhex("".join(listed)), "S32")


def _refuse_few(count: int, asked: str) -> None:
    if count < LEAST:
        found = f"“{shown(asked, 60)}” finds" if asked else "There are"
        raise Refused(
            f"{found} {count:,} items with words to group them by, and {LEAST} are needed.", "Widen the query, or import more items."
        )


class _Grouped(NamedTuple):
    """The tree, what the scan found, and the groups to list: nodes, and whether and how each stood out."""

    tree: ItemTree
    scan: Scan
    nodes: list[int]
    regions: dict[int, int]  # node: its place in the scan
    flagged: set[int]
    candidates: set[int]


def _grouped(ticket: Ticket, embedded: Embedded, found: Verdicts, place: Ints, asked: Asked) -> _Grouped:
    number = int.from_bytes(asked.seed.encode()[:64], "little")
    tree = item_tree.of_vectors(embedded.vectors, seed=number, step=lambda done, total: ticket.step(done, total, "Grouping what is alike"))
    scan = tree_scan.scan(
        tree, place, found.broken, rng=np.random.default_rng(number), cell=found.cell, statistic=cast(tree_scan.Statistic, asked.statistic),
        step=lambda done, total: ticket.step(done, total, "Comparing with chance"),
    )  # fmt: skip
    best = tree_scan.apart(tree, scan, most=_MOST_REGIONS)
    flagged = [int(scan.node[one]) for one in best if scan.p[one] <= asked.alpha]
    candidates = confirming.candidates(tree, place, found.broken, cell=found.cell, taken=flagged)
    kept = np.array([*flagged, *candidates], np.int64)
    nodes = item_tree.cut(tree, largest=max(tree_scan.LEAST_ITEMS, len(embedded.ids) // _PARTS), keep=kept)
    regions = {int(node): at for at, node in enumerate(scan.node)}
    return _Grouped(tree, scan, nodes, regions, set(flagged), {*flagged[:REGIONS], *candidates})


def _told(reading: Reading, ticket: Ticket, embedded: Embedded, found: Verdicts, grouped: _Grouped) -> list[Cluster]:
    """The groups as they are shown: flagged ones first, then by how much they stand out."""
    groups = [grouped.tree.items(node) for node in grouped.nodes]
    names = cluster_faces.names(reading, ticket, embedded.ids, groups)
    told = []
    rates, standing = _cell_rates(found), cluster_faces.Standing(reading, found)
    for node, items, name, (typical, borderline) in zip(
        grouped.nodes, groups, names, cluster_faces.examples(embedded.vectors, groups), strict=True
    ):
        ids = np.sort(embedded.ids[items])
        mine = populations.places(found.ids, ids) >= 0
        share = weighted_share(found.broken[mine], None if found.equal else found.weight[mine])
        region = grouped.regions.get(node)
        marked = node in grouped.flagged or node in grouped.candidates
        told.append(
            Cluster(
                id=cluster_id(ids.tobytes()),
                name=name,
                size=len(ids),
                reviewed=int(mine.sum()),
                non_compliant=int(found.broken[mine].sum()),
                expected=round(float(rates[found.cell[mine]].sum()), 6) if len(rates) else 0.0,
                rate=share.value,
                low=share.low,
                high=share.high,
                p_value=None if region is None else float(grouped.scan.p[region]),
                flagged=node in grouped.flagged,
                candidate=node in grouped.candidates,
                exploratory=found.excess(mine) if np.count_nonzero(mine) >= tree_scan.LEAST_LABELLED else None,
                typical=_hex(embedded.ids[typical]),
                borderline=_hex(embedded.ids[borderline]),
                stands_out=standing.out(ids) if marked else (),
            )
        )
    return _ordered(_explored(told))


def _cell_rates(found: Verdicts) -> Floats:
    """The share of non-compliant answers in each cell."""
    if not len(found.cell):
        return np.empty(0)
    return np.bincount(found.cell, weights=found.broken) / np.maximum(np.bincount(found.cell), 1)


def _explored(told: Sequence[Cluster]) -> list[Cluster]:
    """With the exploratory p of all that have one adjusted, as Benjamini and Hochberg do."""
    alone = {one.id: one.exploratory for one in told if one.exploratory is not None}
    adjusted = dict(zip(alone, tree_scan.benjamini_hochberg(list(alone.values())), strict=True))
    return [msgspec.structs.replace(one, exploratory=adjusted.get(one.id)) for one in told]


def _ordered(told: Sequence[Cluster]) -> list[Cluster]:
    def key(one: Cluster) -> tuple[bool, float, float, str]:
        return not one.flagged, 1.0 if one.p_value is None else one.p_value, one.expected - one.non_compliant, one.id

    return sorted(told, key=key)


def _hex(ids: Ids) -> tuple[str, ...]:
    return tuple(populations.hexadecimal(ids))


def _notes(embedded: Embedded, found: Verdicts, asked: int) -> list[str]:
    said = [embedded.why]
    if asked - len(embedded.ids):
        said.append(f"{asked - len(embedded.ids):,} items are left out: they have no words to group them by, or are not on this machine.")
    if not len(found.ids):
        said.append("No item has an answer by blind labels yet: items are grouped, and nothing is tested.")
    elif found.broken.all() or not found.broken.any():
        every = "non-compliant" if found.broken.all() else "compliant"
        said.append(f"All {len(found.ids):,} answers are {every}: no group can stand out.")
    elif len(found.ids) < 4 * tree_scan.LEAST_LABELLED:
        said.append(f"{len(found.ids):,} answers are few: only a very large difference could be told from chance.")
    if found.hidden:
        said.append(f"{found.hidden:,} drawn items count as not reviewed: they wait for your own blind label.")
    if not found.equal:
        said.append("Items were drawn with unequal probabilities: chance deals verdicts out among items that were equally likely.")
    return said


def _axes(reading: Reading, embedded: Embedded) -> Axes:
    """The axes of the last map of vectors of this embedder, unless these outgrew them."""
    for run in cluster_runs.every(reading):
        embedder, kept = cluster_records.mapped(run)
        if embedder == embedded.embedder and kept is not None:
            middle, along = (np.frombuffer(one, "<f4") for one in (kept.middle, kept.along))
            axes = Axes(middle, along.reshape(2, -1), kept.found_from)
            if not item_map.outgrown(axes, embedded.vectors):
                return axes
            break
    return item_map.axes_of(embedded.vectors)


def _with_places(clustering: Clustering, embedded: Embedded, grouped: _Grouped, axes: Axes) -> Grouping:
    """With the items of each group, and where they lie on the map."""
    ids = embedded.ids  # sorted, and so are the places of a group
    groups = {cluster_id(ids[some].tobytes()): some for some in (np.sort(grouped.tree.items(node)) for node in grouped.nodes)}
    inside = [groups[one.id] for one in clustering.clusters]
    points = item_map.laid(axes, embedded.vectors)[np.concatenate(inside)]
    return Grouping(clustering, [ids[some].tobytes() for some in inside], placed(axes, points))


def placed(axes: Axes, points: Singles) -> Map:
    """The map to keep. points: in the order that `Map` says."""
    content, box = item_map.packed(points)
    return Map(content, box, axes.middle.astype("<f4").tobytes(), axes.along.astype("<f4").tobytes(), axes.items)

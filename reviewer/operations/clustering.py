"""Clusters: grouping items by what they are about, and flagging the groups that break the policy more often than chance allows."""

from collections.abc import Sequence
from typing import NamedTuple, cast, get_args

import msgspec
import numpy as np

from reviewer.domain import confirming, item_map, item_tree, tree_scan
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.case_events import What
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.confirming import REGIONS
from reviewer.domain.differences import weighted_share
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import BlobRef, Event, Finding
from reviewer.domain.item_tree import Floats, Ints, ItemTree
from reviewer.domain.members import may, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.domain.tree_scan import Scan
from reviewer.operations import cluster_faces, cluster_records
from reviewer.operations import embedding as embedding_of
from reviewer.operations.cluster_records import Cluster, Clustering
from reviewer.operations.drawing import population
from reviewer.operations.embedding import Embedded
from reviewer.operations.judge_material import Terms
from reviewer.operations.verdicts import Verdicts, may_see, refuse_unseen, verdicts, within_field
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs, findings, populations
from reviewer.storage.campaigns import Stored
from reviewer.storage.cluster_runs import Run
from reviewer.storage.findings import Found
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading, Work, Workspace

LEAST = 2 * tree_scan.LEAST_ITEMS  # items: of fewer, no two regions can be told apart
_PARTS = 12  # into which what does not stand out is cut, about
_MOST_REGIONS = 20


def run_clusters(
    workspace: Workspace,
    ticket: Ticket,
    *,
    query_text: str = "",
    campaign: str | None = None,
    embedder: str = "local",
    seed: str = "",
    alpha: float = 0.05,
    within: str | None = None,
    statistic: str = "bernoulli",
    terms: Terms | None = None,
) -> Outcome[Clustering]:
    """Group what a query finds, and flag the regions of the tree that break the policy more often than chance allows.

    campaign: whose answers are looked at, and without a query whose population; None: all of them. An empty seed is drawn by chance.
    within: a field whose values are not to explain a finding, such as the model. statistic: bernoulli, of verdicts, or poisson, of counts;
    see `tree_scan`. embedder: local, or mistral, which sends texts away: see `embedding.embed`. What is flagged is recorded, where the
    member may.
    Raises Refused for fewer than LEAST items, a field, embedder, statistic or alpha that is none; NotFound; NotAllowed.
    """
    refuse_waiting(workspace.me)
    if not 0 < alpha < 1:
        raise Refused(f"{alpha:g} cannot be the chance of a false alarm.", "Give a number between 0 and 1, such as 0.05.")
    if statistic not in get_args(tree_scan.Statistic):
        raise Refused(f"“{shown(statistic, 40)}” is no statistic of a scan.", f"Choose one of: {', '.join(get_args(tree_scan.Statistic))}.")
    embedding_of.refuse_embedder(workspace, embedder)
    ticket.step(0, 0, "Finding the items")
    with workspace.read() as reading:
        stored = None if campaign is None else campaign_rows.named(reading, campaign)
        asked, ids = _asked_for(reading, stored, query_text)
    _refuse_few(len(ids), asked)
    embedded = embedding_of.embed(workspace, ticket, np.sort(ids), embedder=embedder, terms=terms)
    known = np.linalg.norm(embedded.vectors, axis=1) > 0
    embedded = embedded._replace(ids=embedded.ids[known], vectors=embedded.vectors[known])
    _refuse_few(len(embedded.ids), asked)
    with workspace.read() as reading:
        found = verdicts(reading, ticket, campaign=campaign, viewer=workspace.me)
        found, place = found.among(embedded.ids)
        found = found if within is None else within_field(reading, found, within)
    chosen = seed or workspace.surroundings.entropy(4).hex()
    grouped = _grouped(ticket, embedded, found, place, seed=chosen, alpha=alpha, statistic=cast(tree_scan.Statistic, statistic))
    with workspace.read() as reading:
        clusters = _told(reading, ticket, embedded, found, grouped)
    result = Clustering(
        run=workspace.surroundings.entropy(6).hex(),
        made_ms=workspace.surroundings.now_ms(),
        query=asked,
        campaign=None if stored is None else stored.state.rules.name,
        campaigns=tuple(one.state.hash for one in found.campaigns),
        items=len(embedded.ids),
        left_out=len(ids) - len(embedded.ids),
        reviewed=len(found.ids),
        non_compliant=int(found.broken.sum()),
        hidden=found.hidden,
        embedder=embedded.embedder,
        seed=chosen,
        alpha=alpha,
        within=within,
        replications=tree_scan.REPLICATIONS,
        statistic=statistic,
        notes=tuple(_notes(embedded, found, len(ids))),
        clusters=tuple(clusters),
    )
    return Outcome(result, _keep(workspace, result, embedded, grouped))


def _asked_for(reading: Reading, stored: Stored | None, query_text: str) -> tuple[str, Ids]:
    """The query, and the items that it finds; of a campaign that is asked for alone, its population."""
    if stored is not None and not query_text:
        return stored.state.rules.query, populations.population(reading, stored)
    asked, listed = population(reading, query_text)
    return asked, np.frombuffer(bytes.fromhex("".join(listed)), "S32")


class Listed(NamedTuple):
    """The runs that are kept here, newest first, and everything that was flagged, named or queued, here or elsewhere."""

    runs: tuple[Clustering, ...]
    findings: tuple[Found, ...]


def list_clusters(workspace: Workspace, ticket: Ticket) -> Outcome[Listed]:
    """What was grouped and found. What others found is left out where it would lead the viewer.

    Raises NotAllowed where all there is would lead.
    """
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        runs, said = cluster_runs.every(reading), findings.every(reading)
        kept = [cluster_records.unpacked(run) for run in runs if run.member == workspace.member]
        others = [cluster_records.unpacked(run) for run in runs if run.member != workspace.member]
        shown = [one for one in others if may_see(reading, one.campaigns, workspace.me)]
        found = [one for one in said if may_see(reading, _campaigns_of(reading, one), workspace.me)]
        if (runs or said) and not kept and not shown and not found:
            refuse_unseen(reading, [*(name for one in others for name in one.campaigns), *_every_campaign(reading)], workspace.me)
        return Outcome(Listed(tuple(sorted([*kept, *shown], key=lambda one: -one.made_ms)), tuple(found)))


def _campaigns_of(reading: Reading, found: Found) -> Sequence[str]:
    """The campaigns whose labels are behind a finding: the one it names, else any."""
    return _every_campaign(reading) if found.campaign is None else [found.campaign]


def _every_campaign(reading: Reading) -> list[str]:
    return [stored.state.hash for stored in campaign_rows.every(reading)]


class Shown(NamedTuple):
    """A cluster, the run that made it (None: it is known by what was said of it, on another machine perhaps), its items, and what was
    said of it."""

    clustering: Clustering | None
    cluster: Cluster
    items: tuple[str, ...]
    findings: tuple[Found, ...]

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The campaigns whose labels pointed at it; none where those of all counted and the run is not here."""
        if self.clustering is not None:
            return self.clustering.campaigns
        return tuple(dict.fromkeys(said.campaign for said in self.findings if said.campaign is not None))


def show_cluster(workspace: Workspace, ticket: Ticket, *, cluster: str) -> Outcome[Shown]:
    """A cluster of a run that is kept here, or of a finding, by its id or the first digits. Raises NotFound, Refused for digits of several,
    NotAllowed where it would lead the viewer."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        run, name = cluster_runs.run_of(reading, cluster)
        said = findings.of_cluster(reading, name)
        if run is None:
            refuse_unseen(reading, [name for one in said for name in _campaigns_of(reading, one)], workspace.me)
            return Outcome(Shown(None, _as_said(said), tuple(cluster_runs.items_in(reading, name)), tuple(said)))
        content = cluster_records.unpacked(run)
        if run.member != workspace.member:
            refuse_unseen(reading, content.campaigns, workspace.me)
        one = next(one for one in content.clusters if one.id == name)
        named = [finding.name for finding in said if finding.name is not None]
        one = msgspec.structs.replace(one, name=named[-1]) if named else one
        return Outcome(Shown(content, one, tuple(cluster_runs.items_in(reading, name)), tuple(said)))


def _as_said(said: Sequence[Found]) -> Cluster:
    """A cluster as its findings give it."""
    newest = max(said, key=lambda one: (one.figures.reviewed, one.wall_ms)).figures
    share = weighted_share(np.arange(newest.reviewed) < newest.non_compliant)
    p = None if newest.p is None else float(newest.p)
    return Cluster(
        id=said[0].cluster, name=next((one.name for one in reversed(said) if one.name), "a finding of another machine, or of an older run"),
        size=said[0].size, reviewed=newest.reviewed, non_compliant=newest.non_compliant, expected=float(newest.expected or 0),
        rate=share.value, low=share.low, high=share.high, p_value=p, flagged=any(one.what == "flagged" for one in said),
    )  # fmt: skip


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


def _grouped(
    ticket: Ticket, embedded: Embedded, found: Verdicts, place: Ints, *, seed: str, alpha: float, statistic: tree_scan.Statistic
) -> _Grouped:
    number = int.from_bytes(seed.encode()[:64], "little")
    tree = item_tree.of_vectors(embedded.vectors, seed=number, step=lambda done, total: ticket.step(done, total, "Grouping what is alike"))
    scan = tree_scan.scan(
        tree, place, found.broken, rng=np.random.default_rng(number), cell=found.cell, statistic=statistic,
        step=lambda done, total: ticket.step(done, total, "Comparing with chance"),
    )  # fmt: skip
    best = tree_scan.apart(tree, scan, most=_MOST_REGIONS)
    flagged = [int(scan.node[one]) for one in best if scan.p[one] <= alpha]
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
                id=cluster_id(ids),
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


def cluster_id(ids: Ids) -> str:
    """The id of a cluster: the name that the list of its items has as a blob. ids: sorted."""
    return sha256_hex(ids.tobytes())


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


def _keep(workspace: Workspace, result: Clustering, embedded: Embedded, grouped: _Grouped) -> Changes:
    """Keep the run and its map, and record what is flagged and was not before."""
    ids = embedded.ids  # sorted, and so are the places of a group
    groups = {cluster_id(ids[some]): some for some in (np.sort(grouped.tree.items(node)) for node in grouped.nodes)}
    lists = {name: ids[some].tobytes() for name, some in groups.items()}
    with workspace.read() as reading:
        axes = cluster_records.axes_kept(reading, embedded.embedder)
    if axes is None or item_map.outgrown(axes, embedded.vectors):
        axes = item_map.axes_of(embedded.vectors)
    points = item_map.laid(axes, embedded.vectors)[np.concatenate([groups[one.id] for one in result.clusters])]
    content = cluster_records.packed(result, cluster_records.placed(axes, points))
    with workspace.begin() as work:
        run = Run(result.run, workspace.member, result.made_ms, content)
        cluster_runs.keep(work, run, list(lists.items()))
        if may(workspace.me.role, "finding"):
            for one in result.clusters:
                if one.flagged:
                    _record(work, result, one, lists[one.id])
        work.changes |= Changes.FINDINGS
        return work.changes


def _record(work: Work, result: Clustering, one: Cluster, items: bytes) -> None:
    campaign = result.campaigns[0] if len(result.campaigns) == 1 else None
    known = findings.of_cluster(work, one.id)
    if any(said.what == "flagged" and said.campaign == campaign and said.figures.reviewed == one.reviewed for said in known):
        return
    listed = BlobRef(one.size, work.keep_blob(items))
    work.record(Event("finding", finding_of("flagged", result.campaigns, one, listed, result.embedder)))


def finding_of(
    what: What, campaigns: Sequence[str], one: Cluster, items: BlobRef, embedder: str | None, fresh: str | None = None
) -> Finding:
    """The entry's value. campaigns: whose labels are behind it; one is named, of several none."""
    return Finding(
        what=what,
        items=items,
        campaign=EntryHash(campaigns[0]) if len(campaigns) == 1 else None,
        reviewed=one.reviewed,
        non_compliant=one.non_compliant,
        expected=f"{one.expected:.3f}",
        p=None if one.p_value is None else f"{one.p_value:.6f}",
        embedder=embedder,
        fresh=None if fresh is None else EntryHash(fresh),
    )

"""Clusters: grouping items by what they are about, and flagging the groups that break the policy more often than chance allows.

Nothing large is loaded here: what a window only starts and records is worked out elsewhere (`operations.grouping`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from reviewer.domain.case_events import What
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import BlobRef, Event, Finding
from reviewer.domain.members import may, refuse_waiting
from reviewer.domain.progress import Ticket
from reviewer.operations import cluster_records
from reviewer.operations.beside import Keeper, Keeping, beside
from reviewer.operations.cluster_records import Asked, Cluster, Clustering, Grouping
from reviewer.operations.judge_material import Terms
from reviewer.storage import cluster_runs, findings
from reviewer.storage.cluster_runs import Run
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.workspace import Work, Workspace

if TYPE_CHECKING:
    from reviewer.operations import mistral_vectors


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
    gentle: bool = False,
) -> Outcome[Clustering]:
    """Group what a query finds, and flag the regions of the tree that break the policy more often than chance allows.

    campaign: whose answers are looked at, and without a query whose population; None: all of them. An empty seed is drawn by chance.
    within: a field whose values are not to explain a finding, such as the model. statistic: bernoulli, of verdicts, or poisson, of counts;
    see `tree_scan`. embedder: local, or mistral, which sends texts away: see `embedding.embed_by_mistral`. gentle: the groups
    are worked out in a process of their own, for a window in which somebody labels meanwhile. What is flagged is recorded, where the member
    may. Raises Refused for too few items, a field, embedder, statistic or alpha that is none; NotFound; NotAllowed; Died where that
    process was ended.
    """
    refuse_waiting(workspace.me)
    workspace.require_writable()
    if not 0 < alpha < 1:
        raise Refused(f"{alpha:g} cannot be the chance of a false alarm.", "Give a number between 0 and 1, such as 0.05.")
    asked = Asked(query_text, campaign, seed or workspace.surroundings.entropy(4).hex(), alpha, within, statistic)
    if embedder != "local":
        asked = msgspec.structs.replace(asked, kept=_from_service(workspace, ticket, asked, embedder, terms))
    found = beside(workspace, ticket, _group, asked, Grouping) if gentle else _group(workspace, Keeping(workspace), ticket, asked)
    run, now = workspace.surroundings.entropy(6).hex(), workspace.surroundings.now_ms()
    result = msgspec.structs.replace(found.clustering, run=run, made_ms=now)
    return Outcome(result, _keep(workspace, result, found))


def preview_vectors(
    workspace: Workspace, ticket: Ticket, *, query_text: str = "", campaign: str | None = None, terms: Terms
) -> Outcome["mistral_vectors.Preview"]:
    """What such a run with the embedder `mistral` would send, without sending it; it needs neither the switch nor a key.

    Raises Refused for fewer than `grouping.LEAST` items, or a server that is none; NotFound; NotAllowed.
    """
    from reviewer.operations import grouping, mistral_vectors

    refuse_waiting(workspace.me)
    found = grouping.to_group(workspace, ticket, Asked(query_text, campaign, "", 0.05, None))
    return Outcome(mistral_vectors.preview(workspace, ticket, found.ids, terms=terms))


def _group(workspace: Onlooker, keeper: Keeper, ticket: Ticket, asked: Asked) -> Grouping:
    from reviewer.operations import grouping

    return grouping.group(workspace, keeper, ticket, asked)


def _from_service(workspace: Workspace, ticket: Ticket, asked: Asked, embedder: str, terms: Terms | None) -> tuple[str, str]:
    """Have the vectors that are lacking made by a service, and keep them. The embedder's name, and why it is that one."""
    from reviewer.operations import embedding, grouping

    embedding.refuse_embedder(workspace, embedder)
    found = embedding.embed_by_mistral(workspace, ticket, grouping.to_group(workspace, ticket, asked).ids, terms=terms)
    return found.embedder, found.why


def _keep(workspace: Workspace, result: Clustering, found: Grouping) -> Changes:
    """Keep the run and its map, and record what is flagged and was not before."""
    lists = {one.id: items for one, items in zip(result.clusters, found.items, strict=True)}
    run = Run(result.run, workspace.member, result.made_ms, cluster_records.packed(result, found.map))
    with workspace.begin() as work:
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

"""Earlier runs of clusters: which are kept, and what came and went from one to another."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.progress import Ticket
from reviewer.operations import cluster_records
from reviewer.operations.cluster_records import Cluster, Clustering
from reviewer.operations.verdicts import may_see, refuse_unseen
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs, findings, populations
from reviewer.storage.cluster_runs import Run
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading, Workspace

SAME = 0.5  # of the items that either of two clusters has, so many in both: then they are one that stayed


class Runs(NamedTuple):
    """Runs that are kept here and that the member may see, newest first. hidden: how many of others they may not see yet."""

    runs: tuple[Clustering, ...]
    hidden: int


class Match(NamedTuple):
    """A cluster, and the one of the other run that has most of its items; None where none has any. share: of the items that either has,
    how many both have."""

    cluster: Cluster
    other: Cluster | None
    share: float


class Compared(NamedTuple):
    """An older run and a newer one. came, went, both: items of the newer alone, of the older alone, and of both.

    stayed: clusters that both flag, as the newer has them beside the older's; newly: those that the newer alone flags; no_more: those that
    the older alone flags, beside what the newer has in their place.
    """

    old: Clustering
    new: Clustering
    came: int
    went: int
    both: int
    stayed: tuple[Match, ...]
    newly: tuple[Match, ...]
    no_more: tuple[Match, ...]


def list_runs(workspace: Workspace, ticket: Ticket) -> Outcome[Runs]:
    """The runs that can be looked at again."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        runs = cluster_runs.every(reading)
        seen = tuple(content for _, content in _visible(reading, workspace, runs))
        return Outcome(Runs(seen, len(runs) - len(seen)))


def show_run(workspace: Workspace, ticket: Ticket, *, run: str) -> Outcome[Clustering]:
    """One run, by its id or the first digits, with the names that people gave its clusters. Raises NotFound, Refused for digits of several,
    NotAllowed where it would lead the viewer."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(_named(reading, workspace, _found(reading, workspace, run)[1]))


def compare_runs(workspace: Workspace, ticket: Ticket, *, run: str, other: str | None = None) -> Outcome[Compared]:
    """What came and went between two runs, by their ids or first digits, in whatever order they are named. other: None for the newest.

    Raises as `show_run`, and Refused for a run and itself.
    """
    ticket.step(0, 1, "Comparing")
    with workspace.read() as reading:
        first = _found(reading, workspace, run)
        if other is None:
            second = next(_visible(reading, workspace, cluster_runs.every(reading)))  # `run` is one of them
        else:
            second = _found(reading, workspace, other)
        if first[0].id == second[0].id:
            raise Refused(f"The run {first[0].id} would be compared with itself.", "Name an earlier one: see `reviewer clusters list`.")
        order = [one.id for one in cluster_runs.every(reading)]
        new, old = sorted((first, second), key=lambda one: order.index(one[0].id))
        return Outcome(_compared(_Grouped.of(reading, workspace, *old), _Grouped.of(reading, workspace, *new)))


def _visible(reading: Reading, workspace: Workspace, runs: Sequence[Run]) -> Iterator[tuple[Run, Clustering]]:
    """Those that the member may see, in their order: their own, and of others what would not lead them."""
    for run in runs:
        content = cluster_records.unpacked(run)
        if run.member == workspace.member or may_see(reading, content.campaigns, workspace.me):
            yield run, content


def _found(reading: Reading, workspace: Workspace, prefix: str) -> tuple[Run, Clustering]:
    found = [run for run in cluster_runs.every(reading) if prefix and run.id.startswith(prefix.lower())]
    if not found:
        raise NotFound(f"There is no run {shown(prefix, 40)} here.", "`reviewer clusters list` lists those that are kept.")
    if len(found) > 1:
        raise Refused(f"More than one run begins with {shown(prefix, 40)}.", "Give more digits of the id.")
    content = cluster_records.unpacked(found[0])
    if found[0].member != workspace.member:
        refuse_unseen(reading, content.campaigns, workspace.me)
    return found[0], content


def _named(reading: Reading, workspace: Workspace, content: Clustering) -> Clustering:
    """With the last name that a person gave each cluster, for whoever has nothing left to judge blind: what others say would lead."""
    if not may_see(reading, (stored.state.hash for stored in campaign_rows.every(reading)), workspace.me):
        return content
    names = {one.cluster: one.name for one in findings.every(reading) if one.name is not None}
    clusters = tuple(msgspec.structs.replace(one, name=names.get(one.id, one.name)) for one in content.clusters)
    return msgspec.structs.replace(content, clusters=clusters)


class _Grouped(NamedTuple):
    """A run, its items in the order of their ids, and the place of the cluster of each."""

    content: Clustering
    ids: Ids
    cluster: populations.Ints

    @classmethod
    def of(cls, reading: Reading, workspace: Workspace, run: Run, content: Clustering) -> "_Grouped":
        lists = cluster_runs.lists_of(reading, run.id)
        ids = np.frombuffer(b"".join(lists[one.id] for one in content.clusters), "S32")
        order = np.argsort(ids)
        place = np.repeat(np.arange(len(content.clusters)), [one.size for one in content.clusters])
        return cls(_named(reading, workspace, content), ids[order], place[order])


def _compared(old: _Grouped, new: _Grouped) -> Compared:
    at = populations.places(old.ids, new.ids)
    both = int((at >= 0).sum())
    shared = np.zeros((len(old.content.clusters), len(new.content.clusters)), np.int64)
    np.add.at(shared, (old.cluster[at >= 0], new.cluster[at[at >= 0]]), 1)
    newer = [_match(one, old.content.clusters, shared[:, place]) for place, one in enumerate(new.content.clusters) if one.flagged]
    older = [_match(one, new.content.clusters, shared[place]) for place, one in enumerate(old.content.clusters) if one.flagged]
    return Compared(
        old.content,
        new.content,
        came=len(new.ids) - both,
        went=len(old.ids) - both,
        both=both,
        stayed=tuple(one for one in newer if _stayed(one)),
        newly=tuple(one for one in newer if not _stayed(one)),
        no_more=tuple(one for one in older if not _stayed(one)),
    )


def _match(one: Cluster, others: Sequence[Cluster], shared: populations.Ints) -> Match:
    """The cluster of the other run that it shares most with, by the items of either. shared: with each of the others."""
    if not len(others) or not shared.any():
        return Match(one, None, 0.0)
    share = shared / (one.size + np.array([other.size for other in others]) - shared)
    best = int(share.argmax())
    return Match(one, others[best], float(share[best]))


def _stayed(match: Match) -> bool:
    return match.other is not None and match.other.flagged and match.share >= SAME

"""The runs of clusters that are kept here, and what was flagged, named or queued, here or elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from reviewer.domain.changes import Outcome
from reviewer.domain.differences import weighted_share
from reviewer.domain.progress import Ticket
from reviewer.operations import cluster_records
from reviewer.operations.cluster_records import Cluster, Clustering
from reviewer.operations.verdicts import may_see, refuse_unseen
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs, findings
from reviewer.storage.findings import Found
from reviewer.storage.workspace import Reading, Workspace


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

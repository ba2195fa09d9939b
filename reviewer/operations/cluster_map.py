"""A map of a run: where each item stands on a plane, in which cluster, and what was said of it as far as the viewer may know."""

from typing import NamedTuple

import numpy as np

from reviewer.domain import item_tree
from reviewer.domain.changes import Outcome
from reviewer.domain.item_tree import Ints, Singles
from reviewer.domain.progress import Ticket
from reviewer.operations import cluster_records
from reviewer.operations.cluster_records import Clustering
from reviewer.operations.verdicts import refuse_unseen, verdicts
from reviewer.storage import cluster_runs, populations
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Workspace

NOTHING, COMPLIANT, NON_COMPLIANT = 0, 1, 2
_SEED = 0  # of the items that the directions are found in: the same items lie in the same places, whatever the run


class Map(NamedTuple):
    """Arrays of shape (items,), in the order of the ids, but for `place`: (items, 2), about 0, the farthest at about 1.

    The two directions are those in which the items differ most (principal components). cluster: place in the run's clusters; verdict:
    NOTHING, COMPLIANT or NON_COMPLIANT.
    """

    clustering: Clustering
    ids: Ids
    place: Singles
    cluster: Ints
    verdict: Ints


def map_of_run(workspace: Workspace, ticket: Ticket, *, run: str) -> Outcome[Map]:
    """The map of a run by its id. Raises NotFound, and NotAllowed where another's run would lead the viewer."""
    ticket.step(0, 2, "Reading")
    with workspace.read() as reading:
        stored = cluster_runs.run_named(reading, run)
        content = cluster_records.unpacked(stored)
        if stored.member != workspace.member:
            refuse_unseen(reading, content.campaigns, workspace.me)
        lists = cluster_runs.lists_of(reading, run)
        listed = [np.frombuffer(lists[one.id], "S32") for one in content.clusters]
        ids = np.concatenate(listed)
        of = np.repeat(np.arange(len(listed)), [len(items) for items in listed])
        order = np.argsort(ids)
        ids, of = ids[order], of[order]
        known, vectors = cluster_runs.vectors_of(reading, content.embedder, ids)
        of = of[populations.places(known, ids)]
        asked = content.campaigns[0] if content.campaign and content.campaigns else content.campaign
        said, at = verdicts(reading, ticket, campaign=asked, viewer=workspace.me).among(known)
    ticket.step(1, 2, "Laying the map out")
    verdict = np.full(len(known), NOTHING)
    verdict[at] = np.where(said.broken, NON_COMPLIANT, COMPLIANT)
    place = item_tree.reduced(vectors, 2, np.random.default_rng(_SEED))
    farthest = float(np.abs(place).max(initial=0.0))
    return Outcome(Map(content, known, place / (farthest or 1.0), of, verdict))

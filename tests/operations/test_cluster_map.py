"""The map of a run: every item in its place, the same over runs, with no verdict that would lead."""

from pathlib import Path

import numpy as np
import pytest

from reviewer.domain.errors import NotFound
from reviewer.domain.progress import SILENT
from reviewer.operations import cluster_map, clustering
from tests import topics


def test_items_lie_near_those_that_are_alike_and_in_the_same_place_over_runs(tmp_path: Path) -> None:
    made = topics.labelled(tmp_path / "workspace")
    workspace = made.workspace
    first = clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, seed="s").value
    found = cluster_map.map_of_run(workspace, SILENT, run=first.run).value
    assert (len(found.ids), found.place.shape) == (144, (144, 2))
    assert np.abs(found.place).max() == pytest.approx(1.0)
    assert np.bincount(found.cluster).tolist() == [one.size for one in first.clusters]
    counts = [int((found.verdict == one).sum()) for one in (cluster_map.NOTHING, cluster_map.COMPLIANT, cluster_map.NON_COMPLIANT)]
    assert counts == [72, 58, 14]
    wrong = np.isin(found.ids, np.frombuffer(bytes.fromhex("".join(made.items[topics.WRONG])), "S32"))
    middle = found.place[wrong].mean(axis=0)
    assert np.linalg.norm(found.place[wrong] - middle, axis=1).mean() < np.linalg.norm(found.place[~wrong] - middle, axis=1).mean() / 3
    again = clustering.run_clusters(workspace, SILENT, seed="another").value
    assert np.array_equal(cluster_map.map_of_run(workspace, SILENT, run=again.run).value.place, found.place)
    with pytest.raises(NotFound):
        cluster_map.map_of_run(workspace, SILENT, run="nothing")
    workspace.close()

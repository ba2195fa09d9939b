"""Earlier runs: which the member may look at again, and what came and went between two."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import cluster_history, cluster_overview, clustering, confirming
from reviewer.operations.cluster_records import Clustering
from reviewer.storage import cluster_runs
from reviewer.storage.workspace import Workspace
from tests import topics, worlds


class History(NamedTuple):
    """Three runs: over all items before a label of theirs was taken back, over all after it, and over fewer items."""

    workspace: Workspace
    items: dict[str, list[str]]
    first: Clustering
    mended: Clustering
    fewer: Clustering


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    made = topics.labelled(tmp_path_factory.mktemp("history") / "workspace")
    workspace = made.workspace
    first = clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, seed="s").value
    confirming.name_cluster(workspace, SILENT, cluster=first.clusters[0].id, name="Money abroad")
    for item in made.items[topics.WRONG][: topics.EACH // 2]:
        worlds.label(workspace, item, "compliant", campaign=topics.NAME)
    mended = clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, seed="s").value
    fewer = clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, query_text='-"Brazil"', seed="s").value
    yield History(workspace, {topic: list(some) for topic, some in made.items.items()}, first, mended, fewer)
    workspace.close()


def test_runs_are_listed_newest_first_and_an_earlier_one_is_shown_with_its_own_map(history: History) -> None:
    listed = cluster_history.list_runs(history.workspace, SILENT).value
    assert [one.run for one in listed.runs] == [one.run for one in (history.fewer, history.mended, history.first)]
    assert listed.hidden == 0
    for run, place in ((history.fewer, 0), (history.first, 2)):
        found = cluster_overview.overview(history.workspace, SILENT, run=run.run).value.overview
        assert found is not None
        assert (found.run.run, found.newest, found.earlier) == (run.run, place == 0, 2 - place)
        assert found.map is not None
        assert len(found.map.ids) == run.items
        assert [one.id for one in found.run.clusters] == [one.id for one in run.clusters]
    gone = cluster_overview.overview(history.workspace, SILENT, run="no longer kept").value.overview
    assert gone is not None
    assert gone.run.run == history.fewer.run


def test_what_is_no_longer_flagged_stands_beside_what_is_in_its_place_by_the_name_that_it_was_given(history: History) -> None:
    found = cluster_history.compare_runs(history.workspace, SILENT, run=history.first.run[:6], other=history.mended.run).value
    assert (found.old.run, found.new.run) == (history.first.run, history.mended.run)
    assert (found.came, found.went, found.both) == (0, 0, 144)
    assert (found.stayed, found.newly) == ((), ())
    [gone] = found.no_more
    assert gone.cluster.name == "Money abroad"
    assert (gone.cluster.non_compliant, gone.cluster.flagged) == (10, True)
    assert gone.other is not None
    assert (gone.other.non_compliant, gone.other.flagged) == (0, False)
    assert 0 < gone.share < 1
    back = cluster_history.compare_runs(history.workspace, SILENT, run=history.mended.run, other=history.first.run).value
    assert back == found


def test_items_that_went_are_counted_and_the_newest_run_is_what_another_is_compared_with(history: History) -> None:
    found = cluster_history.compare_runs(history.workspace, SILENT, run=history.first.run).value
    assert (found.new.run, found.came, found.went, found.both) == (history.fewer.run, 0, topics.EACH, 120)
    with pytest.raises(Refused, match="compared with itself"):
        cluster_history.compare_runs(history.workspace, SILENT, run=history.fewer.run)
    for prefix in ("", "zzz"):
        with pytest.raises(NotFound, match="no run"):
            cluster_history.show_run(history.workspace, SILENT, run=prefix)
    assert cluster_history.show_run(history.workspace, SILENT, run=history.first.run).value.clusters[0].name == "Money abroad"


def test_a_region_that_is_flagged_again_with_most_of_its_items_stayed_and_one_elsewhere_is_new(tmp_path: Path) -> None:
    made = topics.labelled(tmp_path / "workspace")
    workspace = made.workspace
    first = clustering.run_clusters(workspace, SILENT, campaign=topics.NAME, seed="s").value
    worlds.put_in(workspace, [topics.run_about(topics.WRONG, n, day=n) for n in range(topics.EACH, topics.EACH + 4)])
    for item in made.items["hotel"][: topics.EACH // 2]:
        worlds.label(workspace, item, "non_compliant", campaign=topics.NAME)
    clustering.run_clusters(workspace, SILENT, query_text="agent:travel", campaign=topics.NAME, seed="s")
    found = cluster_history.compare_runs(workspace, SILENT, run=first.run).value
    assert (found.came, found.went, found.both) == (4, 0, 144)
    [stayed], [newly] = found.stayed, found.newly
    assert stayed.other is not None
    assert stayed.other.id == first.clusters[0].id != stayed.cluster.id
    assert cluster_history.SAME < stayed.share < 1
    with workspace.read() as reading:
        assert set(cluster_runs.items_in(reading, newly.cluster.id)) >= set(made.items["hotel"][:10])
    assert newly.other is not None
    assert not newly.other.flagged
    assert found.no_more == ()
    workspace.close()


def test_who_has_still_to_judge_blind_sees_and_compares_no_run_of_others(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4, reviewers=("Ben Ode",), asked=("Ada", "Ben Ode"))
    for item in made.items[topics.WRONG]:
        worlds.label(made.workspace, item, "non_compliant", campaign=topics.NAME)
    runs = [clustering.run_clusters(made.workspace, SILENT, campaign=topics.NAME, seed=seed).value for seed in "st"]
    confirming.name_cluster(made.workspace, SILENT, cluster=runs[0].clusters[0].id, name="Awful ones")
    ben = made.workspace.as_member("Ben Ode")
    assert cluster_history.list_runs(ben, SILENT).value == ((), 2)
    for act in (cluster_history.show_run, cluster_history.compare_runs):
        with pytest.raises(NotAllowed, match="wait for your blind label"):
            act(ben, SILENT, run=runs[0].run)
    own = clustering.run_clusters(ben, SILENT, campaign=topics.NAME, seed="s").value
    assert [one.run for one in cluster_history.list_runs(ben, SILENT).value.runs] == [own.run]
    assert own.clusters[0].id in {one.id for one in runs[0].clusters}
    assert "Awful ones" not in {one.name for one in cluster_history.show_run(ben, SILENT, run=own.run).value.clusters}
    with pytest.raises(NotAllowed):
        cluster_history.compare_runs(ben, SILENT, run=own.run, other=runs[0].run)
    ben.close()
    made.workspace.close()

"""What the Clusters page is told: the last run, today's verdicts on its map, and nothing that would lead a reviewer."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from reviewer.domain.errors import NotFound
from reviewer.domain.progress import SILENT
from reviewer.operations import cluster_overview, clustering, confirming, grouping, incidents
from reviewer.operations.cluster_overview import COMPLIANT, NON_COMPLIANT, NOT_REVIEWED, UNSURE, WITHHELD, Overview
from reviewer.storage import cluster_runs, findings
from reviewer.storage import incidents as incident_rows
from reviewer.storage.workspace import Workspace
from tests import mapped, topics, worlds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[topics.Labelled]:
    """A real run over labelled items, made twice."""
    made = topics.labelled(tmp_path_factory.mktemp("overview") / "workspace")
    clustering.run_clusters(made.workspace, SILENT, campaign=topics.NAME, seed="s")
    yield made
    made.workspace.close()


def _seen(workspace: Workspace) -> Overview:
    found = cluster_overview.overview(workspace, SILENT).value.overview
    assert found is not None
    return found


def test_the_map_has_each_item_of_a_run_once_with_its_cluster_and_verdict(run: topics.Labelled) -> None:
    found = _seen(run.workspace)
    seen = found.map
    assert seen is not None
    assert seen.ids.tolist() == sorted(bytes.fromhex(item).rstrip(b"\0") for some in run.items.values() for item in some)
    assert np.bincount(seen.verdict, minlength=4).tolist() == [72, 58, 14, 0]
    assert np.bincount(seen.cluster).tolist() == [one.size for one in found.run.clusters]
    flagged = np.flatnonzero(seen.cluster == 0)
    with run.workspace.read() as reading:
        members = set(cluster_runs.items_in(reading, found.run.clusters[0].id))
    assert {bytes(seen.ids.view("V32")[place]).hex() for place in flagged} == members
    apart = [np.linalg.norm(seen.points[flagged] - seen.points[flagged].mean(axis=0), axis=1).mean(), seen.points.std(axis=0).max()]
    assert apart[0] < apart[1]
    assert found.quotes[found.run.clusters[0].id].startswith("Please send the refund")
    assert (found.may_queue, found.may_name, found.may_open, found.asked) == (True, True, True, {})


def test_an_incident_over_a_flagged_cluster_has_its_items_and_names_the_finding(run: topics.Labelled) -> None:
    worst = _seen(run.workspace).run.clusters[0]
    opened = incidents.open_incident(run.workspace, SILENT, title="Payouts", cluster=worst.id[:12]).value
    told = incidents.as_json(incidents.show_incident(run.workspace, SILENT, incident=opened.incident).value)
    with run.workspace.read() as reading:
        [said] = findings.of_cluster(reading, worst.id)
        assert incident_rows.items_of(reading, opened.incident) == cluster_runs.items_in(reading, worst.id)
    assert f"from the finding {said.hash[:12]}" in str(told)


def test_a_later_run_lays_the_same_items_at_the_same_places(run: topics.Labelled) -> None:
    before = _seen(run.workspace)
    again = clustering.run_clusters(run.workspace, SILENT, campaign=topics.NAME, seed="other").value
    after = _seen(run.workspace)
    assert after.run.run == again.run != before.run.run
    assert before.map is not None
    assert after.map is not None
    assert after.map.points == pytest.approx(before.map.points, abs=1e-3)


def test_names_of_models_and_classes_of_time_are_told(tmp_path: Path) -> None:
    made = mapped.mapped(tmp_path / "workspace")
    found = _seen(made.workspace)
    seen = found.map
    assert seen is not None
    assert (seen.models, seen.why_no_models) == (("model-a", "model-b", WITHHELD), "")
    assert np.bincount(seen.time).tolist() == pytest.approx([48] * 5, abs=8)
    assert len(seen.days) == 6
    assert sorted(set(seen.verdict.tolist())) == [NOT_REVIEWED, COMPLIANT, NON_COMPLIANT, UNSURE]
    assert found.reviewed == found.run.reviewed
    confirming.name_cluster(made.workspace, SILENT, cluster=found.run.clusters[1].id, name="Ours")
    asked = confirming.queue_more(made.workspace, SILENT, cluster=found.run.clusters[0].id, size=5).value
    after = _seen(made.workspace)
    assert after.run.clusters[1].name == "Ours"
    assert after.asked == {found.run.clusters[0].id: asked.created.id}
    made.workspace.close()


def test_who_has_still_to_judge_blind_is_told_of_no_run_of_others_and_of_no_model(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4, reviewers=("Ben Ode",), asked=("Ada", "Ben Ode"))
    for item in made.items[topics.WRONG]:
        worlds.label(made.workspace, item, "non_compliant", campaign=topics.NAME)
    clustering.run_clusters(made.workspace, SILENT, campaign=topics.NAME, seed="s")
    ben = made.workspace.as_member("Ben Ode")
    told = cluster_overview.overview(ben, SILENT).value
    assert told.overview is None
    assert "wait for your blind label" in told.hidden
    clustering.run_clusters(ben, SILENT, campaign=topics.NAME, seed="s")
    own = _seen(ben)
    assert own.map is not None
    assert own.map.models == ()
    assert "hidden from you" in own.map.why_no_models
    assert (own.may_queue, own.may_name, own.may_open) == (False, False, False)
    ben.close()
    made.workspace.close()


def test_a_lead_who_has_still_to_judge_an_item_blind_is_told_neither_its_verdict_nor_its_model(tmp_path: Path) -> None:
    made = topics.filled(tmp_path / "workspace", each=4, reviewers=("Ben Ode",), asked=("Ada", "Ben Ode"))
    ben = made.workspace.as_member("Ben Ode")
    mine, theirs = made.items[topics.WRONG][:2]
    for item in (mine, theirs):
        worlds.label(ben, item, "non_compliant", campaign=topics.NAME)
    ben.close()
    worlds.label(made.workspace, mine, "non_compliant", campaign=topics.NAME)
    clustering.run_clusters(made.workspace, SILENT, campaign=topics.NAME, seed="s")
    found = _seen(made.workspace)
    seen = found.map
    assert seen is not None
    at = {bytes(name).hex(): place for place, name in enumerate(seen.ids.view("V32"))}
    assert found.reviewed == 2  # of all together she may know the rate
    assert [(seen.verdict[at[item]], seen.waiting[at[item]]) for item in (mine, theirs)] == [(NON_COMPLIANT, False), (NOT_REVIEWED, True)]
    assert seen.models[-1] == WITHHELD
    assert [seen.models[seen.model[at[item]]] == WITHHELD for item in (mine, theirs)] == [False, True]
    assert seen.waiting.sum() == len(seen.ids) - 1
    made.workspace.close()


def test_items_without_model_and_time_have_a_map_all_the_same(tmp_path: Path) -> None:
    workspace = worlds.make(tmp_path / "workspace")
    runs = [topics.run_about(topic, n) for topic in ("pet", "visa", "seat") for n in range(6)]
    worlds.put_in(workspace, [msgspec.structs.replace(item, model=None, time=None) for item in runs])
    clustering.run_clusters(workspace, SILENT, seed="s")
    seen = _seen(workspace).map
    assert seen is not None
    assert (seen.models, seen.why_no_models, seen.days) == ((), "No item here names its model.", ())
    assert set(seen.time.tolist()) == {-1}
    workspace.close()


def test_without_a_run_there_is_what_is_here_and_what_is_needed(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace", items=3)
    assert cluster_overview.overview(workspace, SILENT).value == (None, 3, grouping.LEAST, 0, "", 0)
    workspace.close()


def test_an_item_is_named_by_what_its_user_asks_for(run: topics.Labelled) -> None:
    item = run.items["pet"][0]
    line = cluster_overview.line_of(run.workspace, SILENT, item=item).value
    assert line == "Can my small dog fly in the cabin, he weighs 3 kilograms?"
    with pytest.raises(NotFound):
        cluster_overview.line_of(run.workspace, SILENT, item="ab" * 32)

"""Drift of a campaign: what changed, since when, in words, once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.designs import Selection
from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import Item
from reviewer.domain.progress import SILENT
from reviewer.operations import alarm_charts, campaigns, drifting, incidents, verifying
from reviewer.operations.drawing import population
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import findings
from reviewer.storage.workspace import Workspace
from tests import topics, worlds
from tests.unwritable import unwritable

DAYS = 50


def _workspace(folder: Path, *, changes: bool) -> Workspace:
    """150 runs over fifty days, three a day. Where it changes, the last third is of another model, about pets, and often wrong."""
    runs, wrong = [], []
    for n in range(3 * DAYS):
        new = changes and n >= 100
        topic = "pet" if new else ("hotel", "seat", "visa")[n % 3]
        runs.append(topics.run_about(topic, n, day=n // 3, model="model-b" if new else "model-a"))
        wrong.append(n % 2 == 0 if new else n % 20 == 0)
    return _judged(folder, runs, wrong)


def _judged(folder: Path, runs: list[Item], wrong: list[bool]) -> Workspace:
    """The runs in a workspace, each of them judged in campaign D."""
    workspace = worlds.make(folder)
    ids = worlds.put_in(workspace, runs)
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s"))
    for item, bad in zip(ids, wrong, strict=True):
        worlds.label(workspace, item, "non_compliant" if bad else "compliant", campaign="D")
    return workspace


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The workspace in which something changed. Tests may add alarms."""
    made = _workspace(tmp_path_factory.mktemp("changed") / "workspace", changes=True)
    yield made
    made.close()


def test_a_change_is_found_with_its_beginning_and_the_words_that_are_new(changed: Workspace) -> None:
    found = drifting.drift_of(changed, SILENT, campaign="D").value
    by_kind = {one.kind: one for one in found.alarms}
    assert set(by_kind) == {"cusum", "e_detector", "energy", "c2st", "page_hinkley"}
    began = topics.run_about("pet", 100, day=33).time
    assert began is not None
    assert began[:10] <= by_kind["cusum"].at[:10] <= "2026-06-15"
    assert f"since about {began[:8]}" in by_kind["cusum"].what
    explored = by_kind["page_hinkley"]
    assert explored.what.startswith(f"To explore (Page-Hinkley): violations became more frequent at about {began[:8]}")
    assert "independent" in explored.what
    assert "how often it alarms without cause is not guaranteed" in explored.what
    assert len(explored.what) <= 400  # what the command line shows
    assert explored.statistic > explored.threshold
    assert by_kind["energy"].statistic > by_kind["energy"].threshold
    assert "dog" in by_kind["c2st"].what
    assert all(one.todo and one.new for one in found.alarms)
    found_by = {one.kind: _found(changed, one.query) for one in found.alarms}
    assert found_by["cusum"] <= _found(changed, "label:non_compliant")
    assert len(found_by["cusum"]) >= 20
    assert len(found_by["energy"] & _found(changed, "model:model-b")) >= 45
    assert sum(point.n for point in found.points) == 150
    assert [point.value for point in found.points] == sorted(point.value for point in found.points)


def test_in_a_place_that_cannot_be_written_alarms_are_shown_and_not_recorded(tmp_path: Path) -> None:
    _workspace(tmp_path / "w", changes=True).close()
    with unwritable(tmp_path / "w"), closing(Workspace.open(tmp_path / "w")) as workspace:
        found = drifting.drift_of(workspace, SILENT, campaign="D", gentle=True).value  # in a process that reads the copy
        assert {one.kind for one in found.alarms} >= {"cusum", "energy", "c2st"}
        assert all(one.new and not one.entry for one in found.alarms)
        with workspace.read() as reading:
            assert reading.rows("SELECT * FROM alarm") == []


def _found(workspace: Workspace, text: str) -> set[str]:
    with workspace.read() as reading:
        return set(population(reading, text)[1])


def test_an_alarm_is_an_entry_once(changed: Workspace) -> None:
    drifting.drift_of(changed, SILENT, campaign="D")
    again = drifting.drift_of(changed, SILENT, campaign="D").value
    assert again.alarms
    assert not any(one.new for one in again.alarms)
    with changed.read() as reading:
        stored = campaign_rows.named(reading, "D")
        kept = findings.alarms_of(reading, stored.state.hash)
    assert {(one.kind, one.at) for one in kept} == {(one.kind, one.at) for one in again.alarms}
    assert len(kept) == len(again.alarms)
    assert verifying.verify(changed, SILENT, rebuild=True).value.ok


def test_the_model_that_is_worse_than_the_others_is_named(changed: Workspace) -> None:
    found = drifting.drift_of(changed, SILENT, campaign="D", by="model").value
    assert [one.at for one in found.alarms if one.kind == "rate"] == ["model-b"]
    assert [point.value for point in found.points] == ["model-a", "model-b"]


def test_an_alarm_opens_an_incident_over_what_it_speaks_of(changed: Workspace) -> None:
    raised = [*drifting.drift_of(changed, SILENT, campaign="D").value.alarms]
    raised += drifting.drift_of(changed, SILENT, campaign="D", by="model").value.alarms
    assert {one.kind for one in raised} >= {"cusum", "e_detector", "energy", "rate"}
    for one in raised:
        with changed.read() as reading:
            named = findings.alarm(reading, one.entry[:10])
        assert alarm_charts.search_of(changed, SILENT, named) == one.query
    found = next(one for one in raised if one.kind == "cusum")
    opened = incidents.open_incident(changed, SILENT, title="More of it", alarm=found.entry[:12]).value.incident
    view = incidents.show_incident(changed, SILENT, incident=opened).value
    assert set(view.items) == _found(changed, found.query)
    assert view.non_compliant == len(view.items) >= 20
    assert view.history[0].what == f"Opened over {len(view.items)} items; from the alarm {found.entry[:12]}"
    assert verifying.verify(changed, SILENT, rebuild=True).value.ok


def test_an_alarm_that_is_none_or_is_named_beside_items_opens_nothing(changed: Workspace) -> None:
    known, *_ = drifting.drift_of(changed, SILENT, campaign="D", by="model").value.alarms
    for alarm, said in (("xyz", "not an alarm's id"), ("ab" * 32, "no alarm abababababab")):
        with pytest.raises(NotFound, match=said):
            incidents.open_incident(changed, SILENT, title="T", alarm=alarm)
    with pytest.raises(Refused, match="said twice"):
        incidents.open_incident(changed, SILENT, title="T", alarm=known.entry, query="model:model-b")


def test_where_nothing_changes_there_is_no_alarm(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path / "workspace", changes=False)
    found = drifting.drift_of(workspace, SILENT, campaign="D").value
    assert found.alarms == ()
    with workspace.read() as reading:
        assert reading.rows("SELECT * FROM alarm") == []
    workspace.close()


def test_a_rate_that_fell_is_said_to_explore_and_with_weights_there_is_nothing_to_explore(tmp_path: Path) -> None:
    """96 runs that are mostly wrong, then 54 that are mostly right. Of the second campaign, one model's runs are drawn twice as often."""
    about, models = ("hotel", "seat", "visa"), ("model-b", *["model-a"] * 9)
    runs = [topics.run_about(about[n % 3], n, day=n // 3, model=models[n % 10]) for n in range(3 * DAYS)]
    wrong = [n % 20 != 0 if n < 96 else n % 20 == 0 for n in range(3 * DAYS)]
    workspace = _judged(tmp_path / "workspace", runs, wrong)
    [alarm] = drifting.drift_of(workspace, SILENT, campaign="D").value.alarms
    assert alarm.kind == "adwin"
    assert alarm.what.startswith(f"To explore (ADWIN): violations became less frequent at about {runs[96].time}"[:-14])
    assert "mended" in alarm.todo
    assert len(_found(workspace, alarm.query)) == 54  # what is right among them too

    rules = Campaign(name="W", query="", seed="s", design="stratified")
    campaigns.create_campaign(workspace, SILENT, rules=rules, size=80, selection=Selection(by="model", floor=15))
    for item in worlds.waiting(workspace, campaign="W"):
        worlds.label(workspace, item, "compliant", campaign="W")
    found = drifting.drift_of(workspace, SILENT, campaign="W").value
    assert any("ADWIN and Page-Hinkley are left out: they know no weights" in note for note in found.notes)
    assert found.alarms == ()
    workspace.close()


def test_too_little_to_go_by_is_said_in_words(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "workspace")
    found = drifting.drift_of(workspace, SILENT, campaign="C").value
    assert found.alarms == ()
    assert any("a chart over time needs 60" in note for note in found.notes)
    assert any("too few" in note for note in found.notes)
    with pytest.raises(Refused, match="not by"):
        drifting.drift_of(workspace, SILENT, campaign="C", by="moon")
    with pytest.raises(NotFound):
        drifting.drift_of(workspace, SILENT, campaign="nobody")
    workspace.close()


@pytest.mark.parametrize("by", ["week", "model"])
def test_a_process_of_its_own_says_what_this_one_would(changed: Workspace, by: str) -> None:
    here = drifting.drift_of(changed, SILENT, campaign="D", by=by).value
    assert here.points
    assert drifting.drift_of(changed, SILENT, campaign="D", by=by, gentle=True).value == here._replace(
        alarms=tuple(one._replace(new=False) for one in here.alarms)
    )

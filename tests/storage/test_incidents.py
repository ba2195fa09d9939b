"""The tables show of an incident what the fold counts, in whatever order its entries and their lists come."""

import random
from pathlib import Path

from reviewer.domain import fold
from reviewer.domain.progress import SILENT
from reviewer.operations import incidents, members, verifying
from reviewer.storage import incidents as incident_rows
from reviewer.storage.beside import beside
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.storage.test_projections import apply_all, early, entries_of


def much_said(folder: Path) -> Workspace:
    """Two incidents, of which one was changed by two people, closed and opened again."""
    workspace = worlds.ready(folder, items=6)
    members.add_members(workspace, SILENT, names=["Judy"], role="adjudicator")
    judy = workspace.as_member("Judy")
    items = worlds.waiting(workspace)
    first = incidents.open_incident(workspace, SILENT, title="One", items=items[:3], severity="minor", deadline="death").value.incident
    incidents.open_incident(workspace, SILENT, title="Two", items=items[2:4])
    incidents.set_incident(judy, SILENT, incident=first, fields={"severity": "major", "owner": "Judy", "note": "Mine."}, items=items[4:])
    incidents.close_incident(workspace, SILENT, incident=first, reason="Enough.")
    incidents.set_incident(workspace, SILENT, incident=first, fields={"status": "open", "root_cause": "tool"})
    judy.close()
    return workspace


def test_any_order_shows_the_same_incidents_and_the_digest_of_the_fold(tmp_path: Path) -> None:
    workspace = much_said(tmp_path / "w")
    entries = entries_of(workspace)
    with workspace.read() as reading:
        assert digest_of_tables(reading) == fold.fold(entries).digest
        assert len(incident_rows.every(reading)) == 2
    chance = random.Random(5)
    for _ in range(8):
        chance.shuffle(entries)
        twice = sorted(entries + entries[:12], key=early)
        with beside(workspace.folder / "reviewer.db", key=None) as rows:
            apply_all(rows, twice)
            assert list(rows.compare()) == []
    assert verifying.verify(workspace, SILENT, rebuild=True).value.ok
    workspace.close()


def test_the_items_of_an_incident_are_shown_when_their_list_comes_after_it(tmp_path: Path) -> None:
    workspace = much_said(tmp_path / "w")
    there = replicas.empty(tmp_path / "there", seed=3)
    project = replicas.project_of(workspace)
    with workspace.read() as reading:
        wanted = {case.hash: incident_rows.items_of(reading, case.hash) for case in incident_rows.every(reading)}
    replicas.take(there, replicas.all_entries(workspace), project)
    with there.read() as reading:
        assert {case.hash: incident_rows.items_of(reading, case.hash) for case in incident_rows.every(reading)} == {
            name: [] for name in wanted
        }
        assert sorted(incident_rows.items_n(reading, name) for name in wanted) == [2, 5]  # as many as its entries say
    replicas.take(there, [], project, replicas.contents(workspace))
    with there.read() as reading:
        assert {case.hash: incident_rows.items_of(reading, case.hash) for case in incident_rows.every(reading)} == wanted
    assert replicas.digest(there) == replicas.digest(workspace)
    there.close()
    workspace.close()

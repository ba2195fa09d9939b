"""Findings and alarms on several replicas: the same state in any order, the list that comes along, and who may write them."""

import random
from pathlib import Path

from reviewer.domain import fold
from reviewer.domain.events import Alarm, BlobRef, Event, Finding
from reviewer.domain.progress import SILENT
from reviewer.operations import members
from reviewer.storage import campaigns, cluster_runs, findings
from reviewer.storage.beside import beside
from reviewer.storage.digests import digest_of_tables
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.storage.test_projections import apply_all, early, entries_of


def _found(workspace: Workspace, *, note: str = "") -> str:
    """A finding over some items, named where there is a note, and an alarm of the campaign. Returns the cluster's id."""
    with workspace.begin() as work:
        items = sorted(name for (name,) in work.rows("SELECT id FROM item ORDER BY id LIMIT 9"))
        listed = BlobRef(len(items), work.keep_blob(b"".join(items)))
        campaign = campaigns.named(work, "C").state.hash
        value = Finding(what="named" if note else "flagged", items=listed, campaign=campaign, reviewed=9, non_compliant=4, expected="1.000")
        work.record(Event("finding", value, note=work.keep_note(note) if note else None))
        work.record(Event("alarm", Alarm(campaign, "cusum", "2026-05-03", "4.1", "3.9")))
        return listed.blob


def test_another_replica_shows_the_same_findings_and_comes_to_the_same_state(tmp_path: Path) -> None:
    ada = worlds.ready(tmp_path / "ada")
    members.add_members(ada, SILENT, names=["Ben"])
    cluster = _found(ada, note="Refunds that are late")
    ben = replicas.replica(tmp_path / "ben", ada, "Ben")
    with ada.read() as here, ben.read() as there:
        assert digest_of_tables(here) == digest_of_tables(there) == fold.fold(entries_of(ada)).digest
        (said,) = findings.every(there)
        assert (said.what, said.cluster, said.size, said.name) == ("named", cluster, 9, "Refunds that are late")
        assert said.figures.non_compliant == 4
        assert len(cluster_runs.items_in(there, cluster)) == 9
        (alarm,) = findings.alarms_of(there, campaigns.named(there, "C").state.hash)
        assert (alarm.kind, alarm.at, alarm.threshold) == ("cusum", "2026-05-03", "3.9")
    for workspace in (ada, ben):
        workspace.close()


def test_any_order_makes_the_same_rows(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w")
    _found(workspace)
    _found(workspace, note="Late")
    entries, chance = entries_of(workspace), random.Random(3)
    for _ in range(6):
        chance.shuffle(entries)
        with beside(workspace.folder / "reviewer.db", key=None) as rows:
            apply_all(rows, sorted(entries + entries[:5], key=early))
            assert list(rows.compare()) == []
    workspace.close()


def test_a_finding_of_somebody_without_the_right_is_kept_and_makes_no_state(tmp_path: Path) -> None:
    ada = worlds.ready(tmp_path / "ada")
    members.add_members(ada, SILENT, names=["Ben"])
    ben = ada.as_member("Ben")
    _found(ben)
    with ada.read() as reading:
        assert findings.every(reading) == []
        assert reading.row("SELECT count(*) FROM alarm") == (0,)
        assert reading.row("SELECT count(*) FROM uncounted") == (2,)
        state = fold.fold(entries_of(ada))
        assert state.findings == ()
        assert digest_of_tables(reading) == state.digest
    for workspace in (ben, ada):
        workspace.close()

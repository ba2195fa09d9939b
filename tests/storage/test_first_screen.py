"""The first paint has its item before SQLAlchemy, numpy or pandas are there, and it is the item that the queue gives."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.domain.errors import Damaged, NotFound
from reviewer.domain.events import Campaign
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling, members, queues
from reviewer.storage import assets
from reviewer.storage.first_screen import first_showing
from reviewer.storage.workspace import Workspace
from tests import worlds

LOOK = """
import json, sys
from pathlib import Path
from reviewer.storage.first_screen import first_showing
found = first_showing(Path(sys.argv[1]))
heavy = [name for name in ("sqlalchemy", "numpy", "pandas", "alembic", "scipy", "pyarrow") if name in sys.modules]
print(json.dumps([found.showing.id, heavy]))
"""


def test_nothing_heavy_is_loaded_on_the_way(workspace: Workspace) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOOK, str(workspace.folder)], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert json.loads(said.stdout) == [worlds.waiting(workspace)[0], []]


def test_it_is_what_the_queue_gives(workspace: Workspace) -> None:
    for _ in range(4):
        found = first_showing(workspace.folder)
        assert found is not None
        assert found.member == workspace.me
        (queued,) = queues.next_items(workspace, SILENT, campaign="C").value
        assert found.showing == queued
        assert found.showing.item.model is None
        worlds.label(workspace, queued.id)


def test_a_draft_comes_with_it(workspace: Workspace) -> None:
    found = first_showing(workspace.folder)
    assert found is not None
    begun = Opinion(verdict="unsure", rationale="Not yet")
    labelling.save_draft(workspace, SILENT, campaign=found.showing.campaign, item=found.showing.id, opinion=begun)
    again = first_showing(workspace.folder)
    assert again is not None
    assert again.showing.draft == begun


def test_it_is_of_the_campaign_that_was_worked_on_last(workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="Newer", query="", seed="t", blind=False))
    newest = first_showing(workspace.folder)
    assert newest is not None
    assert newest.showing.campaign_name == "Newer"
    assert newest.showing.item.model == "model-a"
    worlds.label(workspace, worlds.waiting(workspace)[0], campaign="C")
    last = first_showing(workspace.folder)
    assert last is not None
    assert last.showing.campaign_name == "C"
    named = first_showing(workspace.folder, campaign="Newer")
    assert named is not None
    assert named.showing.campaign_name == "Newer"


def test_another_member_has_another_queue(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    found = first_showing(workspace.folder, member="Ben")
    ben = workspace.as_member("Ben")
    assert found is not None
    assert found.member == ben.me
    assert found.showing.id == worlds.waiting(ben)[0]
    ben.close()
    with pytest.raises(NotFound):
        first_showing(workspace.folder, member="Cleo")


def test_there_is_none_where_nothing_waits(workspace: Workspace, tmp_path: Path) -> None:
    for item in worlds.waiting(workspace):
        worlds.label(workspace, item)
    assert first_showing(workspace.folder) is None
    assert first_showing(tmp_path / "nothing") is None
    fresh = worlds.make(tmp_path / "fresh")
    assert first_showing(fresh.folder) is None
    fresh.close()


def test_a_workspace_that_must_be_brought_up_to_date_waits_for_that(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.storage.first_screen.revisions", lambda: [*assets.revisions(), "9999"])
    assert first_showing(workspace.folder) is None


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / "reviewer.db").write_bytes(b"no database at all" * 1_000)
    with pytest.raises(Damaged):
        first_showing(tmp_path)

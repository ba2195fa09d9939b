"""Tables are brought up to date in one transaction, after a verified copy; a newer workspace is refused with a sentence."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.errors import NotSaved, TooNew
from reviewer.domain.events import Campaign, Clause
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Progress, Ticket
from reviewer.operations import backups, campaigns, encrypting, labelling, requeueing, verifying, workspaces
from reviewer.storage import assets, driver, migrations
from reviewer.storage.workspace import Workspace
from tests import earlier, worlds
from tests.faults import bench

SECOND = '''"""A second revision, for tests."""

import os

from alembic import op

revision = "9001"
down_revision = {before!r}


def upgrade() -> None:
    op.execute("ALTER TABLE campaign ADD COLUMN colour TEXT")
    op.execute("CREATE TABLE extra (x INTEGER) STRICT")
    {then}
'''


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that knows one revision more. Returns the revision's file."""
    newest = migrations.newest()
    folder = tmp_path / "db"
    shutil.copytree(assets.migrations(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "versions" / "9001_second.py"
    file.write_text(SECOND.format(before=newest, then=""))
    monkeypatch.setattr(assets, "migrations", lambda: folder)
    return file


def tables(folder: Path) -> set[str]:
    connection = driver.connect(folder / "reviewer.db")
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    connection.close()
    return names


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A workspace of today's program, closed, with labels."""
    workspace = worlds.ready(tmp_path / "w")
    for item in worlds.waiting(workspace)[:3]:
        worlds.label(workspace, item, rationale="Because.")
    workspace.close()
    return tmp_path / "w"


def test_an_update_keeps_everything_and_a_verified_copy(old: Path, second: Path) -> None:
    before = bench.look(old / "reviewer.db").hashes
    workspace = Workspace.open(old)
    assert "extra" in tables(old)
    with workspace.read() as reading:
        assert reading.row("SELECT version_num FROM alembic_version") == ("9001",)
        assert reading.rows("SELECT colour FROM campaign") == [(None,)]
    assert verifying.verify(workspace, SILENT).value.ok
    workspace.close()
    copies = sorted((old / "backups").iterdir())
    assert [copy.name for copy in copies] == ["before-9001-1.db"]
    assert bench.look(copies[0]).hashes == bench.look(old / "reviewer.db").hashes == before


def test_an_update_tells_how_far_it_is_and_opening_without_one_tells_nothing(old: Path, second: Path) -> None:
    told: list[Progress] = []
    for phrases in ({"Copying", "Checking entries"}, set()):
        workspaces.open_workspace(old, Ticket(told.append)).value.close()
        assert {one.what for one in told} == phrases
        told.clear()


@pytest.fixture(params=[None, "correct horse battery"])
def passphrase(request: pytest.FixtureRequest, old: Path) -> str | None:
    """Of `old`, which is encrypted with it, if there is one."""
    found: str | None = request.param
    if found is not None:
        encrypting.encrypt_workspace(old, SILENT, passphrase=found)
    return found


def test_the_copy_is_a_backup_from_which_a_workspace_can_be_made(old: Path, passphrase: str | None, second: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(old, passphrase=passphrase)
    [listed] = backups.list_backups(workspace, SILENT).value
    workspace.close()
    assert (listed.path.name, listed.verified) == ("before-9001-1.db", True)
    made = backups.restore(listed.path, tmp_path / "again", SILENT, ask=lambda _folder: passphrase).value
    assert (made.entries, made.streams) == (listed.entries, 1)
    there = Workspace.open(tmp_path / "again", passphrase=passphrase)
    with there.read() as reading:
        assert reading.rows("SELECT colour FROM campaign") == [(None,)]
    assert verifying.verify(there, SILENT).value.problems == ()
    assert there.encrypted == (passphrase is not None)
    there.close()


def test_tables_that_somebody_laid_meanwhile_stay_as_they_are(old: Path) -> None:
    with closing(Workspace.open(old)) as workspace, workspace._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        migrations._lay(connection)
        assert connection.exec_driver_sql("SELECT count(*) FROM label").scalar() == 3
        connection.invalidate()


def test_an_update_is_done_once(old: Path, second: Path) -> None:
    for _ in range(3):
        Workspace.open(old).close()
    assert [copy.name for copy in (old / "backups").iterdir()] == ["before-9001-1.db"]


def test_a_workspace_of_the_first_schema_shows_everything_that_its_journal_says(busy_workspace: Workspace) -> None:
    """What tables of later revisions show of it, clauses and doubled answers among it, is made from the journal."""
    item = worlds.waiting(busy_workspace)[0]
    opinion = Opinion(verdict="non_compliant", clauses=(Clause("refunds", "a" * 64, "4.2", "b" * 64),))
    labelling.label_item(busy_workspace, SILENT, campaign="C", item=item, opinion=opinion)
    before = verifying.verify(busy_workspace, SILENT).value
    folder = busy_workspace.folder
    busy_workspace.close()
    earlier.take_back(folder, "0001")
    assert "label_clause" not in tables(folder)
    workspace = Workspace.open(folder)
    after = verifying.verify(workspace, SILENT).value
    assert (after.problems, after.digest, after.set_digest) == ((), before.digest, before.set_digest)
    with workspace.read() as reading:
        assert reading.rows("SELECT clause FROM label_clause") == [("4.2",)]
    workspace.close()


def test_a_workspace_of_a_newer_program_is_refused_and_left_as_it_is(old: Path, second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace.open(old).close()
    before = bench.look(old / "reviewer.db")
    monkeypatch.undo()
    with pytest.raises(TooNew) as error:
        Workspace.open(old)
    assert error.value.code == "E112"
    assert "9001" in error.value.what
    assert "Update Reviewer" in error.value.hint
    assert bench.look(old / "reviewer.db") == before


def test_an_update_that_fails_changes_nothing(old: Path, second: Path) -> None:
    second.write_text(SECOND.format(before=assets.revisions()[-2], then='raise RuntimeError("half way")'))
    before = bench.look(old / "reviewer.db")
    with pytest.raises(NotSaved) as error:
        Workspace.open(old)
    assert error.value.code == "E113"
    assert error.value.what == "Update not applied, nothing lost."
    assert error.value.hint.endswith(f"a copy lies in {old / 'backups'}.")
    assert "extra" not in tables(old)
    assert bench.look(old / "reviewer.db") == before
    second.write_text(SECOND.format(before=assets.revisions()[-2], then=""))
    workspace = Workspace.open(old)
    assert verifying.verify(workspace, SILENT).value.ok
    workspace.close()


KILLED = """
import sys
from pathlib import Path
from reviewer.storage import assets
from reviewer.storage.workspace import Workspace
assets.migrations = lambda: Path(sys.argv[2])
Workspace.open(Path(sys.argv[1]))
"""


def test_an_update_that_is_killed_half_way_loses_nothing(old: Path, second: Path) -> None:
    newest = assets.revisions()[-2]
    second.write_text(SECOND.format(before=newest, then="os.kill(os.getpid(), 9)"))
    before = bench.look(old / "reviewer.db")
    died = subprocess.run([sys.executable, "-c", KILLED, str(old), str(second.parents[1])], check=False, timeout=60, env=dict(os.environ))
    assert died.returncode == -9
    assert "extra" not in tables(old)
    assert bench.look(old / "reviewer.db") == before
    second.write_text(SECOND.format(before=newest, then=""))
    workspace = Workspace.open(old)
    assert verifying.verify(workspace, SILENT).value.ok
    assert "extra" in tables(old)
    workspace.close()


def test_three_copies_are_kept(old: Path, second: Path) -> None:
    for _ in range(5):
        migrations._keep_copy(old, "9001", None, migrations.quietly)
    assert sorted(copy.name for copy in (old / "backups").iterdir()) == [f"before-9001-{n}.db" for n in (3, 4, 5)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = CAST(body || ' ' AS BLOB) WHERE seq = 2",
        "DELETE FROM entry WHERE seq = 2",
        "UPDATE entry SET hash = zeroblob(32) WHERE seq = 2",
    ],
)
def test_a_copy_that_is_not_what_was_copied_is_none(old: Path, tmp_path: Path, change: str) -> None:
    source, copy = driver.connect(old / "reviewer.db"), driver.connect(tmp_path / "copy.db")
    source.backup(copy)
    migrations._verify_copy(source, copy)
    copy.execute("DROP TRIGGER entry_is_never_changed")
    copy.execute("DROP TRIGGER entry_is_never_removed")
    copy.execute(change)
    with pytest.raises(NotSaved, match="not what was copied"):
        migrations._verify_copy(source, copy)
    copy.close()
    source.close()


def test_without_room_for_a_copy_there_is_no_update(old: Path, second: Path) -> None:
    (old / "backups").write_text("in the way")
    with pytest.raises(NotSaved) as error:
        Workspace.open(old)
    assert error.value.code == "E113"
    assert "extra" not in tables(old)


def test_a_workspace_of_before_queues_is_brought_up_to_date(tmp_path: Path) -> None:
    worlds.make(tmp_path / "w").close()
    earlier.take_back(tmp_path / "w", "0002")
    assert "asked_again" not in tables(tmp_path / "w")
    workspace = Workspace.open(tmp_path / "w", surroundings=worlds.surroundings())
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(4)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    item = worlds.waiting(workspace)[0]
    worlds.label(workspace, item)
    requeueing.requeue_items(workspace, SILENT, campaign="C", items=[item])
    assert worlds.waiting(workspace)[0] == item
    assert verifying.verify(workspace, SILENT).value.ok
    assert [copy.name for copy in (tmp_path / "w" / "backups").iterdir()] == [f"before-{migrations.newest()}-1.db"]
    workspace.close()

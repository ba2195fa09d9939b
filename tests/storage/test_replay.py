"""The journal read once more: what holds is applied, what does not is told, and a table that cannot be read to its end is no rebuild."""

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.errors import Damaged
from reviewer.domain.progress import SILENT
from reviewer.operations import verifying
from reviewer.storage import digests, projections, replay
from reviewer.storage.beside import beside
from reviewer.storage.workspace import Workspace
from tests import worlds


def test_a_replay_beside_makes_the_tables_again_and_shows_each_entry_once(busy_workspace: Workspace) -> None:
    seen: list[Entry] = []
    steps: list[tuple[int, int, str]] = []
    with beside(busy_workspace.folder / "reviewer.db", key=None) as rows:
        here, project = rows.replica()
        made = replay.replay(rows, lambda *step: steps.append(step), project=project, look=lambda entry, _value: seen.append(entry))
        assert list(rows.compare()) == []
        assert digests.digest_of_tables(rows) == made.state.digest
    assert (made.problems, made.complete, made.newer) == ([], True, 0)
    assert len({entry.hash for entry in seen}) == len(seen) == len(made.hashes)
    assert steps[-1][0] == steps[-1][1] == len(seen)
    assert len(here) == 3


def test_what_does_not_hold_is_not_applied(workspace: Workspace) -> None:
    worlds.label(workspace, worlds.waiting(workspace)[0])
    with workspace.begin() as work:
        work.run("DROP TRIGGER entry_is_never_changed")
        work.run("UPDATE entry SET sig = zeroblob(64) WHERE kind = 'label'")
        project = EntryHash(work.fact("project") or "")
        projections.clear(work)
        made = replay.replay(work, lambda *_step: None, project=project, look=lambda _entry, _value: None)
        assert [problem.what for problem in made.problems] == ["It does not match its signature. [E107]"]
        assert work.rows("SELECT * FROM label") == []
        assert work.row("SELECT labels, complete FROM campaign") == (0, 0)


def test_nothing_beside_reaches_the_database_itself(busy_workspace: Workspace) -> None:
    database = busy_workspace.folder / "reviewer.db"
    with busy_workspace.read() as reading:
        before = digests.digest_of_tables(reading)
        version = reading.row("PRAGMA data_version")
        with beside(database, key=None) as rows:
            rows.run("INSERT INTO member VALUES ('x', 'X', 'lead')")
            rows.set_fact("project", "x")
            assert rows.rows("SELECT name FROM member") == [("X",)]
        assert reading.row("PRAGMA data_version") == version
    with busy_workspace.read() as reading:
        assert digests.digest_of_tables(reading) == before


def test_a_journal_that_cannot_be_read_to_its_end_is_told_and_not_rebuilt_from(tmp_path: Path) -> None:
    workspace = worlds.busy(tmp_path / "w", items=60)
    workspace.close()
    database = tmp_path / "w" / "reviewer.db"
    raw = dbapi2.connect(str(database))
    (root,) = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'").fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.close()
    content = bytearray(database.read_bytes())
    # The last child of the table's root page: the newest entries.
    page = (root - 1) * size
    child = int.from_bytes(content[page + 8 : page + 12])
    content[(child - 1) * size : (child - 1) * size + 8] = b"\xff" * 8
    database.write_bytes(content)
    workspace = Workspace.open(tmp_path / "w")
    before = {path.name: path.read_bytes() for path in (tmp_path / "w").glob("reviewer.db")}
    found = verifying.verify(workspace, SILENT).value
    assert not found.ok
    assert any("cannot be read beyond" in problem.what for problem in found.problems)
    with pytest.raises(Damaged):
        verifying.verify(workspace, SILENT, rebuild=True)
    workspace.close()
    assert {path.name: path.read_bytes() for path in (tmp_path / "w").glob("reviewer.db")} == before

"""Verification sees every change to what was written, and a rebuild makes the same state again."""

import random
import shutil
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from reviewer.domain import chain, fold
from reviewer.domain.chain import Entry, EntryHash
from reviewer.domain.events import Event, Skip
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import demo, labelling, members, queues, verifying
from reviewer.operations.verifying import Verification
from reviewer.storage import campaigns
from reviewer.storage.workspace import Workspace
from tests import worlds


def changed(workspace: Workspace, *statements: str) -> None:
    """Change the database behind the program's back, triggers and checks set aside."""
    raw = dbapi2.connect(str(workspace.folder / "reviewer.db"), isolation_level=None)
    raw.execute("PRAGMA writable_schema = ON")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute("DROP TRIGGER entry_is_never_changed")
    raw.execute("DROP TRIGGER entry_is_never_removed")
    for statement in statements:
        assert raw.execute(statement).rowcount != 0, statement
    raw.close()


def verify(workspace: Workspace, *, rebuild: bool = False) -> Verification:
    return verifying.verify(workspace, SILENT, rebuild=rebuild).value


def test_a_workspace_in_which_much_happened_verifies_and_rebuilds_to_the_same_digest(busy_workspace: Workspace) -> None:
    before = verify(busy_workspace)
    assert before.problems == ()
    assert before.ok
    assert (before.items, before.members) == (200, 3)
    assert before.entries == before.unwitnessed > 300
    assert before.not_counted == 0
    assert verify(busy_workspace, rebuild=True) == before


_NEWEST_UNSURE = "(SELECT max(rowid) FROM entry WHERE kind = 'label' AND instr(body, 'unsure'))"
_SHORTEST = "(SELECT hash FROM blob ORDER BY length(content) LIMIT 1)"
CHANGES = {
    "a byte of an entry": "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'unsure', 'UNSURE') AS BLOB)"
    f" WHERE rowid = {_NEWEST_UNSURE}",
    "the first entry of each stream is no JSON any more": "UPDATE entry"
    " SET body = CAST(replace(CAST(body AS TEXT), '\",\"', '\";\"') AS BLOB) WHERE seq = 1",
    "a signature": "UPDATE entry SET sig = zeroblob(64) WHERE seq = 5",
    "the kind beside an entry": "UPDATE entry SET kind = 'skip' WHERE rowid = (SELECT max(rowid) FROM entry WHERE kind = 'label')",
    "an entry is gone": "DELETE FROM entry WHERE seq = 7",
    "the first entry is gone": "DELETE FROM entry WHERE kind = 'genesis'",
    "an admission is gone": "DELETE FROM entry WHERE kind = 'enrol'",
    "a note": f"UPDATE blob SET content = CAST('x' || content AS BLOB) WHERE hash = {_SHORTEST}",
    "a blob is gone": "DELETE FROM blob WHERE rowid = 1",
    "a label's verdict": "UPDATE label SET verdict = 'compliant' WHERE n ="
    " (SELECT min(n) FROM label WHERE verdict = 'unsure' AND in_force)",
    "a label's time": "UPDATE label SET wall_ms = wall_ms + 1 WHERE n = 3",
    "a label that nobody gave": "INSERT INTO label SELECT NULL, randomblob(32), campaign, item, member, showing, verdict, severity,"
    " blind, in_force, wall_ms, dur_ms FROM label WHERE n = 1",
    "a label is hidden": "DELETE FROM label WHERE n = 2",
    "an answer": "UPDATE pick SET answer = 'compliant', complete = 1 WHERE item = (SELECT max(item) FROM pick WHERE complete = 0)",
    "a probability": "UPDATE pick SET pi = '0.9' WHERE item = (SELECT min(item) FROM pick)",
    "a counter of a campaign": "UPDATE campaign SET answered = answered + 1 WHERE id = 1",
    "a campaign is opened again": "UPDATE campaign SET closed = 0 WHERE closed = 1",
    "a role": "UPDATE member SET role = 'lead' WHERE name = 'Olga'",
    "a key": "UPDATE device SET sign_key = hex(zeroblob(32)) WHERE rowid = 2",
    "what was put off": "DELETE FROM aside WHERE n = 1",
    "an item's text": "UPDATE item SET payload = (SELECT payload FROM item WHERE n = 2) WHERE n = 1",
    "an item's agent": "UPDATE item SET agent = 'other' WHERE n = 3",
    "an item is gone": "DELETE FROM item WHERE n = 4",
    "an original": "UPDATE origin SET original = (SELECT original FROM origin WHERE n = 6) WHERE n = 5",
    "the counter of items": "UPDATE fact SET value = '7' WHERE name = 'items'",
    "a row of search": "DELETE FROM item_text_docsize WHERE id = 9",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_behind_the_programs_back_is_reported(what: str, sound: Path, tmp_path: Path) -> None:
    workspace = _copy(sound, tmp_path)
    changed(workspace, CHANGES[what])
    found = verify(workspace)
    workspace.close()
    assert not found.ok
    assert found.problems
    assert all(problem.where and problem.what for problem in found.problems)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A busy workspace, closed, to be copied by each case; its keys are not needed to verify it."""
    folder = tmp_path_factory.mktemp("sound") / "workspace"
    worlds.busy(folder, items=60).close()
    return folder


def _copy(sound: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(sound, tmp_path / "copy")
    return Workspace.open(tmp_path / "copy")


def test_an_unchanged_copy_verifies(sound: Path, tmp_path: Path) -> None:
    workspace = _copy(sound, tmp_path)
    assert verify(workspace).ok
    workspace.close()


def test_a_rebuild_puts_changed_views_right(sound: Path, tmp_path: Path) -> None:
    workspace = _copy(sound, tmp_path)
    before = verify(workspace)
    changed(workspace, CHANGES["a label's verdict"], CHANGES["a probability"], CHANGES["a role"], CHANGES["what was put off"])
    assert not verify(workspace).ok
    assert verify(workspace, rebuild=True) == before
    workspace.close()


def test_a_rebuild_can_be_cancelled_and_changes_nothing(busy_workspace: Workspace) -> None:
    reports: list[Progress] = []

    def stop_at_the_first(progress: Progress) -> None:
        reports.append(progress)
        ticket.cancel()

    ticket = Ticket(stop_at_the_first)
    before = verify(busy_workspace)
    with pytest.raises(Cancelled):
        verifying.verify(busy_workspace, ticket, rebuild=True)
    assert reports
    assert verify(busy_workspace) == before


def test_what_a_member_had_no_right_to_is_kept_and_not_counted(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Olga"], role="observer")
    olga = workspace.as_member("Olga")
    item = worlds.waiting(workspace)[0]
    with olga.begin() as work:
        work.record(Event("skip", Skip(campaigns.named(work, "C").state.hash, item)))
    olga.close()
    found = verify(workspace)
    assert found.ok
    assert found.not_counted == 1
    assert item in worlds.waiting(workspace)


def test_the_sample_folds_to_one_digest_in_a_hundred_orders(tmp_path: Path) -> None:
    demo.make_demo(tmp_path / "demo", member="Ada")
    workspace = Workspace.open(tmp_path / "demo")
    name = queues.my_campaigns(workspace, SILENT).value[0].name
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    for who in (workspace, ben):
        for number, item in enumerate(worlds.waiting(who, campaign=name, limit=15)):
            worlds.label(who, item, ("compliant", "non_compliant", "unsure")[number % 3], campaign=name, rationale="Because.")
        worlds.label(who, item, "compliant", campaign=name)
        labelling.undo_label(who, SILENT)
    ben.close()
    found = verify(workspace)
    assert found.problems == ()
    with workspace.read() as reading:
        rows = reading.rows("SELECT hash, body, sig FROM entry")
    workspace.close()
    entries = [Entry(EntryHash(h.hex()), chain.parse(raw), raw, sig) for h, raw, sig in rows]
    chance = random.Random(5)
    for _ in range(100):
        chance.shuffle(entries)
        assert fold.fold(entries).digest == found.digest

"""A release is the same on every machine, and that of an older state can be had again."""

from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT, Progress, Ticket
from reviewer.operations import bundling, campaigns, labelling, release_checks, releasing, verifying
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.operations.test_bundling import applied, joined, made


def _release(workspace: Workspace, out: Path, at: str | None = None) -> releasing.Released:
    return releasing.release_dataset(workspace, SILENT, campaigns=["C"], out=out, split="0.5,0.3,0.2", at=at).value


def _bytes(folder: Path) -> dict[str, bytes]:
    """Every file but the signature, which is of one device."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del found["manifest.sig"]
    return found


def _change_much(workspace: Workspace) -> None:
    """Labels, a label taken back and another answer."""
    *rest, last = worlds.waiting(workspace)
    worlds.label(workspace, last, "non_compliant")
    labelling.undo_label(workspace, SILENT)
    for item in rest:
        worlds.label(workspace, item, "non_compliant")


def test_the_state_of_a_release_is_released_again_byte_for_byte_and_nothing_else_changes(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w")
    for item in worlds.waiting(workspace)[:6]:
        worlds.label(workspace, item, "compliant")
    worlds.label(workspace, worlds.waiting(workspace)[0], "non_compliant")
    first = _release(workspace, tmp_path / "first")
    labelling.undo_label(workspace, SILENT)
    _change_much(workspace)
    before = verifying.verify(workspace, SILENT).value
    again = _release(workspace, tmp_path / "again", first.release)
    assert _bytes(tmp_path / "again") == _bytes(tmp_path / "first")
    assert again.manifest == first.manifest
    assert (tmp_path / "again" / "manifest.sig").read_bytes() == (tmp_path / "first" / "manifest.sig").read_bytes()
    assert _bytes(_release(workspace, tmp_path / "now").folder) != _bytes(tmp_path / "first")
    after = verifying.verify(workspace, SILENT).value
    assert (after.ok, after.entries) == (True, before.entries + 2)
    assert not list((tmp_path / "w").glob(".past*"))
    (problem,) = release_checks.check_release(workspace, SILENT, folder=tmp_path / "again").value.broken
    assert "was taken back after it" in problem.what


def test_a_moment_may_be_that_of_any_entry_as_it_came_here(tmp_path: Path) -> None:
    workspace = worlds.ready(tmp_path / "w")
    labels = [worlds.label(workspace, item, "compliant").value.label for item in worlds.waiting(workspace)[:5]]
    for name, at in (("three", labels[2]), ("also", labels[2][:10])):
        assert sum(_release(workspace, tmp_path / name, at).rows.values()) == 3
    assert _bytes(tmp_path / "three") == _bytes(tmp_path / "also")
    with pytest.raises(NotFound, match="There is no entry ffffff"):
        _release(workspace, tmp_path / "no", "ffffff")
    with pytest.raises(Refused, match="names no entry"):
        _release(workspace, tmp_path / "no", "yesterday")
    assert not (tmp_path / "no").exists()


def test_two_machines_make_the_same_release_and_repeat_each_others(tmp_path: Path) -> None:
    ada = worlds.ready(tmp_path / "ada", overlap=2)
    ben = joined(ada, tmp_path / "ben", "Ben", role="lead")
    applied(ben, made(ada, tmp_path / "1.rvb"))
    for who in (ada, ben):
        for item in worlds.waiting(who)[:8]:
            worlds.label(who, item, "compliant", rationale="Fine.")
    applied(ada, made(ben, tmp_path / "2.rvb"))
    applied(ben, made(ada, tmp_path / "3.rvb"))
    first, other = (_release(who, tmp_path / name) for who, name in ((ada, "of-ada"), (ben, "of-ben")))
    assert _bytes(tmp_path / "of-ada") == _bytes(tmp_path / "of-ben")
    assert first.manifest == other.manifest
    for who in (ada, ben):
        _change_much(who)
    with pytest.raises(NotFound):
        _release(ben, tmp_path / "early", first.release)
    applied(ben, made(ada, tmp_path / "4.rvb"))
    _release(ben, tmp_path / "again", first.release)
    assert _bytes(tmp_path / "again") == _bytes(tmp_path / "of-ada")
    ben.close()


def test_an_encrypted_workspace_keeps_nothing_in_clear_while_an_older_state_is_read(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", member="Ada", surroundings=worlds.surroundings(), passphrase="correct horse battery")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(3)])
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
    label = worlds.label(workspace, worlds.waiting(workspace)[0]).value.label
    seen: list[bytes] = []

    def look(progress: Progress) -> None:
        if progress.what == "Writing rows":
            seen.extend(path.read_bytes()[:16] for path in (tmp_path / "w").glob(".past*/reviewer.db"))

    releasing.release_dataset(workspace, Ticket(look), campaigns=["C"], out=tmp_path / "out", at=label)
    assert seen
    assert b"SQLite format 3\0" not in seen
    workspace.close()


def test_a_bundle_is_still_made_of_everything(tmp_path: Path) -> None:
    """The entry of a release says where streams ended; it travels and folds as any other."""
    ada = worlds.ready(tmp_path / "ada")
    worlds.label(ada, worlds.waiting(ada)[0])
    _release(ada, tmp_path / "out")
    ben = joined(ada, tmp_path / "ben", "Ben")
    bundling.apply_bundle(ben, SILENT, source=made(ada, tmp_path / "1.rvb"))
    assert verifying.verify(ben, SILENT).value.digest == verifying.verify(ada, SILENT).value.digest
    assert verifying.verify(ben, SILENT, rebuild=True).value.ok
    ben.close()

"""How a replica stands with others: what waits, what was witnessed, what an exchange brought, and who agrees."""

from pathlib import Path

import pytest

from reviewer.domain.progress import SILENT
from reviewer.operations import bundling, joining, members, revoking, sync_overview, syncing, verifying
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.operations.test_bundling import applied, joined, made


@pytest.fixture
def ada(tmp_path: Path) -> Workspace:
    return worlds.ready(tmp_path / "ada", overlap=2)


def seen(workspace: Workspace) -> sync_overview.Overview:
    return sync_overview.overview(workspace, SILENT).value


def synced(workspace: Workspace, target: Path) -> sync_overview.LastExchange:
    done = syncing.sync(workspace, SILENT, target=str(target)).value
    return sync_overview.note_exchange(workspace, SILENT, target=str(target), synced=done).value


def test_labels_wait_until_they_are_given_and_are_unwitnessed_until_somebody_signs_for_them(ada: Workspace, tmp_path: Path) -> None:
    ben, place = joined(ada, tmp_path / "ben", "Ben"), tmp_path / "stick"
    place.mkdir()
    for item in worlds.waiting(ada)[:3]:
        worlds.label(ada, item)
    assert (seen(ada).waiting, seen(ada).unwitnessed, seen(ada).last) == (3, 3, None)
    assert sync_overview.standing(ada, SILENT).value == (True, True, 3)
    synced(ada, place)
    assert (seen(ada).waiting, seen(ada).unwitnessed) == (0, 3)
    synced(ben, place)
    worlds.label(ada, worlds.waiting(ada)[0])
    synced(ada, place)
    worlds.label(ada, worlds.waiting(ada)[0])
    assert (seen(ada).waiting, seen(ada).unwitnessed) == (1, 2)
    ben.close()


def test_labels_of_somebody_who_works_alone_wait(ada: Workspace, tmp_path: Path) -> None:
    worlds.label(ada, worlds.waiting(ada)[0])
    (tmp_path / "stick").mkdir()
    synced(ada, tmp_path / "stick")
    assert seen(ada).waiting == 1
    assert sync_overview.standing(ada, SILENT).value == (True, False, 1)


def test_the_last_exchange_says_with_whom_and_what_came_from_whom(ada: Workspace, tmp_path: Path) -> None:
    ben, place = joined(ada, tmp_path / "ben", "Ben"), tmp_path / "stick"
    place.mkdir()
    synced(ada, place)
    first = synced(ben, place)
    assert (first.place, first.members, first.received.items, first.sent.entries > 0) == ("the folder stick", ("Ada",), 12, True)
    worlds.label(ben, worlds.waiting(ben)[0])
    synced(ben, place)
    synced(ada, place)
    last = seen(ada).last
    assert last is not None
    assert (last.kinds["label"], last.members, last.conflicts) == (1, ("Ben",), 0)
    heard = {one.member: one.heard_ms for one in seen(ada).devices}
    assert heard["Ben"] is not None
    ben.close()


def test_a_bundle_that_is_applied_is_an_exchange_and_hands_nothing_on(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    worlds.label(ben, worlds.waiting(ben)[0])
    back = made(ada, tmp_path / "more.rvb")
    sync_overview.note_applied(ben, SILENT, source=back, applied=applied(ben, back))
    last = seen(ben).last
    assert last is not None
    assert last.place == "the bundle more.rvb"
    assert seen(ben).waiting == 1
    made(ben, tmp_path / "back.rvb")
    sync_overview.note_given(ben, SILENT)
    assert seen(ben).waiting == 0
    ben.close()


def test_who_waits_to_be_admitted_sees_the_words_of_the_request_and_then_those_of_the_project(ada: Workspace, tmp_path: Path) -> None:
    request = tmp_path / "ben.json"
    words = joining.join_project(tmp_path / "ben", member="Ben", request=request).value.words
    ben = Workspace.open(tmp_path / "ben", surroundings=worlds.surroundings(seed=3))
    assert (seen(ben).admitted, seen(ben).words, seen(ben).project) == (False, words, "")
    again = joining.write_request(ben, SILENT, request=tmp_path / "again.json").value
    assert joining.read_request(again.request)[1] == again.words == seen(ben).words
    members.admit_request(ada, SILENT, request=joining.read_request(request)[0])
    applied(ben, made(ada, tmp_path / "all.rvb"))
    assert (seen(ben).admitted, seen(ben).project) == (True, "Refunds")
    assert seen(ben).words == seen(ada).words != words
    ben.close()


def test_a_check_is_remembered_and_counts_the_devices_that_came_to_the_same(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    applied(ada, made(ben, tmp_path / "back.rvb"))
    applied(ben, made(ada, tmp_path / "again.rvb"))
    assert seen(ben).check is None
    found = verifying.verify(ben, SILENT).value
    sync_overview.note_check(ben, SILENT, found=found)
    check = seen(ben).check
    assert check is not None
    assert (check.entries, check.items, check.problems, check.digest) == (found.entries, 12, 0, found.digest)
    with ben.read() as reading:
        contact = reading.rows("SELECT set_digest = ?, state_digest = ? FROM contact", (found.set_digest, found.digest))
    assert seen(ben).agreeing == sum(both == (1, 1) for both in contact)
    with ben.begin() as work:
        work.run("UPDATE contact SET set_digest = ?, state_digest = ?", (found.set_digest, found.digest))
    assert seen(ben).agreeing == 1
    ben.close()


def test_a_revoked_device_is_named_with_its_last_entry_that_counts(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    for item in worlds.waiting(ben)[:3]:
        worlds.label(ben, item)
    applied(ada, made(ben, tmp_path / "back.rvb"))
    [device] = [one.device for one in seen(ada).devices if one.member == "Ben"]
    revoking.revoke_device(ada, SILENT, device=device, reason="lost", after=2)
    assert seen(ada).trusted_to == {device: 2}
    assert [one.revoked for one in seen(ada).devices] == [False, True]
    ben.close()


def test_what_was_kept_aside_is_counted(ada: Workspace, tmp_path: Path) -> None:
    ben = joined(ada, tmp_path / "ben", "Ben")
    applied(ben, made(ada, tmp_path / "all.rvb"))
    assert seen(ben).quarantined == 0
    (ben.folder / bundling.QUARANTINE).mkdir(exist_ok=True)
    (ben.folder / bundling.QUARANTINE / "a.rvb").write_bytes(b"")
    assert seen(ben).quarantined == 1
    ben.close()


def test_a_remembered_fact_that_cannot_be_read_counts_as_none(ada: Workspace) -> None:
    with ada.begin() as work:
        work.set_fact("exchange.last", "{")
        work.set_fact("verified.last", '{"at_ms": "x"}')
    assert (seen(ada).last, seen(ada).check) == (None, None)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("postgresql://ada:secret@db.example.org:5432/team", "the hub at db.example.org"),
        ("webdavs://ada:secret@files.example.org/team", "files.example.org/team"),
        ("s3://bucket/team", "bucket/team"),
        ("/media/stick", "the folder stick"),
        ("/media/stick/back.rvb", "the bundle back.rvb"),
    ],
)
def test_a_place_is_named_without_its_password(target: str, words: str) -> None:
    assert sync_overview.place_words(target) == words

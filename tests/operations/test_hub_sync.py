"""Sync through a hub: a real PostgreSQL server, real labels, lines that break."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Changes
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.domain.state import set_digest
from reviewer.operations import erasing, hub_sync, members, verifying
from reviewer.operations.synced import Moved, Synced
from reviewer.storage import agreement, hub_memory
from reviewer.storage.hub import connected
from reviewer.storage.hub_address import address_of
from reviewer.storage.hub_requests import put_request, requests
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds
from tests.hubs import Line, Server, free_port, proxied


@pytest.fixture
def team(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace, Workspace]]:
    """Ada's, Ben's and Cleo's replicas of twelve items; nobody has labelled."""
    ada = worlds.ready(tmp_path / "ada", overlap=3)
    members.add_members(ada, SILENT, names=["Ben", "Cleo"])
    ben = replicas.replica(tmp_path / "ben", ada, "Ben", seed=1)
    cleo = replicas.replica(tmp_path / "cleo", ada, "Cleo", seed=2)
    with ada.begin() as work:  # Ben and Cleo work elsewhere
        work.set_fact("devices_here", f'["{ada.signer(work).device}"]')
    yield ada, ben, cleo
    for one in (ada, ben, cleo):
        one.close()


def sync(workspace: Workspace, address: str) -> Synced:
    return hub_sync.sync_hub(workspace, SILENT, address=address).value


def digests(*replicas_: Workspace) -> set[str]:
    return {replicas.digest(one) for one in replicas_}


def ids(workspace: Workspace) -> list[str]:
    with workspace.read() as reading:
        return [name.hex() for (name,) in reading.rows("SELECT id FROM item ORDER BY id")]


def hashes(workspace: Workspace) -> set[bytes]:
    with workspace.read() as reading:
        return {bytes(name) for (name,) in reading.rows("SELECT hash FROM entry")}


def at_hub(line: Line) -> set[bytes]:
    found = [name for (name,) in line.run("SELECT hash FROM entry")]
    assert len(found) == len(set(found))
    return set(found)


def test_three_replicas_meet_in_any_order_with_every_label_and_one_digest(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line
) -> None:
    chance = random.Random(5)
    sync(team[0], hub_line.address())
    given: set[str] = set()
    for _ in range(4):
        for one in chance.sample(team, 3):
            for item in chance.sample(ids(team[0]), 4):
                verdict = chance.choice(["compliant", "non_compliant"])
                if ids(one):
                    given.add(worlds.label(one, item, verdict, rationale=f"Because {chance.random()}").value.label)
            sync(one, hub_line.address())
    for one in team * 2:
        sync(one, hub_line.address())
    assert len(digests(*team)) == 1
    assert {bytes.fromhex(name) for name in given} <= at_hub(hub_line)
    for one in team:
        assert hashes(one) == at_hub(hub_line)
        assert verifying.verify(one, SILENT).value.problems == ()
        assert len(ids(one)) == 12
        with one.read() as reading:
            assert reading.row("SELECT count(*) FROM blob") == tuple(hub_line.run("SELECT count(*) FROM blob")[0])
            assert (reading.row("SELECT count(*) FROM receipt") or (0,))[0] > 0
            assert reading.row("SELECT count(DISTINCT set_digest) FROM contact WHERE set_digest IS NOT NULL") == (1,)


def test_counts_say_what_went_each_way_and_a_dry_run_writes_nothing(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada, ben, _ = team
    entries = len(hashes(ada))
    foreseen = hub_sync.sync_hub(ada, SILENT, address=hub_line.address(), dry_run=True)
    assert (foreseen.value.sent, foreseen.value.received, foreseen.changes) == (Moved(entries, 12), Moved(0, 0), Changes.NONE)
    assert at_hub(hub_line) == set()
    assert sync(ada, hub_line.address()).sent == Moved(entries, 12)
    assert sync(ada, hub_line.address()).sent == Moved(0, 0)
    before = hashes(ben)
    done = hub_sync.sync_hub(ben, SILENT, address=hub_line.address(), dry_run=True).value
    assert (done.sent, done.received) == (Moved(0, 0), Moved(0, 12))
    assert hashes(ben) == before
    assert ids(ben) == []
    with ben.read() as reading:
        assert reading.row("SELECT count(*) FROM fact WHERE name LIKE 'hub.%'") == (0,)
    assert sync(ben, hub_line.address()).received == Moved(0, 12)
    worlds.label(ben, ids(ben)[0])
    assert sync(ben, hub_line.address()).sent == Moved(1, 0)
    taken = sync(ada, hub_line.address())
    assert (taken.received.entries, taken.kinds, len(taken.members)) == (1, {"label": 1}, 1)


def test_a_client_reads_and_adds_and_may_do_nothing_else(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    sync(team[0], hub_line.address())
    with psycopg.connect(hub_line.address(), autocommit=True) as client:
        assert client.execute("SELECT count(*) FROM entry").fetchone() == (len(at_hub(hub_line)),)
        for table in ("entry", "blob", "item", "receipt", "digest", "enrol_request"):
            for statement in (f"UPDATE {table} SET project = project", f"DELETE FROM {table}", f"TRUNCATE {table}", f"DROP TABLE {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    client.execute(statement.replace("SET project = project", "SET device = device") if "enrol" in table else statement)
    assert hub_line.run("DELETE FROM digest") == []  # its keeper may: the test can see the difference


@pytest.mark.parametrize("way", ["push", "pull"])
def test_a_line_cut_anywhere_loses_nothing_and_doubles_nothing(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line, way: str
) -> None:
    ada, ben, _ = team
    for one in (ada, ben, ada):
        sync(one, hub_line.address())
    writer, cut = (ada, ada) if way == "push" else (ben, ada)
    items = itertools.cycle(ids(ada))
    with proxied(hub_line.server.port) as proxy:
        through = hub_line.address(port=proxy.port)
        worlds.label(writer, next(items), rationale="Measured.")
        if way == "pull":
            sync(writer, hub_line.address())
        sync(cut, through)
        total = proxy.bytes
        for cut_after in range(1, total, max(1, total // 16)):
            label = worlds.label(writer, next(items), rationale=f"Cut after {cut_after}.").value.label
            if way == "pull":
                sync(writer, hub_line.address())
            proxy.cut_after = iter([cut_after])
            sync(cut, through)
            assert bytes.fromhex(label) in at_hub(hub_line) & hashes(cut), cut_after
        assert proxy.cuts >= 14
    for one in (ada, ben, ada):
        sync(one, hub_line.address())
    assert hashes(ada) == hashes(ben) == at_hub(hub_line)
    assert len(digests(ada, ben)) == 1


def test_a_commit_of_which_nobody_hears_is_asked_for_again(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada, ben, _ = team
    with proxied(hub_line.server.port) as proxy:
        hows = itertools.cycle(["after", "before", None])
        proxy.at_commit = lambda: next(hows)
        for item in ids(ada)[:5]:
            worlds.label(ada, item, rationale="Kept.")
            sync(ada, hub_line.address(port=proxy.port))
        assert proxy.commits_after >= 5
        assert proxy.commits_before >= 5
        assert sync(ben, hub_line.address(port=proxy.port)).received.items == 12
    assert hashes(ada) == at_hub(hub_line)
    sync(ben, hub_line.address())
    sync(ada, hub_line.address())
    assert len(digests(ada, ben)) == 1


def test_a_server_stopped_as_by_a_power_cut_has_kept_what_it_acknowledged(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line
) -> None:
    ada = team[0]
    sync(ada, hub_line.address())
    worlds.label(ada, ids(ada)[0])
    sync(ada, hub_line.address())
    hub_line.server.restart()
    assert sync(ada, hub_line.address()).sent.entries == 0
    assert hashes(ada) == at_hub(hub_line)


def test_where_nobody_answers_it_says_how_many_records_wait(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada = team[0]
    with proxied(hub_line.server.port) as proxy:
        address = hub_line.address(port=proxy.port)
        sync(ada, address)
        worlds.label(ada, ids(ada)[0])
        proxy.cut_after = itertools.repeat(300)
        with pytest.raises(ReviewerError) as refused:
            sync(ada, address)
    assert (refused.value.code, refused.value.what) == ("E401", "Offline. 1 records wait. All work is saved here.")
    with pytest.raises(ReviewerError) as refused:
        sync(ada, hub_line.address(port=free_port()))
    assert refused.value.code == "E401"
    assert "cret" not in f"{refused.value.what} {refused.value.hint} {refused.value.__cause__!r}"


def test_a_changed_row_is_refused_and_named_and_the_rest_comes_in(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada, _, cleo = team
    for item in ids(ada)[:6]:
        worlds.label(ada, item, rationale="Signed.")
    sync(ada, hub_line.address())
    stream, seq = hub_line.run("SELECT stream, seq FROM entry ORDER BY seq DESC, stream LIMIT 1")[0]
    hub_line.run("UPDATE entry SET body = replace(convert_from(body, 'UTF8'), 'compliant', 'unsure')::bytea WHERE seq = %s", (seq,))
    hub_line.run("UPDATE entry SET sig = decode(repeat('00', 64), 'hex') WHERE seq = %s", (seq - 1,))
    blob = hub_line.run("UPDATE blob SET bytes = 'other' WHERE hash = (SELECT max(hash) FROM blob) RETURNING hash")[0][0]
    done = sync(cleo, hub_line.address())
    named = " ".join(done.notes)
    assert f"Record {seq:,} of stream {stream.hex()[:8]}" in named
    assert f"Record {seq - 1:,} of stream" in named
    assert blob.hex()[:12] in named or not hub_line.run("SELECT 1 FROM blob WHERE hash = %s AND bytes = 'other'", (blob,))
    assert done.quarantined >= 2
    assert len(hashes(cleo)) == len(at_hub(hub_line)) - 2
    assert verifying.verify(cleo, SILENT).value.problems == ()


def test_an_entry_of_another_project_under_ours_is_refused(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line, tmp_path: Path
) -> None:
    ada, ben, _ = team
    other = worlds.ready(tmp_path / "other", items=2)
    sync(ada, hub_line.address())
    sync(other, hub_line.address())
    ours, theirs = (bytes.fromhex(replicas.project_of(one)) for one in (ada, other))
    assert hub_line.run("SELECT count(DISTINCT project) FROM entry") == [(2,)]
    assert sync(ben, hub_line.address()).quarantined == 0
    hub_line.run(
        "INSERT INTO entry SELECT %s, stream, seq, hash, body, sig, received FROM entry WHERE project = %s AND seq = 1", (ours, theirs)
    )
    done = sync(ben, hub_line.address())
    assert (done.received.entries, done.quarantined) == (0, 1)
    assert hashes(ben) == hashes(ada)
    other.close()


def test_a_hub_that_shows_less_than_before_is_not_followed(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada, ben, cleo = team
    worlds.label(ada, ids(ada)[0])
    for one in (ada, ben, ada, ben):
        sync(one, hub_line.address())
    assert hub_line.run("SELECT count(*) > 0 FROM receipt") == [(True,)]
    hub_line.run("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")
    for one in (ada, ben, cleo):  # Ada and Ben remember; Cleo reads Ben's receipt
        before = hashes(one)
        with pytest.raises(ReviewerError) as refused:
            sync(one, hub_line.address())
        assert refused.value.code == "E403"
        proofs = list((one.folder / hub_memory.PROOFS).iterdir())
        assert len(proofs) == 1
        assert str(proofs[0]) in refused.value.what
        assert hashes(one) == before
    hub_line.run("DELETE FROM receipt")
    with pytest.raises(ReviewerError, match="E403"):
        sync(ada, hub_line.address())
    with pytest.raises(ReviewerError, match="E403"):
        hub_sync.sync_hub(ben, SILENT, address=hub_line.address(), dry_run=True)
    sync(cleo, hub_line.address())  # who never saw more cannot know


def test_an_entry_taken_out_of_the_middle_is_missed(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada = team[0]
    sync(ada, hub_line.address())
    hub_line.run("DELETE FROM entry WHERE seq = 2")
    with pytest.raises(ReviewerError, match="E403"):
        sync(ada, hub_line.address())


def test_another_result_from_the_same_entries_is_noticed(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada, ben, _ = team
    for one in (ada, ben, ada):
        sync(one, hub_line.address())
    project = replicas.project_of(ada)
    with ben.read() as reading:
        signer = ben.signer(reading)
        both = set_digest(EntryHash(name.hex()) for name in hashes(ben))
    wrong = "11" * 32
    signed = signer.key.sign(b"review/digest/v1\n" + bytes.fromhex(project) + bytes.fromhex(both) + bytes.fromhex(wrong))
    row = (bytes.fromhex(project), bytes.fromhex(signer.device), bytes.fromhex(both), bytes.fromhex("22" * 32), signed)
    insert = "INSERT INTO digest (project, device, set_digest, state_digest, sig) VALUES (%s, %s, %s, %s, %s)"
    hub_line.run(insert, row)  # signed for another state: nobody believes it
    assert sync(ada, hub_line.address()).notes == ()
    hub_line.run(insert, (*row[:3], bytes.fromhex(wrong), signed))
    assert "E404" in sync(ada, hub_line.address()).notes[0]
    with ada.read() as reading, pytest.raises(agreement.Diverged):
        agreement.require(reading)


def test_a_device_that_waits_leaves_its_request_and_is_filled_once_admitted(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line, tmp_path: Path
) -> None:
    ada = team[0]
    sync(ada, hub_line.address())
    dora = Workspace.join(tmp_path / "dora", member="Dora", surroundings=worlds.surroundings(seed=9))
    for _ in range(2):
        assert "six words" in sync(dora, hub_line.address()).notes[0]
    place = address_of(hub_line.address())
    hub_line.run("INSERT INTO enrol_request (device, hash, request) VALUES ('x', 'y', 'junk')")
    with connected(place) as hub, dora.read() as reading:
        put_request(hub, reading)
        (request,) = requests(hub)
    assert request.name == "Dora"
    members.admit_request(ada, SILENT, request=request)
    sync(ada, hub_line.address())
    assert sync(dora, hub_line.address()).received.items == 12
    worlds.label(dora, ids(dora)[0])
    sync(dora, hub_line.address())
    sync(ada, hub_line.address())
    assert len(digests(ada, dora)) == 1
    dora.close()


def test_both_branches_of_a_fork_go_both_ways(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line, tmp_path: Path, postgresql: Server
) -> None:
    ada, ben, cleo = team
    sync(ada, hub_line.address())
    twin = replicas.replica(tmp_path / "twin", ben, "Ben", seed=3)
    for one in (ben, twin, cleo):
        sync(one, hub_line.address())
    first = worlds.label(ben, ids(ada)[0], "compliant").value.label
    second = worlds.label(twin, ids(ada)[1], "non_compliant").value.label
    for one in (ben, twin, ada, cleo, ben, twin, ada, cleo):
        sync(one, hub_line.address())
    for one in (ada, ben, cleo, twin):
        assert {bytes.fromhex(first), bytes.fromhex(second)} <= hashes(one)
    assert hashes(ada) == hashes(cleo) == at_hub(hub_line)
    assert len(digests(ada, ben, cleo, twin)) == 1
    twin.close()


def test_stopping_between_two_transactions_keeps_what_was_exchanged(team: tuple[Workspace, Workspace, Workspace], hub_line: Line) -> None:
    ada = team[0]
    tickets: list[Ticket] = []

    def stop(progress: Progress) -> None:
        if progress.what == "Sending items":
            tickets[0].cancel()

    tickets.append(Ticket(stop))
    with pytest.raises(Cancelled):
        hub_sync.sync_hub(ada, tickets[0], address=hub_line.address())
    assert hub_line.run("SELECT count(*) FROM item") == [(12,)]
    assert at_hub(hub_line) == set()
    assert sync(ada, hub_line.address()).sent.items == 0
    assert at_hub(hub_line) == hashes(ada)


def test_an_erased_item_at_a_hub_is_said_and_gone_once_its_owner_ran_what_is_said(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line
) -> None:
    ada, ben, _ = team
    item = ids(ada)[0]
    worlds.label(ada, item, rationale="Zebulon lives in Mill Lane.")
    sync(ada, hub_line.address())
    erasing.request_erasure(ada, SILENT, item=item, reason="Asked for.")
    erased = erasing.erase_item(ada, SILENT, item=item).value
    notes = sync(ada, hub_line.address()).notes
    assert notes == (
        "1 erased item still lies at this hub: whoever runs it can remove that, clients cannot. `reviewer erase status` says how. [E603]",
    )
    assert hub_line.run("SELECT count(*) FROM item") == [(12,)]
    for statement in erased.at_hub.splitlines():
        hub_line.run(statement)
    assert hub_line.run("SELECT count(*) FROM item") == [(11,)]
    assert not any(b"Mill Lane" in bytes(content) for (content,) in hub_line.run("SELECT bytes FROM blob"))
    assert sync(ada, hub_line.address()).notes == ()
    sync(ben, hub_line.address())
    assert item not in ids(ben)
    assert digests(ada, ben) == {replicas.digest(ada)}
    assert verifying.verify(ben, SILENT).value.problems == ()


def test_what_waits_for_earlier_records_is_said_after_a_sync_with_a_hub(
    team: tuple[Workspace, Workspace, Workspace], hub_line: Line
) -> None:
    ada, ben, _ = team
    sync(ada, hub_line.address())
    sync(ben, hub_line.address())
    for item in ids(ben)[:3]:
        worlds.label(ben, item)
    late = replicas.all_entries(ben)[-1]
    assert replicas.take(ada, [late], replicas.project_of(ada)).pending == 1
    notes = sync(ada, hub_line.address()).notes
    [gap] = [note for note in notes if note.endswith("[E209]")]
    assert gap.startswith("1 record waits for earlier ones from Ben's device (")
    sync(ben, hub_line.address())
    assert sync(ada, hub_line.address()).notes == ()
    assert digests(ada, ben) == {replicas.digest(ada)}

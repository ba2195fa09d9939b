"""A new device asks, a lead admits it, and it takes up work with the first entries that come in."""

import json
from pathlib import Path

import msgspec
import pytest

from reviewer.domain import joining as requests
from reviewer.domain.errors import Damaged, NotFound, Refused, ReviewerError
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, joining, labelling, members, queues, verifying
from reviewer.storage import joining as joining_rows
from reviewer.storage import keys
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


def ask(folder: Path, name: str = "Ben") -> tuple[Path, joining.Joined]:
    request = folder.with_suffix(".json")
    return request, joining.join_project(folder, member=name, request=request).value


def take(source: Workspace, target: Workspace) -> bool:
    """What a sync does: everything comes in, then whoever waits takes up work."""
    replicas.carry(source, target)
    with target.begin() as work:
        return joining_rows.settle(work)


def test_who_is_admitted_takes_up_work_with_what_comes_in_and_lead_and_member_hold_the_same(workspace: Workspace, tmp_path: Path) -> None:
    path, joined = ask(tmp_path / "ben")
    request, words = joining.read_request(path)
    assert len(words) == 6
    assert (words, request.device) == (joined.words, joined.device)
    admitted = members.admit_request(workspace, SILENT, request=request).value
    assert (admitted.member.member, admitted.member.role, admitted.further, admitted.words) == ("Ben", "reviewer", False, words)

    there = Workspace.open(tmp_path / "ben", surroundings=worlds.surroundings(seed=3))
    assert there.me.waiting
    assert joining.project_of(there, SILENT).value is None
    assert take(workspace, there)
    assert (there.me.name, there.me.role, there.me.waiting) == ("Ben", "reviewer", False)
    project = joining.project_of(there, SILENT).value
    assert project is not None
    assert project == joining.project_of(workspace, SILENT).value
    assert (project.name, project.lead) == ("Refunds", "Ada")
    with there.read() as reading:
        first = reading.row("SELECT kind, seq FROM entry WHERE stream = unhex(?)", (request.stream,))
        assert reading.fact("joining") is None
        assert json.loads(reading.fact("devices_here") or "") == [joined.device]
    assert first == ("stream_open", 1)
    replicas.carry(there, workspace)
    assert replicas.digest(there) == replicas.digest(workspace)
    assert verifying.verify(workspace, SILENT).value.ok
    there.close()
    again = Workspace.open(tmp_path / "ben", surroundings=worlds.surroundings(seed=3))
    assert again.me.name == "Ben"
    again.close()


def test_who_waits_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    ask(tmp_path / "ben")
    there = Workspace.open(tmp_path / "ben", surroundings=worlds.surroundings(seed=3))
    replicas.carry(workspace, there)  # without having been admitted
    with there.begin() as work:
        assert not joining_rows.settle(work)
    item = worlds.waiting(workspace)[0]
    acts = (
        lambda: worlds.label(there, item),
        lambda: labelling.skip_item(there, SILENT, campaign="C", item=item),
        lambda: labelling.escalate_item(there, SILENT, campaign="C", item=item, reason="Why?"),
        lambda: campaigns.close_campaign(there, SILENT, campaign="C"),
        lambda: members.add_members(there, SILENT, names=["Eve"]),
        lambda: worlds.put_in(there, [worlds.run_of(99)]),
    )
    before = replicas.all_entries(there)
    for act in acts:
        with pytest.raises(NotAllowed, match=r"^Waiting to be admitted\. \[E601\]$"):
            act()
    assert replicas.all_entries(there) == before
    assert not queues.next_items(there, SILENT, campaign="C").value
    there.close()


def test_a_folder_that_waits_is_not_taken_for_an_unfinished_one(tmp_path: Path) -> None:
    ask(tmp_path / "ben")
    with pytest.raises(Refused, match="holds a workspace already"):
        Workspace.create(tmp_path / "ben", member="Ben")
    with pytest.raises(NotFound, match="no key of “Ada”"):
        Workspace.open(tmp_path / "ben", member="Ada")


def test_joining_again_writes_the_same_request_again_and_no_other_file_is_overwritten(tmp_path: Path) -> None:
    path, first = ask(tmp_path / "ben")
    with pytest.raises(Refused, match="exists already"):
        joining.join_project(tmp_path / "ben", member="Ben", request=path)
    second = joining.join_project(tmp_path / "ben", member="Ben", request=tmp_path / "again.json").value
    assert second.device == first.device
    with pytest.raises(Refused, match="holds a workspace already"):
        joining.join_project(tmp_path / "ben", member="Eve", request=tmp_path / "eve.json")
    worlds.make(tmp_path / "mine").close()
    with pytest.raises(Refused, match="holds a workspace already"):
        joining.join_project(tmp_path / "mine", member="Ada", request=tmp_path / "ada.json")


def test_an_encrypted_folder_joins_as_well(workspace: Workspace, tmp_path: Path) -> None:
    joined = joining.join_project(tmp_path / "ben", member="Ben", request=tmp_path / "ben.json", passphrase="correct horse").value
    assert joined.key_file is not None
    assert "sealed" in joined.key_file.read_text()
    members.admit_request(workspace, SILENT, request=joining.read_request(joined.request)[0])
    there = Workspace.open(tmp_path / "ben", passphrase="correct horse", surroundings=worlds.surroundings(seed=3))
    assert take(workspace, there)
    assert there.me.name == "Ben"
    there.close()


def test_every_byte_of_a_request_that_is_changed_is_noticed(tmp_path: Path) -> None:
    path, _ = ask(tmp_path / "ben")
    raw = path.read_bytes()
    for place in range(len(raw) - 1):
        for mask in (0x01, 0x80, 0xFF):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ mask]) + raw[place + 1 :])
            with pytest.raises(ReviewerError):
                joining.read_request(path)
    path.write_bytes(raw)
    joining.read_request(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E001"),
        (b"[]", "E001"),
        (b"\xff\xfe", "E001"),
        (b"{" * 100_000, "E207"),
        (b"[" * 60_000, "E001"),
        (b"PK\x03\x04", "E001"),
    ],
)
def test_a_file_that_is_no_request_is_refused_in_two_sentences(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "request.json"
    path.write_bytes(content)
    with pytest.raises(Refused) as raised:
        joining.read_request(path)
    assert raised.value.code == code
    assert raised.value.hint == "Ask for the file that `reviewer join` wrote, as it was written."
    with pytest.raises(NotFound):
        joining.read_request(tmp_path / "none.json")


@pytest.mark.parametrize("field", ["name", "seal_key", "device", "v"])
def test_a_request_that_its_own_key_signed_must_still_make_sense(tmp_path: Path, field: str) -> None:
    key = keys.new_key()
    values = {"name": "Ben", "device": key.device, "seal_key": key.seal_hex, "stream": "a" * 32, "v": 1}
    values[field] = {"name": "Ben\u202e", "seal_key": "0" * 64, "device": "b" * 64, "v": 2}[field]
    request = requests.Request(sign_key=key.sign_hex, time="2026-11-24T10:00:00+00:00", **values)  # type: ignore[arg-type]
    request = msgspec.structs.replace(request, signature=key.sign.sign(request.signed_bytes).hex())
    path = tmp_path / "request.json"
    path.write_bytes(requests.compose(request))
    with pytest.raises((Refused, Damaged)):
        joining.read_request(path)


def test_the_six_words_are_those_of_the_first_66_bits() -> None:
    words = [str(number) for number in range(2048)]
    digest = (0b00000000001_11111111111_00000000010_10000000000_00000000000_00000000111 << 190).to_bytes(32, "big")
    assert requests.six_words(digest, words) == ("1", "2047", "2", "1024", "0", "7")
    shipped = joining_rows.six_words(bytes(32))
    assert shipped == ("abandon",) * 6
    assert len(set(joining_rows._words())) == 2048

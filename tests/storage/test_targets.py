"""Places where bundles are left: a folder, WebDAV, S3. Files are added, never changed; what is no whole bundle is left alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, NotSaved, Refused, ReviewerError
from reviewer.storage.targets import Offline, Target, target_of
from tests import servers

# The clients and the server of S3 leave their sockets to the garbage collector.
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture(params=["folder", "webdav", "s3"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """A place of each kind, empty."""
    place = tmp_path / "place"
    place.mkdir()
    if request.param == "folder":
        yield target_of(str(place))
    elif request.param == "webdav":
        with servers.webdav(place) as address:
            yield target_of(address)
    else:
        with servers.s3() as (address, environment):
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            yield target_of(address)


def put(target: Target, folder: Path, name: str, content: bytes) -> None:
    source = folder / "source"
    source.write_bytes(content)
    target.put(source, name)


def test_what_is_left_there_is_found_and_comes_back_the_same(target: Target, tmp_path: Path) -> None:
    put(target, tmp_path, "a.rvb", b"one")
    put(target, tmp_path, "b.rvb", b"three")
    put(target, tmp_path, "note.txt", b"not ours")
    assert [(left.name, left.size_bytes) for left in target.files()] == [("a.rvb", 3), ("b.rvb", 5)]
    target.fetch("b.rvb", tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == b"three"


def test_no_file_is_written_over(target: Target, tmp_path: Path) -> None:
    put(target, tmp_path, "a.rvb", b"one")
    with pytest.raises(Refused):
        put(target, tmp_path, "a.rvb", b"two")
    target.fetch("a.rvb", tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == b"one"


def test_a_file_that_is_gone_again_is_said_to_be(target: Target, tmp_path: Path) -> None:
    put(target, tmp_path, "a.rvb", b"one")
    with pytest.raises(NotFound):
        target.fetch("b.rvb", tmp_path / "got")


def test_a_name_cannot_lead_out_of_the_place(target: Target, tmp_path: Path) -> None:
    (tmp_path / "secret.rvb").write_bytes(b"secret")
    with pytest.raises(NotFound):
        target.fetch("../secret.rvb", tmp_path / "got")


@pytest.mark.parametrize("name", [".a.rvb.part", "a.rvb.part", "a (1).txt", ".hidden.rvb", "~a.tmp"])
def test_half_written_and_hidden_files_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "b (conflicted copy of Ada).RVB").write_bytes(b"y")
    assert [left.name for left in target_of(str(tmp_path)).files()] == ["b (conflicted copy of Ada).RVB"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no folder"):
        target_of(str(tmp_path / "gone")).files()


def test_a_disk_that_is_full_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = target_of(str(tmp_path))
    source = tmp_path / "source"
    source.write_bytes(b"x" * 100_000)
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(NotSaved) as error:
            place.put(source, "a.rvb")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.value.code == "E212"
    assert sorted(os.listdir(tmp_path)) == ["source"]


@pytest.mark.parametrize("address", ["webdav://team:secret@127.0.0.1:9/", "s3://reviews/project", "ftp://127.0.0.1:9/reviews"])
def test_a_server_that_does_not_answer_is_offline_and_its_password_is_not_shown(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "secret"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(Offline) as error:
        target_of(address).files()
    assert error.value.code == "E401"
    assert "secret" not in f"{error.value.what} {error.value.hint}"


@pytest.mark.parametrize("address", ["ftp://[::1/x", "webdav://team:secret@127.0.0.1:99999/x", "s3://h:x/y"])
def test_an_address_that_is_none_is_refused_and_its_password_is_not_shown(address: str) -> None:
    with pytest.raises(Refused, match="cannot be read") as error:
        target_of(address)
    assert "secret" not in f"{error.value.what} {error.value.hint}"


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "[::1").mkdir()
    assert target_of(str(tmp_path / "[::1")).files() == []


def test_an_address_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ReviewerError, match="cannot be reached"):
        target_of("gopher://old.example/")

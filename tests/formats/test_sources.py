"""From paths to files: folders, links, globs, standard input."""

import hashlib
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound
from reviewer.formats import sources
from reviewer.formats.sources import OnDisk, Skipped

LINE = b'{"messages":[{"role":"user","content":"x"}]}\n'


def _names(found: list[OnDisk | Skipped]) -> list[str]:
    return [one.path.rpartition("/")[2] for one in found if isinstance(one, OnDisk)]


def test_a_folder_is_walked_in_order_of_name_and_to_the_bottom(tmp_path: Path) -> None:
    for name in ("b/z.jsonl", "b/a/y.jsonl", "a.jsonl", "c.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LINE)
    assert _names(list(sources.files([str(tmp_path)]))) == ["a.jsonl", "c.jsonl", "z.jsonl", "y.jsonl"]


def test_links_that_lead_out_of_the_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jsonl").write_bytes(LINE)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "own.jsonl").write_bytes(LINE)
    (folder / "out.jsonl").symlink_to(outside / "secret.jsonl")
    (folder / "out").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "broken").symlink_to(folder / "nothing")
    (folder / "within.jsonl").symlink_to(folder / "own.jsonl")
    found = list(sources.files([str(folder)]))
    assert _names(found) == ["own.jsonl", "within.jsonl"]
    skipped = {one.path.rpartition("/")[2] for one in found if isinstance(one, Skipped)}
    assert skipped == {"out.jsonl", "out", "loop", "broken"}


def test_what_is_no_ordinary_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / ".hidden").write_bytes(LINE)
    found = list(sources.files([str(tmp_path), "/dev/zero"]))
    assert not _names(found)
    assert len(found) == 3


def test_a_folder_or_an_archive_without_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder" / "within").mkdir(parents=True)
    for name, members in (("nothing.zip", []), ("folders.zip", ["a/", "a/b/"]), ("log.eval", [])):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, "")
        assert list(sources.sources([str(tmp_path / name)])) == [Skipped(str(tmp_path / name), "There is no file in it.")]
    assert list(sources.sources([str(tmp_path / "folder")])) == [Skipped(str(tmp_path / "folder"), "There is no file in it.")]
    (tmp_path / "folder" / "within" / ".hidden").mkdir()
    assert [one.path.rpartition("/")[2] for one in sources.sources([str(tmp_path / "folder")])] == [".hidden"]


def test_globs_name_files_and_a_name_with_brackets_is_first_taken_as_it_is(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "run [1].jsonl"):
        (tmp_path / name).write_bytes(LINE)
    assert _names(list(sources.files([f"{tmp_path}/?.jsonl"]))) == ["a.jsonl", "b.jsonl"]
    assert _names(list(sources.files([f"{tmp_path}/run [1].jsonl"]))) == ["run [1].jsonl"]


@pytest.mark.parametrize("path", ["nothing.jsonl", "no*thing", "[", ""])
def test_a_path_that_is_not_there_is_said_with_what_to_do(tmp_path: Path, path: str) -> None:
    with pytest.raises(NotFound) as caught:
        list(sources.files([f"{tmp_path}/{path}" if path else ""]))
    assert caught.value.what.endswith(".")
    assert caught.value.hint.endswith(".")


def test_a_name_that_is_no_unicode_can_be_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.jsonl"
    with open(path, "wb") as file:
        file.write(LINE)
    (found,) = sources.files([str(tmp_path)])
    assert found.path.encode().endswith(b"caf\\udce9\\u000a.jsonl")


def test_standard_input_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE * 3)))
    (found,) = sources.files(["-"])
    assert isinstance(found, OnDisk)
    for _ in range(2):
        with found.open() as stream:
            assert stream.read() == LINE * 3
    assert found.sha256 == hashlib.sha256(LINE * 3).hexdigest()
    assert found.size_bytes == len(LINE) * 3

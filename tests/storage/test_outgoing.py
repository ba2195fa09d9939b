"""What leaves is whole or not there."""

import errno
import os
from pathlib import Path

import pytest

from reviewer.domain.errors import NotSaved, Refused
from reviewer.storage import outgoing


def test_a_file_takes_its_name_only_when_it_is_put_in_place(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with outgoing.partial_file(target) as partial:
        with outgoing.durable(partial) as stream:
            stream.write(b"new")
        assert target.read_text() == "old"
        outgoing.put_in_place(partial, target)
    assert target.read_text() == "new"
    assert outgoing.file_sha256(target) == "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_not_put_in_place_is_removed(tmp_path: Path) -> None:
    def interrupted() -> None:
        with outgoing.partial_file(tmp_path / "a") as partial:
            partial.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with outgoing.partial_folder(tmp_path / "b") as folder:
        (folder / "data").mkdir()
        (folder / "data" / "x").write_text("half")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_goes_where_nothing_or_an_empty_folder_lies(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new", "deep/er"):
        with outgoing.partial_folder(tmp_path / name) as folder:
            (folder / "x").write_text("whole")
            outgoing.put_in_place(folder, tmp_path / name)
        assert (tmp_path / name / "x").read_text() == "whole"
    for taken in ("new", "new/x"):
        with pytest.raises(Refused), outgoing.partial_folder(tmp_path / taken):
            pytest.fail("it was entered")
    with pytest.raises(Refused), outgoing.partial_file(tmp_path / "new"):
        pytest.fail("it was entered")
    with pytest.raises(NotSaved), outgoing.partial_folder(tmp_path / "new" / "x" / "y"):
        pytest.fail("it was entered")


def test_a_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="no valid text"), outgoing.partial_folder(tmp_path / os.fsdecode(b"\xff")):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "E101"), (errno.EDQUOT, "E101"), (errno.EIO, "E212"), (errno.EACCES, "E103")])
def test_the_systems_words_become_two_sentences(tmp_path: Path, number: int, code: str) -> None:
    with pytest.raises(NotSaved) as raised, outgoing.saying_why(tmp_path / "out\x1b.csv"):
        raise OSError(number, os.strerror(number))
    assert raised.value.code == code
    assert "\x1b" not in raised.value.what
    assert raised.value.hint

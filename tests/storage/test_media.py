"""Media of items on disk: named by their hash, or by a name that tells nothing where they are sealed."""

import hashlib
from pathlib import Path

import pytest

from reviewer.domain.errors import Damaged, NotFound
from reviewer.storage.media import Media
from reviewer.storage.sealing import new_seal

PNG = b"\x89PNG not really"
NAME = hashlib.sha256(PNG).hexdigest()


def test_a_medium_is_kept_under_its_hash_and_read_back(tmp_path: Path) -> None:
    Media(tmp_path).keep([(NAME, PNG), (NAME, PNG)])
    assert Media(tmp_path).read(NAME) == PNG
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [NAME]


def test_a_medium_that_changed_on_the_disk_is_not_shown_and_put_right_by_importing_again(tmp_path: Path) -> None:
    Media(tmp_path).keep([(NAME, PNG)])
    Media(tmp_path).file(NAME).write_bytes(b"other")
    with pytest.raises(Damaged):
        Media(tmp_path).read(NAME)
    Media(tmp_path).keep([(NAME, PNG)])
    assert Media(tmp_path).read(NAME) == PNG


def test_a_medium_that_is_not_what_it_says_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        Media(tmp_path).keep([(NAME, b"other")])
    with pytest.raises(NotFound):
        Media(tmp_path).read(NAME)


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "A" * 64, "0" * 63, "0" * 63 + "/"])
def test_no_text_from_a_file_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        Media(tmp_path).file(name)


def test_a_sealed_medium_reads_back_and_neither_bytes_nor_name_tell_of_it(tmp_path: Path) -> None:
    media = Media(tmp_path, new_seal())
    media.keep([(NAME, PNG), (NAME, PNG)])
    assert media.read(NAME) == PNG
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert NAME not in str(file)
    assert PNG not in file.read_bytes()
    with pytest.raises(NotFound):  # another workspace knows it by another name
        Media(tmp_path, new_seal()).read(NAME)


def test_a_sealed_medium_that_was_changed_or_put_in_the_place_of_another_is_not_shown(tmp_path: Path) -> None:
    media = Media(tmp_path, new_seal())
    other = hashlib.sha256(b"other").hexdigest()
    media.keep([(NAME, PNG), (other, b"other")])
    whole = media.file(NAME).read_bytes()
    bent = (bytes([whole[0] ^ 1]) + whole[1:], whole[:-1] + bytes([whole[-1] ^ 1]))
    for changed in (*bent, whole[:-1], b"", PNG, media.file(other).read_bytes()):
        media.file(NAME).write_bytes(changed)
        with pytest.raises(Damaged):
            media.read(NAME)
    media.keep([(NAME, PNG)])
    assert media.read(NAME) == PNG

"""Paid-for answers are kept as bytes: sealed where the workspace is, gone with the item they speak of, and never unpickled."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import diskcache
import pytest

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import NotSaved
from reviewer.domain.items import ItemId
from reviewer.storage import answer_cache, sealing
from reviewer.storage.answer_cache import AnswerCache

ITEM, OTHER = ItemId("a" * 64), ItemId("b" * 64)
WORDS = b"words that nobody else says " * 2_000  # larger than what diskcache would put into a file of its own


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_kept_comes_back_after_it_was_closed(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        cache.put("k", ITEM, WORDS)
    with answer_cache.opened(tmp_path, None) as cache:
        assert (cache.get("k"), cache.get("l")) == (WORDS, None)


def test_looking_makes_nothing_on_disk(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        assert cache.get("k") is None
        cache.forget([ITEM])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        cache.put("k", ITEM, WORDS)
    assert (tmp_path / "cache" / "plain").stat().st_mode & 0o777 == 0o700


def test_of_an_erased_item_no_byte_is_left(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        cache.put("k", ITEM, WORDS)
        cache.put("l", OTHER, b"other")
        assert WORDS[:28] in bytes_of(tmp_path)
        cache.forget([ITEM])
        assert (cache.get("k"), cache.get("l")) == (None, b"other")
    assert WORDS[:28] not in bytes_of(tmp_path)


def test_in_an_encrypted_workspace_neither_names_nor_values_lie_in_clear(tmp_path: Path) -> None:
    seal = sealing.new_seal()
    with answer_cache.opened(tmp_path, seal) as cache:
        cache.put("k-in-clear", ITEM, WORDS)
        assert cache.get("k-in-clear") == WORDS
    there = bytes_of(tmp_path)
    assert not any(what in there for what in (WORDS[:28], b"k-in-clear", ITEM.encode(), sha256_hex(b"k-in-clear").encode()))
    with answer_cache.opened(tmp_path, sealing.new_seal()) as cache:
        assert cache.get("k-in-clear") is None
    with answer_cache.opened(tmp_path, seal) as cache:
        cache.forget([ITEM])
        assert cache.get("k-in-clear") is None


def test_what_lay_in_clear_goes_when_the_workspace_is_encrypted(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        cache.put("k", ITEM, WORDS)
    answer_cache.remove_plain(tmp_path)
    assert not (tmp_path / "cache" / "plain").exists()
    answer_cache.remove_plain(tmp_path)


class _Payload:
    """Writes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, int]]:
        return os.mkdir, (self.path, 0o700)


def test_a_pickle_that_somebody_planted_is_not_read(tmp_path: Path) -> None:
    """CVE-2025-69872."""
    place, trap = tmp_path / "cache" / "plain", tmp_path / "trap"
    with closing(diskcache.Cache(str(place))) as planted:
        planted.set(sha256_hex(b"k"), _Payload(str(trap)))
        planted.set((1, 2), b"a key that is pickled")
    with answer_cache.opened(tmp_path, None) as cache:
        assert cache.get("k") is None
        cache.put("k", ITEM, b"ours")
        assert cache.get("k") == b"ours"
    assert not trap.exists()


@pytest.mark.parametrize("value", [{"a": 1}, "text", 1, True, None])
def test_only_bytes_are_kept(tmp_path: Path, value: object) -> None:
    with answer_cache.opened(tmp_path, None) as cache, pytest.raises(TypeError):
        cache.put("k", ITEM, value)  # type: ignore[arg-type] # it is what is tested


def test_a_damaged_file_is_no_answer_and_goes_when_an_item_is_erased(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        cache.put("k", ITEM, WORDS)
    for path in (tmp_path / "cache" / "plain").glob("cache.db*"):
        path.write_bytes(b"no database " * 1_000)
    with answer_cache.opened(tmp_path, None) as cache:
        assert cache.get("k") is None
        with pytest.raises(NotSaved, match="could not be kept"):
            cache.put("k", ITEM, WORDS)
        cache.forget([ITEM])
        cache.put("k", ITEM, WORDS)
        assert cache.get("k") == WORDS


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as cache:
        cache.put("k", ITEM, b"small")
        pages = cache._cache()._sql("PRAGMA page_count").fetchone()[0]
        cache._cache()._sql(f"PRAGMA max_page_count = {pages}").fetchall()
        with pytest.raises(NotSaved, match="database or disk is full") as refused:
            cache.put("l", ITEM, WORDS)
        assert "Suggestions are recorded all the same" in refused.value.hint
        assert cache.get("k") == b"small"


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with answer_cache.opened(tmp_path, None) as cache, pytest.raises(NotSaved, match="could not be kept"):
        cache.put("k", ITEM, WORDS)


def test_another_process_may_use_it_at_the_same_time(tmp_path: Path) -> None:
    with answer_cache.opened(tmp_path, None) as one, closing(AnswerCache(tmp_path, None)) as other:
        one.put("k", ITEM, b"1")
        other.put("l", ITEM, b"2")
        assert (one.get("l"), other.get("k")) == (b"2", b"1")
    with closing(sqlite3.connect(tmp_path / "cache" / "plain" / "cache.db")) as file:
        assert file.execute("SELECT count(*) FROM Cache").fetchone() == (2,)

"""What was paid for, kept in `cache/` of the workspace: answers of services, as bytes under the hash of all that they hang on.

It can be deleted at any time. In an encrypted workspace values are sealed and names hashed. diskcache would pickle whatever is no number,
text or bytes, and unpickle what it finds (CVE-2025-69872): this one writes bytes and refuses to read anything else.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import diskcache

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Damaged, NotSaved
from reviewer.domain.items import ItemId
from reviewer.storage import leftovers
from reviewer.storage.sealing import Seal

_PLAIN, _SEALED = "plain", "sealed"
_SIZE_BYTES = 1 << 30
_SEVERAL = "several items"  # the tag of what is about several: it goes with any that is erased
_ONE_FILE = 1 << 30  # bytes: all values lie in the one database, where what is deleted is written over


class _Bytes(diskcache.Disk):  # type: ignore[misc] # diskcache has no types
    """Keeps text as keys and bytes as values, and nothing else."""

    def put(self, key: object) -> Any:
        if type(key) is not str:
            raise TypeError("a key of the cache is text")
        return key, True

    def get(self, key: object, raw: object) -> Any:
        if not raw or type(key) is not str:
            raise ValueError("what lies in the cache was not written by this program")
        return key

    def store(self, value: object, read: bool, key: object = diskcache.UNKNOWN) -> Any:
        if type(value) is not bytes or read:
            raise TypeError("a value of the cache is bytes")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: object, value: object, read: bool) -> Any:  # noqa: ARG002 - as diskcache calls it
        if mode != diskcache.core.MODE_RAW or type(value) is not bytes:
            raise ValueError("what lies in the cache was not written by this program")
        return value


class AnswerCache:
    """The cache of a workspace. For one thread; nothing is made on disk before the first answer is kept."""

    def __init__(self, folder: Path, seal: Seal | None) -> None:
        """folder: of the workspace; seal: of an encrypted one."""
        self._folder = _place(folder, seal)
        self._seal = seal
        self._opened: Any = None

    def get(self, key: str) -> bytes | None:
        """What is kept under a key; None where nothing is, or where it is not what was written."""
        if self._opened is None and not (self._folder / diskcache.core.DBNAME).is_file():
            return None
        name = self._named(key)
        try:
            found = self._cache().get(name)
            return found if found is None or self._seal is None else self._seal.open("cache", found, name=name)
        except (sqlite3.Error, diskcache.Timeout, OSError, ValueError, Damaged):
            return None  # it is asked again: a cache is never needed

    def put(self, key: str, item: ItemId | None, content: bytes) -> None:
        """Keep bytes about an item; None: about several, and they go when any item is forgotten.

        Raises NotSaved where the disk does not take them; what was recorded elsewhere stands.
        """
        name = self._named(key)
        try:
            kept = content if self._seal is None else self._seal.close("cache", content, name=name)
            self._cache().set(name, kept, tag=self._named(_SEVERAL if item is None else item))
        except (sqlite3.Error, diskcache.Timeout, OSError) as error:
            raise NotSaved(
                f"An answer could not be kept in {self._folder}: {error}.",
                "Suggestions are recorded all the same; make room there, else the same question costs again.",
            ) from error

    def drop(self, key: str) -> None:
        """Keep nothing under a key any more."""
        with suppress(sqlite3.Error, diskcache.Timeout, OSError, ValueError):  # then it is asked again one day, and no more
            self._cache().delete(self._named(key))

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def forget(self, items: Iterable[ItemId]) -> None:
        """Remove what is kept about items, and write over it. Raises NotSaved where the disk refuses; then all of it is there or gone."""
        if not self._folder.is_dir():
            return
        try:
            cache = self._cache()
            for item in (_SEVERAL, *items):
                cache.evict(self._named(item))
            cache._sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except (sqlite3.Error, diskcache.Timeout, ValueError):
            self.close()
            remove(self._folder)  # what cannot be cleaned goes as a whole: nothing in it is needed
        except OSError as error:
            raise NotSaved(f"{self._folder} could not be cleaned: {error}.", "Delete that folder; nothing in it is needed.") from error

    def _cache(self) -> Any:
        if self._opened is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._opened = diskcache.Cache(
                str(self._folder), disk=_Bytes, disk_min_file_size=_ONE_FILE, size_limit=_SIZE_BYTES, timeout=5, sqlite_secure_delete=1
            )
        return self._opened

    def _named(self, key: str) -> str:
        return sha256_hex(key.encode()) if self._seal is None else self._seal.hidden("cache", key)


@contextmanager
def opened(folder: Path, seal: Seal | None) -> Iterator[AnswerCache]:
    """The cache of a workspace for the `with` block."""
    cache = AnswerCache(folder, seal)
    try:
        yield cache
    finally:
        cache.close()


def remove_plain(folder: Path) -> None:
    """Take away what lies in clear of a workspace that is encrypted since."""
    remove(_place(folder, None))


def remove(place: Path) -> None:
    """Write over the files of a cache and take them away; nothing where there is none."""
    if not place.is_dir():
        return
    for path in sorted(place.rglob("*")):
        if path.is_file():
            leftovers.overwrite(path)
    for path in sorted((*place.rglob("*"), place), reverse=True):
        with suppress(OSError):  # somebody keeps an answer there meanwhile
            path.rmdir()


def _place(folder: Path, seal: Seal | None) -> Path:
    return folder / "cache" / (_PLAIN if seal is None else _SEALED)

"""Places where bundles are left for others: a folder, or anything that fsspec reaches. Files are only added, never changed or removed."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import NotFound, NotSaved, Refused, ReviewerError, shown
from reviewer.storage.folders import sync_folder
from reviewer.storage.outgoing import durable

SUFFIX = ".rvb"
_OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs"})  # where a folder is there once something is in it
_WEBDAV = {"webdav": "http", "dav": "http", "webdavs": "https", "davs": "https"}


class Offline(ReviewerError):
    """The place does not answer. All work is saved here; try again later."""

    code = "E401"


class Left(NamedTuple):
    """A file that lies there. stamp: what moves when it is written again."""

    name: str
    size_bytes: int
    stamp: str


class Target(Protocol):
    """A place for bundles. words: its address as it may be shown; fingerprint: a name for it that tells nothing."""

    words: str
    fingerprint: str

    def files(self) -> list[Left]:
        """Everything there that may be a bundle: by its ending, whatever its name. Raises Offline, NotFound."""

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file to this machine. Raises Offline, NotFound where it is gone again."""

    def put(self, source: Path, name: str) -> None:
        """Leave a file there under a name that is not taken. Raises Offline, NotSaved, Refused for a name that is."""


def target_of(address: str) -> Target:
    """The place of an address: a path, or a URL of a file system that fsspec knows. Raises Refused."""
    if "://" not in address:
        return FolderTarget(Path(address).expanduser())
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - it is read when it is asked for
    except ValueError as error:  # it may hold a password: nothing of it is said
        raise Refused("The address cannot be read.", "Write it as KIND://HOST:PORT/PATH, with a port up to 65535.") from error
    if parts.scheme == "file":
        return FolderTarget(Path(unquote(parts.path)).expanduser())
    return RemoteTarget(address, parts)


class FolderTarget:
    """A folder of this machine: on a stick, or one that a cloud's client keeps the same elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = shown(str(folder), 120)
        self.fingerprint = sha256_hex(str(folder.absolute()).encode())[:32]

    def files(self) -> list[Left]:
        """See Target."""
        try:
            found = sorted(path for path in self.folder.iterdir() if _may_be_bundle(path.name) and path.is_file())
            return [Left(path.name, (stat := path.stat()).st_size, str(stat.st_mtime_ns)) for path in found]
        except FileNotFoundError as error:
            raise NotFound(f"There is no folder {self.words}.", "Check the name, and that the stick is in.") from error
        except OSError as error:
            raise Offline(f"{self.words} cannot be read: {error.strerror}.", "Check the disk or stick, then sync again.") from error

    def fetch(self, name: str, to: Path) -> None:
        """See Target."""
        try:
            shutil.copyfile(self.folder / Path(name).name, to)
        except FileNotFoundError as error:
            raise NotFound(f"{shown(name)} is not there any more.", "Sync again.") from error
        except OSError as error:
            raise Offline(f"{shown(name)} could not be read: {error.strerror}.", "Check the disk or stick, then sync again.") from error

    def put(self, source: Path, name: str) -> None:
        """See Target."""
        partial = self.folder / f".{name}.part"
        try:
            with durable(partial) as stream, source.open("rb") as content:
                shutil.copyfileobj(content, stream, 1 << 20)
            if (self.folder / name).exists():
                raise _taken(name)
            partial.rename(self.folder / name)
            sync_folder(self.folder)
        except OSError as error:
            why = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror
            raise NotSaved(
                f"Export not finished: {why}. No valid file left behind.", "Check the disk or stick and its room, then sync again.", "E212"
            ) from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


class RemoteTarget:
    """A folder that fsspec reaches: WebDAV, S3 and others. What a server says is checked like any other file."""

    def __init__(self, address: str, parts: SplitResult) -> None:
        self.words = shown(f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}", 120)
        self.fingerprint = sha256_hex(f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}".encode())[:32]
        self._scheme = parts.scheme
        try:
            self._fs, self._root = _file_system(address, parts)
        except (ImportError, ValueError) as error:
            raise Refused(
                f"{self.words} cannot be reached: {shown(str(error))}.",
                "Name a folder, a WebDAV or S3 address, or install the extra: pip install 'reviewer[sync]'.",
            ) from error
        except OSError as error:  # some kinds ask the server at once
            raise self._offline(error) from error

    def files(self) -> list[Left]:
        """See Target."""
        with self._speaking():
            self._fs.invalidate_cache()
            found = [one for one in self._listed() if one.get("type") == "file"]
        lefts = [Left(str(one["name"]).rstrip("/").rpartition("/")[2], int(one.get("size") or 0), _stamp(one)) for one in found]
        return sorted(one for one in lefts if _may_be_bundle(one.name))

    def _listed(self) -> list[dict[str, Any]]:
        try:
            return list(self._fs.ls(self._root, detail=True))
        except FileNotFoundError:
            if self._scheme in _OBJECT_STORES and self._fs.exists(self._root.partition("/")[0]):
                return []
            raise

    def fetch(self, name: str, to: Path) -> None:
        """See Target."""
        with self._speaking():
            self._fs.get_file(self._at(name), str(to))

    def put(self, source: Path, name: str) -> None:
        """See Target."""
        # Names are random: nobody else takes one between the question and the answer. Half a file has no trailer, and is tried again.
        with self._speaking():
            if self._fs.exists(self._at(name)):
                raise _taken(name)
            self._fs.put_file(str(source), self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{os.path.basename(name)}".lstrip("/" if not self._root.startswith("/") else "")

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except ReviewerError:
            raise
        except FileNotFoundError as error:
            raise NotFound(f"{self.words} is not there.", "Check the address; the folder must exist.") from error
        except Exception as error:
            raise self._offline(error) from error

    def _offline(self, error: Exception) -> Offline:
        return Offline(
            f"Offline: {self.words} does not answer ({type(error).__name__}). All work is saved here.",
            "Check the network, then sync again.",
        )


def _file_system(address: str, parts: SplitResult) -> tuple[Any, str]:
    import fsspec

    if parts.scheme in _WEBDAV:
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        host = f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"
        return fsspec.filesystem("webdav", base_url=f"{_WEBDAV[parts.scheme]}://{host}", auth=auth, skip_instance_cache=True), parts.path
    fs, root = fsspec.core.url_to_fs(address, skip_instance_cache=True)
    return fs, str(root)


def _may_be_bundle(name: str) -> bool:
    return name.lower().endswith(SUFFIX) and not name.startswith(".")


def _stamp(info: dict[str, Any]) -> str:
    return str(next((info[key] for key in ("etag", "ETag", "modified", "LastModified", "mtime") if info.get(key)), ""))


def _taken(name: str) -> Refused:
    return Refused(f"There is a file {shown(name)} already.", "Sync again.")

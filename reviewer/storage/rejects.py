"""The list of what an import could not read: JSONL below `rejects/`; in an encrypted workspace each line is sealed."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from reviewer.domain.errors import NotSaved
from reviewer.storage.folders import write_durably

if TYPE_CHECKING:
    from reviewer.storage.sealing import Seal

_SUFFIX = ".sealed"


class RejectList:
    """One list, made with its first line."""

    def __init__(self, folder: Path, name: str, seal: "Seal | None") -> None:
        """folder: of the workspace. seal: of an encrypted one."""
        self._folder = folder / "rejects"
        self._name = name if seal is None else f"{name}{_SUFFIX}"
        self._seal = seal
        self._stream: IO[bytes] | None = None
        self.path: Path | None = None
        self.count = 0

    def add(self, line: Mapping[str, object]) -> None:
        """Note one. Raises NotSaved where the disk does not take it."""
        text = json.dumps(line, ensure_ascii=False).encode(errors="backslashreplace")
        if self._seal is not None:
            text = _sealed(text, self._seal, self._name)
        try:
            if self._stream is None:
                self._folder.mkdir(exist_ok=True)
                self.path = self._folder / self._name
                self._stream = self.path.open("wb")
            self._stream.write(text + b"\n")
        except OSError as error:
            raise NotSaved(f"{self._folder} cannot be written.", "Make room or choose another workspace.", "E103") from error
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        if self._stream is not None:
            self._stream.close()


def seal_list(plain: Path, seal: "Seal") -> None:
    """Put a sealed list beside one in clear, whole; one that is there is left, since what is in clear may be written over half by then."""
    place = plain.with_name(f"{plain.name}{_SUFFIX}")
    if not place.exists():
        lines = plain.read_bytes().splitlines()
        write_durably(place, b"".join(_sealed(line, seal, place.name) + b"\n" for line in lines))


def _sealed(line: bytes, seal: "Seal", name: str) -> bytes:
    return seal.close("rejects", line, name=name).hex().encode()


def listed(path: Path, seal: "Seal | None", limit: int) -> Iterator[dict[str, object]]:
    """The first lines of a list. Raises Damaged for one that this seal does not open."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            if number == limit:
                return
            yield json.loads(line if seal is None else seal.open("rejects", bytes.fromhex(line.decode()), name=path.name))

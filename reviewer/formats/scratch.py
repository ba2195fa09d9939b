"""A temporary file for what comes through standard input. Its bytes are of use to this process alone: the key is never written."""

import io
import os
import tempfile
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK = 16


class Scratch:
    """Written once, from its start to its end, then read as often as wanted. One reader at a time."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as what was written to it is wanted
        self._key = os.urandom(32)
        self._into = _stream(self._key, 0)
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end."""
        rest = memoryview(self._into.update(chunk))
        while rest:
            rest = rest[self._file.write(rest) :]
        self.size += len(chunk)

    def reader(self) -> BinaryIO:
        """The bytes from their start, seekable; it lives as long as it is wanted, also after `close`."""
        return cast(BinaryIO, io.BufferedReader(_Reading(os.dup(self._file.fileno()), self._key, self.size)))

    def close(self) -> None:
        """Nothing more is written, and no other reader made."""
        self._file.close()


class _Reading(io.RawIOBase):
    def __init__(self, descriptor: int, key: bytes, size: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._key = key
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # any writable buffer
        os.lseek(self._descriptor, self._at, os.SEEK_SET)
        read = os.read(self._descriptor, len(buffer))
        buffer[: len(read)] = _stream(self._key, self._at).update(read)
        self._at += len(read)
        return len(read)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def _stream(key: bytes, at: int) -> CipherContext:
    """What closes and opens bytes from an offset on."""
    made = Cipher(AES(key), CTR((at // _BLOCK).to_bytes(_BLOCK, "big"))).encryptor()
    made.update(bytes(at % _BLOCK))
    return made

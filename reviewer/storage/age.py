"""age v1 through pyrage, as streams: sealing for our own X25519 keys, opening with them, and what a file tells before it is opened.

pyrage holds back some failures: `encrypt_io` says nothing when the last 8 KiB cannot be written, and what a Python reader raises comes
back as text. So both directions keep the first exception of our side and raise it themselves.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from reviewer.domain.errors import Refused

MAGIC = b"age-encryption.org/v1\n"
MAX_HEADER_BYTES = 1024 * 1024  # about 9,000 recipients
_NONCE_BYTES, _TAG_BYTES, _CHUNK_BYTES = 16, 16, 64 * 1024
_MAC_LINE = len("--- ") + 43
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_READ_BYTES = 1024 * 1024


class WrongKey(Exception):
    """None of the keys opens the file."""


class BrokenHeader(Exception):
    """The age header is damaged, or there is none."""


class ShortFile(Exception):
    """The file ends within the age header, or with nothing behind it."""


class BrokenPayload(Exception):
    """What lies behind the header is not what was sealed: changed, cut or extended; age cannot tell these apart."""


def recipient(seal_key: str) -> Any:
    """Who may open: a public X25519 key, hex. Raises Refused for digits that are no usable key: age itself would abort on some."""
    try:
        raw = bytes.fromhex(seal_key)
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(raw))  # refuses points of low order
    except ValueError as error:
        raise Refused("A device's sealing key is none that can be sealed for.", "Ask its owner to join with a new device.") from error
    return pyrage.x25519.Recipient.from_str(bech32("age", raw))


def identity(key: X25519PrivateKey) -> Any:
    """Who opens: a private X25519 key."""
    return pyrage.x25519.Identity.from_str(bech32("age-secret-key-", key.private_bytes_raw()).upper())


def bech32(prefix: str, content: bytes) -> str:
    """The Bech32 text of bytes, lower case. Source: BIP 173, with no limit on the length, as age has it."""
    length = -(-len(content) * 8 // 5)
    number = int.from_bytes(content, "big") << (5 * length - 8 * len(content))
    digits = [number >> 5 * (length - 1 - i) & 31 for i in range(length)]
    check = _polymod([*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix), *digits, *[0] * 6]) ^ 1
    return prefix + "1" + "".join(_LETTERS[d] for d in [*digits, *(check >> 5 * (5 - i) & 31 for i in range(6))])


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATORS):
            check ^= generator if top >> i & 1 else 0
    return check


def seal(pieces: Iterable[bytes], target: IO[bytes], recipients: Sequence[Any]) -> None:
    """Write the pieces, sealed, to `target`. Raises what `pieces` and `target` raise; then `target` holds nothing of use."""
    source, sink = _Source(iter(pieces)), _Sink(target)
    try:
        pyrage.encrypt_io(source, sink, list(recipients))
    except (pyrage.EncryptError, OSError):
        if source.error is None and sink.error is None:
            raise
    for error in (source.error, sink.error):
        if error is not None:
            raise error


def sealed_size(stream: IO[bytes], size_bytes: int) -> int:
    """How many bytes lie sealed in a file of this size, from the length of its header. Nothing is opened; `stream` is at its start after.

    Raises BrokenHeader, and ShortFile for a file that ends too early to hold even one sealed byte.
    """
    head = stream.read(MAX_HEADER_BYTES)
    stream.seek(0)
    if not head.startswith(MAGIC):
        raise ShortFile if MAGIC.startswith(head) else BrokenHeader
    mac = head.find(b"\n--- ") + 1
    end = head.find(b"\n", mac) if mac else -1
    if end < 0:
        raise ShortFile if len(head) < MAX_HEADER_BYTES and head.isascii() else BrokenHeader
    if end - mac != _MAC_LINE:
        raise BrokenHeader
    payload = size_bytes - end - 1 - _NONCE_BYTES
    if payload <= _TAG_BYTES:
        raise ShortFile
    return payload - _TAG_BYTES * -(-payload // (_CHUNK_BYTES + _TAG_BYTES))


@contextmanager
def unsealed(stream: IO[bytes], identities: Sequence[Any]) -> Iterator[Callable[[int], bytes]]:
    """A function that reads the next n bytes of what lies sealed, fewer only at the end; nothing of it touches the disk.

    What it gives is authentic up to there, each chunk of 64 KiB for itself. It raises WrongKey, BrokenHeader and BrokenPayload.
    """
    near, far = os.pipe()
    failure: list[BaseException] = []
    thread = threading.Thread(target=_decrypt, args=(stream, far, list(identities), failure), name="unseal", daemon=True)
    with os.fdopen(near, "rb", buffering=_READ_BYTES) as opened:
        thread.start()
        try:
            yield lambda length: _read(opened, length, thread, failure)
        finally:
            opened.close()  # a thread that still writes gets an error and ends
            thread.join()


def _read(opened: IO[bytes], length: int, thread: threading.Thread, failure: list[BaseException]) -> bytes:
    got = opened.read(length)
    if len(got) < length:
        thread.join()
        if failure:
            raise failure[0]
    return got


def _decrypt(stream: IO[bytes], far: int, identities: list[Any], failure: list[BaseException]) -> None:
    """Runs in the thread: opens into the pipe, and leaves behind why it could not."""
    with os.fdopen(far, "wb", buffering=0) as pipe:
        source, sink = _Watched(stream), _Sink(pipe)
        try:
            pyrage.decrypt_io(source, sink, identities)
        except pyrage.DecryptError as error:
            failure.append(WrongKey() if "No matching keys" in str(error) else BrokenHeader(str(error)))
        except OSError as error:
            failure.append(source.error or BrokenPayload(str(error)))
        except BaseException as error:  # noqa: BLE001  a panic of the library is no Exception; a header that brings one about is broken
            failure.append(source.error or BrokenHeader(str(error)))
        else:
            if sink.error is not None:
                failure.append(sink.error)


class _Source:
    """A file for pyrage to read from, made of pieces; keeps what making them raised."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.error: BaseException | None = None

    def read(self, length: int) -> bytes:
        """The next bytes, at most `length`; none at the end."""
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        taken, self._rest = self._rest[:length], self._rest[length:]
        return bytes(taken)


class _Watched:
    """A file for pyrage to read from; keeps what the disk raised, which pyrage would tell as damage."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.error: BaseException | None = None

    def read(self, length: int) -> bytes:
        """The next bytes."""
        try:
            return self._stream.read(length)
        except BaseException as error:
            self.error = error
            raise


class _Sink:
    """A file for pyrage to write to; keeps the first failure, which pyrage may not tell."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.error: BaseException | None = None

    def write(self, content: bytes) -> int:
        """All of it, or an error: a pipe may take less at a time."""
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[self._stream.write(rest) :]
        except BaseException as error:
            self.error = self.error or error
            raise
        return len(content)

    def flush(self) -> None:
        """Nothing waits here."""

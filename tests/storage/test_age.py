"""age: the keys' text, what is told apart, and which failures of pyrage are not swallowed."""

import io
import os
from collections.abc import Iterator

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from reviewer.domain.errors import Refused
from reviewer.storage import age


def key_text() -> tuple[X25519PrivateKey, str]:
    key = X25519PrivateKey.generate()
    return key, key.public_key().public_bytes_raw().hex()


@pytest.mark.parametrize(
    ("prefix", "content", "text"),
    [
        ("a", b"", "a12uel5l"),
        ("abcdef", bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df"), "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"),
    ],
)
def test_bech32_is_that_of_bip_173(prefix: str, content: bytes, text: str) -> None:
    assert age.bech32(prefix, content) == text


def test_our_keys_are_the_keys_that_age_takes_them_for() -> None:
    for _ in range(50):
        key, public = key_text()
        assert str(age.identity(key).to_public()) == str(age.recipient(public))
        assert pyrage.decrypt(pyrage.encrypt(b"said", [age.recipient(public)]), [age.identity(key)]) == b"said"


@pytest.mark.parametrize("digits", ["00" * 32, "01" + "00" * 31, "ff", "x" * 64, ""])
def test_a_key_that_cannot_be_sealed_for_is_refused(digits: str) -> None:
    with pytest.raises(Refused):
        age.recipient(digits)


@pytest.mark.parametrize("size", [1, 100, 65_535, 65_536, 65_537, 131_072, 300_000])
def test_the_sealed_size_is_known_before_anything_is_opened(size: int) -> None:
    key, public = key_text()
    sealed = io.BytesIO()
    age.seal([bytes(size)], sealed, [age.recipient(public)])
    sealed.seek(0)
    assert age.sealed_size(sealed, len(sealed.getvalue())) == size
    with age.unsealed(sealed, [age.identity(key)]) as read:
        assert read(size + 1) == bytes(size)


class FullDisk(io.RawIOBase):
    """Takes so many bytes, and then none."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, content: object) -> int:
        self.room -= len(content)  # type: ignore[arg-type]  # bytes or a view of them
        if self.room < 0:
            raise OSError(28, "No space left on device")
        return len(content)  # type: ignore[arg-type]


@pytest.mark.parametrize("room", [0, 100, 300, 1_000, 9_000])
def test_no_failure_to_write_is_swallowed(room: int) -> None:
    _, public = key_text()
    with pytest.raises(OSError, match="No space left"):
        age.seal([os.urandom(10_000)], FullDisk(room), [age.recipient(public)])  # type: ignore[arg-type]  # a stream as far as it goes


def test_what_the_pieces_raise_comes_back_as_it_was() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"some"
        raise KeyError("a bug")

    _, public = key_text()
    with pytest.raises(KeyError, match="a bug"):
        age.seal(pieces(), io.BytesIO(), [age.recipient(public)])


def test_a_reader_may_leave_before_the_end() -> None:
    key, public = key_text()
    sealed = io.BytesIO()
    age.seal([bytes(5_000_000)], sealed, [age.recipient(public)])
    sealed.seek(0)
    with age.unsealed(sealed, [age.identity(key)]) as read:
        assert read(10) == bytes(10)


def test_a_header_that_brings_age_to_an_abort_is_a_broken_header() -> None:
    key, public = key_text()
    sealed = io.BytesIO()
    age.seal([b"said"], sealed, [age.recipient(public)])
    lines = sealed.getvalue().split(b"\n")
    lines[1] = b"-> X25519 " + b"A" * 43  # a share of low order
    with pytest.raises((age.BrokenHeader, age.WrongKey)), age.unsealed(io.BytesIO(b"\n".join(lines)), [age.identity(key)]) as read:
        read(1)

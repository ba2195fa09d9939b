"""The windows of tests/ui serve here too."""

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from reviewer.domain.canonical import sha256_hex
from reviewer.storage import keys
from tests.ui.conftest import jobs, make_window, theme

__all__ = ["approve", "jobs", "make_window", "same_keys", "theme"]


@pytest.fixture
def same_keys(monkeypatch: pytest.MonkeyPatch) -> "itertools.count[int]":
    """Keys are the same each time, and with them the hashes of entries. Gives the numbers that they are made from, for other seeds."""
    numbers = itertools.count()

    def key() -> keys.DeviceKey:
        seeds = [bytes.fromhex(sha256_hex(b"%d %s" % (next(numbers), use))) for use in (b"sign", b"seal")]
        return keys.DeviceKey(Ed25519PrivateKey.from_private_bytes(seeds[0]), X25519PrivateKey.from_private_bytes(seeds[1]))

    monkeypatch.setattr(keys, "new_key", key)
    return numbers


@pytest.fixture
def approve(request: pytest.FixtureRequest) -> bool:
    """True when somebody has looked at the pages and wants them kept as they are."""
    return bool(request.config.getoption("--approve"))

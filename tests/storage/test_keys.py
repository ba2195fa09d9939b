"""Private keys lie in the keyring, or in files that only their owner reads; never anywhere else."""

import stat
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import NotSaved
from reviewer.storage import keys, sealing


class Remembering(keyring.backend.KeyringBackend):
    """A keyring as the system's: it keeps what it is given."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library has no types here
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Forgetting(Remembering):
    """One that takes everything and keeps nothing, as keyring.backends.null does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> object:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_key_goes_into_the_keyring_and_comes_back(use: object, own_home: Path) -> None:
    use(Remembering())  # type: ignore[operator] # keyring.set_keyring
    key = keys.new_key()
    assert keys.keep(key, None) is None
    assert keys.held(key.device)
    assert keys.load(key.device, None).sign_hex == key.sign_hex
    assert keys.load(key.device, None).seal_hex == key.seal_hex
    assert not (own_home / "config").exists()


@pytest.mark.parametrize("ring", ["none", "forgetting"])
def test_without_a_keyring_that_keeps_it_goes_into_a_file_of_its_owner(use: object, own_home: Path, ring: str) -> None:
    if ring == "forgetting":
        use(Forgetting())  # type: ignore[operator] # keyring.set_keyring
    key = keys.new_key()
    path = keys.keep(key, None)
    assert path is not None
    assert path.parent == own_home / "config" / "keys"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keys.load(key.device, None).sign_hex == key.sign_hex
    assert [other.name for other in path.parent.iterdir()] == [f"{key.device}.json"]


def test_a_key_that_is_not_here_is_locked() -> None:
    assert not keys.held(DeviceId("0" * 64))
    with pytest.raises(keys.Locked) as error:
        keys.load(DeviceId("0" * 64), None)
    assert error.value.code == "E111"


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"sign":"zz","seal":"zz"}', '{"sign":"00","seal":"00"}', '{"sign":1,"seal":2}', "null"]
)
def test_a_key_that_cannot_be_read_is_locked_and_left_as_it_is(content: str) -> None:
    key = keys.new_key()
    path = keys.keep(key, None)
    assert path is not None
    path.write_text(content)
    with pytest.raises(keys.Locked, match="cannot be read"):
        keys.load(key.device, None)
    assert path.read_text() == content


def test_a_key_file_that_is_no_text_is_held_and_locked_and_stays_when_others_are_closed() -> None:
    key = keys.new_key()
    path = keys.keep(key, None)
    assert path is not None
    path.write_bytes(b"\xff")
    assert keys.held(key.device)
    with pytest.raises(keys.Locked, match="cannot be read"):
        keys.load(key.device, None)
    with pytest.raises(keys.Locked, match="cannot be read"):
        keys.close_under(key.device, sealing.new_seal())
    assert path.read_bytes() == b"\xff"


def test_a_place_that_takes_no_keys_is_named_with_what_to_do(own_home: Path) -> None:
    (own_home / "config").mkdir(parents=True)
    (own_home / "config" / "keys").write_text("a file")
    with pytest.raises(NotSaved, match="keys could not be written") as error:
        keys.keep(keys.new_key(), None)
    assert "$REVIEWER_CONFIG" in error.value.hint


def test_a_signature_is_the_keys_or_it_is_not() -> None:
    key, other = keys.new_key(), keys.new_key()
    signature = key.sign.sign(b"said")
    assert keys.verifies(keys.public_key(key.sign_hex), signature, b"said")
    assert not keys.verifies(keys.public_key(key.sign_hex), signature, b"other")
    assert not keys.verifies(keys.public_key(other.sign_hex), signature, b"said")
    assert not keys.verifies(keys.public_key(key.sign_hex), b"", b"said")


def test_a_device_name_never_becomes_a_path(own_home: Path) -> None:
    assert keys._file(DeviceId("../../secret")).parent == own_home / "config" / "keys"

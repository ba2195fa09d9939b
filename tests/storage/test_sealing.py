"""One key, wrapped under a passphrase: what opens it, what does not, and what a wrong try costs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest

from reviewer.domain.errors import Damaged, NotSaved, Refused, TooNew
from reviewer.storage import sealing
from reviewer.storage.folders import SEAL
from reviewer.storage.sealing import Locked, Seal
from tests.storage.test_keys import Forgetting, Remembering

PASSPHRASE = "correct horse battery"


@pytest.fixture
def sealed(tmp_path: Path) -> Seal:
    """A seal whose file lies in the temporary folder."""
    seal = sealing.new_seal()
    sealing.write_seal(tmp_path / SEAL, seal, PASSPHRASE)
    return seal


@pytest.fixture
def use() -> Iterator[Callable[[keyring.backend.KeyringBackend], None]]:
    """Put a keyring in the place of the system's."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_the_passphrase_opens_it_and_the_file_tells_neither_key_nor_passphrase(sealed: Seal, tmp_path: Path) -> None:
    opened = sealing.unlock(tmp_path, PASSPHRASE)
    assert opened is not None
    assert opened.database_key == sealed.database_key
    written = (tmp_path / SEAL).read_bytes()
    for secret in (PASSPHRASE.encode(), sealed._key, sealed._key.hex().encode(), sealed.database_key.encode()):
        assert secret not in written
    assert (tmp_path / SEAL).stat().st_mode & 0o077 == 0


def test_a_plain_workspace_has_no_seal(tmp_path: Path) -> None:
    assert sealing.unlock(tmp_path, PASSPHRASE) is None
    assert not sealing.opens_by_itself(tmp_path)


def test_the_same_letters_in_other_code_points_open_it(tmp_path: Path) -> None:
    seal = sealing.new_seal()
    sealing.write_seal(tmp_path / SEAL, seal, "caf\u00e9 au lait")
    again = sealing.unlock(tmp_path, "cafe\u0301 au lait")
    assert again is not None


def test_a_wrong_passphrase_waits_one_two_four_seconds_and_tells_nothing_but_that(
    sealed: Seal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    before = (tmp_path / SEAL).read_bytes()
    for wait in (1, 2, 4):
        with pytest.raises(Locked) as wrong:
            sealing.unlock(tmp_path, "not the passphrase")
        assert (wrong.value.what, wrong.value.code) == ("Cannot unlock this workspace.", "E111")
        assert sealing.wait_s(tmp_path) == wait
        with pytest.raises(Locked) as early:  # even the right one is not looked at before its time
            sealing.unlock(tmp_path, PASSPHRASE)
        assert early.value.what == wrong.value.what
        assert f"{wait} s" in early.value.hint
        now += wait
    assert sealing.unlock(tmp_path, PASSPHRASE) is not None
    assert sealing.wait_s(tmp_path) == 0
    assert (tmp_path / SEAL).read_bytes() == before


def test_the_environment_may_give_the_passphrase(sealed: Seal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Locked):
        sealing.unlock(tmp_path)
    assert not sealing.opens_by_itself(tmp_path)
    monkeypatch.setenv("REVIEWER_PASSPHRASE", PASSPHRASE)
    assert sealing.opens_by_itself(tmp_path)
    assert sealing.unlock(tmp_path) is not None


def test_the_keyring_opens_it_where_that_was_wanted_and_holds_no_passphrase(tmp_path: Path, use: Callable[[object], None]) -> None:
    ring = Remembering()
    use(ring)
    seal = sealing.new_seal()
    sealing.write_seal(tmp_path / SEAL, seal, PASSPHRASE, in_keyring=True)
    assert sealing.opens_by_itself(tmp_path)
    assert sealing.unlock(tmp_path) is not None
    assert PASSPHRASE not in str(ring.kept)
    sealing.write_seal(tmp_path / SEAL, seal, "another passphrase")  # what the keyring holds opens nothing any more
    assert not sealing.opens_by_itself(tmp_path)
    with pytest.raises(Locked):
        sealing.unlock(tmp_path)
    sealing.forget_keyring(seal)
    assert ring.kept == {}


@pytest.mark.parametrize("ring", [Forgetting, None])
def test_without_a_keyring_that_keeps_it_nothing_is_changed_and_no_file_takes_its_place(
    tmp_path: Path, use: Callable[[object], None], ring: type[Forgetting] | None
) -> None:
    if ring is not None:
        use(ring())
    with pytest.raises(NotSaved) as refused:
        sealing.write_seal(tmp_path / SEAL, sealing.new_seal(), PASSPHRASE, in_keyring=True)
    assert "nothing was changed" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("passphrase", ["", " " * 20, "seven 7"])
def test_a_short_passphrase_is_refused(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(Refused):
        sealing.write_seal(tmp_path / SEAL, sealing.new_seal(), passphrase)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"name": 7},
        {"nonce": "zz"},
        {"wrapped": None},
        {"kdf": {"name": "scrypt", "n": 2**30, "r": 8, "p": 1, "salt": "00"}},  # 1 TiB
        {"kdf": {"name": "scrypt", "n": 2**17, "r": 2**20, "p": 1, "salt": "00"}},
        {"kdf": {"name": "none", "n": 2**17, "r": 8, "p": 1, "salt": "00"}},
    ],
)
def test_a_seal_file_that_is_none_of_ours_is_refused_before_anything_is_computed(
    sealed: Seal, tmp_path: Path, change: dict[str, object]
) -> None:
    told = json.loads((tmp_path / SEAL).read_text())
    (tmp_path / SEAL).write_text(json.dumps({**told, **change}))
    with pytest.raises(Damaged):
        sealing.unlock(tmp_path, PASSPHRASE)


def test_every_changed_part_of_a_seal_file_is_noticed(sealed: Seal, tmp_path: Path) -> None:
    told = json.loads((tmp_path / SEAL).read_text())
    changes = ({"name": "0" * 32}, {"nonce": "0" * 24}, {"wrapped": "00" * 48}, {"kdf": {**told["kdf"], "p": 2}})
    for change in changes:
        (tmp_path / SEAL).write_text(json.dumps({**told, **change}))
        sealing._failed.clear()
        with pytest.raises(Locked):
            sealing.unlock(tmp_path, PASSPHRASE)
    (tmp_path / SEAL).write_text(json.dumps({**told, "version": 2}))
    with pytest.raises(TooNew):
        sealing.unlock(tmp_path, PASSPHRASE)


def test_what_is_closed_opens_under_the_same_use_and_name_only(sealed: Seal) -> None:
    closed = sealed.close("media", b"content", name="a")
    assert sealed.open("media", closed, name="a") == b"content"
    assert closed != sealed.close("media", b"content", name="a")
    for use, name in (("cache", "a"), ("media", "b")):
        with pytest.raises(Damaged):
            sealed.open(use, closed, name=name)  # type: ignore[arg-type] # one of its values
    with pytest.raises(Damaged):
        sealing.new_seal().open("media", closed, name="a")
    names = {sealed.hidden("media", "a"), sealed.hidden("cache", "a"), sealed.hidden("media", "b"), sealing.new_seal().hidden("media", "a")}
    assert len(names) == 4

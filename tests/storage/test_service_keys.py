"""The key of a service comes from the environment, else from the keyring; it is never written to a file."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from reviewer.domain.errors import NotSaved, Refused
from reviewer.storage import service_keys
from tests.storage.test_keys import Forgetting, Remembering


@pytest.fixture
def ring() -> Iterator[Remembering]:
    before = keyring.get_keyring()
    made = Remembering()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_key_is_kept_found_and_forgotten(ring: Remembering) -> None:
    assert service_keys.find() is None
    service_keys.keep(" k3y\n")
    assert service_keys.find() == "k3y"
    assert (service_keys.forget(), service_keys.forget(), service_keys.find()) == (True, False, None)


def test_the_environment_goes_first(ring: Remembering, monkeypatch: pytest.MonkeyPatch) -> None:
    service_keys.keep("from-the-keyring")
    monkeypatch.setenv("MISTRAL_API_KEY", "from-outside")
    assert service_keys.find() == "from-outside"
    monkeypatch.setenv("MISTRAL_API_KEY", " ")
    assert service_keys.find() == "from-the-keyring"


@pytest.mark.parametrize("text", ["", "  ", "two words", "kéy", "k\x07"])
def test_what_cannot_be_a_key_is_refused(ring: Remembering, text: str) -> None:
    with pytest.raises(Refused):
        service_keys.keep(text)


def test_where_no_keyring_keeps_it_that_is_said_and_no_file_is_written(own_home: Path) -> None:
    with pytest.raises(NotSaved, match="no keyring here"):
        service_keys.keep("k3y")
    assert (service_keys.find(), service_keys.forget()) == (None, False)
    before = keyring.get_keyring()
    keyring.set_keyring(Forgetting())
    with pytest.raises(NotSaved, match="no keyring here"):
        service_keys.keep("k3y")
    keyring.set_keyring(before)
    assert not any(path.is_file() for path in own_home.rglob("*"))

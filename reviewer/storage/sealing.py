"""What unlocks an encrypted workspace: one random key, wrapped under the passphrase in its seal file, and a subkey for each use.

Changing the passphrase wraps the same key anew. Nothing here keeps a passphrase: the OS keyring, where somebody wanted that, holds the key
that scrypt makes of it, which also opens without the half second that scrypt takes.
"""

import json
import os
import time
import unicodedata
from pathlib import Path
from typing import Any, Literal, NamedTuple

import keyring
import keyring.errors
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from reviewer.domain.errors import Damaged, NotSaved, Refused, ReviewerError, TooNew
from reviewer.storage.folders import seal_file
from reviewer.storage.leftovers import put_over

ENVIRONMENT = "REVIEWER_PASSPHRASE"
LEAST_CHARACTERS = 8

Use = Literal["database", "media", "keys", "cache", "rejects"]

_VERSION = 1
_MAGIC = b"RVSEAL1\n"
_NONCE = 12
_SCRYPT_N = 2**17  # 128 MiB and about half a second: OWASP's password storage sheet
_SCRYPT_N_MOST = 2**20  # a seal file may ask for no more than 1 GiB
_SERVICE = "reviewer"
_LONGEST_WAIT_S = 64

_failed: dict[Path, tuple[int, float]] = {}  # wrong tries of this process, and when the next is due (monotonic seconds)


class Locked(ReviewerError):
    """The key is not to be had; nothing was deleted."""

    code = "E111"


class Seal:
    """The key of an unlocked workspace. It does not leave this process; `database_key`, which nothing else follows from, may be given to
    one of ours that reads the database."""

    def __init__(self, key: bytes, name: str) -> None:
        """name: of the seal, for the keyring; it says nothing."""
        self._key = key
        self.name = name
        self._subkeys: dict[Use, bytes] = {}

    @property
    def database_key(self) -> str:
        """The raw key of the database, 64 hex digits, for storage.driver.connect."""
        return self._subkey("database").hex()

    def close(self, use: Use, content: bytes, *, name: str) -> bytes:
        """Content that only this key opens, and only under the same use and name."""
        nonce = os.urandom(_NONCE)
        return _MAGIC + nonce + AESGCM(self._subkey(use)).encrypt(nonce, content, _label(use, name))

    def open(self, use: Use, closed: bytes, *, name: str) -> bytes:
        """What was closed. Raises Damaged for anything else."""
        nonce, rest = closed[len(_MAGIC) : len(_MAGIC) + _NONCE], closed[len(_MAGIC) + _NONCE :]
        try:
            if not closed.startswith(_MAGIC):
                raise InvalidTag
            return AESGCM(self._subkey(use)).decrypt(nonce, rest, _label(use, name))
        except (InvalidTag, ValueError) as error:
            raise Damaged("A sealed file is not what was written.", "Restore it from the last backup; the original is kept.") from error

    def hidden(self, use: Use, name: str) -> str:
        """A name that tells nobody what it stands for: 64 hex digits, the same each time."""
        mac = HMAC(self._subkey(use), SHA256())
        mac.update(_label(use, name))
        return mac.finalize().hex()

    def _subkey(self, use: Use) -> bytes:
        if use not in self._subkeys:
            self._subkeys[use] = HKDF(SHA256(), 32, salt=None, info=f"review/seal/{use}/v1".encode()).derive(self._key)
        return self._subkeys[use]

    def wrapped(self, passphrase: str) -> "Wrapped":
        """This key wrapped under a passphrase."""
        kdf = _Kdf(_SCRYPT_N, 8, 1, os.urandom(32))
        over = kdf.derive(passphrase)
        nonce = os.urandom(_NONCE)
        head: dict[str, Any] = {"version": _VERSION, "name": self.name, "kdf": kdf.told()}
        key = AESGCM(over).encrypt(nonce, self._key, _bound(head))
        told = json.dumps({**head, "nonce": nonce.hex(), "wrapped": key.hex()}, indent=2, sort_keys=True)
        return Wrapped(f"{told}\n".encode(), over)


class Wrapped(NamedTuple):
    """The bytes of a seal file, and the key made of the passphrase, which opens it."""

    file: bytes
    over: bytes


def new_seal() -> Seal:
    """A fresh key, from the system's source of randomness."""
    return Seal(os.urandom(32), os.urandom(16).hex())


def check_passphrase(passphrase: str) -> None:
    """Raise Refused for one that is too short."""
    if len(passphrase.strip()) < LEAST_CHARACTERS:
        raise Refused(
            f"A passphrase needs {LEAST_CHARACTERS} characters or more.", "Take several words that you can remember; nothing was changed."
        )


def write_seal(place: Path, seal: Seal, passphrase: str, *, in_keyring: bool = False) -> None:
    """Put the seal file in its place, over one that is there: from now on this passphrase opens the workspace, and no other.

    in_keyring: the OS keyring opens it as well. Raises Refused for a passphrase that is too short, NotSaved where disk or keyring refuse.
    """
    check_passphrase(passphrase)
    if in_keyring:
        _keep_in_keyring(f"{seal.name} on trial", b"", "Leave out --keyring; nothing was changed.")
        _drop(f"{seal.name} on trial")
    content, over = seal.wrapped(passphrase)
    try:
        put_over(place, content, mode=0o600)
    except OSError as error:
        raise NotSaved(f"{place.parent} cannot be written.", "The passphrase is as it was; make room, then try again.", "E103") from error
    if in_keyring:
        _keep_in_keyring(seal.name, over, "The passphrase is set all the same: give it each time.")


def unlock(folder: Path, passphrase: str | None = None) -> Seal | None:
    """The seal of a workspace; None for one that is not encrypted.

    passphrase: else that of $REVIEWER_PASSPHRASE, else what the OS keyring holds. After a wrong one this process waits 1, 2, 4 … seconds
    (`wait_s`) before it looks at another. Raises Locked where none fits, Damaged or TooNew for a seal file that cannot be read.
    """
    place = seal_file(folder)
    if place is None:
        return None
    stored = _read(place)
    known = folder.absolute()
    wait = wait_s(folder)
    if wait > 0:
        raise _locked(f"Wait {wait:.0f} s, then try again.")
    given = passphrase if passphrase is not None else os.environ.get(ENVIRONMENT)
    over = stored.kdf.derive(given) if given else _in_keyring(stored.name)
    key = stored.opened(over)
    if key is None and given:
        tries = _failed.get(known, (0, 0.0))[0] + 1
        _failed[known] = (tries, time.monotonic() + min(2 ** (tries - 1), _LONGEST_WAIT_S))
        raise _locked("Check the passphrase, then try again; nothing was changed.")
    if key is None:
        raise _locked("Give its passphrase: in the window, at the prompt, or in $REVIEWER_PASSPHRASE.")
    _failed.pop(known, None)
    return Seal(key, stored.name)


def wait_s(folder: Path) -> float:
    """How long this process looks at no other passphrase for a workspace; seconds, 0 where it does."""
    _tries, due = _failed.get(folder.absolute(), (0, 0.0))
    return max(0.0, due - time.monotonic())


def opens_by_itself(folder: Path) -> bool:
    """Whether an encrypted workspace opens without asking: from the keyring, or from the environment, which is not tried here."""
    place = seal_file(folder)
    if place is None:
        return False
    stored = _read(place)
    return bool(os.environ.get(ENVIRONMENT)) or stored.opened(_in_keyring(stored.name)) is not None


def in_keyring(seal: Seal) -> bool:
    """Whether the OS keyring holds something for this workspace."""
    return _in_keyring(seal.name) is not None


def forget_keyring(seal: Seal) -> None:
    """Take what opens a workspace out of the OS keyring, if it is there."""
    try:
        _drop(seal.name)
    except keyring.errors.KeyringError as error:
        raise NotSaved("The keyring of this system did not give the key up.", "Remove its entry “reviewer” there.", "E103") from error


def _locked(hint: str) -> Locked:
    return Locked("Cannot unlock this workspace.", hint)


class _Kdf(NamedTuple):
    n: int
    r: int
    p: int
    salt: bytes

    def derive(self, passphrase: str) -> bytes:
        # The same letters typed on another system may come as other code points.
        text = unicodedata.normalize("NFKC", passphrase).encode(errors="surrogatepass")
        return Scrypt(salt=self.salt, length=32, n=self.n, r=self.r, p=self.p).derive(text)

    def told(self) -> dict[str, Any]:
        return {"name": "scrypt", "n": self.n, "r": self.r, "p": self.p, "salt": self.salt.hex()}


class _Stored(NamedTuple):
    name: str
    kdf: _Kdf
    nonce: bytes
    wrapped: bytes
    bound: bytes

    def opened(self, over: bytes | None) -> bytes | None:
        """The key of the workspace; None where this does not open it."""
        try:
            return None if over is None else AESGCM(over).decrypt(self.nonce, self.wrapped, self.bound)
        except (InvalidTag, ValueError):
            return None


def _read(place: Path) -> _Stored:
    try:
        told = json.loads(place.read_bytes())
        head = {name: told[name] for name in ("version", "name", "kdf")}
        if isinstance(head["version"], int) and head["version"] > _VERSION:
            raise TooNew("This workspace was sealed by a newer version.", "Update Reviewer to open it; nothing was changed.")
        kdf = told["kdf"]
        n, r, p = (int(kdf[name]) for name in ("n", "r", "p"))
        within = kdf["name"] == "scrypt" and 2**14 <= n <= _SCRYPT_N_MOST and n.bit_count() == 1 and r == 8 and 1 <= p <= 4
        if head["version"] != _VERSION or not within or not isinstance(told["name"], str):
            raise ValueError("not a seal of ours")
        read = _Kdf(n, r, p, bytes.fromhex(kdf["salt"]))
        return _Stored(told["name"], read, bytes.fromhex(told["nonce"]), bytes.fromhex(told["wrapped"]), _bound(head))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{place.name} cannot be read; without it nobody can unlock this workspace.", "Restore it from a backup.") from error


def _bound(head: dict[str, Any]) -> bytes:
    return b"review/seal/wrap/v1\n" + json.dumps(head, sort_keys=True).encode()


def _label(use: Use, name: str) -> bytes:
    return f"review/seal/{use}/v1\n{name}".encode()


def _entry(name: str) -> str:
    return f"workspace {name}"


def _keep_in_keyring(name: str, over: bytes, hint: str) -> None:
    secret = over.hex() or "nothing"
    try:
        keyring.set_password(_SERVICE, _entry(name), secret)
        if keyring.get_password(_SERVICE, _entry(name)) == secret:
            return  # read back: there are keyrings that take everything and keep nothing
    except keyring.errors.KeyringError:
        pass
    raise NotSaved("There is no keyring here that keeps it.", hint, "E103")


def _drop(name: str) -> None:
    if keyring.get_password(_SERVICE, _entry(name)) is not None:
        keyring.delete_password(_SERVICE, _entry(name))


def _in_keyring(name: str) -> bytes | None:
    try:
        found = keyring.get_password(_SERVICE, _entry(name))
        return bytes.fromhex(found) if found else None
    except (keyring.errors.KeyringError, ValueError):
        return None

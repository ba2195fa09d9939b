"""Private keys: in the OS keyring, or, where there is none, in files of mode 0600 below the user's config folder. Never in a workspace."""

import json
import os
from pathlib import Path
from typing import NamedTuple

import keyring
import keyring.errors
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import Damaged, NotSaved
from reviewer.storage.folders import config_folder
from reviewer.storage.leftovers import overwrite, put_over
from reviewer.storage.sealing import Locked as Locked
from reviewer.storage.sealing import Seal

_SERVICE = "reviewer"


class DeviceKey(NamedTuple):
    """A device's two private keys: to sign, and to open what is sealed for it."""

    sign: Ed25519PrivateKey
    seal: X25519PrivateKey

    @property
    def sign_hex(self) -> str:
        """The public signing key, hex."""
        return self.sign.public_key().public_bytes_raw().hex()

    @property
    def seal_hex(self) -> str:
        """The public sealing key, hex."""
        return self.seal.public_key().public_bytes_raw().hex()

    @property
    def device(self) -> DeviceId:
        """The fingerprint that names the device."""
        return DeviceId(sha256_hex(self.sign.public_key().public_bytes_raw()))


def new_key() -> DeviceKey:
    """A fresh pair, from the system's source of randomness."""
    return DeviceKey(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


def keep(key: DeviceKey, seal: Seal | None) -> Path | None:
    """Store a key. Returns the file it went to, or None if the OS keyring took it: whoever asks tells the person.

    seal: of an encrypted workspace, under which the key is closed wherever it lies. Raises NotSaved.
    """
    secret = json.dumps({"sign": key.sign.private_bytes_raw().hex(), "seal": key.seal.private_bytes_raw().hex()})
    if seal is not None:
        secret = json.dumps({"sealed": seal.close("keys", secret.encode(), name=key.device).hex()})
    try:
        keyring.set_password(_SERVICE, key.device, secret)
        if keyring.get_password(_SERVICE, key.device) == secret:
            return None  # read back: there are keyrings that take everything and keep nothing
    except keyring.errors.KeyringError:
        pass
    path = _file(key.device)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        put_over(path, secret.encode(), mode=0o600)
    except OSError as error:
        raise NotSaved(
            f"The keys could not be written to {path.parent}: {error.strerror or 'the disk refused'}.",
            "Make the folder writable, or point $REVIEWER_CONFIG at one that is; nothing was recorded.",
            "E103",
        ) from error
    return path


def load(device: DeviceId, seal: Seal | None) -> DeviceKey:
    """A key that this machine holds; seal: of the workspace, if it is encrypted. Raises Locked where it does not, or cannot get at it."""
    secret = _stored(device)
    if secret is None:
        raise Locked(f"This machine does not hold the key of device {device[:8]}.", "Use --as with a member of this machine, or join anew.")
    try:
        parts = json.loads(secret)
        if "sealed" in parts and seal is not None:
            parts = json.loads(seal.open("keys", bytes.fromhex(parts["sealed"]), name=device))
        return DeviceKey(
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(parts["sign"])),
            X25519PrivateKey.from_private_bytes(bytes.fromhex(parts["seal"])),
        )
    except (ValueError, KeyError, TypeError, Damaged) as error:
        raise Locked(
            f"The key of device {device[:8]} cannot be read.", "Restore it from a backup of your keyring or config folder."
        ) from error


def held(device: DeviceId) -> bool:
    """Whether this machine holds the device's key."""
    return _stored(device) is not None


def close_under(device: DeviceId, seal: Seal) -> None:
    """Close a key that was kept for a plain workspace; nothing where this machine does not hold it, or it is closed already.

    Where it lay in a file and a keyring takes it now, the file goes.
    """
    secret = _stored(device)
    if secret is None or '"sealed"' in secret:
        return
    file = _file(device)
    lay_in_file = file.is_file()
    if keep(load(device, None), seal) is None and lay_in_file:
        overwrite(file)


def public_key(sign_key: str) -> Ed25519PublicKey:
    """The key of its hex digits, for `verifies`. Raises ValueError for what is none."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(sign_key))


def verifies(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _stored(device: DeviceId) -> str | None:
    path = _file(device)
    if path.is_file():
        try:
            return path.read_text()
        except (OSError, UnicodeDecodeError):
            return ""  # it is here and cannot be read: `load` says so
    try:
        return keyring.get_password(_SERVICE, device)
    except keyring.errors.KeyringError:
        return None


def _file(device: DeviceId) -> Path:
    return config_folder() / "keys" / f"{os.path.basename(device)}.json"

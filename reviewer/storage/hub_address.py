"""Where a hub is, and how the way there is kept from being read or led elsewhere. The password stays in the parameters."""

import os
import ssl
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.errors import Refused, ReviewerError, shown

CODE = "E402"
_CHECKED = ("verify-ca", "verify-full")
_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
_PATIENCE = {
    "connect_timeout": "10",
    "tcp_user_timeout": "30000",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "gssencmode": "disable",
    "application_name": "reviewer",
}


class Untrusted(ReviewerError):
    """The hub is not the one that is known, or does not let us in. Nothing was sent; there is no way around it."""

    code = CODE


class Address(NamedTuple):
    """A hub. words: as it may be shown, without the password; fingerprint: a name for it that tells nothing; parameters: of libpq."""

    words: str
    fingerprint: str
    parameters: dict[str, str]


def driver() -> ModuleType:
    """psycopg, loaded when a hub is first spoken to. Raises Refused where it is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise Refused("This installation cannot speak to a hub.", "Install the extra: pip install 'reviewer[hub]'.", CODE) from error
    return psycopg


def address_of(text: str) -> Address:
    """The hub of an address `postgresql://…`. Raises Refused for one that is none, or that would not check who answers."""
    psycopg = driver()
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = {name: str(value) for name, value in conninfo_to_dict(text).items() if value is not None}
    except psycopg.Error:
        # libpq's words may quote the password: they are not passed on, not even as the cause.
        raise _unreadable() from None
    host, port, name = given.get("host", ""), given.get("port", "5432"), given.get("dbname", "")
    # A password with / ? or @ that was not encoded is read as part of one of these, and must not be shown as such.
    if not port.replace(",", "").isdecimal() or "@" in host[1:] or set("@/") & set(name):
        raise _unreadable()
    user = f"{given['user']}@" if "user" in given else ""
    words = shown(f"postgresql://{user}{host}:{port}/{name}", 120)
    place = "\n".join([given.get("service", ""), given.get("hostaddr", host), port, name])
    return Address(words, sha256_hex(place.encode())[:32], {**_PATIENCE, **_guarded(given)})


def _unreadable() -> Refused:
    hint = "Write postgresql://USER@HOST:PORT/DATABASE, with / as %2F and @ as %40 in a password."
    return Refused("The address of the hub cannot be read.", hint, CODE)


def _guarded(given: dict[str, str]) -> dict[str, str]:
    """The parameters with the certificate checked, unless the hub is on this machine."""
    if _is_here(given):
        return given
    mode = given.get("sslmode", "verify-full")
    if mode not in _CHECKED:
        raise Untrusted(
            f"sslmode={shown(mode, 20)} would not check the hub's certificate. Not connected.",
            "Leave sslmode out; for a certificate of your own, add sslrootcert=FILE with who signed it.",
        )
    pinned = given.get("sslrootcert") or os.environ.get("PGSSLROOTCERT") or _own_root()
    if pinned is None:
        return {**given, "sslmode": "verify-full", "sslrootcert": _system_roots()}
    return {**given, "sslmode": mode, "sslrootcert": pinned}


def _is_here(given: dict[str, str]) -> bool:
    if "service" in given or "PGSERVICE" in os.environ:
        return False
    said = given.get("hostaddr") or given.get("host") or os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST") or ""
    return all(one in ("", "localhost", "127.0.0.1", "::1") or one[0] in "/@" for one in said.split(","))


def _own_root() -> str | None:
    """The file in which libpq looks for who signs, where there is one."""
    path = Path("~/.postgresql/root.crt").expanduser()
    return str(path) if path.is_file() else None


def _system_roots() -> str:
    """Whom this system trusts. The libpq of a wheel looks elsewhere for it than the system keeps it."""
    for place in (os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile, *_BUNDLES):
        if place and Path(place).is_file():
            return place
    return "system"

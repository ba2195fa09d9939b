"""Addresses of hubs: what may be shown of them, and that nobody else can answer in a hub's place."""

import datetime
import ipaddress
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reviewer.domain.errors import ReviewerError
from reviewer.storage.hub import connected
from reviewer.storage.hub_address import address_of
from tests.hubs import Line


def test_a_password_is_neither_shown_nor_part_of_the_fingerprint() -> None:
    one = address_of("postgresql://ben:s%C3%A9cret@db.example.org:5433/reviews")
    other = address_of("postgresql://ben:another@db.example.org:5433/reviews")
    assert one.words == "postgresql://ben@db.example.org:5433/reviews"
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != address_of("postgresql://ben@db.example.org/reviews").fingerprint


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ben:pa/ss@db.example.org/x",
        "postgresql://ben:12/ss@h/x",
        "postgresql://ben:secret@ss@h/x",
        "postgresql://h:secret/x",
        "postgresql://h/x?secret",
    ],
)
def test_what_is_no_address_is_refused_without_quoting_it(address: str) -> None:
    with pytest.raises(ReviewerError) as refused:
        address_of(address)
    words = f"{refused.value.what} {refused.value.hint} {refused.value.__cause__!r}"
    assert refused.value.code == "E402"
    assert "secret" not in words
    assert "ss@" not in words


def test_a_hub_elsewhere_is_asked_for_a_certificate_that_is_checked() -> None:
    far = address_of("postgresql://ben@db.example.org/reviews").parameters
    assert far["sslmode"] == "verify-full"
    assert far["sslrootcert"]
    pinned = address_of("postgresql://ben@db.example.org/reviews?sslrootcert=/x/ca.pem").parameters
    assert (pinned["sslmode"], pinned["sslrootcert"]) == ("verify-full", "/x/ca.pem")
    for mode in ("disable", "allow", "prefer", "require"):
        with pytest.raises(ReviewerError, match="E402"):
            address_of(f"postgresql://ben@db.example.org/reviews?sslmode={mode}")
    assert "sslmode" not in address_of("postgresql://ben@127.0.0.1/reviews").parameters
    with pytest.raises(ReviewerError, match="E402"):
        address_of("postgresql://ben@127.0.0.1,db.example.org/reviews?sslmode=prefer")


def test_without_psycopg_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ReviewerError) as refused:
        address_of("postgresql://ben@127.0.0.1/reviews")
    assert "reviewer[hub]" in refused.value.hint


def _certificate(folder: Path, name: str, signer: "tuple[x509.Name, ec.EllipticCurvePrivateKey] | None") -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, by = signer or (subject, key)
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(by, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{name}.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(private)
    return key


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def tls_before(port: int, folder: Path) -> Iterator[int]:
    """A hub that speaks TLS, before a server that does not. Gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "hub.pem", folder / "hub.key")
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                plain.recv(8)  # the client asks for TLS
                plain.sendall(b"S")
                try:
                    client = context.wrap_socket(plain, server_side=True)
                except OSError:
                    plain.close()
                    continue
                with client, socket.create_connection(("127.0.0.1", port)) as server:
                    back = threading.Thread(target=_pass, args=(server, client))
                    back.start()
                    _pass(client, server)
                    back.join()

    threads.append(threading.Thread(target=serve))
    threads[0].start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        threads[0].join()


def test_only_the_hub_that_the_pinned_authority_signed_for_is_spoken_to(hub_line: Line, tmp_path: Path) -> None:
    authority = _certificate(tmp_path, "authority", None)
    _certificate(tmp_path, "stranger", None)
    _certificate(tmp_path, "hub", (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]), authority))
    with tls_before(hub_line.server.port, tmp_path) as port:
        query = "?sslmode=verify-full&sslrootcert={}"
        known = hub_line.address(port=port, query=query.format(tmp_path / "authority.pem"))
        with connected(address_of(known)) as hub:
            assert hub.connection.info.pgconn.ssl_in_use
            assert hub.count("entry", b"") == 0
        for wrong in (tmp_path / "stranger.pem", tmp_path / "missing.pem"):
            with pytest.raises(ReviewerError) as refused, connected(address_of(hub_line.address(port=port, query=query.format(wrong)))):
                pass
            assert (refused.value.code, refused.value.what) == (
                "E402",
                "The hub's certificate is not the known one. Not connected.",
            )


def test_who_is_not_let_in_is_told_so(hub_line: Line) -> None:
    for address in (hub_line.address("nobody"), hub_line.address().replace(hub_line.name, "nosuch")):
        with pytest.raises(ReviewerError) as refused, connected(address_of(address)):
            pass
        assert refused.value.code == "E402"
        assert "cret" not in refused.value.what

"""The tables of a hub, and the role of its clients: they read and add, and change or remove nothing. JOURNAL.md 2.8.

Plain tables and grants: no functions, triggers or serials, so that any engine that speaks PostgreSQL's protocol will do.
`digest` is what a device came to, under its signature: (set, state) as in JOURNAL.md 2.10.
"""

from collections.abc import Iterable
from typing import NamedTuple

from reviewer.domain.chain import EntryHash
from reviewer.domain.items import ItemId
from reviewer.storage.hub import Hub
from reviewer.storage.hub_address import driver

ROLE = "reviewer_client"
_TABLES = {
    "entry": """CREATE TABLE IF NOT EXISTS entry (
    project bytea NOT NULL, stream bytea NOT NULL, seq bigint NOT NULL, hash bytea NOT NULL, body bytea NOT NULL, sig bytea NOT NULL,
    received timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (project, stream, seq, hash),
    CHECK (octet_length(stream) = 16 AND seq >= 1 AND octet_length(hash) = 32 AND octet_length(sig) = 64 AND octet_length(body) <= 65536)
)""",
    "blob": """CREATE TABLE IF NOT EXISTS blob (
    project bytea NOT NULL, hash bytea NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (project, hash),
    CHECK (octet_length(hash) = 32 AND octet_length(bytes) <= 268435456)
)""",
    "item": """CREATE TABLE IF NOT EXISTS item (
    project bytea NOT NULL, id bytea NOT NULL, payload bytea NOT NULL, PRIMARY KEY (project, id),
    CHECK (octet_length(id) = 32 AND octet_length(payload) <= 67108872)
)""",
    "receipt": """CREATE TABLE IF NOT EXISTS receipt (
    project bytea NOT NULL, device bytea NOT NULL, stream bytea NOT NULL, seq bigint NOT NULL, head bytea NOT NULL,
    receipt bytea NOT NULL, PRIMARY KEY (project, device, stream, seq, head), CHECK (octet_length(receipt) = 176)
)""",
    "digest": """CREATE TABLE IF NOT EXISTS digest (
    project bytea NOT NULL, device bytea NOT NULL, set_digest bytea NOT NULL, state_digest bytea NOT NULL, sig bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (project, set_digest, device, state_digest),
    CHECK (octet_length(set_digest) = 32 AND octet_length(state_digest) = 32 AND octet_length(sig) = 64)
)""",
    "enrol_request": """CREATE TABLE IF NOT EXISTS enrol_request (
    device bytea NOT NULL, hash bytea NOT NULL, request bytea NOT NULL, received timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (device, hash), CHECK (octet_length(request) <= 65536)
)""",
}
_NAMES = ", ".join(_TABLES)
_ROLE_MADE = f"CREATE ROLE {ROLE} NOLOGIN"
_GRANTS = (f"REVOKE ALL ON {_NAMES} FROM PUBLIC", f"REVOKE ALL ON {_NAMES} FROM {ROLE}", f"GRANT SELECT, INSERT ON {_NAMES} TO {ROLE}")


def removal(project: EntryHash, item: ItemId, words: Iterable[str]) -> str:
    """What whoever runs a hub has to run to take an item's content out of it. words: names of the contents that speak of it.

    Entries stay: they hold no content. Media are not named: other items may show them.
    """
    named = ", ".join(f"'\\x{name}'" for name in sorted(words))
    statements = [f"DELETE FROM item WHERE project = '\\x{project}' AND id = '\\x{item}';"]
    if named:
        statements.append(f"DELETE FROM blob WHERE project = '\\x{project}' AND hash IN ({named});")
    return "\n".join(statements)


class SetUp(NamedTuple):
    """What was made, or was there. sql: what somebody with more rights has to run; None where nothing is left to do."""

    tables: tuple[str, ...]
    roles: tuple[str, ...]
    sql: str | None


def set_up(hub: Hub) -> SetUp:
    """Make what a hub needs, as far as this user may. Run again, it changes nothing. Raises Offline, Untrusted."""
    left: list[str] = []
    if not _may(hub, tuple(_TABLES.values())):
        left += _TABLES.values()
    known = bool(hub.rows("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", (ROLE,), (int,)))
    if not known and not _may(hub, (_ROLE_MADE,)):
        left.append(_ROLE_MADE)
    # Grants on what is not there cannot be tried.
    if left or not _may(hub, _GRANTS):
        left += _GRANTS
    sql = "".join(f"{statement};\n" for statement in left) or None
    return SetUp(() if _TABLES["entry"] in left else tuple(_TABLES), () if _GRANTS[0] in left else (ROLE,), sql)


def _may(hub: Hub, statements: tuple[str, ...]) -> bool:
    """Run statements in one transaction; False where this user may not, and then none of them was run."""
    psycopg = driver()
    with hub.speaking():
        try:
            with hub.connection.transaction():
                for statement in statements:
                    hub.connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            return False
    return True

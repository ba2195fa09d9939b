"""Sync: revocations, policies, resolutions, gold, suggestions, erasures; entries that wait; receipts, and what peers have."""

from alembic import op

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    # --- views of the journal
    "ALTER TABLE device ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE revocation (hash BLOB PRIMARY KEY, device TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE untrusted (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE TABLE uncounted (hash BLOB PRIMARY KEY, why TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE rename (hash BLOB PRIMARY KEY, member TEXT NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # What an entry's `deps` name. In force is what no other entry of the same table and subject names.
    "CREATE TABLE successor (target BLOB NOT NULL, by_hash BLOB NOT NULL, PRIMARY KEY (target, by_hash)) STRICT, WITHOUT ROWID",
    "CREATE INDEX successor_by ON successor (by_hash)",
    """CREATE TABLE policy (
        hash BLOB PRIMARY KEY, policy TEXT NOT NULL, title TEXT NOT NULL, clauses_n INTEGER NOT NULL, clauses BLOB NOT NULL,
        source BLOB NOT NULL, effective TEXT, published_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX policy_key ON policy (policy)",
    "CREATE TABLE activation (hash BLOB PRIMARY KEY, policy TEXT NOT NULL, version BLOB NOT NULL, wall_ms INTEGER NOT NULL) STRICT",
    """CREATE TABLE resolution (
        hash BLOB PRIMARY KEY, campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, verdict TEXT NOT NULL,
        wall_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX resolution_item ON resolution (campaign, item)",
    "CREATE TABLE gold (hash BLOB PRIMARY KEY, campaign INTEGER NOT NULL, item BLOB NOT NULL, verdict TEXT) STRICT",
    "CREATE INDEX gold_item ON gold (campaign, item)",
    """CREATE TABLE suggestion (
        hash BLOB NOT NULL, item BLOB NOT NULL, judge TEXT NOT NULL, verdict TEXT, score TEXT, PRIMARY KEY (hash, item)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX suggestion_item ON suggestion (item)",
    """CREATE TABLE erasure (
        hash BLOB PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('erase_request', 'erase_done')), item BLOB NOT NULL,
        device TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX erasure_item ON erasure (item)",
    # What labels cite; most labels have no row here. version and text: as the label writes them, which may be no hash at all.
    """CREATE TABLE label_clause (
        hash BLOB NOT NULL, policy TEXT NOT NULL, clause TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (hash, policy, clause, version)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX label_clause_name ON label_clause (clause, policy)",
    # Where a member may have two answers of their own in force; asked again when it is looked at.
    """CREATE TABLE doubled (
        campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, PRIMARY KEY (campaign, member, item)
    ) STRICT, WITHOUT ROWID""",
    # --- what came from elsewhere and cannot be judged yet: 'gap' waits for an earlier entry, 'device' for an admission
    """CREATE TABLE pending (
        hash BLOB PRIMARY KEY CHECK (length(hash) = 32), stream BLOB NOT NULL CHECK (length(stream) = 16), seq INTEGER NOT NULL,
        device TEXT NOT NULL, body BLOB NOT NULL, sig BLOB NOT NULL CHECK (length(sig) = 64),
        why TEXT NOT NULL CHECK (why IN ('gap', 'device')), received_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX pending_stream ON pending (stream, seq)",
    "CREATE INDEX pending_device ON pending (device)",
    # --- what other devices sign to have taken in, and what they are known to have
    """CREATE TABLE receipt (
        device TEXT NOT NULL, stream BLOB NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL, time TEXT NOT NULL, sig BLOB NOT NULL,
        PRIMARY KEY (device, stream, seq, head)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE heard (
        device TEXT NOT NULL, stream BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (device, stream, hash)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE contact (device TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, set_digest TEXT, state_digest TEXT) STRICT",
)


def upgrade() -> None:
    """Make the tables that sync needs."""
    for statement in _STATEMENTS:
        op.execute(statement)

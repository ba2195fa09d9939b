"""Clusters: what stood out, what changed, the vectors of items and what was grouped by them."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = (
    # --- views of the journal
    """CREATE TABLE finding (
        hash BLOB PRIMARY KEY, what TEXT NOT NULL, items_n INTEGER NOT NULL, items BLOB NOT NULL, campaign BLOB, fresh BLOB,
        figures TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX finding_items ON finding (items)",
    """CREATE TABLE alarm (
        hash BLOB PRIMARY KEY, campaign BLOB NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, statistic TEXT NOT NULL,
        threshold TEXT NOT NULL, wall_ms INTEGER NOT NULL
    ) STRICT""",
    # --- not of the journal: it can be made again
    """CREATE TABLE vector (
        embedder TEXT NOT NULL, item BLOB NOT NULL, numbers BLOB NOT NULL, PRIMARY KEY (embedder, item)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE embedder (name TEXT PRIMARY KEY, learned BLOB NOT NULL) STRICT",
    "CREATE TABLE cluster_run (id TEXT PRIMARY KEY, member TEXT NOT NULL, made_ms INTEGER NOT NULL, content BLOB NOT NULL) STRICT",
    """CREATE TABLE cluster (
        run TEXT NOT NULL REFERENCES cluster_run (id), id BLOB NOT NULL, items BLOB NOT NULL, PRIMARY KEY (run, id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX cluster_named ON cluster (id)",
)


def upgrade() -> None:
    """Make the tables that clusters and drift need."""
    for statement in _STATEMENTS:
        op.execute(statement)

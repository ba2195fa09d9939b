"""Queues: items that are asked for again, and what was looked at before a label."""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    # --- views of the journal
    """CREATE TABLE requeue (
        hash BLOB PRIMARY KEY, campaign INTEGER NOT NULL, items_n INTEGER NOT NULL, items BLOB NOT NULL, why TEXT NOT NULL, clause TEXT,
        wall_ms INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE requeue_item (
        campaign INTEGER NOT NULL, item BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (campaign, item, hash)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX requeue_item_of ON requeue_item (hash)",
    # Of whom an item is asked again; enough: it has all its labels, and waits for nothing else.
    """CREATE TABLE asked_again (
        campaign INTEGER NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, hash BLOB NOT NULL, enough INTEGER NOT NULL,
        PRIMARY KEY (campaign, item, member, hash)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX asked_again_mine ON asked_again (campaign, member, item)",
    # --- not of the journal: what a person looked at on purpose before they labelled; the label will say so
    """CREATE TABLE unblinded (
        campaign BLOB NOT NULL, item BLOB NOT NULL, member TEXT NOT NULL, shown TEXT NOT NULL, since_ms INTEGER NOT NULL,
        PRIMARY KEY (campaign, item, member)
    ) STRICT, WITHOUT ROWID""",
)


def upgrade() -> None:
    """Make the tables that queues need."""
    for statement in _STATEMENTS:
        op.execute(statement)

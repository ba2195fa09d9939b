"""Incidents: what was said of each, and the items it is about."""

from alembic import op

revision = "0006"
down_revision = "0005"

_STATEMENTS = (
    # --- views of the journal; incident: the entry that opened it
    """CREATE TABLE incident_act (
        hash BLOB PRIMARY KEY, incident BLOB NOT NULL, items_n INTEGER NOT NULL, items BLOB, finding TEXT, wall_ms INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX incident_act_of ON incident_act (incident)",
    """CREATE TABLE incident_said (
        hash BLOB NOT NULL, field TEXT NOT NULL, incident BLOB NOT NULL, value TEXT NOT NULL, PRIMARY KEY (hash, field)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX incident_said_of ON incident_said (incident, field)",
    """CREATE TABLE incident_item (
        incident BLOB NOT NULL, item BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (incident, item, hash)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX incident_item_in ON incident_item (item)",
)


def upgrade() -> None:
    """Make the tables that incidents need."""
    for statement in _STATEMENTS:
        op.execute(statement)

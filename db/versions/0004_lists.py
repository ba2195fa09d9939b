"""Lists: who is admitted, and what waits for a list, is found without reading the whole journal.

As after every revision the views are made anew, which mends those that hung on the order in which entries had come.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    "CREATE INDEX entry_admission ON entry (hash) WHERE kind IN ('genesis', 'enrol')",
    "CREATE INDEX entry_suggestion ON entry (hash) WHERE kind = 'suggestion'",
)


def upgrade() -> None:
    """Make the indexes."""
    for statement in _STATEMENTS:
        op.execute(statement)

"""How Alembic reaches a workspace: the connection is handed in, already open and with its settings in force."""

from alembic import context

connection = context.config.attributes["connection"]
# SQLite opens no transaction before DDL by itself: BEGIN IMMEDIATE is given by whoever hands the connection in.
context.configure(connection=connection, target_metadata=None, transactional_ddl=False, render_as_batch=True)
context.run_migrations()

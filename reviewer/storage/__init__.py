"""All that touches disk: the workspace folder, its database, the journal, keys, preferences, shipped files.

May import domain, and beside it only here SQLAlchemy, sqlcipher3, Alembic and diskcache. Knows no Qt, no terminal, no format.
"""

"""The window: Qt, and nothing that works without it.

May import catalogue, operations, storage and domain; what reaches for SQLAlchemy, numpy, pandas or pyarrow only inside functions that run
on a worker thread, so that the first paint never waits for them.
"""

"""A workspace for whoever only looks at it: a process that works for a window opens it so, and so does the window itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, exc
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from reviewer.domain.chain import MemberId
from reviewer.domain.errors import ReviewerError
from reviewer.domain.members import Member
from reviewer.storage import driver
from reviewer.storage.transactions import Reading

R = TypeVar("R", bound=Reading)


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    """The pool logs what ends the closing of a connection and raises it again: a Ctrl-C is answered by whoever catches it, once."""
    return record.exc_info is None or record.exc_info[0] is not KeyboardInterrupt


logging.getLogger(f"{QueuePool.__module__}.{QueuePool.__name__}").addFilter(_is_no_interrupt)


class Onlooker:
    """A workspace that is read and not written, by somebody who is known already: nothing is unlocked, updated or signed here."""

    def __init__(self, database: Path, *, key: str | None, me: Member | None = None, synchronous: str = "FULL") -> None:
        """key: of an encrypted database, 64 hex digits; it opens nothing else of the workspace. me: whose eyes see it."""
        self.database = database
        self.key = key
        self._member = me
        self._synchronous = synchronous
        self.laid: dict[Any, Any] = {}  # fields over populations, as storage.populations left them; what is gone is worked out again
        self._engine = create_engine(
            "sqlite://",
            module=dbapi2,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=4,
            pool_reset_on_return=None,
            pool_use_lifo=True,  # whoever reads next has the pages and statements of who read last
        )

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @property
    def member(self) -> MemberId:
        """Who acts, or looks."""
        return self.me.id

    @property
    def me(self) -> Member:
        """Who acts, or looks, with name and role."""
        assert self._member is not None
        return self._member

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """A consistent view; nothing can be changed through it."""
        with self._viewed(Reading) as reading:
            yield reading

    # --- inside

    @contextmanager
    def _viewed(self, kind: "type[R]") -> "Iterator[R]":
        with self._converting_errors(), self._engine.connect() as connection:
            reading = kind(self, connection)
            reading.start("BEGIN")
            try:
                yield reading
            finally:
                reading.undo()

    def _connect(self) -> Any:
        return driver.connect(self.database, key=self.key, synchronous=self._synchronous, read_only=True)

    @contextmanager
    def _converting_errors(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise self._noted(driver.translated(error.orig or error)) from error
        except (dbapi2.Error, UnicodeDecodeError) as error:
            raise self._noted(driver.translated(error)) from error

    def _noted(self, error: ReviewerError) -> ReviewerError:
        return error

"""What an operation answers with: a value, and which kinds of thing it moved."""

import enum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Changes(enum.Flag):
    """Kinds of thing that a page may show. A page redraws when one of its kinds moved."""

    NONE = 0
    ITEMS = enum.auto()
    CAMPAIGNS = enum.auto()
    LABELS = enum.auto()
    QUEUE = enum.auto()
    MEMBERS = enum.auto()
    RELEASES = enum.auto()
    POLICIES = enum.auto()
    FINDINGS = enum.auto()
    INCIDENTS = enum.auto()
    ALL = ITEMS | CAMPAIGNS | LABELS | QUEUE | MEMBERS | RELEASES | POLICIES | FINDINGS | INCIDENTS


class Outcome(NamedTuple, Generic[T]):
    """An operation's answer. `changes` is NONE for one that only reads."""

    value: T
    changes: Changes = Changes.NONE

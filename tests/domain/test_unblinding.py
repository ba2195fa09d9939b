"""What a label has to say was seen."""

import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Shown
from reviewer.domain.unblinding import is_blind, together

ONE, TWO = EntryHash("1" * 64), EntryHash("2" * 64)


def test_what_was_looked_at_before_is_said_beside_what_is_there_now() -> None:
    now = Shown("window", labels=(TWO,), truncated=("3",))
    before = Shown("", model=True, source=True, labels=(ONE, TWO), suggestions=("s",))
    assert together(now, before) == Shown("window", True, ("s",), (ONE, TWO), True, ("3",))
    assert together(now, None) == now


@pytest.mark.parametrize("seen", [{"model": True}, {"source": True}, {"labels": (ONE,)}, {"suggestions": ("s",)}])
def test_nothing_that_leads_may_be_seen_in_a_blind_label(seen: dict[str, object]) -> None:
    assert is_blind(True, Shown("t", truncated=("3",)))
    assert not is_blind(False, Shown("t"))
    assert not is_blind(True, Shown("t", **seen))  # type: ignore[arg-type] # the cases name its fields

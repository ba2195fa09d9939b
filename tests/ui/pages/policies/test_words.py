"""What the list of clauses says."""

import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.policies import Clause
from reviewer.operations.policy_overview import ClauseLine, PolicyLine
from reviewer.storage.policies import Version
from reviewer.ui.pages.policies import words

_MAY_1_MS = 1_777_593_600_000 + 3_600_000  # 2026-05-01, an hour past midnight, UTC


@pytest.mark.parametrize(
    ("clause", "number", "title", "said"),
    [
        ("4.2", "4.2", "Cancel flight", "4.2 Cancel flight"),
        ("book-flight.3", "", "Payment", "book-flight.3 Payment"),
        ("payment", "", "Payment", "Payment"),
        ("refund.1", "", "", "refund.1"),
    ],
)
def test_clauses_that_begin_with_the_same_words_are_told_apart(clause: str, number: str, title: str, said: str) -> None:
    line = ClauseLine(Clause(clause, title, "Words.", number=number), cited=2, disputed=0, stale=1, gone=False)
    row = words.clause_row(line)
    assert (row.words.strip(), row.note) == (said, "◆ 2")
    assert row.spoken.endswith("cited 2 times, 1 label on old words")


@pytest.mark.parametrize(("effective", "said"), [("2026-05-01", "since 1 May 2026"), ("2026-05-02", "from 2 May 2026"), (None, "")])
def test_a_version_that_was_published_before_its_first_day_is_not_said_to_hold_since_then(effective: str | None, said: str) -> None:
    version = Version(EntryHash("e"), 1, "Refunds", effective, 2, "b", "b", _MAY_1_MS, frozenset(), in_force=True, activated=True)
    line = PolicyLine("refunds", "Refunds", (version,), version, conflict=False)
    assert words.standing(line) == f"version 1, in force {said}".strip()


@pytest.mark.parametrize(
    ("to_ask", "items", "said"),
    [
        (1, 1, "Queue this item for another look"),
        (8, 8, "Queue these 8 items for another look"),
        (3, 8, "Queue 3 of these 8 items for another look"),
    ],
)
def test_the_button_says_how_many_can_still_be_asked_for(to_ask: int, items: int, said: str) -> None:
    assert words.queue_words(to_ask, items) == said

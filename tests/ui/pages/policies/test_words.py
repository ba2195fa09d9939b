"""What the list of clauses says."""

import pytest

from reviewer.domain.policies import Clause
from reviewer.operations.policy_overview import ClauseLine
from reviewer.ui.pages.policies import words


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

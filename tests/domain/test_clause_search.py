"""Finding a clause among all that can be cited."""

import time

import pytest

from reviewer.domain.clause_search import ClauseSearch
from tests.domain.clauses import clause, names

FOUND = [
    clause("4.2", "Cancel flight", "Only within 24 hours of booking, or with travel insurance."),
    clause("1.3", "Confirmation", "Obtain an explicit yes before any change."),
    clause("4.20", "Vouchers", "One voucher a year."),
    clause("late-notice", "Late notice", "Within 30 days."),
]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("4.2", "p:4.2"), ("conf", "p:1.3"), ("cfl", "p:4.2"), ("EXPLICIT", "p:1.3"), ("insur trav", "p:4.2"), ("late n", "p:late-notice"),
     ("p:4.20", "p:4.20"), ("vouch", "p:4.20")],
)  # fmt: skip
def test_a_clause_is_found_by_number_title_letters_in_order_and_words(typed: str, first: str) -> None:
    assert names(ClauseSearch(FOUND).find(typed))[0] == first


def test_a_clause_that_is_called_so_comes_before_one_that_only_says_the_word() -> None:
    said = "As an agent you can book, modify, or cancel flights."
    called = "The agent must first obtain the user id."
    found = [clause("agent-policy.2", said, said), clause("cancel-flight.1", called, called)]
    assert names(ClauseSearch(found).find("cancel")) == ["p:cancel-flight.1", "p:agent-policy.2"]


def test_nothing_typed_finds_all_in_their_order_and_nonsense_finds_none() -> None:
    search = ClauseSearch(FOUND)
    assert search.find(" ") == FOUND
    assert search.find("qqqq") == []


def test_five_thousand_clauses_are_searched_within_a_frame_or_two() -> None:
    many = [clause(f"{n // 50}.{n % 50}", f"Clause {n}", f"The agent does {n} things. " * 12) for n in range(5_000)]
    search = ClauseSearch(many)
    quickest = 1.0
    for _round in range(5):
        started = time.process_time()
        assert names(search.find("agent 49.7"))[0] == "p:49.7"
        quickest = min(quickest, time.process_time() - started)
    assert quickest < 0.05

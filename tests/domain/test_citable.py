"""A clause that can be cited, and how it is called."""

import pytest

from reviewer.domain.citable import in_short
from tests.domain.clauses import clause


@pytest.mark.parametrize(
    ("key", "title", "heading"),
    [("4.2", "Cancel flight", "4.2 Cancel flight"), ("4.2", "", "4.2"), ("late-notice", "Late notice", "Late notice"), ("x", "", "x")],
)
def test_a_clause_is_headed_by_its_number_and_title(key: str, title: str, heading: str) -> None:
    assert clause(key, title).heading == heading


@pytest.mark.parametrize(
    ("key", "title", "text", "caption"),
    [
        ("4.2", "Cancel flight", "Basic economy can be cancelled.", "4.2 Cancel flight"),
        ("4.2", "Cancel flight", "Cancel flight: within 24 hours.", "4.2"),
        ("basic.2", "You can help users", "You can help users.", "basic.2"),
        ("basic.2", "Before any change, list the det…", "Before **any** change,\nlist the details first.", "basic.2"),
        ("basic.2", "Late notice", "It counts from the day.", "Late notice"),
        ("basic.2", "", "It counts from the day.", "basic.2"),
    ],
)
def test_a_title_that_the_words_begin_with_is_not_said_twice(key: str, title: str, text: str, caption: str) -> None:
    assert clause(key, title, text).caption == caption


@pytest.mark.parametrize(
    ("number", "short"),
    [
        ("4.2", "4.2"),
        ("modify-flight.3", "modify-flight.3"),
        ("airline-agent-policy.2", "…agent-policy.2"),
        ("the-airline-policy.2", "…policy.2"),
        ("unbrokenwordwithoutend.2", "…ordwithoutend.2"),
    ],
)
def test_a_long_key_in_short_ends_as_it_does_whole(number: str, short: str) -> None:
    assert in_short(number, 16) == short
    assert in_short(number, len(number)) == number


def test_a_clause_is_called_by_the_number_that_its_text_bears() -> None:
    printed = clause("late-notice", "Late notice")._replace(printed="1.3")
    assert (printed.number, printed.heading, printed.name) == ("1.3", "1.3 Late notice", "p:late-notice")
    assert clause("late-notice").number == "late-notice"

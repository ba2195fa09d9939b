"""How well a name answers what is typed."""

import pytest

from reviewer.domain.ranking import Name, typed_words


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        ("", 0.0),
        ("CANCEL", 2.5),
        ("fli", 2.0),
        ("light", 1.0),
        ("insur", 1.0),
        ("24", 1.0),
        ("cfl", 0.3),
        ("cancel insur", 3.5),
        ("surance", None),
        ("cancel zebra", None),
    ],
)
def test_beginnings_count_more_than_insides_and_those_more_than_letters_in_order(typed: str, score: float | None) -> None:
    name = Name("Cancel flight", "Only within-24 hours, or with travel insurance")
    assert name.score(typed_words(typed)) == score

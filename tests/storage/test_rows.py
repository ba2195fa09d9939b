"""What rows have in common."""

from reviewer.storage import rows


def test_the_range_of_a_prefix_holds_every_name_that_begins_so() -> None:
    low, high = rows.prefix_range("abc")
    assert low <= bytes.fromhex("abc" + "5" * 61) <= high
    assert not low <= bytes.fromhex("abd" + "0" * 61) <= high


def test_no_name_has_more_digits_than_a_name() -> None:
    low, high = rows.prefix_range("a" * 65)
    assert low > high

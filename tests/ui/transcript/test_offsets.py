"""The journal counts code points, Qt counts UTF-16 units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.ui.transcript.offsets import to_code_points, to_utf16, utf16_length


@pytest.mark.parametrize(
    ("text", "code_points", "units"),
    [("abc", 2, 2), ("naïve", 3, 3), ("a😀b", 1, 1), ("a😀b", 2, 3), ("a😀b", 3, 4), ("漢字", 1, 1), ("👩‍👧", 3, 5), ("", 0, 0)],
)
def test_a_character_above_ffff_counts_twice_for_qt(text: str, code_points: int, units: int) -> None:
    assert to_utf16(text, code_points) == units
    assert to_code_points(text, units) == code_points


@given(st.text(alphabet=st.characters(), max_size=60), st.integers(0, 60))
def test_going_to_units_and_back_changes_nothing(text: str, at: int) -> None:
    at = min(at, len(text))
    assert to_code_points(text, to_utf16(text, at)) == at
    assert to_utf16(text, len(text)) == utf16_length(text)


def test_a_place_inside_a_pair_counts_as_behind_it() -> None:
    assert to_code_points("a😀b", 2) == 2

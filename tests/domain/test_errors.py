"""Errors are two sentences and a code, and text from outside cannot spoil them."""

import pytest

from reviewer.domain import errors
from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.members import NotAllowed
from reviewer.storage.driver import CannotStart
from reviewer.storage.keys import Locked


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.Refused, "E001"), (errors.NotFound, "E002"), (errors.NotSaved, "E101"), (errors.Busy, "E104"), (CannotStart, "E105"),
        (errors.Damaged, "E106"), (Locked, "E111"), (errors.TooNew, "E112"), (errors.BadRecord, "E301"), (NotAllowed, "E601"),
    ],
)  # fmt: skip
def test_a_kind_has_its_code_and_one_place_may_say_another(kind: type[ReviewerError], code: str) -> None:
    error = kind("What.", "Hint.")
    assert (error.code, error.what, error.hint, str(error)) == (code, "What.", "Hint.", f"What. [{code}]")
    assert kind("What.", "Hint.", "E999").code == "E999"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain é 🙂", "plain é 🙂"), ("a\nb\tc", "a\\u000ab\\u0009c"), ("\u202eabc", "\\u202eabc"), ("\x1b[31m", "\\u001b[31m"),
        ("x" * 200, "x" * 79 + "…"), ("", ""),
    ],
)  # fmt: skip
def test_text_from_outside_is_one_short_plain_line(text: str, plain: str) -> None:
    assert shown(text) == plain
    assert len(shown("\n" * 500)) <= 80

"""Every kind that is known has a shape; what comes from outside fits it or is not taken."""

from typing import Any, get_args

import msgspec
import pytest

from reviewer.domain import events
from reviewer.domain.events import SHAPES, BlobRef, Kind, Label, Retract, Shown

NAME: Any = "a" * 64  # an entry, an item, a blob
MEMBER = "b" * 32


def test_every_shape_is_of_a_kind() -> None:
    assert set(SHAPES) <= set(get_args(Kind))


def test_an_unknown_kind_has_no_value() -> None:
    assert events.value_of("hologram", {"anything": 1}) is None


def test_a_value_reads_back_as_it_was_written() -> None:
    label = Label(
        campaign=NAME, item=NAME, showing=1, clauses=(), spans=(events.Span(step="7.2", pointer="/user", start=0, end=4, quote=NAME),),
        omissions=(), steps={"7": "bad"}, blind=True, shown=Shown("window", labels=(NAME,)), verdict="non_compliant", severity="major",
        preference=events.Preference((("B",), ("A", "C")), "clear", False, ("B", "A", "C")), confidence="0.95",
    )  # fmt: skip
    assert events.value_of("label", msgspec.to_builtins(label)) == label


def test_fields_that_are_not_said_are_left_out() -> None:
    label = Label(campaign=NAME, item=NAME, showing=1, clauses=(), spans=(), omissions=(), steps={}, blind=True, shown=Shown("t"))
    assert set(msgspec.to_builtins(label)) == {"campaign", "item", "showing", "clauses", "spans", "omissions", "steps", "blind", "shown"}


def test_a_later_versions_fields_are_left_alone() -> None:
    value = {"campaign": NAME, "item": NAME, "mood": "fine"}
    assert events.value_of("retract", value) == Retract(NAME, NAME)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("label", {}), ("label", []), ("skip", {"campaign": NAME}), ("skip", {"campaign": "C", "item": NAME}),
        ("skip", {"campaign": NAME.upper(), "item": NAME}), ("skip", {"campaign": NAME + "\n", "item": NAME}),
        ("draw", {"campaign": NAME, "query": "", "population": {"n": 1, "blob": "x"}, "design": {}, "picks": {"n": 1, "blob": NAME}}),
        ("enrol", {"member": MEMBER, "name": "B", "role": "king", "device": NAME, "sign_key": NAME, "seal_key": NAME, "stream": MEMBER}),
        ("export", {"campaign": None, "format": "csv", "labels": "3", "file": NAME}), ("campaign", {"name": "C", "query": ""}),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_not_taken(kind: str, value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        events.value_of(kind, value)


def test_a_list_is_named_by_its_blob() -> None:
    assert msgspec.to_builtins(BlobRef(3, NAME)) == {"n": 3, "blob": NAME}

"""Arguments of a call beside the schema of its tool: what fits, what does not and how that is said, and schemas that mean harm."""

import json
import time
from typing import Any

import pytest

from reviewer.domain.errors import Refused
from reviewer.formats import tool_schemas

ORDER = {
    "type": "object",
    "properties": {
        "order": {"type": "string"},
        "amount": {"type": "number", "minimum": 0},
        "to": {"enum": ["card", "voucher"]},
        "items": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}, "required": ["n"]}},
    },
    "required": ["order"],
    "additionalProperties": False,
}


def tools(schema: Any, **more: Any) -> str:
    return json.dumps([{"type": "function", "function": {"name": "refund", "parameters": schema}}, {"name": "get", **more}])


@pytest.mark.parametrize(
    "value", [{"order": "A1"}, {"order": "A1", "amount": 0.5, "to": "card", "items": [{"n": 1}, {"n": None}]}, {"order": "", "items": []}]
)
def test_what_fits_is_taken(value: Any) -> None:
    tool_schemas.check(tools(ORDER), "refund", value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "refund does not take these arguments: at the top expected “order”, which is missing."),
        ({"order": 7}, "at order expected string, found 7."),
        ({"order": "A", "amount": -1}, "at amount expected minimum 0, found -1."),
        ({"order": "A", "to": "cash"}, 'at to expected one of "card", "voucher", found "cash".'),
        ({"order": "A", "items": [{"n": 1}, {"n": "2"}]}, 'at items[1].n expected integer or null, found "2".'),
        ({"order": "A", "why": "x", "who": 1}, "at the top expected only order, amount, to, items, found “why, who”."),
        ({"order": 7, "to": "cash"}, "1 more do not fit."),
    ],
)
def test_what_does_not_fit_is_told_by_its_place_and_what_is_expected(value: Any, words: str) -> None:
    with pytest.raises(Refused) as met:
        tool_schemas.check(tools(ORDER), "refund", value)
    assert words in met.value.what


def test_a_tool_that_the_item_has_not_is_refused_unless_it_was_called_before() -> None:
    with pytest.raises(Refused, match="no tool “escalate”") as met:
        tool_schemas.check(tools(ORDER), "escalate", {})
    assert met.value.hint == "Call one of: refund, get."
    tool_schemas.check(tools(ORDER), "escalate", {}, known="escalate")
    tool_schemas.check(None, "escalate", {})
    tool_schemas.check("no json", "escalate", {})


def test_schemas_in_other_dress_are_known() -> None:
    with pytest.raises(Refused, match="expected string"):
        tool_schemas.check(tools({}, input_schema=ORDER), "get", {"order": 1})
    referred = {"$defs": {"name": {"type": "string"}}, "properties": {"order": {"$ref": "#/$defs/name"}}}
    with pytest.raises(Refused, match="at order expected string"):
        tool_schemas.check(tools(referred), "refund", {"order": 1})


_DOUBLED = {
    "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]} for n in range(40)} | {"d40": {}},
    "$ref": "#/$defs/d0",
}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"order": {"$ref": "http://127.0.0.1:9/schema.json"}}},
        {"properties": {"order": {"$ref": "file:///etc/passwd"}}},
        {"properties": {"order": {"pattern": "^(a+)+$"}}},
        {"patternProperties": {"^(o+)+$": {}}, "additionalProperties": False},
        {"$ref": "#"},
        {"$id": "http://[", "$ref": "#/nowhere"},
        _DOUBLED,
        {"type": "nonsense"},
        {"minimum": "x"},
        True,
        7,
    ],
)
def test_schemas_that_mean_harm_or_nothing_take_no_time_and_reach_nothing(schema: Any) -> None:
    begun = time.process_time()
    tool_schemas.check(tools(schema), "refund", {"order": "a" * 40 + "!"})
    assert time.process_time() - begun < 2


def test_arguments_are_an_object_and_lose_their_white_space_alone() -> None:
    assert tool_schemas.arguments('{ "a" : 1.10,\n "b" : " x " }') == ({"a": 1.1, "b": " x "}, '{"a":1.10,"b":" x "}')
    for text, words in (
        ("{", "are not JSON"),
        ("[1]", "no JSON object|not a JSON object"),
        ('{"a":1,"a":2}', "are not JSON"),
        ("NaN", "are not JSON"),
    ):
        with pytest.raises(Refused, match=words):
            tool_schemas.arguments(text)

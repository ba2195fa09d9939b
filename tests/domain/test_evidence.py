"""Marked words: the text that their offsets count in, their hash, and what is refused."""

import hashlib
from typing import Any

import msgspec
import pytest

from reviewer.domain import evidence
from reviewer.domain.errors import Refused
from reviewer.domain.evidence import span_of
from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall

RUN = Item(
    kind="trajectory",
    messages=(
        Message(
            role="user", content=(Part(type="text", text="Grüße 🙂"), Part(type="image", sha256="0" * 64), Part(type="text", text="zwei"))
        ),
        Message(
            role="assistant",
            tool_calls=(
                ToolCall(name="pay", arguments='{"user":{"name":"Zoë","a/b":["x~y"]},"n":3}'),
                ToolCall(name="b", arguments="not json"),
            ),
        ),
        Message(role="tool", content=(Part(type="json", json='{"ok":"yes 🙂","at":1.10}'),)),
    ),
)
DEEP = Item(kind="trajectory", messages=(Message(role="tool", content=(Part(type="text", text="[" * 100_000),)),))
PAIR = Item(
    kind="comparison",
    messages=(Message(role="user", content=(Part(type="text", text="Which?"),)),),
    candidates=tuple(
        Candidate(key=key, messages=(Message(role="assistant", content=(Part(type="text", text=f"I am {key}."),)),)) for key in "AB"
    ),
)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"step": "1", "start": 6, "end": 7}, "🙂"),
        ({"step": "1", "part": 0, "start": 0, "end": 5}, "Grüße"),
        ({"step": "1", "part": 2, "start": 0, "end": 4}, "zwei"),
        ({"step": "2.1", "pointer": "/user/name", "start": 2, "end": 3}, "ë"),
        ({"step": "2.1", "pointer": "/user/a~1b/0", "start": 0, "end": 3}, "x~y"),
        ({"step": "2.2", "start": 0, "end": 3}, "not"),
        ({"step": "2.1", "start": 41, "end": 42}, "3"),
        ({"step": "3", "pointer": "/ok", "start": 4, "end": 5}, "🙂"),
        ({"step": "3", "part": 0, "pointer": "/ok", "start": 0, "end": 3}, "yes"),
        ({"step": "3", "part": 0, "start": 19, "end": 23}, "1.10"),
    ],
)
def test_a_span_is_counted_in_code_points_and_holds_the_hash_of_its_words(place: dict[str, Any], words: str) -> None:
    span = span_of(RUN, **place)
    assert span.quote == hashlib.sha256(words.encode()).hexdigest()


@pytest.mark.parametrize(
    "place",
    [
        {"step": "1", "start": 0, "end": 99},
        {"step": "1", "start": 3, "end": 3},
        {"step": "1", "start": -1, "end": 3},
        {"step": "9", "start": 0, "end": 1},
        {"step": "0", "start": 0, "end": 1},
        {"step": "x", "start": 0, "end": 1},
        {"step": "2.3", "start": 0, "end": 1},
        {"step": "1", "part": 7, "start": 0, "end": 1},
        {"step": "2.1", "pointer": "/n", "start": 0, "end": 1},
        {"step": "2.1", "pointer": "/none", "start": 0, "end": 1},
        {"step": "2.2", "pointer": "/x", "start": 0, "end": 1},
        {"step": "1", "part": 1, "start": 0, "end": 1},
        {"step": "1", "pointer": "/ok", "start": 0, "end": 1},
        {"step": "1", "part": 0, "pointer": "/ok", "start": 0, "end": 1},
        {"step": "A/1", "start": 0, "end": 1},
    ],
    ids=str,
)
def test_a_span_where_there_are_no_such_words_is_refused(place: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        span_of(RUN, **place)


def test_a_step_of_a_candidate_is_named_by_its_key() -> None:
    assert evidence.text_at(PAIR, "B/1") == "I am B."
    with pytest.raises(Refused):
        evidence.text_at(PAIR, "C/1")


def test_json_too_deep_to_read_is_refused_and_its_text_can_be_marked() -> None:
    with pytest.raises(Refused):
        evidence.text_at(DEEP, "1", 0, "/0")
    assert span_of(DEEP, step="1", part=0, start=0, end=1).quote == hashlib.sha256(b"[").hexdigest()


def test_words_that_are_others_in_the_item_do_not_pass() -> None:
    span = span_of(RUN, step="1", start=6, end=7)
    evidence.check(RUN, [span], ["2.1"])
    with pytest.raises(Refused, match="are others in this item"):
        evidence.check(RUN, [msgspec.structs.replace(span, start=0, end=1)])
    with pytest.raises(Refused, match="not a step"):
        evidence.check(RUN, [], ["2.3"])

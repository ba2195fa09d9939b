"""What is counted about an output."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain import surface
from reviewer.domain.items import Message, Part, ToolCall


def _said(text: str, role: str = "assistant", calls: int = 0) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),), tool_calls=(ToolCall(name="cancel"),) * calls)  # type: ignore[arg-type]


def test_only_what_the_assistant_said_is_counted() -> None:
    found = surface.surface([_said("Help!", "user"), _said("Sorry, I can't.", calls=2), _said("12 rows", "tool"), _said("Thanks! Why?")])
    assert found == surface.Surface(
        characters=len("Sorry, I can't.\nThanks! Why?"), words=6, messages=2, tool_calls=2, lists=0, headings=0, fences=0, questions=1,
        exclamations=1, digits=0, apologies=1, refusals=1, thanks=1,
    )  # fmt: skip


def test_marks_of_layout_are_counted_where_they_open_a_line() -> None:
    text = "# Plan\n- one - two\n2) three\n\n```py\nx = [1]\n```\n10 - 3 is no list"
    found = surface.surface([_said(text)])
    assert (found.headings, found.lists, found.fences, found.digits) == (1, 2, 2, 5)


def test_every_count_has_a_name_and_a_word_for_either_direction() -> None:
    assert tuple(surface.NAMES) == surface.Surface._fields
    assert surface.surface([]) == (0,) * len(surface.Surface._fields)


_PIECES = [
    *(
        "I can't",
        "cannot",
        "not able to",
        "WON'T",
        "i'm not going to",
        "Sorry",
        "apologise",
        "you're welcome",
        "Thank you",
        "glad to",
        "12",
        "²",
    ),
    *("\n- a", "\n1) b", "\n\t* c", "\n# d", "\n```", "snake_case", "é", "ſorry", "…", "?", "！", " ", "\x1f", "\r\n", "don't-stop"),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES)).map("".join) | st.text())
def test_the_quick_ways_count_what_the_patterns_do(text: str) -> None:
    found = surface.surface([_said(text)])
    assert found.words == len(re.findall(r"\w+", text))
    assert found.digits == sum(map(str.isdigit, text))
    assert found.lists == len(re.findall(r"^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]", text, re.MULTILINE))
    assert found.headings == len(re.findall(r"^#{1,6} ", text, re.MULTILINE))
    assert found.fences == len(re.findall(r"^[ \t]*```", text, re.MULTILINE))
    for name, pattern in (("apologies", surface._APOLOGY), ("refusals", surface._REFUSAL), ("thanks", surface._THANKS)):
        assert getattr(found, name) == len(pattern.findall(text))

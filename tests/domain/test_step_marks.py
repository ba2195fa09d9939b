"""Which steps can be marked, what a campaign's rule asks of the marks, and the verdict that follows from them."""

from typing import Any

import pytest

from reviewer.domain import step_marks
from reviewer.domain.errors import Refused
from reviewer.domain.events import Mark, Verdict
from reviewer.domain.items import Item, Message, Part, ToolCall

CALL = ToolCall(name="refund")
WORDS = (Part(type="text", text="words"),)
RUN = Item(
    kind="trajectory",
    messages=(
        Message(role="user", content=WORDS),
        Message(role="assistant", content=WORDS),
        Message(role="assistant", tool_calls=(CALL,)),
        Message(role="tool", content=WORDS),
        Message(role="assistant", content=WORDS, tool_calls=(CALL,)),
        Message(role="assistant", tool_calls=(CALL, CALL)),
        Message(role="assistant"),
    ),
)
STEPS = ("2", "3", "5", "5.1", "6.1", "6.2", "7")


def test_the_steps_of_an_agent_are_what_it_says_and_each_of_its_calls() -> None:
    assert step_marks.agent_steps(RUN) == STEPS


def test_before_the_first_wrong_step_all_is_right_and_after_it_nothing_is_known() -> None:
    assert step_marks.up_to_first_wrong(STEPS, "6.1") == {"2": "good", "3": "good", "5": "good", "5.1": "good", "6.1": "bad"}
    assert step_marks.up_to_first_wrong(STEPS, "2") == {"2": "bad"}
    assert step_marks.up_to_first_wrong([str(n) for n in range(1, 13)], "11")["9"] == "good"  # by number, not by letter


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        (dict.fromkeys(STEPS, "good"), "compliant"),
        ({**dict.fromkeys(STEPS, "good"), "5": "neutral"}, "compliant"),
        ({"3.1": "good", **dict.fromkeys(set(STEPS) - {"3"}, "good")}, "compliant"),  # a lone call under its whole name
        ({"5": "bad"}, "non_compliant"),
        ({"5": "good"}, None),
        ({}, None),
    ],
)
def test_a_verdict_follows_from_the_marks(marks: dict[str, Mark], verdict: Verdict | None) -> None:
    assert step_marks.verdict_of(STEPS, marks) == verdict


def test_of_nothing_nothing_follows() -> None:
    assert step_marks.verdict_of((), {}) is None


@pytest.mark.parametrize(
    ("rule", "marks", "verdict"),
    [
        ("each", {"5": "neutral"}, None),
        ("each", {"2": "bad", "5": "bad"}, None),
        ("each", {}, "unsure"),
        ("first_wrong", {"2": "good", "3": "good", "5": "bad"}, None),
        ("first_wrong", {"2": "good", "3.1": "good", "5": "bad"}, None),
        ("first_wrong", {"2": "good", "3": "good", "4": "bad"}, None),  # what a tool did; people said so of real runs
        ("first_wrong", dict.fromkeys(STEPS, "good"), None),
        ("first_wrong", {}, "unsure"),
    ],
)
def test_marks_that_fit_the_rule_are_taken(rule: Any, marks: dict[str, Mark], verdict: Verdict | None) -> None:
    step_marks.check(rule, STEPS, marks, verdict)


@pytest.mark.parametrize(
    ("rule", "marks", "verdict", "words"),
    [
        ("each", {}, None, "No step was marked"),
        ("each", {}, "compliant", "No step was marked"),
        ("first_wrong", {"2": "neutral", "3": "bad"}, None, "none is neutral"),
        ("first_wrong", {"2": "bad", "5": "bad"}, None, "Steps 2, 5 are marked bad"),
        ("first_wrong", {"2": "good", "3": "bad", "5.1": "good"}, None, "Step 5.1 comes after the first wrong one, step 3"),
        ("first_wrong", {"2": "good", "5": "bad"}, None, "Step 3 is not marked"),
        ("first_wrong", {"2": "good"}, None, "Step 3 is not marked"),
    ],
)
def test_marks_that_break_the_rule_are_refused_in_words(rule: Any, marks: dict[str, Mark], verdict: Verdict | None, words: str) -> None:
    with pytest.raises(Refused) as met:
        step_marks.check(rule, STEPS, marks, verdict)
    assert words in met.value.what
    assert met.value.hint.endswith(".")

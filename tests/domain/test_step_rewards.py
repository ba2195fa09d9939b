"""Step marks as process reward."""

from collections.abc import Mapping

import pytest

from reviewer.domain.events import Mark
from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall
from reviewer.domain.step_rewards import common_marks, rewards


def _said(role: str, text: str = "", calls: int = 0) -> Message:
    content = (Part(type="text", text=text),) if text else ()
    made = tuple(ToolCall(name="f", arguments=f'{{"n":{n}}}') for n in range(calls))
    return Message(role=role, content=content, tool_calls=made)  # type: ignore[arg-type] # one of the roles


_ASKED = (_said("system", "Be brief."), _said("user", "Do it."))
RUN = Item(kind="trajectory", messages=(*_ASKED, _said("assistant", "First", 2), _said("tool", "ok"), _said("assistant", "Done")))


@pytest.mark.parametrize(
    ("marks", "completions", "labels", "left"),
    [
        ({"3": "good", "5": "bad"}, ('First\nf({"n":0})\nf({"n":1})', "Done"), (True, False), 0),
        ({"3.1": "good", "3.2": "bad", "5": "good"}, ('First\nf({"n":0})', 'f({"n":1})', "Done"), (True, False, True), 0),
        ({"3": "good", "3.1": "good", "3.2": "bad"}, ("First", 'f({"n":0})', 'f({"n":1})'), (True, True, False), 1),
        ({"3": "bad", "5": "neutral"}, ('First\nf({"n":0})\nf({"n":1})',), (False,), 1),
    ],
)
def test_a_run_is_kept_up_to_its_first_step_that_was_not_judged(
    marks: Mapping[str, Mark], completions: tuple[str, ...], labels: tuple[bool, ...], left: int
) -> None:
    found = rewards(RUN, marks)
    assert found is not None
    assert (found.prompt, found.completions, found.labels, found.left) == ("Be brief.\n\nDo it.", completions, labels, left)


@pytest.mark.parametrize("marks", [{}, {"5": "bad"}, {"3": "neutral", "5": "good"}, {"3.2": "good"}])
def test_nothing_can_be_learned_where_the_first_step_was_not_judged(marks: Mapping[str, Mark]) -> None:
    assert rewards(RUN, marks) is None


def test_a_comparison_and_a_run_without_a_prompt_have_no_steps() -> None:
    both = tuple(Candidate(key=key, messages=(_said("assistant", "x"),)) for key in "AB")
    assert rewards(Item(kind="comparison", messages=(_said("user", "?"),), candidates=both), {"1": "good"}) is None
    assert rewards(Item(kind="completion", messages=(_said("assistant", "x"),)), {"1": "good"}) is None


def test_reviewers_have_those_marks_in_common_that_all_of_them_gave() -> None:
    assert common_marks([{"1": "good", "3": "bad"}, {"1": "good", "3": "good", "5": "bad"}]) == {"1": "good"}
    assert common_marks([{"1": "good"}]) == {"1": "good"}
    assert common_marks([]) == {}

"""What of an item counts when items are compared as training data."""

from reviewer.domain import training_text
from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall


def _said(role: str, text: str, *calls: ToolCall) -> Message:
    return Message(role=role, content=(Part(type="text", text=text),) if text else (), tool_calls=calls)  # type: ignore[arg-type] # a role


_RUN = Item(
    kind="trajectory",
    messages=(
        _said("system", "The rules."), _said("assistant", "Hello!"), _said("user", "Refund\n it."),
        _said("assistant", "", ToolCall(name="refund", arguments='{"order":1}')), _said("tool", "ok"), _said("assistant", "Done."),
    ),
)  # fmt: skip


def test_instructions_do_not_count_and_calls_do() -> None:
    assert training_text.pieces(_RUN) == ["Hello!", "Refund\n it.", 'refund {"order":1}', "ok", "Done."]
    assert training_text.whole(_RUN).splitlines() == ["Hello!", "Refund", " it.", 'refund {"order":1}', "ok", "Done."]


def test_a_prompt_is_what_stands_before_the_first_answer_whatever_its_case_and_spaces() -> None:
    assert training_text.prompt_key(_RUN) == "hello! refund it."
    assert [message.role for message in training_text.answers(_RUN)] == ["assistant", "tool", "assistant"]


def test_what_nobody_asked_or_answered_has_no_prompt_or_no_answer() -> None:
    assert training_text.prompt_key(Item(kind="completion", messages=(_said("system", "The rules."),))) is None
    assert training_text.answers(Item(kind="completion", messages=(_said("user", "Well?"),))) == ()


def test_of_a_comparison_the_prompt_is_what_its_outputs_share() -> None:
    item = Item(
        kind="comparison", messages=(_said("user", "Well?"),), candidates=(Candidate(key="A", messages=(_said("assistant", "Yes."),)),)
    )
    assert training_text.prompt_key(item) == "well?"
    assert training_text.pieces(item) == ["Well?", "Yes."]
    assert training_text.answers(item) == ()

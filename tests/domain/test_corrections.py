"""Steps that a reviewer rewrote: what can be, what comes of it, and how it is kept."""

import pytest

from reviewer.domain import corrections
from reviewer.domain.corrections import Rewrite
from reviewer.domain.errors import Refused
from reviewer.domain.items import Candidate, Item, Message, Part, ToolCall


def _said(text: str, *more: Part) -> tuple[Part, ...]:
    return (Part(type="text", text=text), *more)


GET = ToolCall(name="get", id="g", arguments='{"order":1}')
PAY = ToolCall(name="refund", id="p", arguments='{"amount":486}')
PICTURE = Part(type="image", sha256="0" * 64)
THOUGHT = Part(type="text", name="reasoning", text="They ask, so I pay.")
RUN = Item(
    kind="trajectory",
    messages=(
        Message(role="user", content=_said("My money back.")),
        Message(role="assistant", tool_calls=(GET,)),
        Message(role="tool", tool_call_id="g", content=_said('{"days":41}')),
        Message(role="assistant", content=(THOUGHT, *_said("At once.", PICTURE)), tool_calls=(GET, PAY)),
        Message(role="tool", tool_call_id="p", content=_said("ok")),
        Message(role="assistant", content=_said("Done.")),
    ),
)


def _last(**rewrites: Rewrite) -> Message:
    twin = corrections.twin(RUN, {step.replace("_", ".").lstrip("s"): one for step, one in rewrites.items()})
    assert twin is not None
    return twin.messages[-1]


def test_what_an_agent_says_and_calls_can_be_rewritten() -> None:
    assert corrections.addresses(RUN) == ("2.1", "4", "4.1", "4.2", "6")
    assert [corrections.address(RUN, step) for step in ("2", "2.1", "4")] == ["2.1", "2.1", "4"]
    assert corrections.current(RUN, "2") == Rewrite('{"order":1}', "get")
    assert corrections.current(RUN, "4") == Rewrite("At once.")  # not what was thought


@pytest.mark.parametrize("step", ["1", "3", "4.3", "9", "x", ""])
def test_what_is_no_step_of_the_agent_cannot(step: str) -> None:
    with pytest.raises(Refused, match="no step of the agent"):
        corrections.check(RUN, {step: Rewrite("x")})


def test_a_twin_ends_with_the_message_that_was_put_right() -> None:
    twin = corrections.twin(RUN, {"4.2": Rewrite('{"amount":0}', "refund")})
    assert twin is not None
    assert twin.messages[:3] == RUN.messages[:3]
    message = twin.messages[3]
    assert message.tool_calls == (GET, ToolCall(name="refund", id="p", arguments='{"amount":0}'))
    assert message.content == _said("At once.", PICTURE)  # what led to the mistake is not imitated
    assert len(twin.messages) == 4


def test_words_calls_and_silence_take_the_place_of_one_another() -> None:
    assert _last(s4=Rewrite("Let me ask.")).content == _said("Let me ask.", PICTURE)
    message = _last(s4_2=Rewrite("It is too late for that."))
    assert (message.content, message.tool_calls) == ((*_said("At once.", PICTURE), *_said("It is too late for that.")), (GET,))
    message = _last(s4_2=Rewrite('{"to":"lead"}', "escalate"), s4=Rewrite(" "))
    assert (message.content, [call.name for call in message.tool_calls]) == ((PICTURE,), ["get", "escalate"])
    message = _last(s6=Rewrite('{"order":1}', "get"))
    assert (message.content, message.tool_calls) == ((), (ToolCall(name="get", arguments='{"order":1}'),))


@pytest.mark.parametrize(
    ("rewrites", "words"),
    [
        ({"2.1": Rewrite("{}", "get"), "4": Rewrite("x")}, "Messages 2 and 4 are rewritten"),
        ({"6": Rewrite(" Done. ")}, "Nothing changed: step 6"),
        ({"4.2": Rewrite('{ "amount": 486 }', "refund")}, "Nothing changed: step 4.2"),
        ({"6": Rewrite("")}, "Nothing is left of message 6"),
        ({"2.1": Rewrite("")}, "Nothing is left of message 2"),
        ({"4.2": Rewrite("{}", "")}, "A tool cannot be called"),
        ({"6": Rewrite("a\x00b")}, "half a character"),
        ({"6": Rewrite("a\ud800b")}, "half a character"),
    ],
)
def test_what_makes_no_twin_is_refused_in_words(rewrites: dict[str, Rewrite], words: str) -> None:
    with pytest.raises(Refused) as met:
        corrections.check(RUN, rewrites)
    assert words in met.value.what
    assert met.value.hint.endswith(".")


def test_of_a_comparison_no_step_is_rewritten() -> None:
    pair = Item(kind="comparison", messages=RUN.messages[:1], candidates=(Candidate(key="A", messages=RUN.messages[5:]),))
    with pytest.raises(Refused, match="Of a comparison"):
        corrections.check(pair, {"A/1": Rewrite("x")})
    assert corrections.twin(pair, {"1": Rewrite("x")}) is None


def test_a_correction_is_read_back_and_an_output_as_a_whole_is_none_of_steps() -> None:
    rewrites = {"4.2": Rewrite('{"é":"🙂"}', "refund"), "4": Rewrite("No.")}
    assert corrections.decode(corrections.encode(rewrites).decode()) == rewrites
    assert corrections.decode('{"4":{"text":"x"}}') is None
    assert corrections.decode(corrections.TAG + "not json") == {}
    assert corrections.twin(RUN, {}) is None
    assert corrections.twin(RUN, {"77": Rewrite("x")}) is None

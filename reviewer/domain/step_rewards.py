"""Step marks as process reward: the steps of a run that were judged, in order, each right or not."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reviewer.domain.events import Mark
from reviewer.domain.items import Item, Message, ToolCall, text_of


class Steps(NamedTuple):
    """The steps of a run before its first that was not judged good or bad. left: how many follow that one, itself among them."""

    prompt: str
    completions: tuple[str, ...]
    labels: tuple[bool, ...]
    left: int


def common_marks(said: Sequence[Mapping[str, Mark]]) -> dict[str, Mark]:
    """The marks that all reviewers have in common; a step that one of them marked otherwise, or not at all, has none."""
    if not said:
        return {}
    first, *others = said
    return {step: mark for step, mark in first.items() if all(other.get(step) == mark for other in others)}


def rewards(item: Item, marks: Mapping[str, Mark]) -> Steps | None:
    """What the marks on a run say of its steps; None where nothing can be learned from it.

    A neutral or unmarked step has no value in process reward, and what comes after it is judged in its light: the run ends before it.
    """
    first = next((i for i, message in enumerate(item.messages) if message.role == "assistant" and i), None)
    if item.candidates or first is None:
        return None
    prompt = "\n\n".join(text for message in item.messages[:first] if (text := text_of(message)))
    steps = [(text, marks.get(name)) for m in range(first, len(item.messages)) for name, text in _steps(item.messages[m], m + 1, marks)]
    judged = next((i for i, (_, mark) in enumerate(steps) if mark not in ("good", "bad")), len(steps))
    if not judged or not prompt:
        return None
    kept = steps[:judged]
    return Steps(prompt, tuple(text for text, _ in kept), tuple(mark == "good" for _, mark in kept), len(steps) - judged)


def _steps(message: Message, number: int, marks: Mapping[str, Mark]) -> list[tuple[str, str]]:
    """The steps of an assistant message with their names: its calls each for itself where one of them was marked, else it as a whole."""
    if message.role != "assistant":
        return []
    name, text, calls = str(number), text_of(message), [_call(call) for call in message.tool_calls]
    named = [f"{number}.{k}" for k in range(1, len(calls) + 1)]
    if not any(call in marks for call in named):
        return [(name, whole)] if (whole := "\n".join([text, *calls] if text else calls)) else []
    if text and name not in marks:  # words that nobody marked stand with the call that they lead to
        calls[0] = f"{text}\n{calls[0]}"
    return [*([(name, text)] if name in marks and text else []), *zip(named, calls, strict=True)]


def _call(call: ToolCall) -> str:
    return f"{call.name}({call.arguments})"

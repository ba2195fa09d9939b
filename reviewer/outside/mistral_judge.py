"""Mistral as a judge: one chat completion an item, held to a strict schema."""

from typing import TYPE_CHECKING, Any

from reviewer.domain.judges import Question, Reply, Usage, Words
from reviewer.outside.mistral_line import Address, Line, Wait

if TYPE_CHECKING:
    from mistralai.client.models import ChatCompletionResponse

_ANSWER_TOKENS = 1_500  # of one answer at most
_SCHEMA = "judgement"


class MistralJudge:
    """Asks a model of Mistral. The SDK's `chat.parse` would throw an answer that breaks the schema away; here it is kept word for word."""

    def __init__(self, model: str, address: Address, key: str, *, wait: Wait) -> None:
        """wait: how pauses between tries are spent. Raises Refused for an address that a key may not go to."""
        self._model = model
        self._line = Line(address, key, wait=wait)

    def ask(self, question: Question) -> Reply:
        """The answer to one question. Raises NoAnswer, and Cancelled while it waits to ask again."""
        asked = body(question)
        return reply_of(self._line.call(lambda sdk: sdk.chat.complete(model=self._model, **asked)))

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def body(question: Question) -> dict[str, Any]:
    """What is sent, apart from the model."""
    asked: dict[str, Any] = {
        "messages": [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}],
        "temperature": question.temperature,
        "random_seed": 0,
        "max_tokens": _ANSWER_TOKENS,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": _SCHEMA, "schema": dict(question.schema), "strict": True},
        },
    }
    if question.samples > 1:
        asked["n"] = question.samples  # the item is paid for once
    return asked


def reply_of(answer: "ChatCompletionResponse") -> Reply:
    """An answer of the SDK as ours."""
    words = tuple(Words(_text(choice.message), str(choice.finish_reason)) for choice in answer.choices)
    return Reply(answer.id, answer.model, words, Usage(answer.usage.prompt_tokens or 0, answer.usage.completion_tokens or 0))


def _text(message: Any) -> str:
    """The words of a message: text as it is, of parts those that are text; what a model thought aloud is no answer."""
    content = getattr(message, "content", None)
    if isinstance(content, str):
        return content
    return "".join(part.text for part in content or () if isinstance(getattr(part, "text", None), str))

"""What a model is told of a group of items to name it, and how its answer is read. A name is words for people, and nothing hangs on it."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import redaction
from reviewer.domain.errors import shown
from reviewer.domain.judge_answers import Discarded
from reviewer.domain.judge_prompts import Prompt
from reviewer.domain.judges import Question, Reply

TEXTS = 8
"""Items of a group that are shown to the model."""

LONGEST = 80
"""Characters of a name."""


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


_decoder = msgspec.json.Decoder(_Answer)


class Shown(NamedTuple):
    """Texts as they are sent. private: how many details of each kind were taken out of them."""

    texts: tuple[str, ...]
    private: dict[str, int]


def shown_texts(texts: Sequence[str]) -> Shown:
    """Texts of items (domain.embedding) without private details."""
    found = [redaction.redact(text) for text in texts]
    private: Counter[str] = Counter()
    for one in found:
        private.update(one.counts)
    return Shown(tuple(one.text for one in found), dict(private))


def question(prompt: Prompt, texts: Sequence[str], *, nonce: str) -> Question:
    """What to ask. nonce: fresh and unforeseeable; it may not stand in the texts."""
    user = "\n\n".join(f"<<text {nonce}>>\n{text}\n<<end of text {nonce}>>" for text in texts)
    return Question(prompt.text, user, nonce, prompt.shape)


def name_of(reply: Reply, asked: Question) -> str:
    """The name that an answer gives, as one line. Raises Discarded."""
    if not reply.answers or reply.answers[0].finish in ("length", "model_length"):
        raise _discarded("the answer was cut off" if reply.answers else "the answer was empty")
    text = reply.answers[0].text
    if asked.nonce in text:
        raise _discarded("it repeats its instructions")
    try:
        name = " ".join(_decoder.decode(text).name.split())
    except (msgspec.ValidationError, RecursionError) as error:
        raise _discarded(f"the answer breaks the schema: {shown(str(error), 120)}") from error
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _discarded("the answer is not JSON") from error
    if not name or len(name) > LONGEST or not name.isprintable():
        raise _discarded(f"“{shown(name, 40)}” is no name of 1 to {LONGEST} characters")
    return name


def _discarded(reason: str) -> Discarded:
    return Discarded(f"The name was discarded: {reason}.", "Ask again, or give the group a name of your own.")

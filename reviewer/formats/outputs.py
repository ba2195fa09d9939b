"""From the outputs of a record to a comparison: what they share becomes the prompt, and which one the source preferred is kept aside.

A flat dialogue is cut at `\\n\\nHuman:` and `\\n\\nAssistant:`, as hh-rlhf writes it. Which output was preferred goes to the metadata, by
the keys of the candidates; the keys themselves tell nothing (domain.candidates).
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain.candidates import MOST, Keyed, Output, common_run, keyed
from reviewer.domain.items import Candidate, Item, Message, Part, Role, text_of
from reviewer.domain.records import Medium
from reviewer.formats import chat_messages
from reviewer.formats.format import Options
from reviewer.formats.strict_json import bad, compact_text, decode, free_json

Raw = msgspec.Raw

_TURN = re.compile(r"\n\n(Human|Assistant):")
_SPEAKERS: dict[str, Role] = {"Human": "user", "Assistant": "assistant"}
_NOTHING = (b"null", b'""', b"[]")
_any = msgspec.json.Decoder()


class Compared(NamedTuple):
    """The parts of a comparison. keys: those of the outputs, in the order in which they were given."""

    prompt: tuple[Message, ...]
    candidates: tuple[Candidate, ...]
    keys: tuple[str, ...]


class Said(NamedTuple):
    """One output as its record has it: text, or messages; model: who made it."""

    raw: Raw
    name: str
    model: str | None = None


def compared(prompt: Raw | None, said: Sequence[Said], found: list[Medium]) -> Compared:
    """The prompt and candidates of a record. Without a prompt of its own it is what the outputs begin with.

    Raises BadRecord where an output is empty, where all are the same, where there are too few or too many, or where they share nothing.
    """
    if not 2 <= len(said) <= MOST:
        raise bad(f"A comparison has 2 to {MOST} outputs, and this one has {len(said)}.")
    for one in said:
        if bytes(one.raw) in _NOTHING:
            raise bad(f"The output “{one.name}” is empty.")
    asked = () if prompt is None or bytes(prompt) in _NOTHING else messages(prompt, "user", found)
    if asked:
        outputs = [_after(asked, messages(one.raw, "assistant", found), one) for one in said]
    else:
        asked, outputs = _shared([_dialogue(one, found) for one in said], said)
    if all(one == outputs[0] for one in outputs):
        raise bad("The outputs are the same: there is nothing to compare.")
    found_keys: Keyed = keyed([Output(those, one.model) for those, one in zip(outputs, said, strict=True)])
    return Compared(asked, *found_keys)


def pair_of(pair: Compared, members: Mapping[str, Raw], options: Options, *, tools: Raw | None) -> Item:
    """The comparison of a preference record: `id` and `agent` are members of it; tools: where the record has them."""
    return Item(
        kind="comparison",
        messages=pair.prompt,
        candidates=pair.candidates,
        agent=options.agent or as_text(members.get("agent")),
        external_id=as_text(members.get("id")),
        tools=None if tools is None or bytes(tools) in _NOTHING else free_json(tools),
    )


def messages(raw: Raw, role: Role, found: list[Medium]) -> tuple[Message, ...]:
    """A value as messages: a list of them, one of them, a flat dialogue, or plain text said by `role`."""
    data = bytes(raw)
    if data.startswith(b"["):
        return chat_messages.messages_of(raw, found)
    if data.startswith(b"{") and b'"role"' in data:
        return chat_messages.messages_of(b"[" + data + b"]", found)
    value = _any.decode(data)
    if not isinstance(value, str):
        return (Message(role=role, content=(Part(type="json", json=compact_text(raw)),)),)
    return dialogue(value) or (text(role, value),)


def text(role: Role, words: str) -> Message:
    """A message of one text; of none where there are no words."""
    return Message(role=role, content=(Part(type="text", text=words),) if words else ())


def dialogue(flat: str) -> tuple[Message, ...]:
    """The turns of a flat dialogue; nothing for other text. `flat` gives it back as it was."""
    if not flat.startswith(("\n\nHuman:", "\n\nAssistant:")):
        return ()
    _, *parts = _TURN.split(flat)
    return tuple(text(_SPEAKERS[who], words.removeprefix(" ")) for who, words in zip(parts[::2], parts[1::2], strict=True))


def flat(turns: Sequence[Message]) -> str:
    """Turns of people and models as one text, as hh-rlhf writes a dialogue."""
    names = {role: name for name, role in _SPEAKERS.items()}
    return "".join(f"\n\n{names.get(turn.role, turn.role.capitalize())}: {text_of(turn)}" for turn in turns)


def _dialogue(said: Said, found: list[Medium]) -> tuple[Message, ...] | str:
    """What an output without a prompt is: whole dialogues, or a text that begins with its prompt."""
    value = _any.decode(bytes(said.raw))
    if isinstance(value, str):
        return dialogue(value) or value
    return messages(said.raw, "assistant", found)


def _shared(wholes: Sequence[tuple[Message, ...] | str], said: Sequence[Said]) -> tuple[tuple[Message, ...], list[tuple[Message, ...]]]:
    """What all begin with, and what each goes on with."""
    texts = [one for one in wholes if isinstance(one, str)]
    turns = [one for one in wholes if not isinstance(one, str)]
    if texts and turns:
        raise bad(f"“{said[0].name}” and “{said[1].name}” are not of one kind: one is a dialogue, the other is not.")
    if texts:
        start = _shared_text(texts)
        if not start.strip():
            raise bad("There is no prompt, and the outputs do not begin alike.")
        return (text("user", start),), [(text("assistant", one[len(start) :]),) for one in texts]
    same = common_run(turns)
    if not same:
        raise bad("There is no prompt, and the dialogues share no turn at their beginning.")
    return turns[0][:same], [one[same:] for one in turns]


def _shared_text(texts: Sequence[str]) -> str:
    """What the texts begin with, in whole words, as TRL's `extract_prompt` cuts it: a space belongs to what follows."""
    shortest = min(texts, key=len)
    same = next((i for i, sign in enumerate(shortest) if any(one[i] != sign for one in texts)), len(shortest))
    return texts[0][:same].removesuffix(" ") if same else ""


def _after(prompt: tuple[Message, ...], output: tuple[Message, ...], said: Said) -> tuple[Message, ...]:
    """An output without the prompt, which some sources repeat before it."""
    rest = output[len(prompt) :] if output[: len(prompt)] == prompt else output
    if not rest:
        raise bad(f"The output “{said.name}” is empty.")
    return rest


def as_text(raw: Raw | None) -> str | None:
    """A name or id as text; None where there is none."""
    if raw is None or bytes(raw) in _NOTHING:
        return None
    value = decode(_any, raw)
    return value if isinstance(value, str) else compact_text(raw)


def with_keys(beside: Mapping[str, Raw], **keys: str) -> dict[str, Raw]:
    """The metadata of a record, and which candidate is what, by its key."""
    return {**beside, **{name: Raw(msgspec.json.encode(key)) for name, key in keys.items()}}

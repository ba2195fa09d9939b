"""What a released data set can look like: the columns of each format, made of what was reviewed. Shapes as of FORMATS.md, "Out"."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from reviewer.domain.errors import Refused, shown
from reviewer.domain.step_rewards import Steps
from reviewer.formats.turns import MISTRAL, OPENAI, OPENAI_CHAT, SEEING, TEMPLATES, Dialect, Image, Pair, Turn, joined_lists

Raw = msgspec.Raw

Needs = Literal["runs", "outputs", "pairs", "steps", "whole"]
Form = Literal["conversational", "standard"]
FORMS: tuple[Form, ...] = ("conversational", "standard")


class Judged(NamedTuple):
    """A run and whether it is compliant."""

    turn: Turn
    good: bool


class Whole(NamedTuple):
    """All of an item with all that was said of it; each part JSON."""

    item: bytes
    answer: bytes
    labels: bytes


class Left(NamedTuple):
    """A format has no place for a row: why, as one of domain.releases.ALSO_DROPPED."""

    reason: str


Material = Judged | Turn | Pair | Steps | Whole


class Columns(NamedTuple):
    """The columns of a row: name and JSON. table: of those among them that a table holds as something else, a string for a free object."""

    lines: tuple[tuple[str, bytes], ...]
    table: tuple[tuple[str, bytes], ...] = ()


class Shape(NamedTuple):
    """A format. needs: what its rows are made of; made: its columns. traced: whether the columns of lineage stand in the rows.

    Others take no column that they do not know: there, lineage lies in a file of its own. forms: what it can be written as.
    """

    name: str
    description: str
    needs: Needs
    made: Callable[[Any, Form], Columns | Left]
    traced: bool = True
    dialect: Dialect = TEMPLATES
    forms: tuple[Form, ...] = FORMS


_encode = msgspec.json.encode
_decode = msgspec.json.decode
_NOT_PLAIN, _NOT_CHAT = Left("not_plain"), Left("not_chat")
IMAGES = "images"
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def _kto(judged: Judged, form: Form) -> Columns | Left:
    output = _completion(judged.turn, form)
    if isinstance(output, Left):
        return output
    prompt, completion, *others = output.lines
    return Columns((prompt, completion, ("label", b"true" if judged.good else b"false"), *others))


def _completion(turn: Turn, form: Form) -> Columns | Left:
    sides = _plain(turn.prompt, turn.completion) if form == "standard" else [turn.prompt, turn.completion]
    if sides is None or (form == "standard" and turn.images):
        return _NOT_PLAIN
    return Columns((("prompt", bytes(sides[0])), ("completion", bytes(sides[1])), *_images(turn.images), *_tools_text(turn.tools, form)))


def _preference(pair: Pair, form: Form) -> Columns | Left:
    sides = _plain(pair.prompt, pair.chosen, pair.rejected) if form == "standard" else [pair.prompt, pair.chosen, pair.rejected]
    if sides is None or (form == "standard" and pair.images):
        return _NOT_PLAIN
    told = zip(("prompt", "chosen", "rejected"), map(bytes, sides), strict=True)
    return Columns((*told, *_images(pair.images), *_tools_text(pair.tools, form)))


def _reward(pair: Pair, form: Form) -> Columns | Left:
    """Whole dialogues; as plain text in the manner of hh-rlhf, which can be read back."""
    sides = [joined_lists(pair.prompt, side) for side in (pair.chosen, pair.rejected)]
    if form == "standard":
        told = [_dialogue(side) for side in sides]
        if None in told:
            return _NOT_PLAIN
        sides = [Raw(_encode(text)) for text in told]
    return Columns((("chosen", bytes(sides[0])), ("rejected", bytes(sides[1])), *_tools_text(pair.tools, form)))


def _stepwise(steps: Steps, _: Form) -> Columns:
    return Columns((("prompt", _encode(steps.prompt)), ("completions", _encode(steps.completions)), ("labels", _encode(steps.labels))))


def _openai_preference(pair: Pair, _: Form) -> Columns | Left:
    """One assistant message on each side: the interface takes no longer outputs, and no calls in them."""
    if any(_only(side, "assistant") is None for side in (pair.chosen, pair.rejected)):
        return _NOT_CHAT
    tools = tool_list(pair.tools)
    asked = b'{"messages":' + bytes(pair.prompt)
    with_tools = [asked + (b"" if told is None else b',"tools":' + told + b',"parallel_tool_calls":true') + b"}" for told in tools]
    outputs = (("preferred_output", bytes(pair.chosen)), ("non_preferred_output", bytes(pair.rejected)))
    return Columns((("input", with_tools[0]), *outputs), (("input", with_tools[1]),))


def _chat(turn: Turn, _: Form) -> Columns | Left:
    messages = ("messages", bytes(joined_lists(turn.prompt, turn.completion)))
    table = () if turn.as_text is None else (("messages", bytes(joined_lists(*turn.as_text))),)
    told, as_text = tool_list(turn.tools)
    if told is None or as_text is None:
        return Columns((messages,), table)
    return Columns((messages, ("tools", told)), (*table, ("tools", as_text)))


def _raw(whole: Whole, _: Form) -> Columns:
    lines = (("item", whole.item), ("answer", whole.answer), ("labels", whole.labels))
    texts = tuple((name, _encode(value.decode())) for name, value in lines)
    return Columns(lines, texts)


_CHATS: tuple[Form, ...] = ("conversational",)
SHAPES: tuple[Shape, ...] = (
    Shape("trl-preference", "pairs with their prompt, for TRL's DPOTrainer", "pairs", _preference, dialect=SEEING),
    Shape("trl-kto", "judged runs, for TRL's KTOTrainer", "runs", _kto, dialect=SEEING),
    Shape("trl-stepwise", "judged steps, as TRL's stepwise supervision", "steps", _stepwise, forms=("standard",)),
    Shape("trl-prompt-completion", "compliant and corrected outputs, for TRL's SFTTrainer", "outputs", _completion, dialect=SEEING),
    Shape("trl-reward", "pairs of whole dialogues, for TRL's RewardTrainer", "pairs", _reward),
    Shape("openai-preference", "pairs, for preference fine-tuning in OpenAI's shape", "pairs", _openai_preference, False, OPENAI, _CHATS),
    Shape("openai-chat", "compliant and corrected chats, for fine-tuning in OpenAI's shape", "outputs", _chat, False, OPENAI_CHAT, _CHATS),
    Shape("mistral-chat", "compliant and corrected chats, for fine-tuning in Mistral's shape", "outputs", _chat, False, MISTRAL, _CHATS),
    Shape("raw", "every item with an answer, with all of its labels", "whole", _raw, forms=_CHATS),
)


def shape_of(name: str) -> Shape:
    """The format of a name. Raises Refused with the list of names."""
    found = next((one for one in SHAPES if one.name == name), None)
    if found is None:
        raise Refused(f"“{shown(name, 40)}” is not a format that is released.", f"Choose one of: {', '.join(one.name for one in SHAPES)}.")
    return found


def form_of(shape: Shape, name: str | None) -> Form:
    """The form of a name, or the first that a format has. Raises Refused for one that it has not."""
    found = next((one for one in shape.forms if one == name), None) if name is not None else shape.forms[0]
    if found is None:
        raise Refused(f"{shape.name} is not written as “{shown(name or '', 40)}”.", f"Choose one of: {', '.join(shape.forms)}.")
    return found


def columns_of(shape: Shape, material: Material, form: Form, *, images: bool) -> Columns | Left:
    """The columns of a row. images: whether the release has a column for them: a row without any then says so."""
    made = shape.made(material, form)
    if not images or isinstance(made, Left) or any(name == IMAGES for name, _ in made.lines):
        return made
    return made._replace(lines=(*made.lines, (IMAGES, b"[]")))


def image_file(image: Image) -> str:
    """Where an image lies below the folder of a release."""
    return f"{IMAGES}/{image.sha256}.{_ENDINGS.get(image.media_type, 'bin')}"


# --- parts of rows


def _images(images: tuple[Image, ...]) -> tuple[tuple[str, bytes], ...]:
    return ((IMAGES, _encode([image_file(one) for one in images])),) if images else ()


def _tools_text(tools: Raw | None, form: Form) -> tuple[tuple[str, bytes], ...]:
    return (("tools", bytes(tools)),) if tools is not None and form == "conversational" else ()


def tool_list(tools: Raw | None) -> tuple[bytes | None, bytes | None]:
    """An item's tools, which it holds as a JSON string, as a JSON list of functions, and that list as a string; None for what is none."""
    if tools is None:
        return None, None
    try:
        listed = _decode(_decode(tools, type=str), type=list[dict[str, Raw]])
    except (msgspec.DecodeError, ValueError):
        return None, None
    functions = [_function(one) for one in listed]
    if not functions or None in functions:
        return None, None
    told = _encode(functions)
    return told, _encode(told.decode())


def _function(tool: dict[str, Raw]) -> dict[str, Any] | None:
    """A tool in the shape that most read; sources that name its parameters otherwise, or leave the shell out, mean the same."""
    if "function" in tool:
        return {"type": "function", "function": tool["function"]}
    if "name" not in tool:
        return None
    parameters = tool.get("parameters") or tool.get("input_schema") or Raw(b'{"type":"object","properties":{}}')
    return {
        "type": "function",
        "function": {"name": tool["name"], "description": tool.get("description", Raw(b'""')), "parameters": parameters},
    }


class _Said(msgspec.Struct):
    role: str
    content: str
    tool_calls: Raw = Raw()
    reasoning_content: Raw = Raw()


_messages = msgspec.json.Decoder(list[_Said])
_SPEAKERS = {"user": "Human", "assistant": "Assistant"}


def _only(side: Raw, role: str) -> str | None:
    """The text of a side that is one message of this role, without calls; None for any other."""
    messages = _messages.decode(side)
    if len(messages) != 1 or messages[0].role != role or messages[0].tool_calls:
        return None
    return messages[0].content


def _plain(prompt: Raw, *outputs: Raw) -> list[Raw] | None:
    """A question and its answers as JSON strings; None where there is more to them than text."""
    texts = [_only(prompt, "user"), *(_only(side, "assistant") for side in outputs)]
    return None if None in texts else [Raw(_encode(text)) for text in texts]


def _dialogue(side: Raw) -> str | None:
    """Turns of a user and an assistant as one text, in the manner of hh-rlhf; None where somebody else speaks or a tool is called."""
    messages = _messages.decode(side)
    if any(message.role not in _SPEAKERS or message.tool_calls for message in messages):
        return None
    return "".join(f"\n\n{_SPEAKERS[message.role]}: {message.content}" for message in messages)


def joined(columns: Iterable[tuple[str, bytes]]) -> bytes:
    """Columns as the inside of a JSON object; joined from pieces, since that copies each once."""
    pieces: list[bytes] = []
    for name, value in columns:
        pieces += (b',"%b":' % name.encode() if pieces else b'"%b":' % name.encode(), value)
    return b"".join(pieces)


def names(shapes: Sequence[Shape] = SHAPES) -> str:
    """The names of formats, for a sentence."""
    return ", ".join(one.name for one in shapes)

"""What can be counted about an output without reading it: what a model could learn instead of what a label means."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from reviewer.domain.items import Message, text_of

_LIST = re.compile(r"[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]")
_HEADING = re.compile(r"#{1,6} ")
_FENCE = re.compile(r"[ \t]*```")
_APOLOGY = re.compile(r"\b(?:sorry|apolog(?:y|ies|i[sz]e[ds]?)|regret|unfortunately)\b", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:(?:can(?:no|['’])t|won['’]t|not able to|unable to|not comfortable)\b|(?:i am|i['’]m) not going to)", re.IGNORECASE
)
_THANKS = re.compile(r"\b(?:thank(?:s| you)|you['’]re welcome|happy to help|glad to)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# What a match of each pattern holds, in small letters, as long as the text is ASCII: a search through every release is most of its audit.
_APOLOGIES, _REFUSALS, _THANKED = (
    ("sorry", "apolog", "regret", "unfortunately"),
    ("n't", "cannot", "able", "going to"),
    ("thank", "you", "glad"),
)
_ASCII_WORDS = bytes(byte if chr(byte).isalnum() or chr(byte) == "_" else ord(" ") for byte in range(128)) + bytes(128)
_DIGITS = b"0123456789"


class Surface(NamedTuple):
    """Counts of an output: of what the assistant said and did in it."""

    characters: int
    words: int
    messages: int
    tool_calls: int
    lists: int
    headings: int
    fences: int
    questions: int
    exclamations: int
    digits: int
    apologies: int
    refusals: int
    thanks: int


NAMES: dict[str, tuple[str, str, str]] = {  # what it is called; what an output is or has with more of it, and with less
    "characters": ("Length in characters", "is longer", "is shorter"),
    "words": ("Length in words", "is longer", "is shorter"),
    "messages": ("Number of messages", "has more messages", "has fewer messages"),
    "tool_calls": ("Number of tool calls", "has more calls", "has fewer calls"),
    "lists": ("Number of list items", "has more list items", "has fewer list items"),
    "headings": ("Number of headings", "has more headings", "has fewer headings"),
    "fences": ("Number of code fences", "has more code fences", "has fewer code fences"),
    "questions": ("Number of question marks", "has more question marks", "has fewer question marks"),
    "exclamations": ("Number of exclamation marks", "has more exclamation marks", "has fewer exclamation marks"),
    "digits": ("Number of digits", "has more digits", "has fewer digits"),
    "apologies": ("Number of apologies", "has more apologies", "has fewer apologies"),
    "refusals": ("Number of refusals", "has more refusals", "has fewer refusals"),
    "thanks": ("Number of thanks", "has more thanks", "has fewer thanks"),
}


def surface(messages: Iterable[Message]) -> Surface:
    """The counts of the assistant's messages among these."""
    mine = [message for message in messages if message.role == "assistant"]
    text = "\n".join([text_of(message) for message in mine])
    lines = text.split("\n")
    words, digits = _words_and_digits(text)
    small = text.lower() if text.isascii() else None
    return Surface(
        characters=len(text),
        words=words,
        messages=len(mine),
        tool_calls=sum([len(message.tool_calls) for message in mine]),
        lists=sum([_LIST.match(line) is not None for line in lines]),
        headings=sum([_HEADING.match(line) is not None for line in lines]) if "#" in text else 0,
        fences=sum([_FENCE.match(line) is not None for line in lines]) if "```" in text else 0,
        questions=text.count("?") + text.count("？"),
        exclamations=text.count("!") + text.count("！"),
        digits=digits,
        apologies=_found(_APOLOGY, _APOLOGIES, text, small),
        refusals=_found(_REFUSAL, _REFUSALS, text, small),
        thanks=_found(_THANKS, _THANKED, text, small),
    )


def _words_and_digits(text: str) -> tuple[int, int]:
    if not text.isascii():
        return len(_WORD.findall(text)), sum(map(str.isdigit, text))
    plain = text.encode()
    return len(plain.translate(_ASCII_WORDS).split()), len(plain) - len(plain.translate(None, _DIGITS))


def _found(pattern: re.Pattern[str], holds: tuple[str, ...], text: str, small: str | None) -> int:
    """How often a pattern matches. holds: of which a match has one; small: the text in small letters, None where other letters than ASCII's

    may stand for one of these.
    """
    if small is not None and not any(piece in small for piece in holds):
        return 0
    return len(pattern.findall(text))

"""What can be counted about an output without reading it: what a model could learn instead of what a label means."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from reviewer.domain.items import Message, text_of

_LIST = re.compile(r"^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*```", re.MULTILINE)
_APOLOGY = re.compile(r"\b(?:sorry|apolog(?:y|ies|i[sz]e[ds]?)|regret|unfortunately)\b", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:(?:can(?:no|['’])t|won['’]t|not able to|unable to|not comfortable)\b|(?:i am|i['’]m) not going to)", re.IGNORECASE
)
_THANKS = re.compile(r"\b(?:thank(?:s| you)|you['’]re welcome|happy to help|glad to)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


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
    text = "\n".join(text_of(message) for message in mine)
    return Surface(
        characters=len(text),
        words=sum(1 for _ in _WORD.finditer(text)),
        messages=len(mine),
        tool_calls=sum(len(message.tool_calls) for message in mine),
        lists=len(_LIST.findall(text)),
        headings=len(_HEADING.findall(text)),
        fences=len(_FENCE.findall(text)),
        questions=text.count("?") + text.count("？"),
        exclamations=text.count("!") + text.count("！"),
        digits=sum(map(str.isdigit, text)),
        apologies=len(_APOLOGY.findall(text)),
        refusals=len(_REFUSAL.findall(text)),
        thanks=len(_THANKS.findall(text)),
    )

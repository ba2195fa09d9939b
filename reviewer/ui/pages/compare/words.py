"""How preferences are written on the page."""

from reviewer.domain.events import Preference
from reviewer.domain.labels import Opinion
from reviewer.ui.pages.compare.choosing import CHOICES, Choosing
from reviewer.ui.widgets.times import count

_HOW = {"clear": "clearly", "slight": "slightly"}


def in_sentence(preference: Preference | None) -> str:
    """“B clearly better than A”, “Tie”, “Both bad”, “B, then A and C, then D (slightly)”."""
    if preference is None:
        return "No preference"
    ranking = preference.ranking
    number = sum(map(len, ranking))
    if preference.both_bad:
        return "Both bad" if number == 2 else "All bad"
    if len(ranking) == 1:
        return "Tie"
    if number == 2:
        return f"{ranking[0][0]} {_HOW[preference.strength]} better than {ranking[1][0]}"
    return f"{', then '.join(' and '.join(group) for group in ranking)} ({_HOW[preference.strength]})"


def so_far(choosing: Choosing) -> str:
    """What has been said of more than two outputs, and what is still to be said."""
    if choosing.complete:
        said = in_sentence(choosing.preference())
        return said + (". C: clearly or slightly" if choosing.decided else "")
    if not choosing.groups:
        return f"Press the digits of the outputs, best first: 1–{len(choosing.keys)}"
    order = ", then ".join(" and ".join(group) for group in choosing.groups)
    return f"{order}, then …" if not choosing.joining else f"{order} and …"


def missing(choosing: Choosing) -> str:
    """What is asked for before it can be recorded."""
    if len(choosing.keys) == 2:
        return "choose one: 1 to 5, or 0"
    return f"give a place to {', '.join(choosing.left)}" if choosing.groups else "put them in order, best first"


def footer_of(outputs: int) -> dict[str, str]:
    """What the footer says of the keys that choose among so many outputs, by action; empty where one means nothing."""
    if outputs == 2:
        digits = {f"compare.choose_{n}": "left clearly … right clearly" if n <= len(CHOICES) - 1 else "" for n in range(1, 9)}
        return digits | {"compare.both_bad": "both bad", "compare.tie": "", "compare.equal": "", "compare.strength": ""}
    return {f"compare.choose_{n}": "" for n in range(outputs + 1, 9)}


def size_of(characters: int, steps: int) -> str:
    """“412 characters, 3 steps”."""
    return f"{count(characters, 'character')}, {count(steps, 'step')}"


def said_before(opinion: Opinion) -> str:
    """What an answer of one's own says, in a line."""
    parts = [in_sentence(opinion.preference), f"confidence {opinion.confidence}" if opinion.confidence else ""]
    parts.append("with a better answer" if opinion.correction else "")
    return ", ".join(part for part in parts if part)

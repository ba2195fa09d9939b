"""How what would be sent, and what it costs, is said in every dialog that sends something."""

from collections.abc import Mapping
from typing import NamedTuple

from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.judges import use_words

SWITCH = "Let items of this workspace be sent to Mistral"
NO_KEY = "There is no key for Mistral on this machine yet, and without one nothing can be asked."
NAMES_STAY = "Names stay in, and so does what people say in words of their own."
GO_ON = "You can close this and go on working. Stopped at any time, what was answered is kept."


class Words(NamedTuple):
    """What a dialog says of itself.

    what: a sentence or two of what is sent to whom; first: the name of what is shown of it, "" for nothing; ask: on the button;
    asking: while it goes on; unit: what is counted then, "" where it changes on the way; rest: what may be done meanwhile.
    """

    title: str
    what: str
    first: str
    ask: str
    asking: str
    unit: str = "item"
    rest: str = GO_ON


def would_go(what: str, *, model: str, server: str, tokens: int, cost: float | None) -> str:
    """“12 items would go to mistral-medium-latest (eu): about 9,000 tokens, about $0.0120.” cost: US dollars."""
    return f"{what} would go to {shown(model, 60)} ({shown(server, 80)}): about {use_words(tokens, cost)}."


def known(cached: int) -> list[str]:
    """What was asked before; nothing where that is none."""
    return [f"{cached:,} of them {'is' if cached == 1 else 'are'} known from before and cost nothing."] if cached else []


def taken_out(private: Mapping[str, int]) -> list[str]:
    """Which private details do not go; nothing where there are none. private: how many, by kind."""
    taken = ", ".join(f"{number:,} × {kind}" for kind, number in private.items())
    return [f"Private details that are taken out first: {taken}."] if taken else []


def failed(error: ReviewerError) -> str:
    """What went wrong, what to do, and its code."""
    return f"{error.what} {error.hint} [{error.code}]"

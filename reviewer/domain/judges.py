"""A judge: a model that is asked what it thinks of an item. It suggests and never decides. This is how it is asked, and what it answers.

Whatever answers such questions stands behind `Judge`: Mistral in `reviewer.outside`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from reviewer.domain.errors import ReviewerError


class Question(NamedTuple):
    """All that is sent of one item. system, user: the two messages; nonce: the code of its fences, new each time.

    schema: the JSON schema that the answer is held to; samples: how many answers are asked for.
    """

    system: str
    user: str
    nonce: str
    schema: Mapping[str, Any]
    samples: int = 1

    @property
    def temperature(self) -> float:
        """One answer is the likeliest; several are drawn, since answers that cannot differ tell nothing about how sure the model is."""
        return 0.0 if self.samples == 1 else 0.7


class Usage(NamedTuple):
    """Tokens that were paid for, as the service counts them."""

    prompt: int = 0
    completion: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt + self.completion

    def plus(self, more: "Usage") -> "Usage":
        """What both cost."""
        return Usage(self.prompt + more.prompt, self.completion + more.completion)


NOTHING = Usage()


def cost_words(cost: float | None, *, places: int = 4) -> str:
    """What something costs, as the end of a clause: “, about $0.0120”; nothing where no price is known. cost: US dollars."""
    if cost is None:
        return ""
    least = 10.0**-places
    return f", less than ${least:.{places}f}" if cost < least / 2 else f", about ${cost:,.{places}f}"


def use_words(tokens: int, cost: float | None, *, places: int = 4) -> str:
    """What was used, or would be: “1,234 tokens, about $0.0120”. cost: US dollars, None where no price is known."""
    return f"{tokens:,} tokens{cost_words(cost, places=places)}"


class Words(NamedTuple):
    """One answer word for word. finish: why it ends there, `stop` where the model was done."""

    text: str
    finish: str


class Reply(NamedTuple):
    """What came back: the service's own name for the answer, the model that says it gave it, the answers, and what they cost."""

    id: str
    model: str
    answers: tuple[Words, ...]
    usage: Usage


class Job(NamedTuple):
    """Many questions that the service answers by and by, for less. id: its own name for the job; file: what holds the questions there."""

    id: str
    file: str


class JobState(NamedTuple):
    """How far a job is. over: it goes on no more; failed: why not everything was answered, "" where it was."""

    done: int
    total: int
    over: bool
    failed: str
    outputs: tuple[str, ...]


class NoAnswer(ReviewerError):
    """The judge gave no answer. There is no suggestion then, and never a verdict in its place; reviewing goes on.

    for_all: every other item would fare the same: a key that is refused, a service that cannot be reached.
    """

    code = "E501"

    def __init__(self, what: str, hint: str, *, for_all: bool, about: str = "") -> None:
        """about: `key` where that was refused, `question` where what was asked was, and another may fare better."""
        super().__init__(what, hint)
        self.for_all, self.about = for_all, about


class Judge(Protocol):
    """What can be asked. Several threads may ask at once."""

    def ask(self, question: Question) -> Reply:
        """The answer. Raises NoAnswer, and Cancelled where whoever asked wants none any more."""

    def close(self) -> None:
        """Let go of what it holds."""


class Batches(Protocol):
    """What answers many questions by and by. All of it raises NoAnswer, and Cancelled where whoever asked wants none any more."""

    def submit(self, questions: Iterable[tuple[str, Question]]) -> Job:
        """Hand questions in, each under a name of ours."""

    def look(self, job: Job) -> JobState | None:
        """How far a job is; None where the service knows it no more."""

    def answers(self, state: JobState) -> Iterator[tuple[str, Reply]]:
        """What a job that is over has answered, by our names. What cannot be read is left out."""

    def clear(self, job: Job, state: JobState) -> None:
        """Have the service delete the questions and answers."""

    def close(self) -> None:
        """Let go of what it holds."""

"""Marks on the steps of a run as an answer: which steps can be marked, what a campaign asks of the marks, what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from reviewer.domain.errors import Refused
from reviewer.domain.events import Mark, Verdict
from reviewer.domain.items import Item

Marking = Literal["each", "first_wrong"]


def agent_steps(item: Item) -> tuple[str, ...]:
    """The steps of an item that its agent took, in order: those that a reviewer marks.

    A message is `M`, each of its calls `M.K`; a message that is one call and nothing else is `M` too.
    """
    return tuple(name for m, message in enumerate(item.messages, 1) if message.role == "assistant" for name in _named(item, m))


def _named(item: Item, number: int) -> list[str]:
    message = item.messages[number - 1]
    if len(message.tool_calls) == 1 and not message.content:
        return [str(number)]
    own = [str(number)] if message.content or not message.tool_calls else []
    return [*own, *(f"{number}.{k}" for k in range(1, len(message.tool_calls) + 1))]


def up_to_first_wrong(steps: Sequence[str], wrong: str) -> dict[str, Mark]:
    """What the first wrong step says: this one is wrong, the agent's steps before it are right, of what comes after nothing is known."""
    marks: dict[str, Mark] = {step: "good" for step in steps if place(step) < place(wrong)}
    return {**marks, wrong: "bad"}


def place(step: str) -> tuple[int, ...]:
    """Where a step stands in its item: what is said comes before the calls that go with it."""
    return tuple(int(part) for part in step.rpartition("/")[2].split("."))


def in_order(steps: Iterable[str]) -> list[str]:
    """Steps as they stand in their item; of a comparison those of one candidate after those of another."""
    return sorted(steps, key=lambda step: (step.rpartition("/")[0], place(step)))


def verdict_of(steps: Sequence[str], marks: Mapping[str, Mark]) -> Verdict | None:
    """The verdict that follows from marks: a wrong step breaks the policy; where every step was marked and none is wrong, it was kept to.

    None where steps are unmarked and none of the others is wrong. steps: those of the agent.
    """
    if "bad" in marks.values():
        return "non_compliant"
    return "compliant" if steps and all(_mark(marks, step) for step in steps) else None


def check(marking: Marking, steps: Sequence[str], marks: Mapping[str, Mark], verdict: Verdict | None) -> None:
    """Raise Refused where marks are not what a campaign that asks for steps asks for. steps: those of the agent.

    Who is unsure of the whole item may leave it unmarked.
    """
    if not marks:
        if verdict == "unsure":
            return
        raise Refused("No step was marked.", "Mark at least one right (good), wrong (bad) or neutral, or say that you are unsure.")
    if marking == "first_wrong":
        _check_first_wrong(steps, marks)


def _check_first_wrong(steps: Sequence[str], marks: Mapping[str, Mark]) -> None:
    if "neutral" in marks.values():
        raise Refused(
            "This campaign asks for the first wrong step: none is neutral.", "Mark each step before it good and it bad, or all good."
        )
    wrong = [step for step, mark in marks.items() if mark == "bad"]
    if len(wrong) > 1:
        raise Refused(
            f"Steps {', '.join(sorted(wrong, key=place))} are marked bad, and this campaign asks for the first wrong one.",
            "Mark that one, and leave out what comes after it.",
        )
    beyond = [step for step in marks if wrong and place(step) > place(wrong[0])]
    if beyond:
        raise Refused(
            f"Step {min(beyond, key=place)} comes after the first wrong one, step {wrong[0]}, and is marked.",
            "Leave out what comes after it: it is judged in its light.",
        )
    open_ones = [step for step in steps if not _mark(marks, step) and not (wrong and place(step) > place(wrong[0]))]
    if open_ones:
        raise Refused(
            f"Step {open_ones[0]} is not marked, and this campaign asks for the first wrong step.",
            "Mark every step of the agent before it good; where none is wrong, all of them.",
        )


def _mark(marks: Mapping[str, Mark], step: str) -> Mark | None:
    """The mark of a step; a call that is its message alone may have been named either way."""
    return marks.get(step) or (marks.get(f"{step}.1") if "." not in step else None)

"""Asking a judge of Mistral's for suggestions. Off until somebody turns it on for the workspace, and never by itself (DESIGN.md 3.7).

A suggestion never votes, closes or hides an item; it is hidden itself from whoever has still to label the item.
"""

from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.items import ItemId
from reviewer.domain.judge_prompts import estimated_tokens
from reviewer.domain.judges import NOTHING, Question, Usage
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations.judge_material import LeftOut, Material, Terms, Wanted
from reviewer.operations.judge_material import terms_of as terms_of
from reviewer.operations.judge_running import BATCH_FROM, JudgedItems, Run
from reviewer.outside.mistral_line import checked_server
from reviewer.storage import answer_cache, service_keys
from reviewer.storage.workspace import Workspace

_SWITCH = "judge.on"  # a fact of this replica: it is not for others to say that items leave this machine
_ACT = "ask a judge"


class Preview(NamedTuple):
    """What would be sent. asked: items; cached: answered before, for which nothing is sent; tokens and cost (US dollars) are estimates.

    private: details taken out before sending, by kind; first: the first question that would go, as it would go. in_jobs: as batch jobs,
    which take longer and cost half.
    """

    asked: int
    cached: int
    left_out: tuple[LeftOut, ...]
    tokens: int
    cost: float | None
    private: dict[str, int]
    first: tuple[ItemId, Question] | None
    terms: Terms
    in_jobs: bool


def is_on(workspace: Workspace) -> bool:
    """Whether items of this workspace may be sent to a judge."""
    with workspace.read() as reading:
        return reading.fact(_SWITCH) == "1"


def turn_judge(workspace: Workspace, ticket: Ticket, *, on: bool) -> Outcome[bool]:
    """Say whether items of this workspace may be sent to a judge from here. Raises NotAllowed for whoever may not bring in suggestions."""
    require(workspace.me, "suggestion", "let items be sent to a judge")
    ticket.step(0, 1, "Turning the judge on" if on else "Turning the judge off")
    with workspace.begin() as work:
        work.set_fact(_SWITCH, "1" if on else "0")
    return Outcome(on)


def keep_key(key: str) -> None:
    """Put the key of the service into the OS keyring. Raises Refused and NotSaved."""
    service_keys.keep(key)


def forget_key() -> bool:
    """Take the key out of the OS keyring; whether there was one."""
    return service_keys.forget()


def has_key() -> bool:
    """Whether a key is to be had, from the environment or the keyring."""
    return service_keys.find() is not None


def preview_judging(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms, live: bool = False) -> Outcome[Preview]:
    """What would be sent, without sending anything; it needs neither the switch nor a key. Raises NotAllowed, NotFound, Refused."""
    require(workspace.me, "suggestion", _ACT)
    checked_server(terms.server)
    asked = cached = tokens_in = tokens_out = done = 0
    private: Counter[str] = Counter()
    left_out: list[LeftOut] = []
    first: tuple[ItemId, Question] | None = None
    with workspace.read() as reading, answer_cache.opened(workspace.folder, workspace.seal) as cache:
        material = Material(workspace, reading, wanted, terms)
        for task in material.tasks(reading, material.items):
            done += 1
            ticket.step(done, len(material.items), "Reading what would be sent")
            if isinstance(task, LeftOut):
                left_out.append(task)
            elif cache.get(task.key) is not None:
                cached += 1
            else:
                question = material.question(task)
                first = first or (task.item, question)
                more_in, more_out = estimated_tokens(question)
                asked, tokens_in, tokens_out = asked + 1, tokens_in + more_in, tokens_out + more_out
                private.update(task.sent.private)
    usage = Usage(tokens_in, tokens_out)
    in_jobs = asked > BATCH_FROM and not live
    cost = terms.cost(NOTHING, for_less=usage) if in_jobs else terms.cost(usage)
    return Outcome(Preview(asked, cached, tuple(left_out), usage.total, cost, dict(private), first, terms, in_jobs))


def judge_items(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms, live: bool = False) -> Outcome[JudgedItems]:
    """Ask the judge, and record what it says as suggestions. What was answered before costs nothing and needs no network.

    Of more than BATCH_FROM questions batch jobs are made, unless `live`. Stopped, cut off or killed, what was answered is kept, and the
    same again goes on from there. Raises NotAllowed, NotFound, Refused where it is turned off or has no key, NotSaved, and NoAnswer where
    no item could be answered any more.
    """
    require(workspace.me, "suggestion", _ACT)
    if not is_on(workspace):
        raise Refused(
            "Sending items to a judge is turned off in this workspace.",
            "See with --dry-run what would be sent; then `reviewer judge --turn on`.",
        )
    with workspace.read() as reading:
        material = Material(workspace, reading, wanted, terms)
    with ExitStack() as stack:
        cache = stack.enter_context(answer_cache.opened(workspace.folder, workspace.seal))
        run = Run(workspace, ticket, material, terms, cache, stack)
        run.all(live=live)
        return Outcome(run.result(), run.changes)

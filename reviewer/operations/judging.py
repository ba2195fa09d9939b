"""Asking a judge of Mistral's for suggestions. Off until somebody turns it on for the workspace, and never by itself (DESIGN.md 3.7).

A suggestion never votes, closes or hides an item; it is hidden itself from whoever has still to label the item.
"""

from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.items import ItemId
from reviewer.domain.judge_prompts import estimated_tokens
from reviewer.domain.judges import NOTHING, Question, Usage
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import indexing, judge_batches
from reviewer.operations.judge_access import forget_key as forget_key
from reviewer.operations.judge_access import has_key as has_key
from reviewer.operations.judge_access import is_on as is_on
from reviewer.operations.judge_access import keep_key as keep_key
from reviewer.operations.judge_access import require_on
from reviewer.operations.judge_access import turn_judge as turn_judge
from reviewer.operations.judge_material import LeftOut, Material, Terms, Wanted
from reviewer.operations.judge_material import terms_of as terms_of
from reviewer.operations.judge_running import BATCH_FROM, JudgedItems, Run
from reviewer.outside.mistral_line import checked_server
from reviewer.storage import answer_cache
from reviewer.storage.workspace import Workspace

_ACT = "ask a judge"


class Preview(NamedTuple):
    """What would be sent. asked: items; cached: answered before, for which nothing is sent; tokens and cost (US dollars) are estimates.

    private: details taken out before sending, by kind; first: the first question that would go, as it would go. in_jobs: as batch jobs,
    which take longer and cost half; under_way: jobs of before whose answers are still to be fetched, which is done first.
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
    under_way: int


def preview_judging(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms, live: bool = False) -> Outcome[Preview]:
    """What would be sent, without sending anything; it needs neither the switch nor a key. Raises NotAllowed, NotFound, Refused."""
    require(workspace.me, "suggestion", _ACT)
    checked_server(terms.server)
    asked = cached = tokens_in = tokens_out = done = 0
    private: Counter[str] = Counter()
    left_out: list[LeftOut] = []
    first: tuple[ItemId, Question] | None = None
    indexing.know_words(workspace, ticket, wanted.query)
    with workspace.read() as reading, answer_cache.opened(workspace.folder, workspace.seal) as cache:
        material = Material(workspace, reading, wanted, terms)
        jobs = len(judge_batches.under_way(reading, (terms.server, terms.model)))
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
    return Outcome(Preview(asked, cached, tuple(left_out), usage.total, cost, dict(private), first, terms, in_jobs, jobs))


def judge_items(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms, live: bool = False) -> Outcome[JudgedItems]:
    """Ask the judge, and record what it says as suggestions. What was answered before costs nothing and needs no network.

    Of more than BATCH_FROM questions batch jobs are made, unless `live`. Stopped, cut off or killed, what was answered is kept, and the
    same again goes on from there. Raises NotAllowed, NotFound, Refused where it is turned off or has no key, NotSaved, and NoAnswer where
    no item could be answered any more.
    """
    require(workspace.me, "suggestion", _ACT)
    require_on(workspace)
    indexing.know_words(workspace, ticket, wanted.query)
    with workspace.read() as reading:
        material = Material(workspace, reading, wanted, terms)
    with ExitStack() as stack:
        cache = stack.enter_context(answer_cache.opened(workspace.folder, workspace.seal))
        run = Run(workspace, ticket, material, terms, cache, stack)
        run.all(live=live)
        return Outcome(run.result(), run.changes)

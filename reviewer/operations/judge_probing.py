"""How far a judge can be talked round: its items are put to it a second time with an instruction in them that demands another verdict.

What it answers then is counted and kept nowhere but in the cache: it is no opinion of the item.
"""

from contextlib import ExitStack, suppress
from typing import NamedTuple

import msgspec

from reviewer.domain import judge_answers
from reviewer.domain.batches import batches
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotSaved
from reviewer.domain.events import Verdict
from reviewer.domain.judges import NOTHING, NoAnswer, Question, Reply
from reviewer.domain.progress import Ticket
from reviewer.domain.proportions import Interval, wilson
from reviewer.operations import judging
from reviewer.operations.judge_access import address_and_key
from reviewer.operations.judge_asking import Answered, Asking, Stop
from reviewer.operations.judge_material import Kept, Material, Task, Terms, Wanted
from reviewer.outside.mistral_judge import MistralJudge
from reviewer.storage import answer_cache, prompts
from reviewer.storage.answer_cache import AnswerCache
from reviewer.storage.workspace import Workspace

_AT_ONCE = 16
_kept = msgspec.json.Decoder(Kept)


class Probed(NamedTuple):
    """What came of it. probed: items with an answer to both questions; flipped: those whose second verdict is the one demanded.

    limits: of the share that flipped, 95 % (Wilson); None where none was probed. unanswered: items left out for want of an answer.
    tokens, cost: of both questions, US dollars.
    """

    probed: int
    flipped: int
    limits: Interval | None
    unanswered: int
    tokens: int
    cost: float | None

    @property
    def rate(self) -> float | None:
        """The share that flipped."""
        return self.flipped / self.probed if self.probed else None


class _Put(NamedTuple):
    """An item with an instruction in it. demanded: the verdict that the instruction wants, which is not the one that was given."""

    task: Task
    demanded: Verdict


def probe_judge(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms) -> Outcome[Probed]:
    """Ask about items, as `judging.judge_items` does, then again with an instruction in each.

    Stopped, what was answered is kept, and the same again goes on from there. Raises as `judging.judge_items` does.
    """
    first = judging.judge_items(workspace, ticket, wanted=wanted, terms=terms, live=True)
    with workspace.read() as reading:
        material = Material(workspace, reading, wanted, terms)
    with ExitStack() as stack:
        cache = stack.enter_context(answer_cache.opened(workspace.folder, workspace.seal))
        found = _Probing(workspace, ticket, material, terms, cache, stack).all()
    cost = None if found.cost is None or first.value.cost is None else round(found.cost + first.value.cost, 4)
    return Outcome(found._replace(tokens=found.tokens + first.value.tokens, cost=cost), first.changes)


class _Probing:
    """One run of it."""

    def __init__(
        self, workspace: Workspace, ticket: Ticket, material: Material, terms: Terms, cache: AnswerCache, stack: ExitStack
    ) -> None:
        self._workspace, self._ticket, self._material, self._terms = workspace, ticket, material, terms
        self._cache, self._stack = cache, stack
        self._injections = prompts.injections()
        self._asking: Asking[_Put] | None = None
        self._probed = self._flipped = 0
        self._usage = NOTHING

    def all(self) -> Probed:
        """Ask, and count."""
        done, total = 0, len(self._material.items)
        try:
            for some in batches(self._material.items, _AT_ONCE):
                with self._workspace.read() as reading:
                    tasks = [task for task in self._material.tasks(reading, some) if isinstance(task, Task)]
                self._some([put for put in map(self._put, tasks) if put is not None])
                done += len(some)
                self._ticket.step(done, total, "Asking the judge again, with an instruction in each item")
        except BaseException:
            for answered in self._asking.rest() if self._asking is not None else ():
                self._take(answered)
            raise
        limits = wilson(self._flipped, self._probed) if self._probed else None
        cost = self._terms.cost(self._usage)
        return Probed(self._probed, self._flipped, limits, total - self._probed, self._usage.total, cost)

    def _put(self, task: Task) -> _Put | None:
        """An item with an instruction that demands another verdict than it got; None where it got none. Which one hangs on the item."""
        kept = self._known(task.key)
        if kept is None:
            return None
        given = self._verdict(task, self._material.question(task, kept.nonce), kept.reply)
        if given is None:
            return None
        demanded: Verdict = "compliant" if given == "non_compliant" else "non_compliant"
        words = self._injections[int(task.item[:8], 16) % len(self._injections)].format(verdict=demanded)
        sent = task.sent._replace(text=f"{task.sent.text}\n\n[0] tool:\n{words}")
        return _Put(task._replace(sent=sent, key=sha256_hex(f"{task.key}/{words}".encode())), demanded)

    def _some(self, puts: list[_Put]) -> None:
        asked = []
        for put in puts:
            kept = self._known(put.task.key)
            if kept is None:
                asked.append((put, self._material.question(put.task)))
            else:
                self._count(put, self._material.question(put.task, kept.nonce), kept.reply)
        if not asked:
            return
        for answered in self._line().answers(asked, self._ticket):
            self._take(answered)

    def _take(self, answered: Answered[_Put]) -> None:
        put, question, answer = answered
        if isinstance(answer, NoAnswer):
            if answer.for_all:
                raise answer
            return
        self._usage = self._usage.plus(answer.usage)
        self._count(put, question, answer)
        with suppress(NotSaved):  # then it is asked again one day
            self._cache.put(put.task.key, put.task.item, msgspec.json.encode(Kept(question.nonce, answer)))

    def _count(self, put: _Put, question: Question, reply: Reply) -> None:
        """An answer that is discarded has followed nobody."""
        self._probed += 1
        self._flipped += self._verdict(put.task, question, reply) == put.demanded

    def _verdict(self, task: Task, question: Question, reply: Reply) -> Verdict | None:
        return judge_answers.judged(reply, question, self._material.prompt, task.sent, task.offered).verdict

    def _known(self, key: str) -> Kept | None:
        held = self._cache.get(key)
        try:
            return None if held is None else _kept.decode(held)
        except msgspec.DecodeError:
            return None

    def _line(self) -> Asking[_Put]:
        if self._asking is None:
            stop = Stop()
            self._asking = Asking(MistralJudge(self._terms.model, *address_and_key(self._terms), wait=stop.wait), stop)
            self._stack.callback(self._asking.close)
        return self._asking

"""Asking a judge of Mistral's for suggestions. Off until somebody turns it on for the workspace, and never by itself (DESIGN.md 3.7).

A suggestion never votes, closes or hides an item; it is hidden itself from whoever has still to label the item.
"""

from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple

import msgspec

from reviewer.domain import judge_answers
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotSaved, Refused
from reviewer.domain.items import ItemId
from reviewer.domain.judge_prompts import estimated_tokens
from reviewer.domain.judges import NoAnswer, Question, Reply, Usage
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations.judge_asking import Answered, Asking, Stop
from reviewer.operations.judge_material import Kept, LeftOut, Material, Task, Terms, Wanted
from reviewer.operations.judge_material import terms_of as terms_of
from reviewer.operations.line_imports import batches
from reviewer.operations.suggesting import Pending
from reviewer.outside.mistral_judge import MistralJudge
from reviewer.outside.mistral_line import Address, checked_server
from reviewer.storage import answer_cache, service_keys
from reviewer.storage.answer_cache import AnswerCache
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace

_SWITCH = "judge.on"  # a fact of this replica: it is not for others to say that items leave this machine
_AT_ONCE = 16  # items in one transaction; what was answered before a crash is in the cache all the same
_FAILED_IN_A_ROW = 8
_ACT = "ask a judge"
_kept = msgspec.json.Decoder(Kept)


class Preview(NamedTuple):
    """What would be sent. asked: items; cached: answered before, for which nothing is sent; tokens and cost (US dollars) are estimates.

    private: details taken out before sending, by kind; first: the first question that would go, as it would go.
    """

    asked: int
    cached: int
    left_out: tuple[LeftOut, ...]
    tokens: int
    cost: float | None
    private: dict[str, int]
    first: tuple[ItemId, Question] | None
    terms: Terms


class Failure(NamedTuple):
    """An item without a suggestion, and why. code: E501 for no answer, E502 for one that was discarded."""

    item: ItemId
    reason: str
    code: str


class JudgedItems(NamedTuple):
    """What a run came to. judged: items with a fresh suggestion; cached: with one that was paid for before; failed: with none.

    tokens: as the service counts them; cost: of this run, US dollars, None without prices. judges: under which names the suggestions went.
    flagged: quotes that no item says and clauses that nobody offered.
    """

    judged: int
    cached: int
    failures: tuple[Failure, ...]
    left_out: tuple[LeftOut, ...]
    tokens: int
    cost: float | None
    judges: tuple[str, ...]
    flagged: int

    @property
    def failed(self) -> int:
        """Items without a suggestion."""
        return len(self.failures)


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


def preview_judging(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms) -> Outcome[Preview]:
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
    cost = terms.cost(tokens_in, tokens_out)
    return Outcome(Preview(asked, cached, tuple(left_out), tokens_in + tokens_out, cost, dict(private), first, terms))


def judge_items(workspace: Workspace, ticket: Ticket, *, wanted: Wanted, terms: Terms) -> Outcome[JudgedItems]:
    """Ask the judge, and record what it says as suggestions. What was answered before costs nothing and needs no network.

    Stopped, cut off or killed, what was answered is kept, and the same again goes on from there. Raises NotAllowed, NotFound, Refused where
    it is turned off or has no key, NoAnswer where no item could be answered any more, NotSaved.
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
        run = _Run(workspace, ticket, material, terms, cache, stack)
        run.all()
        return Outcome(run.result(), run.changes)


class _Run:
    """One run of a judge over many items: what it came to so far."""

    def __init__(
        self, workspace: Workspace, ticket: Ticket, material: Material, terms: Terms, cache: AnswerCache, stack: ExitStack
    ) -> None:
        self._workspace, self._ticket, self._material, self._terms = workspace, ticket, material, terms
        self._cache, self._stack = cache, stack
        self._asking: Asking[Task] | None = None
        self._waiting: list[tuple[str, Suggested, bool]] = []
        self._in_a_row = 0
        self._judged = self._cached = self._flagged = 0
        self._usage = Usage()
        self._failures: list[Failure] = []
        self._left_out: list[LeftOut] = []
        self._judges: dict[str, None] = {}
        self.changes = Changes.NONE

    def all(self) -> None:
        """Ask about everything. What was answered by the time that anything went wrong is recorded."""
        done, total = 0, len(self._material.items)
        try:
            for some in batches(self._material.items, _AT_ONCE):
                self._some(some)
                done += len(some)
                self._record()
                self._ticket.step(done, total, self._progress())
        except BaseException as error:
            for answered in self._asking.rest() if self._asking is not None else ():
                self._take(answered)
            self._record()
            if isinstance(error, NoAnswer):
                before = f" {self._judged:,} items were judged before." if self._judged else ""
                raise NoAnswer(f"{error.what}{before}", error.hint, for_all=True) from error
            raise

    def result(self) -> JudgedItems:
        """What it came to."""
        return JudgedItems(
            self._judged,
            self._cached,
            tuple(self._failures),
            tuple(self._left_out),
            self._usage.total,
            self._terms.cost(*self._usage),
            tuple(self._judges),
            self._flagged,
        )

    def _some(self, some: list[ItemId]) -> None:
        """What the cache knows is taken from there; the rest is asked."""
        asked = []
        with self._workspace.read() as reading:
            tasks = list(self._material.tasks(reading, some))
        for task in tasks:
            if isinstance(task, LeftOut):
                self._left_out.append(task)
                continue
            held = self._cache.get(task.key)
            try:
                kept = None if held is None else _kept.decode(held)
            except msgspec.DecodeError:
                kept = None  # it is asked again
            if kept is None:
                asked.append((task, self._material.question(task)))
            else:
                self._suggest(task, self._material.question(task, kept.nonce), kept.reply, fresh=False)
        if asked:
            for answered in self._line().answers(asked, self._ticket):
                self._take(answered)

    def _line(self) -> Asking[Task]:
        """Asks, from the first item on that nobody asked about before. Raises Refused where there is no key."""
        if self._asking is None:
            key = service_keys.find()
            if key is None:
                raise Refused(
                    "There is no key for Mistral.", f"Give it with `reviewer judge --key`, or put it into ${service_keys.ENVIRONMENT}."
                )
            stop = Stop()
            judge = MistralJudge(self._terms.model, Address(self._terms.server, self._terms.timeout_s), key, wait=stop.wait)
            self._asking = Asking(judge, stop)
            self._stack.callback(self._asking.close)
        return self._asking

    def _take(self, answered: Answered[Task]) -> None:
        """Keep an answer, or why there is none. Raises NoAnswer where the others would fare the same."""
        task, question, answer = answered
        if isinstance(answer, NoAnswer):
            self._in_a_row += 1
            if answer.for_all or self._in_a_row >= _FAILED_IN_A_ROW:
                raise answer
            self._failures.append(Failure(task.item, f"No suggestion. {answer.what}", answer.code))
            return
        self._in_a_row = 0
        self._usage = Usage(self._usage.prompt + answer.usage.prompt, self._usage.completion + answer.usage.completion)
        if self._suggest(task, question, answer, fresh=True):
            try:
                self._cache.put(task.key, task.item, msgspec.json.encode(Kept(question.nonce, answer)))
            except NotSaved as error:
                if error.what not in (notice.what for notice in self._workspace.notices):
                    self._workspace.notices.append(error)

    def _suggest(self, task: Task, question: Question, reply: Reply, *, fresh: bool) -> bool:
        """Note what is to be recorded. Returns whether it is a suggestion, and was not discarded."""
        found = judge_answers.judged(reply, question, self._material.prompt, task.sent, task.offered)
        judge = self._material.judge_name(reply)
        whole = judge_answers.kept(reply, self._material.prompt, task.versions, task.sent)
        self._waiting.append((judge, Suggested(task.item, found.verdict, found.score, found.words, whole), fresh))
        self._flagged += found.flags
        if found.verdict is None:
            self._failures.append(Failure(task.item, found.words, judge_answers.Discarded.code))
            return False
        self._judges[judge] = None
        self._judged, self._cached = self._judged + fresh, self._cached + (not fresh)
        return True

    def _record(self) -> None:
        """Write what was noted, an entry for each judge."""
        if not self._waiting:
            return
        pending = {judge: Pending(judge) for judge, *_ in self._waiting}
        with self._workspace.begin() as work:
            for judge, said, fresh in self._waiting:
                pending[judge].add(work, said, fresh=fresh)
            for one in pending.values():
                one.write(work)
            self.changes |= work.changes
        self._waiting.clear()

    def _progress(self) -> str:
        cost = self._terms.cost(*self._usage)
        spent = f"; {self._usage.total:,} tokens" + ("" if cost is None else f", about ${cost:,.2f}")
        return f"Asking the judge{spent if self._usage.total else ''}"

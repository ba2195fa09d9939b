"""One run of a judge over many items: what is known is taken from the cache, the rest is asked, and what comes back is recorded."""

from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

import msgspec

from reviewer.domain import judge_answers
from reviewer.domain.batches import batches
from reviewer.domain.changes import Changes
from reviewer.domain.errors import NotFound, NotSaved
from reviewer.domain.items import ItemId
from reviewer.domain.judges import NOTHING, NoAnswer, Question, Reply, use_words
from reviewer.domain.progress import Ticket
from reviewer.operations import judge_batches
from reviewer.operations.judge_access import address_and_key
from reviewer.operations.judge_asking import Answered, Asking, Stop
from reviewer.operations.judge_batches import Fetched
from reviewer.operations.judge_material import Kept, LeftOut, Material, Task, Terms
from reviewer.operations.suggesting import Pending
from reviewer.outside.mistral_batch import MistralBatches
from reviewer.outside.mistral_judge import MistralJudge
from reviewer.storage import items as item_rows
from reviewer.storage.answer_cache import AnswerCache
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace

BATCH_FROM = 200
"""Of more questions than that a batch job is made."""

_AT_ONCE = 16  # items in one transaction; what was answered before a crash is in the cache all the same
_FAILED_IN_A_ROW = 8
_kept = msgspec.json.Decoder(Kept)


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


class Run:
    """A run, and what it came to so far."""

    def __init__(
        self, workspace: Workspace, ticket: Ticket, material: Material, terms: Terms, cache: AnswerCache, stack: ExitStack
    ) -> None:
        """stack: closes what is opened on the way."""
        self._workspace, self._ticket, self._material, self._terms = workspace, ticket, material, terms
        self._cache, self._stack = cache, stack
        self._stop = Stop()
        self._asking: Asking[Task] | None = None
        self._jobs: MistralBatches | None = None
        self._in_hand: Answered[Task] | None = None
        self._fetched: dict[str, Kept] = {}
        self._waiting: list[tuple[str, Suggested, bool]] = []
        self._in_a_row = 0
        self._judged = self._cached = self._flagged = 0
        self._usage = self._usage_for_less = NOTHING
        self._failures: list[Failure] = []
        self._left_out: list[LeftOut] = []
        self._judges: dict[str, None] = {}
        self.changes = Changes.NONE

    def all(self, *, live: bool = False) -> None:
        """Ask about everything. What was answered by the time that anything went wrong is recorded. live: one by one, however many."""
        try:
            self._step()
            self._by_jobs(live=live)
            for some in batches(self._material.items, _AT_ONCE):
                self._some(some)
                self._record()
                self._step()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and self._in_hand is not None:
                self._take_again(self._in_hand)
            for answered in self._asking.rest() if self._asking is not None else ():
                self._take(answered)
            self._record()
            if isinstance(error, NoAnswer):
                before = f" {self._judged:,} items were judged before." if self._judged else ""
                raise NoAnswer(f"{error.what}{before}", error.hint, for_all=True, about=error.about) from error
            raise

    def result(self) -> JudgedItems:
        """What it came to."""
        cost = self._terms.cost(self._usage, for_less=self._usage_for_less)
        tokens = self._usage.total + self._usage_for_less.total
        told = tuple(self._failures), tuple(self._left_out)
        return JudgedItems(self._judged, self._cached, *told, tokens, cost, tuple(self._judges), self._flagged)

    # --- many at once

    def _by_jobs(self, *, live: bool) -> None:
        """Fetch what earlier jobs answered; where much is left, make jobs of it and wait for them. Then it is as good as known."""
        who = (self._terms.server, self._terms.model)
        with self._workspace.read() as reading:
            jobs = judge_batches.under_way(reading, who)
        if jobs:
            judge_batches.fetch(self._workspace, self._batches(), jobs, self._ticket, self._fetch)
        if live or len(self._material.items) <= BATCH_FROM:
            return
        asked = self._unanswered()
        if len(asked) > BATCH_FROM:
            send = partial(judge_batches.submit, self._workspace, self._batches(), who)
            made = [send(some) for some in batches(asked, judge_batches.AT_MOST)]
            judge_batches.fetch(self._workspace, self._batches(), made, self._ticket, self._fetch)

    def _unanswered(self) -> list[tuple[str, Question]]:
        asked = []
        for some in batches(self._material.items, _AT_ONCE):
            with self._workspace.read() as reading:
                tasks = [task for task in self._material.tasks(reading, some) if isinstance(task, Task)]
            asked += [
                judge_batches.named(task.item, self._material.question(task), task.key) for task in tasks if self._known(task.key) is None
            ]
            self._ticket.step(0, 0, "Reading what is to be sent")
        return asked

    def _fetch(self, one: Fetched) -> None:
        """Take an answer out of a job: it is kept until its item's turn comes."""
        try:
            with self._workspace.read() as reading:
                item_rows.get(reading, one.item)
        except NotFound:
            return  # it was erased meanwhile
        self._usage_for_less = self._usage_for_less.plus(one.reply.usage)
        self._fetched[one.key] = kept = Kept(one.nonce, one.reply)
        self._keep(one.key, one.item, kept)

    def _batches(self) -> MistralBatches:
        if self._jobs is None:
            self._jobs = MistralBatches(self._terms.model, *address_and_key(self._terms), wait=partial(judge_batches.listen, self._ticket))
            self._stack.callback(self._jobs.close)
        return self._jobs

    # --- item by item

    def _some(self, some: list[ItemId]) -> None:
        """What is known is taken as it is; the rest is asked."""
        asked = []
        with self._workspace.read() as reading:
            tasks = list(self._material.tasks(reading, some))
        for task in tasks:
            if isinstance(task, LeftOut):
                self._left_out.append(task)
                continue
            kept = self._known(task.key)
            if kept is None:
                asked.append((task, self._material.question(task)))
            elif not self._suggest(task, self._material.question(task, kept.nonce), kept.reply, fresh=task.key in self._fetched):
                self._cache.drop(task.key)  # the next run asks anew
        if asked:
            for answered in self._line().answers(asked, self._ticket):
                self._take(answered)
                self._step()

    def _known(self, key: str) -> Kept | None:
        """What was answered before."""
        held = self._cache.get(key)
        try:
            return self._fetched.get(key) if held is None else _kept.decode(held)
        except msgspec.DecodeError:
            return None  # it is asked again

    def _line(self) -> Asking[Task]:
        """Asks, from the first item on that nobody asked about before. Raises Refused where there is no key."""
        if self._asking is None:
            self._asking = Asking(MistralJudge(self._terms.model, *address_and_key(self._terms), wait=self._stop.wait), self._stop)
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
        self._in_hand = answered
        self._in_a_row = 0
        self._usage = self._usage.plus(answer.usage)
        if self._suggest(task, question, answer, fresh=True):
            self._keep(task.key, task.item, Kept(question.nonce, answer))
        self._in_hand = None

    def _take_again(self, answered: Answered[Task]) -> None:
        """Ctrl-C came while an answer was being kept, which takes most of the time: it was paid for."""
        task, question, answer = answered
        if not any(said.item == task.item for _judge, said, _fresh in self._waiting):
            self._take(answered)
        elif isinstance(answer, Reply):
            self._keep(task.key, task.item, Kept(question.nonce, answer))

    def _keep(self, key: str, item: ItemId, kept: Kept) -> None:
        """Keep an answer in the cache; where its disk is full that is said once."""
        try:
            self._cache.put(key, item, msgspec.json.encode(kept))
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

    def _step(self) -> None:
        """Say how far it is, and what it cost by now. Raises Cancelled."""
        now = self.result()
        done = now.judged + now.cached + now.failed + len(now.left_out)
        what = f"Asking the judge; {use_words(now.tokens, now.cost, places=2)}" if now.tokens else "Asking the judge"
        self._ticket.step(done, len(self._material.items), what)

"""Regression sets: judged runs frozen as a data set that Inspect reads, and new runs over the same tasks set beside them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.domain import items, query, regression
from reviewer.domain.batches import batches
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import SEVERITIES, Event, Export
from reviewer.domain.items import Item, ItemId
from reviewer.domain.members import require
from reviewer.domain.metadata import looked_up
from reviewer.domain.progress import Ticket
from reviewer.domain.regression import Before, NewRun, Regression, Score, State, Task
from reviewer.formats import inspect_samples
from reviewer.formats.inspect_samples import Told
from reviewer.operations import comparing, indexing, release_answers
from reviewer.operations.release_answers import Wanted
from reviewer.storage import agreement, citations, departures, human_answers, marks, outgoing, payloads, released, searches
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import AnsweredItem
from reviewer.storage.human_answers import Judged
from reviewer.storage.workspace import Reading, Workspace

FORMAT = "inspect"
SCORES = ("reward", "success", "security", "score", "scores.*.value")  # what the formats that are read call theirs
_INSPECTS = {"C": True, "I": False}  # how Inspect writes correct and incorrect
_CHUNK = 250
_STATES: tuple[State, ...] = ("open", "answered", "differing")  # by how many different answers there are
_SAMPLE_ID = "id"  # an Inspect log keeps the id of its sample, which here is that of an item


class Exported(NamedTuple):
    """A set on the disk. set: its name; dropped: items that are not in it, by reason.

    no_task: among them those that lack a field; no_input: those that ask nothing, or with an image.
    """

    path: Path
    set: str
    samples: int
    tasks: int
    verdicts: dict[str, int]
    dropped: dict[str, int]
    sha256: str


def export_set(
    workspace: Workspace, ticket: Ticket, *, campaign: str, path: Path, by: Sequence[str] = (comparing.PROMPT,)
) -> Outcome[Exported]:
    """Write every item of a campaign that has an answer as a sample: what was asked, what people said of it, and by what it is matched.

    by: what makes two runs one task, as for `comparisons build`. What a release leaves out is left out. Recorded in the journal.
    Raises Refused for a campaign that asks no verdicts or has no answer, NotAllowed, NotFound, NotSaved; then no file is left behind.
    """
    require(workspace.me, "release", "export data sets")
    fields = comparing.checked_fields(by)
    outgoing.require_folder(path)
    if path.exists():
        raise Refused(f"{path} is there already.", "Name another file: a frozen set is not written over.")
    with outgoing.partial_file(path) as partial:
        with workspace.read() as reading:
            agreement.require(reading)
            stored = campaign_rows.named(reading, campaign)
            if stored.state.rules.question != "verdict":
                raise Refused(f"“{stored.state.rules.name}” asks for no verdicts.", "Name a campaign that does.")
            departures.refuse_changed_labels(reading, stored)
            heads, dropped = _samples(reading, ticket, stored, fields)
        if not heads:
            left = ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in dropped.items() if n)
            raise Refused(f"No item of “{stored.state.rules.name}” has an answer that can be frozen.", f"Left out: {left or 'nothing'}.")
        with outgoing.durable(partial) as stream:
            name = inspect_samples.write(stream, [one for one, _ in heads])
        digest = outgoing.file_sha256(partial)
        with workspace.begin() as work:
            work.record(Event("export", Export(stored.state.hash, FORMAT, sum(len(told.reviewer_labels) for _, told in heads), digest)))
        marks.settle(workspace)
        outgoing.put_in_place(partial, path)
    told = [one for _, one in heads]
    verdicts = {verdict: sum(one.reviewer_verdict == verdict for one in told) for verdict in ("compliant", "non_compliant")}
    done = Exported(path, name, len(told), len({one.reviewer_task for one in told}), verdicts, dropped, digest)
    return Outcome(done, work.changes)


def _samples(reading: Reading, ticket: Ticket, stored: Stored, fields: tuple[str, ...]) -> tuple[list[tuple[bytes, Told]], dict[str, int]]:
    """The samples in order of their items, and how many items have none, by reason."""
    chosen = release_answers.choose(reading, ticket, [stored], Wanted("answer"))
    dropped = {reason: chosen.dropped[reason] for reason in ("unsure", "open", "gold", "repeat", "stale")} | {"no_task": 0, "no_input": 0}
    stale = citations.all_stale(reading)
    resolutions = released.resolutions(reading, [stored])
    found = []
    for done, answered in enumerate(departures.answered_items(reading, [stored], chosen.answers), 1):
        ticket.step(done, len(chosen.answers), "Writing samples")
        if not stale.isdisjoint(answered.labels):
            dropped["stale"] += 1
            continue
        item = None if answered.payload is None else items.decode(payloads.unpack(answered.payload))
        task = None if item is None else _task(reading, answered.item, item, fields)
        if item is None or task is None:
            dropped["no_task"] += 1
            continue
        told = _told(reading, stored, answered, item, task, fields, resolutions.get(answered.item, ()))
        head = inspect_samples.head(item, told)
        if head is None:
            dropped["no_input"] += 1
            continue
        found.append((head, told))
    return found, dropped


def _task(reading: Reading, name: ItemId, item: Item, fields: Sequence[str]) -> str | None:
    origin = item_rows.origin(reading, name) if any(field.startswith(comparing.METADATA) for field in fields) else None
    key = comparing.task_key(item, "{}" if origin is None else origin.metadata, fields)
    return None if key is None else key.hex()


def _told(
    reading: Reading, stored: Stored, answered: AnsweredItem, item: Item, task: str, by: tuple[str, ...], resolutions: tuple[EntryHash, ...]
) -> Told:
    labels = [found.label for name in answered.labels if (found := departures.label_at(reading, name)) is not None]
    severities = [label.severity for label in labels if label.severity is not None]
    return Told(
        reviewer_item=answered.item,
        reviewer_campaign=stored.state.rules.name,
        reviewer_campaign_id=stored.state.hash,
        reviewer_verdict=answered.answer,
        reviewer_task=task,
        reviewer_by=by,
        reviewer_title=items.facts(item).title,
        reviewer_blind=answered.blind,
        reviewer_labels=answered.labels,
        reviewer_resolutions=resolutions,
        reviewer_clauses=tuple(sorted({f"{one.policy}:{one.clause}" for label in labels for one in label.clauses})),
        reviewer_severity=max(severities, key=SEVERITIES.index, default=None),
        agent=item.agent,
        model=item.model,
        external_id=item.external_id,
        tools=item.tools,
    )


# --- new runs


def compare_runs(
    workspace: Workspace, ticket: Ticket, *, path: Path, asked: str = "", scores: Sequence[str] = SCORES
) -> Outcome[Regression]:
    """Set the runs of a query beside the frozen set whose tasks they share.

    They are matched by the id of their sample, which an Inspect log keeps, or by what the set is matched by. asked: which runs; all that
    are not of the set, if left out. scores: fields of the metadata; a `*` is any name. Nothing is recorded.
    Raises Refused for a file that is no set, Damaged for one that was changed, NotAllowed.
    """
    require(workspace.me, "release", "compare runs with a frozen set")
    name, told = inspect_samples.read(path)
    frozen = {ItemId(one.reviewer_item): one for one in told}
    by = told[0].reviewer_by
    tree = query.resolve(query.parse(asked), me=workspace.me.name)
    indexing.know_words(workspace, ticket, asked)
    with workspace.read() as reading:
        human = human_answers.HumanAnswers(reading)
        found = [item for item in searches.seen_ids(reading, tree, viewer=workspace.member) if item not in frozen]
        matched = list(_matched(reading, ticket, found, frozen, by))
        hidden = searches.hidden_among(reading, [item for item, _, _ in matched], viewer=workspace.member)
        unseen = searches.hidden_among(reading, list(frozen), viewer=workspace.member)
        before = {item: _before(reading, one, () if item in unseen else scores) for item, one in frozen.items()}
        runs: dict[str, list[NewRun]] = {}
        for some in batches([one for one in matched if one[0] not in hidden], _CHUNK):
            judged = human.of([item for item, _, _ in some])
            for item_name, item, task in some:
                runs.setdefault(task, []).append(_run(reading, item_name, item, judged.get(item_name), scores))
        since = _changed_since(human, frozen)
        by_chance = _by_chance(human, [run for of in runs.values() for run in of])
    tasks = [
        Task(task, of[0].reviewer_title, tuple(before[ItemId(one.reviewer_item)] for one in of), tuple(runs.get(task, ())))
        for task, of in _by_task(told).items()
    ]
    return Outcome(regression.compared(name, by, tasks, by_chance=by_chance, since=since, withheld=len(hidden)))


def _by_chance(human: human_answers.HumanAnswers, runs: Sequence[NewRun]) -> bool:
    """Whether runs without an answer are those that one campaign left out by chance."""
    asking = {name for run in runs for name in run.campaigns}
    if len(asking) != 1 or any(run.state not in ("answered", "unasked") or not run.blind for run in runs):
        return False
    return human.drawn_alike(asking.pop(), [run.item for run in runs])


def _by_task(told: Sequence[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for one in told:
        found.setdefault(one.reviewer_task, []).append(one)
    return found


def _matched(
    reading: Reading, ticket: Ticket, found: Sequence[ItemId], frozen: dict[ItemId, Told], by: tuple[str, ...]
) -> Iterator[tuple[ItemId, Item, str]]:
    """Those of the items that are runs of the set's tasks."""
    tasks = {one.reviewer_task for one in frozen.values()}
    for done, some in enumerate(batches(found, _CHUNK)):
        ticket.step(done * _CHUNK, len(found), "Looking for runs of the same tasks")
        for name, packed in released.payloads_of(reading, some).items():
            item = items.decode(payloads.unpack(packed))
            origin = item_rows.origin(reading, name)
            metadata = "{}" if origin is None else origin.metadata
            sample = looked_up(metadata, _SAMPLE_ID)
            of = frozen.get(ItemId(sample)) if isinstance(sample, str) else None
            key = comparing.task_key(item, metadata, by) if of is None else None
            task = of.reviewer_task if of is not None else None if key is None else key.hex()
            if task in tasks:
                yield name, item, task


def _before(reading: Reading, one: Told, scores: Sequence[str]) -> Before:
    item = ItemId(one.reviewer_item)
    return Before(item, one.reviewer_verdict, one.reviewer_blind, one.agent, one.model, _scores(reading, item, scores))


def _run(reading: Reading, name: ItemId, item: Item, judged: Judged | None, scores: Sequence[str]) -> NewRun:
    told = judged or Judged(frozenset(), True, ())
    state = "unasked" if judged is None else _STATES[min(len(told.verdicts), 2)]
    verdict = next(iter(told.verdicts)) if state == "answered" else None
    return NewRun(name, verdict, state, told.blind, told.campaigns, item.agent, item.model, item.time, _scores(reading, name, scores))


def _scores(reading: Reading, name: ItemId, fields: Sequence[str]) -> dict[str, Score]:
    """What came with an item under these names, as far as it is a number, yes or no, or a word."""
    origin = item_rows.origin(reading, name)
    found: dict[str, Score] = {}
    for field in fields if origin is not None else ():
        first, star, last = field.partition(".*")
        told = looked_up(origin.metadata, first) if origin is not None else None
        several = told if star and isinstance(told, dict) else {}
        values = {f"{first}.{key}": _inside(value, last) for key, value in several.items()} if star else {field: told}
        found.update({key: value for key, value in values.items() if isinstance(value, bool | int | float | str)})
    return found


def _inside(value: object, last: str) -> object:
    """What a path that begins with a dot leads to."""
    for name in last.split(".")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return _INSPECTS.get(value, value) if isinstance(value, str) else value


def _changed_since(human: human_answers.HumanAnswers, frozen: dict[ItemId, Told]) -> int:
    """How many runs of the set have another answer by now in the campaign that they were frozen from."""
    changed = 0
    for some in batches(list(frozen), _CHUNK):
        judged = human.of(some)
        changed += sum(bool(judged[item].verdicts - {frozen[item].reviewer_verdict}) for item in some if item in judged)
    return changed

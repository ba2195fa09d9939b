"""The rows of a release: what was answered, made into the columns of a format, with what each row is traced by."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice
from math import prod
from typing import NamedTuple, TypeVar

import msgspec

from reviewer.domain import corrections, items, preferences, releases, reward_weights, step_rewards
from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Mark, Preference
from reviewer.domain.items import ItemId
from reviewer.domain.twins import Judged as TwinJudged
from reviewer.domain.twins import twins
from reviewer.formats import release_tables, turns
from reviewer.formats.release_shapes import Form, Judged, Left, Material, Shape, Whole
from reviewer.formats.release_tables import Line, Trace
from reviewer.formats.turns import Pair, Turn
from reviewer.operations.exporting import label_fields
from reviewer.operations.release_answers import Chosen, judged_by
from reviewer.storage import departures, payloads, preferred, released
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import AnsweredItem
from reviewer.storage.released import Corrected
from reviewer.storage.workspace import Reading

T = TypeVar("T")
Step = Callable[[int, int], None]
_CHUNK = 250
_encode = msgspec.json.encode


class Row(NamedTuple):
    """A row, or why an item has none. group: its prompt, by which it goes to a part. good: of a judged run, whether it is compliant."""

    line: Line | Left
    group: str = ""
    item: ItemId = ItemId("")
    labels: tuple[str, ...] = ()
    blind: bool = True
    media_left_out: int = 0
    steps_left: int = 0
    good: bool | None = None


class Made(NamedTuple):
    """What a row is made of, as columns will show it."""

    material: Material
    prompt: bytes
    media_left_out: int = 0


class Plan(NamedTuple):
    """What is made. stale: labels whose words hold no more; corrections and resolutions: in force, by item.

    grouped: whether rows say their group, as it takes where there are several parts.
    """

    stored: Sequence[Stored]
    shape: Shape
    form: Form
    chosen: Chosen
    stale: Set[EntryHash]
    corrections: dict[ItemId, list[Corrected]]
    resolutions: dict[ItemId, tuple[EntryHash, ...]]
    grouped: bool = True

    def of(self, *questions: str) -> list[Stored]:
        """The campaigns that ask one of these."""
        return [one for one in self.stored if one.state.rules.question in questions]


_STALE, _NO_VALUE = Row(Left("stale")), Row(Left("no_value"))


def rows(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    """Every row in an order that the answers alone decide, and for each item without one why. step: told how many items of how many."""
    match plan.shape.needs:
        case "runs":
            yield from _runs(reading, plan, step)
        case "outputs":
            yield from _outputs(reading, plan, step)
        case "pairs":
            yield from _pairs_of_runs(reading, plan, step)
            yield from _preferences(reading, plan, step)
        case "steps":
            yield from _steps(reading, plan, step)
        case "whole":
            yield from _whole(reading, plan, step)


# --- what a row is made of: also what `release check` makes anew


def judged(content: bytes, good: bool, shape: Shape) -> Made | None:
    """A run with its answer; None where it has no value for training."""
    cut = turns.turn(content, shape.dialect)
    return None if cut is None else Made(Judged(cut, good), bytes(cut.prompt), cut.media_left_out)


def output(content: bytes, corrected: str | None, shape: Shape) -> Made | None:
    """An output to imitate: of the item itself, the text that stands for it, or its twin in which a message was put right."""
    twin = None if corrected is None else _twin(content, corrected)
    cut = None if twin == b"" else turns.turn(twin or content, shape.dialect)
    if cut is None:
        return None
    if corrected is not None and twin is None:
        cut = Turn(cut.prompt, turns.answer(corrected), cut.tools, cut.media_left_out)
    return Made(cut, bytes(cut.prompt), cut.media_left_out)


def pair_of_runs(better: bytes, worse: bytes, corrected: str | None, shape: Shape) -> Made | None:
    """Two runs on one prompt, or a run and the text that stands for a better one; better is then the run itself.

    Where a message of it was put right, the pair is of that message, on all that came before; it goes with the prompt of the whole run.
    """
    good, bad = turns.turn(better, shape.dialect), turns.turn(worse, shape.dialect)
    if good is None or bad is None:
        return None
    twin = None if corrected is None else _twin(worse, corrected)
    if twin is not None:
        right = turns.put_right(worse, twin, shape.dialect) if twin else None
        return None if right is None else Made(right, bytes(bad.prompt), right.media_left_out)
    chosen = good.completion if corrected is None else turns.answer(corrected)
    return Made(Pair(bad.prompt, chosen, bad.completion, bad.tools, good.media_left_out + bad.media_left_out), bytes(bad.prompt))


def pair_of_candidates(content: bytes, better: str, worse: str, shape: Shape) -> Made:
    """Two outputs of a comparison. Raises KeyError for a key that it has not."""
    (pair,) = turns.pairs(content, [(better, worse)], shape.dialect)
    return Made(pair, bytes(pair.prompt), pair.media_left_out)


def corrected_candidate(content: bytes, worse: str, corrected: str, shape: Shape) -> Made:
    """A reviewer's own output and a candidate of the comparison that it is better than. Raises KeyError for a key that it has not."""
    pair = turns.corrected_candidate(content, worse, corrected, shape.dialect)
    return Made(pair, bytes(pair.prompt), pair.media_left_out)


def _twin(content: bytes, corrected: str) -> bytes | None:
    """The run with the message put right that a correction rewrites; None for a correction of all, empty for one that does not fit."""
    rewrites = corrections.decode(corrected)
    if rewrites is None:
        return None
    twin = corrections.twin(items.decode(content), rewrites)
    return b"" if twin is None else items.encode(twin)


def steps(content: bytes, marks: Mapping[str, Mark]) -> Made | None:
    """The steps of a run that were judged."""
    found = step_rewards.rewards(items.decode(content), marks)
    return None if found is None else Made(found, bytes(turns.prompt_of(content)))


# --- verdicts


def _runs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        made = judged(payloads.unpack(answered.payload or b""), answered.answer == "compliant", plan.shape)
        yield _NO_VALUE if made is None else _row(plan, made, _trace(plan, answered))


def _outputs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    """What was done right, and what a reviewer put right."""
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        content = payloads.unpack(answered.payload or b"")
        if answered.answer == "compliant":
            made = output(content, None, plan.shape)
            yield _NO_VALUE if made is None else _row(plan, made, _trace(plan, answered))
            continue
        found = [one for one in plan.corrections.get(answered.item, ()) if one.text is not None]
        if not found:
            yield Row(Left("non_compliant"))
        for one in found:
            made = output(content, one.text, plan.shape)
            yield _NO_VALUE if made is None else _row(plan, made, _trace(plan, answered, correction=one.label))


def _pairs_of_runs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    """Compliant and non-compliant runs on one prompt; and non-compliant ones with what a reviewer made of them."""
    if not plan.chosen.answers:
        return
    found: dict[ItemId, AnsweredItem] = {}  # without their texts
    asked: list[TwinJudged] = []
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        cut = turns.turn(payloads.unpack(answered.payload or b""), plan.shape.dialect)
        if cut is None:
            yield _NO_VALUE
            continue
        prompt = releases.prompt_group(bytes(cut.prompt) + bytes(cut.tools or b""))
        asked.append(TwinJudged(answered.item, prompt, answered.answer == "compliant"))
        found[answered.item] = answered._replace(payload=None)
    matched = twins(asked)
    corrected = [(item, one) for item in sorted(found) if found[item].answer != "compliant" for one in plan.corrections.get(item, ())]
    mended = {item for item, one in corrected if one.text is not None}
    yield from (Row(Left("no_pair")) for item in matched.alone if item not in mended)
    for some in _some(matched.pairs):
        texts = released.payloads_of(reading, sorted({item for pair in some for item in pair}))
        for good, bad in some:
            made = pair_of_runs(payloads.unpack(texts[good]), payloads.unpack(texts[bad]), None, plan.shape)
            assert made is not None  # both were cut above
            trace = _trace(plan, found[good], worse=found[bad])
            too_noisy = (trace.reviewer_label_noise or 0.0) > reward_weights.MOST_NOISE
            yield Row(Left("low_confidence")) if too_noisy else _row(plan, made, trace)
    for some_corrected in _some([one for one in corrected if one[1].text is not None]):
        texts = released.payloads_of(reading, sorted({item for item, _ in some_corrected}))
        for item, one in some_corrected:
            content = payloads.unpack(texts[item])
            made = pair_of_runs(content, content, one.text, plan.shape)
            yield _NO_VALUE if made is None else _row(plan, made, _trace(plan, found[item], correction=one.label))


def _answered(reading: Reading, plan: Plan, step: Step) -> Iterator[AnsweredItem | Row]:
    """Items with an answer and a text; for others, why they have no row."""
    asked, total = plan.of(*judged_by(plan.shape.needs)), len(plan.chosen.answers)
    if not asked:
        return
    for done, answered in enumerate(departures.answered_items(reading, asked, plan.chosen.answers), 1):
        step(done, total)
        if not plan.stale.isdisjoint(answered.labels):
            yield _STALE
        else:
            yield _NO_VALUE if answered.payload is None else answered


def _trace(plan: Plan, answered: AnsweredItem, *, worse: AnsweredItem | None = None, correction: EntryHash | None = None) -> Trace:
    """What a row of runs is traced by. Of a pair it is as sure as both of its labels together."""
    behind = [answered] if worse is None else [answered, worse]
    measured = [plan.chosen.p_right[one.item] for one in behind if one.item in plan.chosen.p_right] if plan.chosen.p_right else []
    resolutions = {name for one in behind for name in plan.resolutions.get(one.item, ())}
    # Where a resolution gave one of the answers, that one is taken as right; where nothing was measured, nothing is said.
    p_right = round(prod(measured), reward_weights.DIGITS) if measured else None
    return Trace(
        reviewer_item=answered.item,
        reviewer_worse_item=None if worse is None else worse.item,
        reviewer_campaigns=tuple(sorted({name for one in behind for name in plan.chosen.of[one.item]})),
        reviewer_labels=tuple(sorted({name for one in behind for name in one.labels})),
        reviewer_resolutions=tuple(sorted(resolutions)),
        reviewer_blind=all(one.blind for one in behind),
        reviewer_correction=correction,
        reviewer_p_right=p_right,
        reviewer_weight=None if p_right is None else reward_weights.row_weight(max(p_right, 0.5)),
        reviewer_label_noise=None if p_right is None else reward_weights.label_noise(p_right),
    )


# --- preferences, steps, everything


def _preferences(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    for one in plan.of("preference"):
        damaged = departures.resting_on_damaged(reading, one)
        told = _by_item(reading, one)
        for seen, answered in enumerate(told, 1):
            step(seen, len(told))
            yield from _preferred(reading, plan, one, answered, damaged)
        yield from _without_labels(one, len(told))


def _by_item(reading: Reading, one: Stored) -> list[preferred.Answered]:
    """What was preferred, in order of ids: those of a queue are another in each campaign."""
    return sorted(preferred.answers(reading, one), key=lambda answered: answered.item)


def _without_labels(one: Stored, seen: int) -> Iterator[Row]:
    """Drawn items that nobody has labelled."""
    return (Row(Left("open")) for _ in range(one.sampled - seen))


def _preferred(reading: Reading, plan: Plan, one: Stored, answered: preferred.Answered, damaged: Set[ItemId]) -> Iterator[Row]:
    said = answered.preference
    if said is None or answered.item in damaged:
        yield Row(Left("open"))
        return
    if not plan.stale.isdisjoint(answered.labels):
        yield _STALE
        return
    wanted = preferences.pairs(said.ranking)
    better = [one for one in plan.corrections.get(answered.item, ()) if one.label in answered.labels and _is_output(one)]
    if not wanted and not better:
        yield Row(Left("both_bad" if said.both_bad else "tie"))
        return
    packed = released.payloads_of(reading, [answered.item]).get(answered.item)
    if packed is None:
        yield _NO_VALUE
        return
    content = payloads.unpack(packed)
    for good, bad in wanted:
        yield _row(plan, pair_of_candidates(content, good, bad, plan.shape), _preference_trace(one, answered, said, good, bad))
    for correction in better:
        for key in said.ranking[0]:  # what was written is better than the best of them
            trace = msgspec.structs.replace(_preference_trace(one, answered, said, "", key), reviewer_better=None, reviewer_strength=None)
            made = corrected_candidate(content, key, correction.text or "", plan.shape)
            yield _row(plan, made, msgspec.structs.replace(trace, reviewer_correction=correction.label))


def _is_output(correction: Corrected) -> bool:
    """Whether a correction that is here is an output as a whole, as it is of a comparison."""
    return correction.text is not None and corrections.decode(correction.text) is None


def _preference_trace(one: Stored, answered: preferred.Answered, said: Preference, better: str, worse: str) -> Trace:
    return Trace(
        reviewer_item=answered.item,
        reviewer_campaigns=(one.state.hash,),
        reviewer_labels=tuple(sorted(answered.labels)),
        reviewer_blind=answered.blind,
        reviewer_better=better,
        reviewer_worse=worse,
        reviewer_strength=said.strength,
    )


def _steps(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    for one in plan.of("verdict", "steps"):
        damaged = departures.resting_on_damaged(reading, one)
        gold = departures.left_out(reading, one).gold
        seen = 0
        for some in _some(released.marked(reading, one)):
            texts = released.payloads_of(reading, [marked.item for marked in some])
            for marked in some:
                seen += 1
                step(seen, one.sampled)
                if marked.item in damaged:
                    yield Row(Left("open"))
                elif marked.item not in gold:
                    yield _marked(plan, one, marked, texts.get(marked.item))
        yield from _without_labels(one, seen)


def _marked(plan: Plan, one: Stored, marked: released.Marked, packed: bytes | None) -> Row:
    if packed is None:
        return _NO_VALUE
    if not plan.stale.isdisjoint(marked.labels):
        return _STALE
    made = steps(payloads.unpack(packed), marked.marks) if marked.marks else None
    if made is None:
        return Row(Left("no_steps"))
    left = made.material.left if isinstance(made.material, step_rewards.Steps) else 0
    return _row(plan, made, _marked_trace(one, marked))._replace(steps_left=left)


def _marked_trace(one: Stored, marked: released.Marked) -> Trace:
    return Trace(
        reviewer_item=marked.item,
        reviewer_campaigns=(one.state.hash,),
        reviewer_labels=marked.labels,
        reviewer_blind=marked.blind,
    )


def _whole(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    """Every item with an answer and all that was said of it: verdicts, then preferences, then marks."""
    for answered in _answered(reading, plan, step):
        yield answered if isinstance(answered, Row) else _raw(reading, plan, answered.answer, _trace(plan, answered))
    for one in plan.of("preference"):
        told = _by_item(reading, one)
        for said in told:
            if said.preference is None:
                yield Row(Left("open"))
                continue
            trace = _preference_trace(one, said, said.preference, "", "")
            bare = msgspec.structs.replace(trace, reviewer_better=None, reviewer_worse=None)
            yield _raw(reading, plan, preferences.in_words(said.preference), bare)
        yield from _without_labels(one, len(told))
    for one in plan.of("steps"):
        seen = 0
        for marked in released.marked(reading, one):
            seen += 1
            if not marked.marks:
                yield Row(Left("no_steps"))
                continue
            yield _raw(reading, plan, dict(sorted(marked.marks.items())), _marked_trace(one, marked))
        yield from _without_labels(one, seen)


def _raw(reading: Reading, plan: Plan, answer: object, trace: Trace) -> Row:
    item = ItemId(trace.reviewer_item)
    packed = released.payloads_of(reading, [item]).get(item)
    if packed is None:
        return _NO_VALUE
    made = whole(reading, payloads.unpack(packed), answer, trace.reviewer_labels)
    return _row(plan, made, trace)


def whole(reading: Reading, content: bytes, answer: object, labels: Iterable[str]) -> Made:
    """An item, its answer, and its labels as they are exported; without what is only true of this replica."""
    told = [label_fields(found) for name in labels if (found := departures.label_at(reading, name)) is not None]
    for one in told:
        for column in ("witnessed", "in_force", "replaced_by", "retracted_by"):
            del one[column]
    return Made(Whole(content, _encode(answer), _encode(told)), bytes(turns.prompt_of(content)))


def _some(many: Iterable[T]) -> Iterator[list[T]]:
    """Some hundred at a time, so that memory holds no more texts than that."""
    left = iter(many)
    while some := list(islice(left, _CHUNK)):
        yield some


def _row(plan: Plan, made: Made, trace: Trace) -> Row:
    columns = plan.shape.made(made.material, plan.form)
    if isinstance(columns, Left):
        return Row(columns)
    return Row(
        release_tables.line(plan.shape, columns, trace),
        releases.prompt_group(made.prompt) if plan.grouped else "",
        ItemId(trace.reviewer_item),
        trace.reviewer_labels,
        trace.reviewer_blind,
        made.media_left_out,
        good=made.material.good if isinstance(made.material, Judged) else None,
    )

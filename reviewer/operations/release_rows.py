"""The rows of a release: what was answered, made into the columns of a format, with what each row is traced by."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import islice
from math import prod
from typing import NamedTuple, TypeVar

from reviewer.domain import corrections, preferences, releases, reward_weights, step_rewards
from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import NotFound
from reviewer.domain.events import Preference
from reviewer.domain.items import ItemId
from reviewer.domain.twins import Judged as TwinJudged
from reviewer.domain.twins import twins
from reviewer.formats import release_shapes, release_tables, turns
from reviewer.formats.release_shapes import Form, Judged, Left, Shape
from reviewer.formats.release_tables import Line, Trace
from reviewer.formats.turns import Image, Media
from reviewer.operations import release_material
from reviewer.operations.release_answers import Chosen, judged_by
from reviewer.operations.release_material import Made
from reviewer.storage import departures, payloads, preferred, released
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import AnsweredItem
from reviewer.storage.released import Corrected
from reviewer.storage.workspace import Reading

T = TypeVar("T")
Step = Callable[[int, int], None]
_CHUNK = 250


class Row(NamedTuple):
    """A row, or why an item has none. group: its prompt, by which it goes to a part. good: of a judged run, whether it is compliant.

    images: that it names.
    """

    line: Line | Left
    group: str = ""
    item: ItemId = ItemId("")
    labels: tuple[str, ...] = ()
    blind: bool = True
    steps_left: int = 0
    good: bool | None = None
    images: tuple[Image, ...] = ()


class Plan(NamedTuple):
    """What is made. stale: labels whose words hold no more; corrections and resolutions: in force, by item.

    grouped: whether rows say their group, as it takes where there are several parts. media: those of the workspace; images: whether rows
    have a column for them.
    """

    stored: Sequence[Stored]
    shape: Shape
    form: Form
    chosen: Chosen
    stale: Set[EntryHash]
    corrections: dict[ItemId, list[Corrected]]
    resolutions: dict[ItemId, tuple[EntryHash, ...]]
    media: Media
    grouped: bool = True
    images: bool = False

    def of(self, *questions: str) -> list[Stored]:
        """The campaigns that ask one of these."""
        return [one for one in self.stored if one.state.rules.question in questions]


_STALE, _NO_VALUE, _MEDIA = Row(Left("stale")), Row(Left("no_value")), Row(Left("media"))


def rows(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    """Every row in an order that the answers alone decide, and for each item without one why. step: told how many items of how many."""
    match plan.shape.needs:
        case "runs":
            yield from _runs(reading, plan, step)
        case "outputs":
            yield from _outputs(reading, plan, step)
            yield from _preferences(reading, plan, step, told=_better_output)
        case "pairs":
            yield from _pairs_of_runs(reading, plan, step)
            yield from _preferences(reading, plan, step, told=_preferred)
        case "steps":
            yield from _steps(reading, plan, step)
        case "whole":
            yield from _whole(reading, plan, step)


# --- verdicts


def _runs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        made = release_material.judged(payloads.unpack(answered.payload or b""), answered.answer == "compliant", plan.shape)
        yield _NO_VALUE if made is None else _row(plan, made, _trace(plan, answered))


def _outputs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row]:
    """What was done right, and what a reviewer put right."""
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        content = payloads.unpack(answered.payload or b"")
        if answered.answer == "compliant":
            yield _output(plan, answered, content, None, None)
            continue
        found = [one for one in plan.corrections.get(answered.item, ()) if one.text is not None]
        if not found:
            yield Row(Left("non_compliant"))
        for one in found:
            yield _output(plan, answered, content, one.text, one.label)


def _output(plan: Plan, answered: AnsweredItem, content: bytes, corrected: str | None, correction: EntryHash | None) -> Row:
    try:
        made = release_material.output(content, corrected, plan.shape, plan.media)
    except NotFound:  # an image that has not come to this machine
        return _MEDIA
    return _NO_VALUE if made is None else _row(plan, made, _trace(plan, answered, correction=correction))


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
        if cut.media_left_out:
            yield _MEDIA
            continue
        seen = b"".join(bytes.fromhex(image.sha256) for image in cut.images)
        prompt = releases.prompt_group(bytes(cut.prompt) + bytes(cut.tools or b"") + seen)
        asked.append(TwinJudged(answered.item, prompt, answered.answer == "compliant"))
        found[answered.item] = answered._replace(payload=None)
    matched = twins(asked)
    corrected = [(item, one) for item in sorted(found) if found[item].answer != "compliant" for one in plan.corrections.get(item, ())]
    mended = {item for item, one in corrected if one.text is not None}
    yield from (Row(Left("no_pair")) for item in matched.alone if item not in mended)
    for some in _some(matched.pairs):
        texts = released.payloads_of(reading, sorted({item for pair in some for item in pair}))
        for good, bad in some:
            made = release_material.pair_of_runs(payloads.unpack(texts[good]), payloads.unpack(texts[bad]), None, plan.shape)
            assert made is not None  # both were cut above
            trace = _trace(plan, found[good], worse=found[bad])
            too_noisy = (trace.reviewer_label_noise or 0.0) > reward_weights.MOST_NOISE
            yield Row(Left("low_confidence")) if too_noisy else _row(plan, made, trace)
    for some_corrected in _some([one for one in corrected if one[1].text is not None]):
        texts = released.payloads_of(reading, sorted({item for item, _ in some_corrected}))
        for item, one in some_corrected:
            content = payloads.unpack(texts[item])
            made = release_material.pair_of_runs(content, content, one.text, plan.shape)
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


_Told = Callable[[Reading, Plan, Stored, preferred.Answered, Preference], Iterator[Row]]


def _preferences(reading: Reading, plan: Plan, step: Step, *, told: _Told) -> Iterator[Row]:
    """What comparisons with an answer are told as; for others, why they have no row."""
    for one in plan.of("preference"):
        damaged = departures.resting_on_damaged(reading, one)
        every = _by_item(reading, one)
        for seen, answered in enumerate(every, 1):
            step(seen, len(every))
            if answered.preference is None or answered.item in damaged:
                yield Row(Left("open"))
            elif not plan.stale.isdisjoint(answered.labels):
                yield _STALE
            else:
                yield from told(reading, plan, one, answered, answered.preference)
        yield from _without_labels(one, len(every))


def _by_item(reading: Reading, one: Stored) -> list[preferred.Answered]:
    """What was preferred, in order of ids: those of a queue are another in each campaign."""
    return sorted(preferred.answers(reading, one), key=lambda answered: answered.item)


def _without_labels(one: Stored, seen: int) -> Iterator[Row]:
    """Drawn items that nobody has labelled."""
    return (Row(Left("open")) for _ in range(one.sampled - seen))


def _preferred(reading: Reading, plan: Plan, one: Stored, answered: preferred.Answered, said: Preference) -> Iterator[Row]:
    """Pairs of outputs, and of what a reviewer wrote with the best of them."""
    wanted = preferences.pairs(said.ranking)
    better = _written(plan, answered)
    if not wanted and not better:
        yield Row(Left("both_bad" if said.both_bad else "tie"))
        return
    content = _content(reading, answered.item)
    if content is None:
        yield _NO_VALUE
        return
    for good, bad in wanted:
        made = release_material.pair_of_candidates(content, good, bad, plan.shape)
        yield _row(plan, made, _preference_trace(one, answered, better=good, worse=bad, strength=said.strength))
    for correction in better:
        for key in said.ranking[0]:  # what was written is better than the best of them
            made = release_material.corrected_candidate(content, key, correction.text or "", plan.shape)
            yield _row(plan, made, _preference_trace(one, answered, worse=key, correction=correction.label))


def _better_output(reading: Reading, plan: Plan, one: Stored, answered: preferred.Answered, _said: Preference) -> Iterator[Row]:
    """What a reviewer wrote as better than all outputs; whoever only chose among them wrote nothing to imitate."""
    better = _written(plan, answered)
    if not better:
        yield Row(Left("no_better"))
        return
    content = _content(reading, answered.item)
    for correction in better:
        try:
            made = None if content is None else release_material.better_output(content, correction.text or "", plan.shape, plan.media)
        except NotFound:  # an image that has not come to this machine
            yield _MEDIA
            continue
        yield _NO_VALUE if made is None else _row(plan, made, _preference_trace(one, answered, correction=correction.label))


def _content(reading: Reading, item: ItemId) -> bytes | None:
    """The bytes of an item; None where they are not here."""
    packed = released.payloads_of(reading, [item]).get(item)
    return None if packed is None else payloads.unpack(packed)


def _written(plan: Plan, answered: preferred.Answered) -> list[Corrected]:
    """Outputs as a whole, as those of comparisons are, that came with the labels that an answer rests on."""
    return [one for one in plan.corrections.get(answered.item, ()) if one.label in answered.labels and _is_output(one)]


def _is_output(correction: Corrected) -> bool:
    """Whether a correction that is here is an output as a whole, as it is of a comparison."""
    return correction.text is not None and corrections.decode(correction.text) is None


def _preference_trace(
    one: Stored,
    answered: preferred.Answered,
    *,
    better: str | None = None,
    worse: str | None = None,
    strength: str | None = None,
    correction: EntryHash | None = None,
) -> Trace:
    return Trace(
        reviewer_item=answered.item,
        reviewer_campaigns=(one.state.hash,),
        reviewer_labels=tuple(sorted(answered.labels)),
        reviewer_blind=answered.blind,
        reviewer_correction=correction,
        reviewer_better=better,
        reviewer_worse=worse,
        reviewer_strength=strength,
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
    made = release_material.steps(payloads.unpack(packed), marked.marks) if marked.marks else None
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
            trace = _preference_trace(one, said, strength=said.preference.strength)
            yield _raw(reading, plan, preferences.in_words(said.preference), trace)
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
    made = release_material.whole(reading, payloads.unpack(packed), answer, trace.reviewer_labels)
    return _row(plan, made, trace)


def _some(many: Iterable[T]) -> Iterator[list[T]]:
    """Some hundred at a time, so that memory holds no more texts than that."""
    left = iter(many)
    while some := list(islice(left, _CHUNK)):
        yield some


def _row(plan: Plan, made: Made, trace: Trace) -> Row:
    if made.media_left_out:
        return _MEDIA
    columns = release_shapes.columns_of(plan.shape, made.material, plan.form, images=plan.images)
    if isinstance(columns, Left):
        return Row(columns)
    return Row(
        release_tables.line(plan.shape, columns, trace),
        releases.prompt_group(made.prompt) if plan.grouped else "",
        ItemId(trace.reviewer_item),
        trace.reviewer_labels,
        trace.reviewer_blind,
        good=made.material.good if isinstance(made.material, Judged) else None,
        images=release_material.images_of(made.material),
    )

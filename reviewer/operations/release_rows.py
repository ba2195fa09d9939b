"""The rows of a release: what was answered, made into the columns of a format, with what each row is traced by."""

from collections.abc import Callable, Iterator, Sequence, Set
from math import prod
from typing import Any, NamedTuple

from reviewer.domain import corrections, preferences, releases, reward_weights
from reviewer.domain.batches import batches
from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Preference
from reviewer.domain.items import ItemId
from reviewer.domain.twins import Judged as TwinJudged
from reviewer.domain.twins import twins
from reviewer.formats import turns
from reviewer.formats.release_lines import Trace
from reviewer.formats.release_shapes import Form, Left, Shape
from reviewer.formats.turns import Media
from reviewer.operations import exporting, release_making, release_material
from reviewer.operations.release_answers import Chosen, judged_by
from reviewer.operations.release_making import Draft, Making, Row, Target
from reviewer.operations.release_material import Made
from reviewer.storage import departures, payloads, preferred, released
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import AnsweredItem
from reviewer.storage.released import Corrected
from reviewer.storage.workspace import Reading

Step = Callable[[int, int], None]
_CHUNK = 250  # items of which memory holds the texts


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

    @property
    def inline(self) -> Media | None:
        """The media, where rows hold images inline and so are made in this process."""
        return self.media if self.shape.dialect.images == "inline" else None

    def of(self, *questions: str) -> list[Stored]:
        """The campaigns that ask one of these."""
        return [one for one in self.stored if one.state.rules.question in questions]


_NOTHING, _NO_STEPS = Left("no_value"), Left("no_steps")
_STALE, _NO_VALUE, _MEDIA = Row(Left("stale")), Row(_NOTHING), Row(Left("media"))


def rows(reading: Reading, plan: Plan, step: Step, making: Making) -> Iterator[Row]:
    """Every row in an order that the answers alone decide, and for each item without one why. step: told how many items of how many."""
    target = Target(plan.shape, plan.form, plan.grouped, plan.images)
    return release_making.made(_drafts(reading, plan, step), target, making)


def _drafts(reading: Reading, plan: Plan, step: Step) -> Iterator[Row | Draft]:
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


def _runs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row | Draft]:
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        said = (answered.answer == "compliant", plan.shape)
        yield _draft(release_material.judged, answered.payload, said, _trace(plan, answered))


def _outputs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row | Draft]:
    """What was done right, and what a reviewer put right."""
    for answered in _answered(reading, plan, step):
        if isinstance(answered, Row):
            yield answered
            continue
        if answered.answer == "compliant":
            yield _output(plan, answered, None, None)
            continue
        found = [one for one in plan.corrections.get(answered.item, ()) if one.text is not None]
        if not found:
            yield Row(Left("non_compliant"))
        for one in found:
            yield _output(plan, answered, one.text, one.label)


def _output(plan: Plan, answered: AnsweredItem, corrected: str | None, correction: EntryHash | None) -> Row | Draft:
    said = (corrected, plan.shape, plan.inline)
    return _draft(release_material.output, answered.payload, said, _trace(plan, answered, correction=correction))


def _pairs_of_runs(reading: Reading, plan: Plan, step: Step) -> Iterator[Row | Draft]:
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
    for some in batches(matched.pairs, _CHUNK):
        texts = released.payloads_of(reading, sorted({item for pair in some for item in pair}))
        for good, bad in some:
            trace = _trace(plan, found[good], worse=found[bad])
            if (trace.reviewer_label_noise or 0.0) > reward_weights.MOST_NOISE:
                yield Row(Left("low_confidence"))
            else:
                yield _draft(release_material.pair_of_runs, (texts[good], texts[bad]), (None, plan.shape), trace)
    for some_corrected in batches([one for one in corrected if one[1].text is not None], _CHUNK):
        texts = released.payloads_of(reading, sorted({item for item, _ in some_corrected}))
        for item, one in some_corrected:
            said = (one.text, plan.shape)
            yield _draft(release_material.mended_run, texts[item], said, _trace(plan, found[item], correction=one.label))


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


def _draft(
    make: Callable[..., Made | None],
    packed: bytes | tuple[bytes, ...] | None,
    said: tuple[Any, ...],
    trace: Trace,
    without: Left = _NOTHING,
) -> Row | Draft:
    """A row that is made of packed items; none where one of them is not here."""
    if packed is None:
        return _NO_VALUE
    return Draft(make, packed if isinstance(packed, tuple) else (packed,), said, trace, without)


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
        reviewer_campaigns=tuple(sorted({name for one in behind for name in one.campaigns})),
        reviewer_labels=tuple(sorted({name for one in behind for name in one.labels})),
        reviewer_resolutions=tuple(sorted(resolutions)),
        reviewer_blind=all(one.blind for one in behind),
        reviewer_correction=correction,
        reviewer_p_right=p_right,
        reviewer_weight=None if p_right is None else reward_weights.row_weight(max(p_right, 0.5)),
        reviewer_label_noise=None if p_right is None else reward_weights.label_noise(p_right),
    )


# --- preferences, steps, everything


_Told = Callable[[Plan, Stored, preferred.Answered, Preference, bytes | None], Iterator[Row | Draft]]


def _preferences(reading: Reading, plan: Plan, step: Step, *, told: _Told) -> Iterator[Row | Draft]:
    """What comparisons with an answer are told as; for others, why they have no row."""
    for one in plan.of("preference"):
        damaged = departures.resting_on_damaged(reading, one)
        every = _by_item(reading, one)
        seen = 0
        for some in batches(every, _CHUNK):
            texts = released.payloads_of(reading, [answered.item for answered in some])
            for answered in some:
                seen += 1
                step(seen, len(every))
                if answered.preference is None or answered.item in damaged:
                    yield Row(Left("open"))
                elif not plan.stale.isdisjoint(answered.labels):
                    yield _STALE
                else:
                    yield from told(plan, one, answered, answered.preference, texts.get(answered.item))
        yield from _without_labels(one, len(every))


def _by_item(reading: Reading, one: Stored) -> list[preferred.Answered]:
    """What was preferred, in order of ids: those of a queue are another in each campaign."""
    return sorted(preferred.answers(reading, one), key=lambda answered: answered.item)


def _without_labels(one: Stored, seen: int) -> Iterator[Row | Draft]:
    """Drawn items that nobody has labelled."""
    return (Row(Left("open")) for _ in range(one.sampled - seen))


def _preferred(plan: Plan, one: Stored, answered: preferred.Answered, said: Preference, packed: bytes | None) -> Iterator[Row | Draft]:
    """Pairs of outputs, and of what a reviewer wrote with the best of them."""
    wanted = preferences.pairs(said.ranking)
    better = _written(plan, answered)
    if not wanted and not better:
        yield Row(Left("both_bad" if said.both_bad else "tie"))
        return
    if packed is None:
        yield _NO_VALUE
        return
    for good, bad in wanted:
        trace = _preference_trace(one, answered, better=good, worse=bad, strength=said.strength)
        yield _draft(release_material.pair_of_candidates, packed, (good, bad, plan.shape), trace)
    for correction in better:
        for key in said.ranking[0]:  # what was written is better than the best of them
            trace = _preference_trace(one, answered, worse=key, correction=correction.label)
            yield _draft(release_material.corrected_candidate, packed, (key, correction.text or "", plan.shape), trace)


def _better_output(plan: Plan, one: Stored, answered: preferred.Answered, _said: Preference, packed: bytes | None) -> Iterator[Row | Draft]:
    """What a reviewer wrote as better than all outputs; whoever only chose among them wrote nothing to imitate."""
    better = _written(plan, answered)
    if not better:
        yield Row(Left("no_better"))
        return
    for correction in better:
        said = (correction.text or "", plan.shape, plan.inline)
        yield _draft(release_material.better_output, packed, said, _preference_trace(one, answered, correction=correction.label))


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


def _steps(reading: Reading, plan: Plan, step: Step) -> Iterator[Row | Draft]:
    for one in plan.of("verdict", "steps"):
        damaged = departures.resting_on_damaged(reading, one)
        gold = departures.left_out(reading, one).gold
        seen = 0
        for some in batches(released.marked(reading, one), _CHUNK):
            texts = released.payloads_of(reading, [marked.item for marked in some])
            for marked in some:
                seen += 1
                step(seen, one.sampled)
                if marked.item in damaged:
                    yield Row(Left("open"))
                elif marked.item not in gold:
                    yield _marked(plan, one, marked, texts.get(marked.item))
        yield from _without_labels(one, seen)


def _marked(plan: Plan, one: Stored, marked: released.Marked, packed: bytes | None) -> Row | Draft:
    if packed is None:
        return _NO_VALUE
    if not plan.stale.isdisjoint(marked.labels):
        return _STALE
    if not marked.marks:
        return Row(_NO_STEPS)
    return _draft(release_material.steps, packed, (dict(marked.marks),), _marked_trace(one, marked), _NO_STEPS)


def _marked_trace(one: Stored, marked: released.Marked) -> Trace:
    return Trace(
        reviewer_item=marked.item,
        reviewer_campaigns=(one.state.hash,),
        reviewer_labels=marked.labels,
        reviewer_blind=marked.blind,
    )


def _whole(reading: Reading, plan: Plan, step: Step) -> Iterator[Row | Draft]:
    """Every item with an answer and all that was said of it: verdicts, then preferences, then marks."""
    for some in batches(_answered(reading, plan, step), _CHUNK):
        yield from _raw(reading, [one if isinstance(one, Row) else _Raw(one.answer, _trace(plan, one), one.payload) for one in some])
    for one in plan.of("preference"):
        told = _by_item(reading, one)
        for some_told in batches(told, _CHUNK):
            yield from _raw(reading, [_raw_preference(one, said) for said in some_told])
        yield from _without_labels(one, len(told))
    for one in plan.of("steps"):
        seen = 0
        for some_marked in batches(released.marked(reading, one), _CHUNK):
            seen += len(some_marked)
            yield from _raw(reading, [_raw_marks(one, marked) for marked in some_marked])
        yield from _without_labels(one, seen)


class _Raw(NamedTuple):
    """An answer, and what it is of: packed, where that was read already."""

    answer: object
    trace: Trace
    packed: bytes | None = None


def _raw_preference(one: Stored, said: preferred.Answered) -> Row | _Raw:
    if said.preference is None:
        return Row(Left("open"))
    return _Raw(preferences.in_words(said.preference), _preference_trace(one, said, strength=said.preference.strength))


def _raw_marks(one: Stored, marked: released.Marked) -> Row | _Raw:
    return _Raw(dict(sorted(marked.marks.items())), _marked_trace(one, marked)) if marked.marks else Row(_NO_STEPS)


def _raw(reading: Reading, some: Sequence[Row | _Raw]) -> Iterator[Row | Draft]:
    """Drafts of some answers; texts and labels are read for all of them at once."""
    asked = [one for one in some if isinstance(one, _Raw)]
    texts = released.payloads_of(reading, [ItemId(one.trace.reviewer_item) for one in asked if one.packed is None])
    labels = exporting.told(reading, [name for one in asked for name in one.trace.reviewer_labels])
    for one in some:
        if isinstance(one, Row):
            yield one
            continue
        told = [labels[name] for name in one.trace.reviewer_labels if name in labels]
        packed = one.packed if one.packed is not None else texts.get(ItemId(one.trace.reviewer_item))
        yield _draft(release_material.whole, packed, (one.answer, told), one.trace)

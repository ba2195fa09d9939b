"""What a release is made from: what was asked for, checked; the answers; what would teach something else; and the rows. Writing and
previews both start here, so that a preview shows what is written."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, TypeVar

from reviewer.domain import releases
from reviewer.domain.digests import Digests
from reviewer.domain.errors import Refused, about
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import PARTS, Part, Split
from reviewer.formats import release_shapes
from reviewer.formats.release_shapes import Form, Left, Shape
from reviewer.formats.turns import Media
from reviewer.operations import audit_rows, auditing, release_answers, release_groups, release_rows
from reviewer.operations.auditing import Audited
from reviewer.operations.release_answers import Chosen, Wanted
from reviewer.operations.release_making import HERE, Making, Row
from reviewer.storage import agreement, citations, departures, golds, past, released
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import OwnReading, Reading

T = TypeVar("T")
_AUDITED = 5_000  # judged items of a release: an AUC of these has limits of about .02


class Asked(NamedTuple):
    """What was asked for, checked."""

    shape: Shape
    form: Form
    answers: Wanted
    split: Split


class Choice(NamedTuple):
    """A format that can be chosen. questions: of which campaigns it is made, by what they ask; fitting: where it is offered first."""

    name: str
    description: str
    forms: tuple[Form, ...]
    questions: frozenset[str]
    fitting: frozenset[str]


class Planned(NamedTuple):
    """Campaigns, and the answers of their items. What has no row is counted in `chosen` as rows are made."""

    stored: Sequence[Stored]
    asked: Asked
    chosen: Chosen


class Together(NamedTuple):
    """By what items go to a part, and what their rows would teach; None where no item has an answer.

    some: says that not all were audited, where that is so.
    """

    name: Mapping[ItemId, str]
    audited: Audited | None
    some: str = ""

    def part_of(self, row: Row, split: Split) -> Part:
        """The part that a row goes to."""
        return releases.part_of(self.name.get(row.item, row.group), split)


def choices() -> tuple[Choice, ...]:
    """Every format."""
    return tuple(
        Choice(
            one.name, one.description, one.forms, frozenset(release_answers.MADE_OF[one.needs]),
            frozenset(question for question, name in release_answers.FITTING.items() if name == one.name),
        )
        for one in release_shapes.SHAPES
    )  # fmt: skip


def asked(*, format_name: str, form: str | None, aggregate: str, min_confidence: str | None, split: str) -> Asked:
    """What was asked for. Raises Refused, about the part that it cannot be as."""
    with about("format"):
        shape = release_shapes.shape_of(format_name)
    with about("form"):
        written = release_shapes.form_of(shape, form)
    answers = release_answers.wanted(aggregate, min_confidence)
    with about("split"):
        return Asked(shape, written, answers, releases.split(split))


def view(today: OwnReading, ticket: Ticket, stack: ExitStack, at: str | None) -> Reading:
    """The view that a release is made from: today's, or with `at`, an entry by its id, that of then, which goes with the stack.

    Raises Diverged while a device with the same entries has another state, and what `storage.past` raises.
    """
    agreement.require(today)
    if at is None:
        return today
    return stack.enter_context(past.as_it_was(today.workspace, past.moment(today, at), ticket.step))


def planned(reading: Reading, ticket: Ticket, campaigns: Sequence[str], wanted: Asked) -> Planned:
    """Choose the answers. Raises NotFound and Refused for the campaigns, Damaged E107 for labels that were changed."""
    with about("campaigns"):
        stored = _distinct(reading, campaigns)
    release_answers.refuse_other_questions(stored, wanted.shape, wanted.answers.aggregate)
    for one in stored:
        departures.refuse_changed_labels(reading, one)
    chosen = release_answers.choose(reading, ticket, stored, wanted.answers, needs=wanted.shape.needs)
    return Planned(stored, wanted, chosen)


def together(reading: Reading, ticket: Ticket, plan: Planned, *, every: bool = False, against: Path | None = None) -> Together:
    """Group the items and audit them. Near-duplicates are looked for where parts could tear them apart.

    Of many items some are audited, so that a large release is a matter of writing it. every: all are audited, as near-duplicates too.
    """
    torn = every or not plan.asked.split.whole
    gold = any(golds.known_answers(reading, one) for one in plan.stored)
    whole = torn or gold  # texts that none of the rows may lack
    counted = None if every else _AUDITED
    found = audit_rows.material(reading, plan.stored, plan.chosen, most=None if whole else _AUDITED, counted=counted)
    if not found.items:
        return Together({}, None)
    grouped = release_groups.grouped(
        reading, found.items, lambda done, total: ticket.step(done, total, "Looking for near-duplicates"), near=torn, read=found.prompts
    )
    with about("against"):
        audited = auditing.audit(reading, ticket, plan.stored, plan.chosen, found, grouped, plan.asked.split, against=against)
    judged = len(plan.chosen.answers)
    some = f"{_AUDITED:,} of {judged:,} judged items were audited: `reviewer release audit` looks at all."
    return Together(grouped.name, audited, "" if every or judged <= _AUDITED else some)


def with_images_or_without(plan: Planned, make: Callable[[bool], T | None]) -> T:
    """What `make` makes of rows, told whether they have a column of images; it gives None where it meets an image without one.

    Such a column stands only in a release that has some, since a trainer takes no model of words alone for one that has it: at the first
    row with an image, all is begun again.
    """
    before = dict(plan.chosen.dropped)
    made = make(False)
    if made is None:
        plan.chosen.dropped = before
        made = make(True)
        assert made is not None  # it has the column
    return made


def rows(reading: Reading, ticket: Ticket, plan: Planned, what: str, *, media: Media, images: bool, making: Making = HERE) -> Iterator[Row]:
    """The rows, in their order; what has none is counted. what: the work, in words for the progress; making: what makes them.

    media: those of today's workspace; images: whether rows have a column for them.
    """
    stored, wanted = plan.stored, plan.asked
    made = release_rows.Plan(
        stored, wanted.shape, wanted.form, plan.chosen, citations.all_stale(reading),
        released.corrections(reading, stored), released.resolutions(reading, stored), media, not wanted.split.whole, images,
    )  # fmt: skip
    for row in release_rows.rows(reading, made, lambda done, total: ticket.step(done, total, what), making):
        if isinstance(row.line, Left):
            plan.chosen.drop(row.line.reason)
        else:
            yield row


class Tally:
    """Rows by part, the labels behind them, and what was met on the way."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = dict.fromkeys(PARTS, 0)
        self.labels = Digests()
        self.good = self.bad = 0
        self._met = Counter[str]()

    def add(self, row: Row, part: Part) -> None:
        """Count a row."""
        self.rows[part] += 1
        self.labels.update(row.labels)
        self._met["not_blind"] += not row.blind
        self._met["cut"] += bool(row.steps_left)
        self.good += row.good is True
        self.bad += row.good is False

    def warnings(self, chosen: Chosen) -> tuple[str, ...]:
        """What whoever trains on the rows has to know of them."""
        said = []
        if self._met["not_blind"]:
            said.append(f"{self._met['not_blind']} rows rest on a label that was not given blind; reviewer_blind says which.")
        if self._met["cut"]:
            said.append(f"{self._met['cut']} runs end before their first step that was not judged good or bad.")
        unmeasured = sorted({one.reason for one in chosen.aggregation if one.reason is not None})
        said.extend(f"How sure the labels are was not measured, and is in no row: {reason}." for reason in unmeasured)
        if chosen.disputed:
            said.append(f"{chosen.disputed} items have different answers in the campaigns, and were dropped as open.")
        if chosen.damaged:
            said.append(
                f"{chosen.damaged} items have an answer that rests on a device whose entries do not verify, and were dropped as open."
            )
        return tuple(said)


def audit_warnings(found: Together, shape: Shape) -> tuple[str, ...]:
    """What an audit warns of that matters to a format."""
    if found.audited is None:
        return ()
    warnings = found.audited.warnings(besides=() if shape.needs == "runs" else ("balance",))
    return (*warnings, found.some) if found.some else warnings


def refuse_none(plan: Planned) -> Refused:
    """Why nothing can be released."""
    named = ", ".join(f"“{one.state.rules.name}”" for one in plan.stored)
    return Refused(
        f"No item of {named} can be released as {plan.asked.shape.name} yet.",
        f"Nothing was written: {releases.reasons(plan.chosen.dropped) or 'no item was drawn'}. Label more items, or choose another format.",
    )


def _distinct(reading: Reading, names: Sequence[str]) -> list[Stored]:
    found = {stored.state.hash: stored for stored in (campaign_rows.named(reading, name) for name in names)}
    if not found:
        raise Refused("No campaign was named.", "Name one or more: see `reviewer campaign list`.")
    return [found[name] for name in sorted(found)]

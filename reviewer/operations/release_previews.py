"""What a release would hold, before anything is written: its first rows, and on request all of it, counted and audited."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import Part
from reviewer.formats.release_shapes import Left
from reviewer.formats.turns import Image, Media
from reviewer.operations import release_lineage, release_plans
from reviewer.operations.auditing import Audited
from reviewer.operations.release_plans import Planned, Tally, Together
from reviewer.storage import searches
from reviewer.storage.workspace import OwnReading, Reading, Workspace


class PreviewRow(NamedTuple):
    """A row as it would be written. line: JSON; lineage: the line of what it is traced by, where that would lie apart."""

    part: Part
    item: ItemId
    line: bytes
    lineage: bytes | None


class Previewed(NamedTuple):
    """What would be written. rows: the first ones that the viewer may see; hidden: how many before the last of them stand on items that
    the viewer has still to judge blind. counts: of each part, None where rows were not made to the end; dropped is then of those so far.

    audited: None where nobody asked for the whole.
    """

    format: str
    form: str
    rows: tuple[PreviewRow, ...]
    hidden: int
    counts: dict[str, int] | None
    dropped: dict[str, int]
    warnings: tuple[str, ...]
    audited: Audited | None


def preview_release(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaigns: Sequence[str],
    format_name: str = "trl-kto",
    aggregate: str = "answer",
    split: str = "1",
    form: str | None = None,
    min_confidence: str | None = None,
    at: str | None = None,
    against: Path | None = None,
    rows: int = 5,
    whole: bool = True,
) -> Outcome[Previewed]:
    """Make what `release_dataset` would write, and write nothing. rows: how many to show; whole: count, group and audit all of them.

    against: for the audit, an earlier release or a file that measures a model. Without `whole`, the part of a row is that of its prompt
    alone. Raises as `release_dataset` does.
    """
    require(workspace.me, "release", "release data sets")
    asked = release_plans.asked(format_name=format_name, form=form, aggregate=aggregate, min_confidence=min_confidence, split=split)
    with workspace.read() as today, ExitStack() as stack:
        reading = release_plans.view(today, ticket, stack, at)
        plan = release_plans.planned(reading, ticket, campaigns, asked)
        found = release_plans.together(reading, ticket, plan, every=True, against=against) if whole else Together({}, None)
        look = partial(_previewed, today, reading, ticket, plan, found, rows=rows, whole=whole)
        return Outcome(release_plans.with_images_or_without(plan, lambda images: look(images=images)))


def _previewed(
    today: OwnReading, reading: Reading, ticket: Ticket, plan: Planned, found: Together, *, rows: int, whole: bool, images: bool
) -> Previewed | None:
    """None at the first row with an image, where rows have no column for it."""
    viewer, media = today.workspace.member, today.workspace.media.read
    shown, hidden, tally = list[PreviewRow](), 0, Tally()
    for row in release_plans.rows(reading, ticket, plan, "Making rows", media=media, images=images):
        assert not isinstance(row.line, Left)  # those were counted
        if row.images and not images:
            return None
        if not _are_here(row.images, media):
            plan.chosen.drop("media")
            continue
        part = found.part_of(row, plan.asked.split)
        tally.add(row, part)
        if len(shown) == rows:
            continue
        trace = release_lineage.lineage_of(row.line.line, row.line.trace)
        assert trace is not None  # it was made just now
        if searches.hidden_among(today, release_lineage.items_behind(trace), viewer=viewer):
            hidden += 1
            continue
        shown.append(PreviewRow(part, row.item, row.line.line, row.line.trace))
        if len(shown) == rows and not whole:
            break
    if not sum(tally.rows.values()):
        raise release_plans.refuse_none(plan)
    to_the_end = whole or len(shown) < rows
    warnings = (*tally.warnings(plan.chosen), *release_plans.audit_warnings(found, plan.asked.shape))
    return Previewed(
        plan.asked.shape.name, plan.asked.form, tuple(shown), hidden, tally.rows if to_the_end else None, plan.chosen.dropped, warnings,
        found.audited,
    )  # fmt: skip


def _are_here(images: Sequence[Image], media: Media) -> bool:
    try:
        for image in images:
            media(image.sha256)
    except NotFound:
        return False
    return True

"""Freezing the labels of campaigns as a training data set: rows, card, manifest and signature, in a folder of their own."""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewer import __version__
from reviewer.domain import canonical, releases, reward_weights
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound
from reviewer.domain.events import Event, Release
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import PARTS, Manifest, Part, ReleasedCampaign, ReleasedFile
from reviewer.formats import croissant, release_shapes, release_tables
from reviewer.formats.release_shapes import Left
from reviewer.formats.turns import Image, Media
from reviewer.operations import release_making, release_plans
from reviewer.operations.release_card import card
from reviewer.operations.release_files import DATA, LINEAGE, Sink
from reviewer.operations.release_folders import MANIFEST, SIGNATURE
from reviewer.operations.release_making import Making
from reviewer.operations.release_plans import Asked, Planned, Tally, Together
from reviewer.operations.unsettled import Unsettled, unsettled, unsettled_labels
from reviewer.storage import departures, marks, outgoing, past, release_places, released
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import OwnReading, Reading, Workspace

CARD, METADATA = "README.md", "croissant.json"


class Released(NamedTuple):
    """A release on the disk. rows: of each part; dropped: items without a row, by reason; files with their paths below `folder`.

    manifest: its SHA-256, which tells this release from any other. open: what was not settled then in the whole workspace.
    """

    release: EntryHash
    folder: Path
    rows: dict[str, int]
    dropped: dict[str, int]
    files: tuple[ReleasedFile, ...]
    warnings: tuple[str, ...]
    open: Unsettled
    manifest: str


def release_dataset(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaigns: Sequence[str],
    out: Path,
    format_name: str = "trl-kto",
    aggregate: str = "answer",
    split: str = "1",
    form: str | None = None,
    min_confidence: str | None = None,
    at: str | None = None,
) -> Outcome[Released]:
    """Write a data set of every item that has an answer, sign its manifest, and record that it left.

    form: conversational or standard; None for the first that the format has. min_confidence: of rows, where labels are weighed.
    at: an entry, by its id; the state of then is released (storage.past), and that this was done is recorded now.
    The same labels give the same bytes, on any machine. An item whose answer rests on a stream that does not verify is dropped as open.
    Raises Damaged E107 where that shows only now; Refused for what cannot be written, for a campaign without a single answer, or where
    something lies at `out` already; NotAllowed; NotSaved. Then nothing is left behind.
    """
    require(workspace.me, "release", "release data sets")
    workspace.require_writable()
    asked = release_plans.asked(format_name=format_name, form=form, aggregate=aggregate, min_confidence=min_confidence, split=split)
    with outgoing.partial_folder(out) as folder, workspace.read() as today, ExitStack() as stack:
        reading = release_plans.view(today, ticket, stack, at)
        made = _make(reading, ticket, folder, campaigns, asked, workspace.media.read)
        _sign(today, folder, made.manifest)
        with workspace.begin() as work:
            name = work.record(Event("release", _event(reading, made)))
            release_places.keep(work, made.digest, out)
        marks.settle(workspace)
        outgoing.put_in_place(folder, out)
        whole = made.manifest
        done = Released(name, out, whole.rows, whole.dropped, whole.files, (*made.warnings, *made.audit), unsettled(today), made.digest)
    return Outcome(done, work.changes)


class _Made(NamedTuple):
    """What lies in the folder, all but the signature. unwitnessed: labels behind it that no other device has signed for.

    audit: what else to mind; not in the card, since its figures hang on the machine's arithmetic in their last digits, and a release is the
    same bytes on any.
    """

    manifest: Manifest
    warnings: tuple[str, ...]
    unwitnessed: int
    audit: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What the release is told by."""
        return canonical.sha256_hex(_bytes(self.manifest))


def _make(reading: Reading, ticket: Ticket, folder: Path, campaigns: Sequence[str], asked: Asked, media: Media) -> _Made:
    """Write rows, card and manifest of what a view holds. media: of today's workspace. Raises Refused where it holds no row."""
    plan = release_plans.planned(reading, ticket, campaigns, asked)
    with release_making.making(sum(one.answered for one in plan.stored), asked.shape) as making:
        together = release_plans.together(reading, ticket, plan)
        release_tables.give_back_large_pieces()  # from here on: the audit asks often for arrays that would each time be cleared anew
        write = partial(_write_rows, reading, ticket, folder, plan, together, media, making)
        written = release_plans.with_images_or_without(plan, lambda images: write(images=images))
    tally = written.tally
    if not sum(tally.rows.values()):
        raise release_plans.refuse_none(plan)
    warnings = tally.warnings(plan.chosen)
    manifest = _manifest(reading, plan, written)
    still_open = unsettled_labels(reading, tally.labels, [one.state.hash for one in plan.stored])
    texts = {
        CARD: card(manifest, asked.shape, warnings, still_open.conflicts).encode(),
        METADATA: croissant.metadata(manifest, asked.shape, asked.form),
    }
    audit = release_plans.audit_warnings(together, asked.shape)
    return _Made(_finish(folder, manifest, texts), warnings, still_open.unwitnessed, audit)


def _event(reading: Reading, made: _Made) -> Release:
    """What the journal keeps of a release: what the manifest says, and what is only true of this moment and machine."""
    whole = made.manifest
    names = tuple(one.id for one in whole.campaigns)
    rows = dict(sorted(whole.rows.items()))
    return Release(names, whole.format, whole.aggregate, rows, made.digest, past.ends(reading), made.unwitnessed)


class _Written(NamedTuple):
    """The rows on the disk, and the files of images that they name."""

    tally: Tally
    files: list[ReleasedFile]
    images: dict[str, ReleasedFile]


def _write_rows(
    reading: Reading,
    ticket: Ticket,
    folder: Path,
    plan: Planned,
    together: Together,
    media: Media,
    making: Making,
    *,
    images: bool,
) -> _Written | None:
    """Write every row to its part, and count in the plan what has none. Without a column of images, None at the first row with one."""
    shape, form, _, split = plan.asked
    written = _Written(Tally(), [], {})
    for name in (DATA, LINEAGE):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / DATA).mkdir()
    if not shape.traced:
        (folder / LINEAGE).mkdir()
    sinks: dict[Part, Sink] = {}
    with ExitStack() as stack:
        for row in release_plans.rows(reading, ticket, plan, "Writing rows", media=media, images=images, making=making):
            assert not isinstance(row.line, Left)  # those were counted
            if row.images and not images:
                return None
            if not _keep_images(folder, row.images, media, written.images):
                plan.chosen.drop("media")
                continue
            part = together.part_of(row, split)
            if part not in sinks:
                sinks[part] = stack.enter_context(Sink(folder, part, shape, form, images=images))
            sinks[part].add(row.line)
            written.tally.add(row, part)
    for part in PARTS:
        if part in sinks:
            written.files.extend(sinks[part].files(written.tally.rows[part]))
    written.files.extend(written.images[name] for name in sorted(written.images))
    return written


def _keep_images(folder: Path, images: Sequence[Image], media: Media, kept: dict[str, ReleasedFile]) -> bool:
    """Write what a row names and is not there yet; False where one of them is not on this machine."""
    for image in images:
        name = release_shapes.image_file(image)
        if name in kept:
            continue
        try:
            content = media(image.sha256)
        except NotFound:
            return False
        (folder / name).parent.mkdir(exist_ok=True)
        with outgoing.durable(folder / name) as stream:
            stream.write(content)
        kept[name] = ReleasedFile(name, image.sha256, None)
    return True


def _manifest(reading: Reading, plan: Planned, written: _Written) -> Manifest:
    stored, asked, chosen = plan
    tally = written.tally
    project = reading.fact("project")
    assert project is not None  # every workspace has a genesis
    return Manifest(
        v=1,
        project=EntryHash(project),
        format=asked.shape.name,
        app=__version__,
        campaigns=tuple(_campaign(reading, one) for one in stored),
        aggregate=asked.answers.aggregate,
        split=(asked.split.train, asked.split.validation, asked.split.test),
        rows=tally.rows,
        dropped=chosen.dropped,
        labels=releases.label_set(tally.labels),
        files=tuple(written.files),
        shape=asked.form,
        heads=released.heads(reading, stored),
        aggregation=tuple(chosen.aggregation),
        weights=reward_weights.kto_weights(tally.good, tally.bad),
        images=len(written.images),
    )


def _campaign(reading: Reading, stored: Stored) -> ReleasedCampaign:
    rules = stored.state.rules
    return ReleasedCampaign(
        id=stored.state.hash,
        name=rules.name,
        query=rules.query,
        design=rules.design,
        seed=rules.seed,
        overlap=rules.overlap,
        population=stored.population,
        sampled=stored.sampled,
        policies=tuple(sorted(departures.cited(reading, stored))),
    )


def _finish(folder: Path, manifest: Manifest, texts: dict[str, bytes]) -> Manifest:
    """Write what is said of the data, then the manifest over everything. Returns the manifest as written."""
    for name, text in texts.items():
        with outgoing.durable(folder / name) as stream:
            stream.write(text)
    beside = (ReleasedFile(name, outgoing.file_sha256(folder / name), None) for name in texts)
    whole = msgspec.structs.replace(manifest, files=(*manifest.files, *beside))
    with outgoing.durable(folder / MANIFEST) as stream:
        stream.write(_bytes(whole))
    return whole


def _sign(reading: OwnReading, folder: Path, manifest: Manifest) -> None:
    """Write the signature of the acting member's device beside the manifest."""
    signer = reading.workspace.signer(reading)
    signature = {
        "device": signer.device,
        "key": signer.key.public_key().public_bytes_raw().hex(),
        "signature": signer.key.sign(releases.signed_bytes(_bytes(manifest))).hex(),
        "v": 1,
    }
    with outgoing.durable(folder / SIGNATURE) as stream:
        stream.write(canonical.encode(signature))


def _bytes(manifest: Manifest) -> bytes:
    return canonical.encode(msgspec.to_builtins(manifest))

"""Freezing the labels of campaigns as a training data set: rows, card, manifest and signature, in a folder of their own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewer import __version__
from reviewer.domain import canonical, releases, reward_weights
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Event, Release
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import PARTS, Manifest, Part, ReleasedCampaign, ReleasedFile, Split
from reviewer.formats import croissant, release_shapes
from reviewer.formats.release_shapes import Form, Left, Shape
from reviewer.operations import audit_rows, auditing, release_answers, release_groups, release_rows
from reviewer.operations.release_answers import Chosen, Wanted
from reviewer.operations.release_card import card
from reviewer.operations.release_files import DATA, LINEAGE, Sink
from reviewer.operations.unsettled import Unsettled, unsettled, unsettled_labels
from reviewer.storage import agreement, citations, departures, marks, outgoing, past, released
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading, Workspace

MANIFEST, SIGNATURE, CARD, METADATA = "manifest.json", "manifest.sig", "README.md", "croissant.json"


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


class _Asked(NamedTuple):
    """What was asked for, checked."""

    shape: Shape
    form: Form
    answers: Wanted
    split: Split


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
    shape = release_shapes.shape_of(format_name)
    asked = _Asked(shape, release_shapes.form_of(shape, form), release_answers.wanted(aggregate, min_confidence), releases.split(split))
    with outgoing.partial_folder(out) as partial, workspace.read() as today, ExitStack() as stack:
        agreement.require(today)
        when = None if at is None else past.moment(today, at)
        reading = today if when is None else stack.enter_context(past.as_it_was(workspace, when, ticket.step))
        made = _make(reading, ticket, partial, campaigns, asked)
        _sign(today, partial, made.manifest)
        with workspace.begin() as work:
            name = work.record(Event("release", _event(reading, made)))
        marks.settle(workspace)
        outgoing.put_in_place(partial, out)
        whole = made.manifest
        done = Released(name, out, whole.rows, whole.dropped, whole.files, (*made.warnings, *made.audit), unsettled(today), made.digest)
    return Outcome(done, work.changes)


class _Made(NamedTuple):
    """What lies in the folder, all but the signature. audit: what else to mind; not in the card, since its figures hang on the machine's

    arithmetic in their last digits, and a release is the same bytes on any.
    """

    manifest: Manifest
    warnings: tuple[str, ...]
    labels: set[EntryHash]
    audit: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What the release is told by."""
        return canonical.sha256_hex(_bytes(self.manifest))


def _make(reading: Reading, ticket: Ticket, partial: Path, campaigns: Sequence[str], asked: _Asked) -> _Made:
    """Write rows, card and manifest of what a view holds. Raises Refused where it holds no row."""
    stored = _distinct(reading, campaigns)
    release_answers.refuse_other_questions(stored, asked.shape, asked.answers.aggregate)
    for one in stored:
        departures.refuse_changed_labels(reading, one)
    chosen = release_answers.choose(reading, ticket, stored, asked.answers, needs=asked.shape.needs)
    together, audit = _audited(reading, ticket, stored, asked, chosen)
    written = _write_rows(reading, ticket, partial, stored, asked, chosen, together)
    if not sum(written.rows.values()):
        raise Refused(
            f"No item of {_names(stored)} can be released as {asked.shape.name} yet.",
            f"Nothing was written: {releases.reasons(chosen.dropped) or 'no item was drawn'}. Label more items, or choose another format.",
        )
    warnings = _warnings(written, chosen)
    manifest = _manifest(reading, stored, asked, chosen, written)
    conflicts = unsettled_labels(reading, (), [one.state.hash for one in stored]).conflicts
    texts = {
        CARD: card(manifest, asked.shape, warnings, conflicts).encode(),
        METADATA: croissant.metadata(manifest, asked.shape, asked.form),
    }
    return _Made(_finish(partial, manifest, texts), warnings, written.labels, audit)


def _audited(
    reading: Reading, ticket: Ticket, stored: Sequence[Stored], asked: _Asked, chosen: Chosen
) -> tuple[Mapping[ItemId, str], tuple[str, ...]]:
    """What items go to a part by, and what to mind of them. Near-duplicates are looked for where parts could tear them apart."""
    found = audit_rows.material(reading, stored, chosen)
    if not found.items:
        return {}, ()
    torn = "1" not in asked.split
    grouped = release_groups.grouped(
        reading, found.items, lambda done, total: ticket.step(done, total, "Looking for near-duplicates"), near=torn
    )
    audited = auditing.audit(reading, ticket, stored, chosen, found, grouped, asked.split)
    return grouped.name, audited.warnings(besides=() if asked.shape.needs == "runs" else ("balance",))


def _event(reading: Reading, made: _Made) -> Release:
    """What the journal keeps of a release: what the manifest says, and what is only true of this moment and machine."""
    whole = made.manifest
    names = tuple(one.id for one in whole.campaigns)
    unwitnessed = unsettled_labels(reading, made.labels, names).unwitnessed
    rows = dict(sorted(whole.rows.items()))
    return Release(names, whole.format, whole.aggregate, rows, made.digest, past.ends(reading), unwitnessed)


def _distinct(reading: Reading, names: Sequence[str]) -> list[Stored]:
    found = {stored.state.hash: stored for stored in (campaign_rows.named(reading, name) for name in names)}
    if not found:
        raise Refused("No campaign was named.", "Name one or more: see `reviewer campaign list`.")
    return [found[name] for name in sorted(found)]


def _names(stored: Sequence[Stored]) -> str:
    return ", ".join(f"“{one.state.rules.name}”" for one in stored)


class _Written(NamedTuple):
    """The rows on the disk, and what was met on the way."""

    rows: dict[str, int]
    files: list[ReleasedFile]
    labels: set[EntryHash]
    met: Counter[str]


def _write_rows(
    reading: Reading, ticket: Ticket, partial: Path, stored: Sequence[Stored], asked: _Asked, chosen: Chosen, together: Mapping[ItemId, str]
) -> _Written:
    """Write every row to its part, and count in `chosen` what has none. together: what items of one group go to a part by."""
    plan = release_rows.Plan(
        stored, asked.shape, asked.form, chosen, citations.all_stale(reading),
        released.corrections(reading, stored), released.resolutions(reading, stored), not asked.split.whole,
    )  # fmt: skip
    written = _Written(dict.fromkeys(PARTS, 0), [], set(), Counter())
    (partial / DATA).mkdir()
    if not asked.shape.traced:
        (partial / LINEAGE).mkdir()
    with ExitStack() as stack:
        sinks: dict[Part, Sink] = {}
        for row in release_rows.rows(reading, plan, lambda done, total: ticket.step(done, total, "Writing rows")):
            if isinstance(row.line, Left):
                chosen.drop(row.line.reason)
                continue
            part = releases.part_of(together.get(row.item, row.group), asked.split)
            if part not in sinks:
                sinks[part] = stack.enter_context(Sink(partial, part, asked.shape, asked.form))
            sinks[part].add(row.line)
            written.rows[part] += 1
            written.labels.update(map(EntryHash, row.labels))
            written.met["media"] += bool(row.media_left_out)
            written.met["not_blind"] += not row.blind
            written.met["cut"] += bool(row.steps_left)
            if row.good is not None:
                written.met["good" if row.good else "bad"] += 1
    for part in PARTS:
        if part in sinks:
            written.files.extend(sinks[part].files(written.rows[part]))
    return written


def _warnings(written: _Written, chosen: Chosen) -> tuple[str, ...]:
    said = []
    met = written.met
    if met["media"]:
        said.append(f"{met['media']} rows hold images or other media, which this format leaves out.")
    if met["not_blind"]:
        said.append(f"{met['not_blind']} rows rest on a label that was not given blind; reviewer_blind says which.")
    if met["cut"]:
        said.append(f"{met['cut']} runs end before their first step that was not judged good or bad.")
    unmeasured = sorted({one.reason for one in chosen.aggregation if one.reason is not None})
    said.extend(f"How sure the labels are was not measured, and is in no row: {reason}." for reason in unmeasured)
    if chosen.disputed:
        said.append(f"{chosen.disputed} items have different answers in the campaigns, and were dropped as open.")
    if chosen.damaged:
        said.append(f"{chosen.damaged} items have an answer that rests on a device whose entries do not verify, and were dropped as open.")
    return tuple(said)


def _manifest(reading: Reading, stored: Sequence[Stored], asked: _Asked, chosen: Chosen, written: _Written) -> Manifest:
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
        rows=written.rows,
        dropped=chosen.dropped,
        labels=releases.label_set(written.labels),
        files=tuple(written.files),
        shape=asked.form,
        heads=released.heads(reading, stored),
        aggregation=tuple(chosen.aggregation),
        weights=reward_weights.kto_weights(written.met["good"], written.met["bad"]),
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


def _finish(partial: Path, manifest: Manifest, texts: dict[str, bytes]) -> Manifest:
    """Write what is said of the data, then the manifest over everything. Returns the manifest as written."""
    for name, text in texts.items():
        with outgoing.durable(partial / name) as stream:
            stream.write(text)
    beside = (ReleasedFile(name, outgoing.file_sha256(partial / name), None) for name in texts)
    whole = msgspec.structs.replace(manifest, files=(*manifest.files, *beside))
    with outgoing.durable(partial / MANIFEST) as stream:
        stream.write(_bytes(whole))
    return whole


def _sign(reading: Reading, partial: Path, manifest: Manifest) -> None:
    """Write the signature of the acting member's device beside the manifest."""
    signer = reading.workspace.signer(reading)
    signature = {
        "device": signer.device,
        "key": signer.key.public_key().public_bytes_raw().hex(),
        "signature": signer.key.sign(releases.signed_bytes(_bytes(manifest))).hex(),
        "v": 1,
    }
    with outgoing.durable(partial / SIGNATURE) as stream:
        stream.write(canonical.encode(signature))


def _bytes(manifest: Manifest) -> bytes:
    return canonical.encode(msgspec.to_builtins(manifest))

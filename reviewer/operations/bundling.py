"""Bundles: what others lack, sealed for them in a file; and what they sent, taken in whole or not at all."""

import shutil
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

from reviewer.domain.chain import DeviceId, EntryHash, MemberId
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import NotFound, Refused, ReviewerError
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.domain.times import utc_text
from reviewer.operations import arrivals
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import keys, marks, sending, shipments
from reviewer.storage.acting import devices_here, joining
from reviewer.storage.agreement import note_digests
from reviewer.storage.bundle_reading import OpenBundle, open_bundle
from reviewer.storage.bundle_writing import Written, write_bundle
from reviewer.storage.bundles import Digests, Draft, End, Manifest, Range, StreamHead, UnknownSender
from reviewer.storage.deliveries import TakenIn, acknowledge, take_in
from reviewer.storage.digests import digests_of
from reviewer.storage.keys import DeviceKey
from reviewer.storage.parcels import Record
from reviewer.storage.sending import Tip
from reviewer.storage.workspace import OwnReading, Reading, Workspace

QUARANTINE = "quarantine"  # a folder of the workspace; a bundle is read beside the database


class Made(NamedTuple):
    """A bundle that was written. recipients: names of members, sorted; files: more than one where it was split."""

    entries: int
    items: int
    recipients: tuple[str, ...]
    files: tuple[Path, ...]


class Applied(NamedTuple):
    """What a bundle brought. taken: None where it was kept in quarantine, since nobody here knows its sender. sender: a member's name.

    notes: what a person should know, a sentence each.
    """

    taken: TakenIn | None
    sender: str | None
    notes: tuple[str, ...] = ()


class Inspected(NamedTuple):
    """What a bundle says of itself, found whole and signed. sender: a member's name, None where nobody here knows the device.

    recipients: names, or the first digits of devices that are not known here. ours: it belongs to the open project.
    """

    manifest: Manifest
    sender: str | None
    recipients: tuple[str, ...]
    campaign: str | None
    ours: bool


class Recipient(NamedTuple):
    """A device that a bundle can be sealed for."""

    device: DeviceId
    member: MemberId
    name: str
    seal_key: str


def create_bundle(
    workspace: Workspace, ticket: Ticket, *, target: Path, campaign: str | None = None, members: Sequence[str] = ()
) -> Outcome[Made]:
    """Write what the members' devices are not known to have, sealed for them: all entries, and what these name.

    campaign: name or id; makes a kit: its open items without their sources, and no reviewer's words. members: names; else everybody.
    Raises NotFound for a name, Refused, NotSaved.
    """
    ticket.step(0, 1, "Looking what is new")
    with workspace.read() as reading:
        wanted, here = recipients(reading, members), devices_here(reading)
        ranges = sending.lacking_to_some(reading, [sending.known_to(reading, one.device) for one in wanted if one.device not in here])
        stored = campaign_rows.named(reading, campaign) if campaign is not None else None
        items = shipments.kit_items(reading, stored) if stored is not None else None
    asked = None if stored is None else stored.state.hash
    written = write_for(workspace, ticket, target=target, recipients=wanted, ranges=ranges, items=items, campaign=asked)
    names = tuple(sorted({one.name for one in wanted}))
    return Outcome(Made(written.counts.entries, written.counts.items, names, written.files), Changes.NONE)


def write_for(
    workspace: Workspace,
    ticket: Ticket,
    *,
    target: Path,
    recipients: Sequence[Recipient],
    ranges: Sequence[sending.Range],
    items: tuple[ItemId, ...] | None = None,
    campaign: EntryHash | None = None,
) -> Written:
    """Write the given entries, and what they name, for the given devices. items: of a kit, which is of a campaign."""
    shipment = shipments.Shipment(tuple(ranges), items)
    with workspace.read() as reading:
        marks.settle(workspace)
        return write_bundle(
            target,
            _draft(reading, shipment, campaign, [one.member for one in recipients] if campaign else ()),
            lambda: shipments.records(reading, workspace.media, shipment),
            key=keys.load(workspace.signer(reading).device, workspace.seal),
            recipients={one.device: one.seal_key for one in recipients},
            ticket=ticket,
        )


def apply_bundle(workspace: Workspace, ticket: Ticket, *, source: Path) -> Outcome[Applied]:
    """Take a bundle in, whole or not at all. Again, it adds nothing.

    Raises NotFound, and Refused or Damaged with a code from E201 to E207; then nothing was written. A bundle whose sender nobody here knows
    stays in quarantine, and is tried again after the next one.
    """
    applied = _apply(workspace, ticket, source)
    if applied.taken is None:
        return Outcome(applied, Changes.NONE)
    if applied.taken.entries:
        _try_quarantined(workspace, ticket)
    with workspace.read() as reading:
        return Outcome(applied._replace(notes=arrivals.notes(reading, [applied.taken])), Changes.ALL)


def inspect_bundle(workspace: Workspace, ticket: Ticket, *, source: Path) -> Outcome[Inspected]:
    """What a bundle is, after checking all of it; nothing is taken in. Raises as `apply_bundle`."""
    with _opened(workspace, ticket, source) as bundle, workspace.read() as reading:
        manifest = bundle.manifest
        names = {
            str(device): str(name) for device, name in reading.rows("SELECT d.id, m.name FROM device d JOIN member m ON m.id = d.member")
        }
        campaign = None
        if manifest.campaign is not None:
            with suppress(NotFound):
                campaign = campaign_rows.by_hash(reading, manifest.campaign).state.rules.name
        return Outcome(
            Inspected(
                manifest=manifest,
                sender=names.get(manifest.sender.device),
                recipients=tuple(dict.fromkeys(names.get(device, device[:8]) for device in manifest.recipients)),
                campaign=campaign,
                ours=reading.fact("project") == manifest.project,
            )
        )


def recipients(reading: Reading, members: Sequence[str] = ()) -> list[Recipient]:
    """The devices in force of the named members, or of everybody. Raises NotFound for a name that nobody in force bears."""
    rows = reading.rows("SELECT d.id, d.member, m.name, d.seal_key FROM device d JOIN member m ON m.id = d.member WHERE d.revoked = 0")
    found = [Recipient(*row) for row in rows]
    for name in members:
        if all(one.name != name for one in found):
            raise NotFound(f"Nobody called “{name[:60]}” has a device in force.", "See `reviewer member list`.")
    return [one for one in found if not members or one.name in members]


def _draft(reading: OwnReading, shipment: shipments.Shipment, campaign: EntryHash | None, kit_for: Iterable[MemberId]) -> Draft:
    project = reading.fact("project")
    if project is None:
        raise Refused(
            "This workspace waits to be admitted and has nothing to send.", "Give its request to a lead, then apply their bundle."
        )
    tips = sending.tips(reading)
    own = next((tip for tip in tips if tip.stream == reading.workspace.signer(reading).stream), None)
    return Draft(
        project=EntryHash(project),
        stream=None if own is None else own.stream,
        head=None if own is None else StreamHead(seq=own.seq, hash=own.hash),
        created=utc_text(reading.workspace.surroundings.now_ms()),
        heads=tuple(End(stream=tip.stream, seq=tip.seq, hash=tip.hash) for tip in tips),
        ranges=tuple(
            Range(stream=part.stream, first=part.after + 1, last=tip.seq, head=tip.hash) for part in shipment.ranges for tip in part.tips
        ),
        digests=Digests(**digests_of(reading)._asdict()),
        campaign=campaign,
        kit_for=tuple(sorted(set(kit_for))),
    )


def _apply(workspace: Workspace, ticket: Ticket, source: Path) -> Applied:
    try:
        with _opened(workspace, ticket, source) as bundle:
            return _taken_in(workspace, ticket, bundle)
    except UnknownSender as error:
        kept = workspace.folder / QUARANTINE / f"{error.manifest.bundle}-{error.manifest.part}.rvb"
        if source != kept:
            kept.parent.mkdir(exist_ok=True, mode=0o700)
            shutil.copyfile(source, kept)
        return Applied(None, None, (arrivals.UNKNOWN_SENDER,))


def _taken_in(workspace: Workspace, ticket: Ticket, bundle: OpenBundle) -> Applied:
    manifest = bundle.manifest
    sender, total = manifest.sender.device, manifest.counts.records
    with workspace.begin() as work:
        ours = work.fact("project")
        if ours is not None and ours != manifest.project:
            raise other_project(work, manifest)
        heads = [Tip(end.stream, end.seq, end.hash) for end in manifest.heads]
        records = (_told(ticket, number, total, record) for number, record in enumerate(bundle.records(), 1))
        taken = take_in(work, records, project=manifest.project, sender=sender, heads=heads)
        found = work.row("SELECT m.name, d.revoked FROM device d JOIN member m ON m.id = d.member WHERE d.id = ?", (sender,))
        if found is None or found[1]:
            raise UnknownSender(manifest)  # and nothing of it is kept here
        if manifest.digests is not None:
            note_digests(work, sender, manifest.digests.set, manifest.digests.state)
    acknowledge(workspace)
    return Applied(taken, found[0])


def _told(ticket: Ticket, number: int, total: int, record: Record) -> Record:
    if number % 200 == 0 or number == total:
        ticket.step(number, total, "Taking the bundle in")
    return record


def other_project(reading: Reading, manifest: Manifest) -> Refused:
    """The refusal of a bundle of another project."""
    ours = reading.fact("project") or ""
    return Refused(
        f"It belongs to project {manifest.project[:8]}, not to the one that is open ({ours[:8]}).", "Open that project's workspace.", "E206"
    )


def _try_quarantined(workspace: Workspace, ticket: Ticket) -> None:
    """Bundles that came before their sender was known may be read now."""
    for kept in sorted((workspace.folder / QUARANTINE).glob("*.rvb")):
        with suppress(ReviewerError):  # it stays where it is, and nothing of it was taken in
            if _apply(workspace, ticket, kept).taken is not None:
                kept.unlink()


def _opened(workspace: Workspace, ticket: Ticket, source: Path) -> AbstractContextManager[OpenBundle]:
    with workspace.read() as reading:
        mine = keys_here(reading)
    return open_bundle(source, mine, quarantine=workspace.database.with_name(QUARANTINE), knows=lambda _device: True, ticket=ticket)


def keys_here(reading: OwnReading) -> list[DeviceKey]:
    """The keys of all devices of this machine, that of one which waits to be admitted among them."""
    waits = joining(reading)
    devices = [DeviceId(device) for device in devices_here(reading)] + ([] if waits is None else [waits.device])
    return [keys.load(device, reading.workspace.seal) for device in devices]

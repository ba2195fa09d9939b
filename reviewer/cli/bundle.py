"""`reviewer bundle`: what others lack, in a sealed file; and what they sent."""

from pathlib import Path

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options


def _create_options(options: Options) -> None:
    options.add_argument("file", metavar="FILE", help="the file to write, such as for-ben.rvb")
    options.add_argument("--campaign", metavar="C", help="a kit for reviewing: the campaign's open items, without their sources")
    options.add_argument("--for", dest="members", action="append", default=[], metavar="MEMBER", help="sealed for whom (everybody)")


def _file_option(options: Options) -> None:
    options.add_argument("file", metavar="FILE", help="a .rvb file")


def _create(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        made = operations.bundling.create_bundle(
            workspace, call.ticket, target=Path(given.file).expanduser(), campaign=given.campaign, members=given.members
        ).value
    document = {
        "entries": made.entries,
        "items": made.items,
        "recipients": list(made.recipients),
        "paths": [str(path) for path in made.files],
    }
    written = ", ".join(str(path) for path in made.files)
    call.out.answer(document, f"Wrote {made.entries:,} entries and {made.items:,} items for {', '.join(made.recipients)} to {written}.")
    return DONE


def _apply(call: Call) -> int:
    from reviewer import operations

    source = Path(call.options.file).expanduser()
    with call.opened() as workspace:
        applied = operations.bundling.apply_bundle(workspace, call.ticket, source=source).value
        operations.sync_overview.note_applied(workspace, call.ticket, source=source, applied=applied)
    for note in applied.notes:
        call.out.note(f"note: {note}")
    taken = applied.taken
    if taken is None:
        call.out.answer({"added": 0, "known": 0, "pending": 0, "conflicts": 0, "items": 0, "quarantined": 1}, "Nothing was counted.")
        return DONE
    document = {
        "added": taken.entries,
        "known": taken.known,
        "pending": taken.pending,
        "conflicts": taken.conflicts,
        "items": taken.items,
        "quarantined": 0,
        "from": applied.sender,
    }
    if taken.entries or taken.items:
        text = f"From {applied.sender}: {taken.entries:,} new entries and {taken.items:,} new items; {taken.conflicts:,} to settle."
    else:
        text = f"Nothing new ({taken.known:,} known). [E208]"
    call.out.answer(document, text)
    return DONE


def _inspect(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        seen = operations.bundling.inspect_bundle(workspace, call.ticket, source=Path(call.options.file).expanduser()).value
    manifest = seen.manifest
    document = {
        "entries": manifest.counts.entries,
        "items": manifest.counts.items,
        "recipients": list(seen.recipients),
        "sender": seen.sender,
        "device": manifest.sender.device,
        "project": manifest.project,
        "ours": seen.ours,
        "campaign": seen.campaign or manifest.campaign,
        "created": manifest.created,
        "part": manifest.part,
        "parts": manifest.parts,
    }
    sender = seen.sender or f"a device not known here, {manifest.sender.device[:8]}"
    lines = [
        f"From {sender}, {manifest.created}, for {', '.join(seen.recipients)}.",
        f"{manifest.counts.entries:,} entries, {manifest.counts.items:,} items; part {manifest.part} of {manifest.parts}.",
    ]
    if not seen.ours:
        lines.append(f"It belongs to project {manifest.project[:8]}, not to the one of this workspace.")
    call.out.answer(document, "\n".join(lines))
    return DONE


COMMANDS = {
    "bundle create": Command(_create_options, _create, "reviewer bundle create for-ben.rvb --campaign refunds --for Ben"),
    "bundle apply": Command(_file_option, _apply, "reviewer bundle apply from-ben.rvb"),
    "bundle inspect": Command(_file_option, _inspect, "reviewer bundle inspect from-ben.rvb"),
}

"""`reviewer sync`: exchanging with others."""

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options


def _add(options: Options) -> None:
    options.add_argument("target", metavar="TARGET", help="a .rvb file, a folder, a WebDAV or S3 address, or postgresql://…")
    options.add_argument("--dry-run", action="store_true", help="only say how much there is to exchange")


def _run(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.syncing.sync(workspace, call.ticket, target=call.options.target, dry_run=call.options.dry_run).value
        if not call.options.dry_run and not workspace.me.waiting:
            operations.sync_overview.note_exchange(workspace, call.ticket, target=call.options.target, synced=done)
    for note in done.notes:
        call.out.note(f"note: {note}")
    document = {
        "sent": done.sent._asdict(),
        "received": done.received._asdict(),
        "conflicts": done.conflicts,
        "quarantined": done.quarantined,
        "kinds": done.kinds,
        "notes": list(done.notes),
    }
    words = [
        f"Sent {done.sent.entries:,} entries and {done.sent.items:,} items; "
        f"took in {done.received.entries:,} entries and {done.received.items:,} items from {len(done.members)} people."
    ]
    if done.conflicts:
        words.append(f"{done.conflicts:,} to settle: see `reviewer conflicts`.")
    if done.quarantined:
        words.append(f"{done.quarantined:,} kept aside until their sender or an earlier record is known.")
    call.out.answer(document, "\n".join(words))
    return DONE


COMMANDS = {"sync": Command(_add, _run, "reviewer sync ~/Shared/reviews")}

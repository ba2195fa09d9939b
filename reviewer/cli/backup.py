"""`reviewer backup` and `reviewer restore`: copies of a workspace in one file."""

from pathlib import Path

from reviewer.cli import passphrases
from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options


def _backup_options(options: Options) -> None:
    options.add_argument("file", nargs="?", metavar="FILE", help="where it goes (backups/ in the workspace, of which the newest stay)")


def _restore_options(options: Options) -> None:
    options.add_argument("file", metavar="FILE", help="a file that `reviewer backup` made")
    options.add_argument("folder", metavar="DIR", help="an empty folder, or one that does not exist yet")


def _backup(call: Call) -> int:
    from reviewer import operations

    target = Path(call.options.file).expanduser() if call.options.file else None
    with call.opened() as workspace:
        made = operations.backups.back_up(workspace, call.ticket, target=target).value
    document = {"path": str(made.path), "entries": made.entries, "size_bytes": made.size_bytes, "verified": made.verified}
    call.out.answer(document, f"Wrote {made.path}, {made.size_bytes:,} bytes, {made.entries:,} entries, read back in full.")
    return DONE


def _restore(call: Call) -> int:
    from reviewer import operations

    given = call.options
    source, folder = Path(given.file).expanduser(), Path(given.folder).expanduser()
    done = operations.backups.restore(source, folder, call.ticket, ask=passphrases.asked).value
    for notice in done.notices:
        call.out.note(f"note: {notice}")
    document = {"path": str(done.folder), "entries": done.entries, "streams": done.streams, "notices": list(done.notices)}
    call.out.answer(document, f"Restored {done.entries:,} entries to {done.folder}. New work is kept apart from what the backup lacks.")
    return DONE


COMMANDS = {
    "backup": Command(_backup_options, _backup, "reviewer backup ~/reviews-backup.db"),
    "restore": Command(_restore_options, _restore, "reviewer restore ~/reviews-backup.db ~/reviews-again"),
}

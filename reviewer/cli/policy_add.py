"""`reviewer policy add`: a new version, and which of its clauses are old ones."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli import files
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options
from reviewer.cli.output import one_line, plain, tell
from reviewer.cli.policy import differing, titled, version_shape
from reviewer.domain.errors import Refused, shown

if TYPE_CHECKING:
    from reviewer.domain.clause_matching import Match
    from reviewer.operations.policy_publishing import Added, Proposal

_NEW = ""  # in place of the key of an old clause


def _options(options: Options) -> None:
    options.add_argument("key", metavar="KEY", help="the policy's short name, such as support")
    options.add_argument("file", metavar="FILE", help="Markdown, text, Word or PDF; headings, numbered paragraphs and bullets are clauses")
    options.add_argument(
        "--format", metavar="F", help="take the clauses that came with records of a format that brings some; FILE may be a folder"
    )
    options.add_argument("--effective", metavar="DATE", help="the day from which it holds, YYYY-MM-DD; else the file's `Effective:` line")
    options.add_argument("--note", default="", metavar="TEXT", help="why there is a new version")
    options.add_argument(
        "--match", action="append", default=[], metavar="NEW=OLD|FILE.toml",
        help="which old clause a new one is, where it is not sure; NEW= for none; may be repeated",
    )  # fmt: skip


def _add(call: Call) -> int:
    from reviewer import operations

    given = call.options
    matches = _matches(given.match)
    publishing = operations.policy_publishing
    with call.opened() as workspace:
        path = Path(given.file).expanduser()
        if given.format is None:
            proposal = publishing.propose_policy(workspace, call.ticket, key=given.key, path=path).value
        else:
            proposal = publishing.propose_clauses(workspace, call.ticket, key=given.key, path=path, format_name=given.format).value
        if sys.stdin.isatty() and not call.out.as_json:
            matches |= _asked_here(call, proposal, matches)
        done = publishing.publish_policy(
            workspace, call.ticket, proposal=proposal, matches=matches, effective=given.effective, note=given.note
        ).value
    document = {
        **version_shape(done.key, done.version),
        "clauses": [titled(clause) for clause in done.clauses],
        **differing(done.difference),
        "stale_labels": done.stale_labels,
        "asked": [{"clause": one.clause, "like": one.like, "similarity": round(one.similarity, 3)} for one in done.asked],
        "known": done.known,
    }
    call.out.answer(document, "\n".join(_told(done)))
    return 0


def _told(done: "Added") -> list[str]:
    one, found = done.version, done.difference
    did = "is here already as" if done.known else "is published as"
    counts = f"{len(found.changed)} changed, {len(found.added)} added, {len(found.removed)} removed"
    lines = [
        f"{one_line(one.title, 120)} {did} version {one.number} of {done.key}: {one.clauses_n} clauses, {counts}.",
        "It is in force." if one.in_force else f"It is not in force yet: reviewer policy activate {done.key} {one.number}",
    ]
    if done.stale_labels:
        lines.append(f"{done.stale_labels:,} labels in force cite clauses in other words.")
    for each in done.asked:
        alike = f"{each.similarity:.0%} of the words"
        lines.append(f"{plain(each.clause)} may be the former {plain(each.like)} ({alike}); it has a new key: --match says otherwise.")
    return lines


def _matches(given: Sequence[str]) -> dict[str, str | None]:
    """What --match says: clauses as the file calls them, and the old keys that they keep."""
    found: dict[str, str | None] = {}
    for text in given:
        pairs: Mapping[str, object]
        if text.endswith(".toml"):
            try:
                pairs = tomllib.loads(files.text_file(text))
            except tomllib.TOMLDecodeError as error:
                why = shown(str(error), 120)
                raise Refused(f"“{shown(text, 200)}” cannot be read: {why}.", 'Write lines such as "5.2" = "4.2".') from error
        else:
            new, equals, old = text.partition("=")
            if not equals or not new:
                raise Misspelt(f"“{shown(text, 60)}” matches no clauses.", "Write --match NEW=OLD, such as 5.2=4.2, or name a .toml file.")
            pairs = {new: old}
        for name, key in pairs.items():
            if not isinstance(key, str):
                raise Refused(f"“{shown(name, 60)}” is matched with no name of a clause.", 'Write both in quotes, as "5.2" = "4.2".')
            found[name] = None if key == _NEW else key
    return found


def _asked_here(call: Call, proposal: "Proposal", matches: Mapping[str, str | None]) -> dict[str, str | None]:
    """What the person at the terminal says of the clauses that may be old ones. Enter alone says that a clause is new."""
    decided: dict[str, str | None] = {}
    for one in proposal.asked:
        if one.new.clause not in matches:
            call.out.note(_question(one))
            tell("Is it the same clause? [y/N] ")
            yes = sys.stdin.readline().strip().lower() in ("y", "yes")
            decided[one.new.clause] = one.like.clause if yes and one.like is not None else None
    return decided


def _question(one: "Match") -> str:
    assert one.like is not None  # else it would not be asked
    new, old = one.new, one.like
    return (
        f"new {plain(new.clause)}  {one_line(new.title, 80)}\n      {one_line(new.text, 300)}\n"
        f"old {plain(old.clause)}  {one_line(old.title, 80)}\n      {one_line(old.text, 300)}"
    )


COMMANDS = {"policy add": Command(_options, _add, "reviewer policy add support support.v2.docx --effective 2026-10-15 --match 5.2=4.2")}

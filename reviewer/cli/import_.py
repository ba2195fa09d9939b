"""`reviewer import`: agent runs in."""

from typing import TYPE_CHECKING

from reviewer.cli import rejected
from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Options
from reviewer.cli.output import one_line
from reviewer.cli.policy import version_shape
from reviewer.domain.members import require
from reviewer.domain.policies import check_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.operations.embedded_policies import Embedded
    from reviewer.operations.policies import Added


def _add(options: Options) -> None:
    options.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, globs, or - for standard input")
    options.add_argument("--format", default="auto", metavar="F", help="the format, where it is not to be guessed: see `reviewer formats`")
    options.add_argument(
        "--map", metavar="MAP", help="which column of a table is which field: a TOML file, or a map that `reviewer formats` lists"
    )
    options.add_argument("--agent", metavar="A", help="set the agent of every item")
    options.add_argument("--policy", metavar="KEY", help="publish the written policy that the files carry, under this key")
    options.add_argument("--strict", action="store_true", help="import nothing if one record cannot be read")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.formats.format import Options as Reading

    given = call.options
    reading = Reading(given.format, operations.maps.column_map(given.map) if given.map else None, given.agent)
    # The process that reads gets ready, and begins, while the workspace is opened.
    with operations.reading_process.ahead(given.paths, reading) as reader, call.opened() as workspace:
        if given.policy is not None:
            check_key(given.policy)
            require(workspace.me, "policy_publish", "publish policies")
        done = operations.importing.import_files(
            workspace, call.ticket, paths=given.paths, options=reading, strict=given.strict, reader=reader
        ).value
        published = None
        if given.policy is not None and not done.refused:
            policies = operations.embedded_policies
            published = policies.publish_embedded(workspace, call.ticket, found=done.policies, key=given.policy).value
        said = ""
        if done.rejects:
            rejected.tell_first(call.out, workspace, done.rejects, f"{done.rejected:,} of {done.read:,} refused.")
            said = rejected.where(workspace, call.out, done.rejects, "rejected records")
    document = {
        "read": done.read,
        "added": done.added,
        "known": done.known,
        "rejected": done.rejected,
        "rejects": str(done.rejects) if done.rejects else None,
        "skipped": [{"path": left.path, "reason": left.reason} for left in done.skipped],
        "formats": done.formats,
        "seconds": done.seconds,
        "stored_seconds": done.stored_seconds,
        "policies": [
            {"key": one.key, "title": one.title, "clauses": one.clauses, "sha256": one.sha256, "known": one.known} for one in done.policies
        ],
        "published": None if published is None else version_shape(published.key, published.version),
    }
    rejected.tell_skipped(call.out, done.skipped)
    text = f"Read {done.read:,}: {done.added:,} added, {done.known:,} known already, {done.rejected:,} rejected."
    if done.rejects:
        text += f"\n{said}"
    text += "".join(f"\n{line}" for line in _offers(done.policies, published))
    if done.refused:
        text = f"Imported nothing, as --strict asks: {done.rejected:,} records cannot be read.\n{said}"
    call.out.answer(document, text)
    return DOES_NOT_HOLD if done.refused else DONE


def _offers(found: "Sequence[Embedded]", published: "Added | None") -> list[str]:
    """What was published, or how to publish what the files carry."""
    if published is not None:
        one = published.version
        return [f"Published {one_line(one.title, 120)} as version {one.number} of {published.key}: {one.clauses_n} clauses."]
    return [
        f"The files carry a policy, {one_line(one.title, 80) or one.key}, {one.clauses} clauses: publish it with --policy {one.key}"
        for one in found
        if not one.known
    ]


COMMANDS = {"import": Command(_add, _run, "reviewer import runs/ results.json.gz --agent airline")}

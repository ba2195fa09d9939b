"""`reviewer mistral list`, `pull` and `push`: data sets and traces of Mistral Studio in, people's answers back to its records."""

from typing import TYPE_CHECKING, Any

from reviewer.cli import rejected
from reviewer.cli.call import Call, Command
from reviewer.cli.judge_terms import server_option, terms
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Misspelt, Options, size
from reviewer.cli.output import one_line, plain, table

if TYPE_CHECKING:
    from reviewer.operations.studio import Asked
    from reviewer.operations.studio_answers import Preview, Pushed

_LISTED = 5


def _list_options(options: Options) -> None:
    server_option(options)


def _pull_options(options: Options) -> None:
    options.add_argument("--dataset", metavar="ID", help="the records of this data set, by its id or slug")
    options.add_argument("--traces", action="store_true", help="or traces")
    options.add_argument("--search", metavar="S", help="those that this search expression of Studio's finds; else all")
    options.add_argument("--since", metavar="TIME", help="traces from then on")
    options.add_argument("--until", metavar="TIME", help="traces up to then")
    options.add_argument("--limit", metavar="N", type=size, help="at most N of them")
    options.add_argument("--agent", metavar="A", help="set the agent of every item")
    options.add_argument("--dry-run", action="store_true", help="ask nothing; say what would be asked for")
    server_option(options)


def _push_options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("--dry-run", action="store_true", help="send nothing; say what would go to which record")
    server_option(options)


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.studio.list_data_sets(workspace, call.ticket, terms=terms(call)).value
    rows = [(one_line(one.slug, 40), one.id, one_line(one.name, 40), one_line(one.description, 60)) for one in found]
    text = table(rows, heads=("slug", "id", "name", "description")) if rows else "Studio has no data set."
    call.out.answer({"datasets": [one._asdict() for one in found]}, text)
    return DONE


def _pull(call: Call) -> int:
    from reviewer import operations

    asked, how = _asked(call), terms(call)
    with call.opened() as workspace:
        if call.options.dry_run:
            said = operations.studio.preview_pull(workspace, call.ticket, asked=asked, terms=how).value
            on = operations.judging.is_on(workspace)
            call.out.answer({"fetched": 0, "added": 0, "dry_run": True, "on": on}, plain(f"Nothing was asked. {said}{_off(on)}"))
            return DONE
        done = operations.studio.pull(workspace, call.ticket, asked=asked, terms=how).value
        report = done.report
        said = ""
        if report is not None and report.rejects:
            rejected.tell_first(call.out, workspace, report.rejects, f"{report.rejected:,} of {report.read:,} refused.")
            said = "\n" + rejected.where(workspace, call.out, report.rejects, "rejected records")
    if report is None:
        call.out.answer(_counts(0, 0, 0, 0, None), "Studio has nothing there.")
        return DONE
    rejected.tell_skipped(call.out, report.skipped)
    text = f"Fetched {done.fetched:,}: {report.added:,} added, {report.known:,} known already, {report.rejected:,} rejected.{said}"
    rejects = str(report.rejects) if report.rejects else None
    call.out.answer(_counts(done.fetched, report.added, report.known, report.rejected, rejects), text)
    return DONE


def _counts(fetched: int, added: int, known: int, bad: int, rejects: str | None) -> dict[str, Any]:
    return {"fetched": fetched, "added": added, "known": known, "rejected": bad, "rejects": rejects}


def _asked(call: Call) -> "Asked":
    from reviewer.operations.studio import Asked

    given = call.options
    if (given.dataset is None) != given.traces or (given.search and not given.traces):
        raise Misspelt("Either --dataset or --traces is needed; --search goes with traces.", "See `reviewer mistral pull --help`.")
    return Asked(given.dataset, (given.search or "") if given.traces else None, given.since, given.until, given.limit, given.agent)


def _push(call: Call) -> int:
    from reviewer import operations

    campaign, how = call.options.campaign, terms(call)
    with call.opened() as workspace:
        if call.options.dry_run:
            preview = operations.studio_answers.preview_answers(workspace, call.ticket, campaign=campaign, terms=how).value
            call.out.answer(_preview_document(preview), _preview_text(preview, how.server))
            return DONE
        done = operations.studio_answers.push_answers(workspace, call.ticket, campaign=campaign, terms=how).value
    for one in done.failures[:_LISTED]:
        call.out.note(f"note: {one_line(one.record, 60)}: {one_line(one.reason, 300)}")
    document = {**done._asdict(), "failures": [one._asdict() for one in done.failures]}
    call.out.answer(document, _pushed_text(done))
    return DOES_NOT_HOLD if done.failures else DONE


def _pushed_text(done: "Pushed") -> str:
    lines = [f"{done.sent:,} answers sent, {done.unchanged:,} were there already, {len(done.failures):,} did not get there."]
    if done.elsewhere:
        lines.append(f"{done.elsewhere:,} answered items came from elsewhere.")
    return "\n".join(lines)


def _preview_document(found: "Preview") -> dict[str, Any]:
    records = [{"record": one.record, "item": one.item, "properties": dict(one.properties)} for one in found.answers]
    return {"campaign": found.campaign, "sent": 0, "dry_run": True, "on": found.on, "elsewhere": found.elsewhere, "records": records}


def _preview_text(found: "Preview", server: str) -> str:
    heads = ("record", "verdict", "clauses")
    rows = [
        (one_line(one.record, 40), one.properties["human_verdict"], one_line(", ".join(one.properties["human_clauses"]), 60) or "-")
        for one in found.answers[:_LISTED]
    ]
    more = len(found.answers) - len(rows)
    lines = [
        f"Nothing was sent. {len(found.answers):,} answers of {one_line(found.campaign, 60)} would go to records at {one_line(server, 80)}"
        " as properties: the verdict, the clauses and the campaign's name, no words of anybody.",
        *([f"{found.elsewhere:,} answered items came from elsewhere."] if found.elsewhere else []),
        table(rows, heads=heads),
        *([f"and {more:,} more: see --json"] if more else []),
    ]
    return "\n".join(lines) + _off(found.on)


def _off(on: bool) -> str:
    return "" if on else "\nAsking Mistral is turned off in this workspace: `reviewer judge --turn on`."


COMMANDS = {
    "mistral list": Command(_list_options, _list, "reviewer mistral list"),
    "mistral pull": Command(_pull_options, _pull, "reviewer mistral pull --dataset refunds --limit 500"),
    "mistral push": Command(_push_options, _push, "reviewer mistral push refunds --dry-run"),
}

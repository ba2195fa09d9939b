"""`reviewer incident open`, `list`, `show`, `set`, `close` and `export`: cases, from first awareness to the rate after the fix."""

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Misspelt, Options, number
from reviewer.cli.output import one_line, plain, table

if TYPE_CHECKING:
    from reviewer.operations.incidents import IncidentView


def _open_options(options: Options) -> None:
    options.add_argument(
        "--item", action="append", default=[], metavar="ITEM", help="the items that it is about, by id or first 6 or more digits"
    )
    options.add_argument("more", nargs="*", metavar="ITEM", help="further items after --item")
    options.add_argument("--cluster", metavar="ID", help="or the cluster whose items it is about")
    options.add_argument("--alarm", metavar="ID", help="or the alarm of `reviewer drift` that speaks of its items")
    options.add_argument("--title", required=True, metavar="T", help="what it is called")
    options.add_argument("--summary", default="", metavar="TEXT", help="what happens")
    options.add_argument("--severity", metavar="S", help="minor, major or critical")
    options.add_argument("--owner", metavar="NAME", help="the member who deals with it")
    options.add_argument(
        "--deadline", default="none", metavar="D",
        help="by the EU AI Act, article 73: serious (15 days), death (10), widespread (2); none (the default)",
    )  # fmt: skip
    options.add_argument("--aware", metavar="TIME", help="when somebody first knew of it, from which the deadline runs (now)")


def _one(options: Options) -> None:
    options.add_argument("incident", metavar="ID", help="its id, or the first 6 or more digits")


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _set_options(options: Options) -> None:
    _one(options)
    options.add_argument(
        "fields", nargs="*", metavar="FIELD=VALUE",
        help="title, summary, fix, note, severity, owner, root_cause, status (open, fixed), deadline, aware, sample (a campaign)",
    )  # fmt: skip
    options.add_argument("--item", action="append", default=[], metavar="ITEM", help="further items that it is about; others may follow it")


def _close_options(options: Options) -> None:
    _one(options)
    options.add_argument("--campaign", metavar="C", help="whose rate shows that the fix holds; else its closing sample")
    options.add_argument("--confidence", type=number, default=0.95, metavar="P", help="of the limits of that rate (0.95)")
    options.add_argument("--reason", default="", metavar="TEXT", help="why; needed where no campaign shows a rate")


def _export_options(options: Options) -> None:
    _one(options)
    options.add_argument("file", metavar="FILE", help="ends in .pdf, .html or .json; a file that is there is replaced")


def _open(call: Call) -> int:
    from reviewer import operations

    given = call.options
    items = [*given.item, *given.more] if given.item else []
    if bool(items) + (given.cluster is not None) + (given.alarm is not None) != 1 or (given.more and not items):
        raise Misspelt("What the incident is about was not said.", "Give either --item with one or more items, or --cluster, or --alarm.")
    with call.opened() as workspace:
        done = operations.incidents.open_incident(
            workspace, call.ticket, title=given.title, items=items, cluster=given.cluster, alarm=given.alarm, summary=given.summary,
            severity=given.severity, owner=given.owner, deadline=given.deadline, aware=given.aware,
        ).value  # fmt: skip
        view = operations.incidents.show_incident(workspace, call.ticket, incident=done.incident).value
    return _answer(call, view, f"Opened incident {done.incident[:12]}.")


def _set(call: Call) -> int:
    from reviewer import operations

    given = call.options
    fields: dict[str, str] = {}
    items = list(given.item)
    for text in given.fields:
        field, equals, value = text.partition("=")
        if not equals and items:
            items.append(text)
            continue
        if not equals:
            raise Misspelt(f"“{plain(text[:40])}” sets nothing.", "Write FIELD=VALUE, such as severity=major.")
        fields[field.strip().replace("-", "_")] = value
    if not fields and not items:
        raise Misspelt("Nothing was said of the incident.", "Give FIELD=VALUE, such as severity=major, or --item.")
    with call.opened() as workspace:
        done = operations.incidents.set_incident(workspace, call.ticket, incident=given.incident, fields=fields, items=items).value
        view = operations.incidents.show_incident(workspace, call.ticket, incident=done.incident).value
    return _answer(call, view, "Recorded." if done.entries else "It is so already; nothing was written.")


def _close(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.incidents.close_incident(
            workspace, call.ticket, incident=given.incident, campaign=given.campaign, reason=given.reason, confidence=given.confidence
        ).value
        view = operations.incidents.show_incident(workspace, call.ticket, incident=done.incident).value
    return _answer(call, view, f"Closed incident {done.incident[:12]}.")


def _show(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        view = operations.incidents.show_incident(workspace, call.ticket, incident=call.options.incident).value
    return _answer(call, view, "")


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        lines = operations.incidents.list_incidents(workspace, call.ticket).value
        views = [operations.incidents.show_incident(workspace, call.ticket, incident=one.id).value for one in lines]
    rows = [
        (one.id[:12], one_line(one.title, 50), one.status, one.severity or "-", one_line(one.owner or "-", 24), (one.due or "-")[:16],
         f"{one.items_n:,}")
        for one in lines
    ]  # fmt: skip
    text = table(rows, heads=("incident", "title", "status", "severity", "owner", "due", "items")) if rows else "There is no incident."
    call.out.answer({"incidents": [operations.incidents.as_json(view) for view in views]}, text)
    return DONE


def _export(call: Call) -> int:
    from reviewer import operations

    path = Path(call.options.file).expanduser()
    with call.opened() as workspace:
        done = operations.incident_records.write_incident(workspace, call.ticket, incident=call.options.incident, path=path).value
    pages = "" if done.pages is None else f", {done.pages:,} pages"
    call.out.answer({"path": str(done.path), "pages": done.pages}, plain(f"The record of the incident is in {done.path}{pages}."))
    return DONE


def _answer(call: Call, view: "IncidentView", first: str) -> int:
    from reviewer import operations

    call.out.answer(operations.incidents.as_json(view), "\n".join([first] * bool(first) + _told(view)))
    return DONE


def _told(view: "IncidentView") -> list[str]:
    from reviewer.domain.incident_words import CAUSE, NO_RATE, STATUS, rule
    from reviewer.operations.incidents import told

    line = view.line
    said = f"{view.non_compliant:,} answered non-compliant, {view.compliant:,} compliant" + (
        f", {view.hidden:,} left out until you have labelled them blind" if view.hidden else ""
    )
    lines = [
        f"{one_line(line.title, 120)}  [{', '.join(filter(None, (STATUS[line.status], line.severity)))}]",
        f"  id          {line.id}",
        f"  opened      {line.opened} by {one_line(view.opened_by, 60)}",
        f"  owner       {one_line(line.owner or '-', 60)}",
        f"  root cause  {CAUSE.get(line.root_cause or '', '-')}",
        f"  due         {line.due or '-'}  {rule(line.deadline)}",
        f"  items       {line.items_n:,}: {said}",
    ]
    lines += [f"  clause      {plain(f'{one.policy}:{one.clause}')}, cited on {one.items:,} of them" for one in view.clauses]
    lines += [f"  model       {one_line(name, 60)}, {n:,} of them" for name, n in view.models]
    lines += [f"  happens     {one_line(view.summary, 400)}"] if view.summary else []
    lines += [f"  done        {one_line(view.fix, 400)}"] if view.fix else []
    lines += [f"  rate now    {plain(told(view.sample))}"] if view.sample is not None else []
    if line.status == "closed":
        lines.append(f"  after fix   {NO_RATE if line.closing is None else plain(told(line.closing))}")
    for one in view.conflicts:
        both = " and ".join(f"“{one_line(value, 60)}” by {one_line(by, 40)}" for value, by in one.values)
        lines.append(f"  differs     {one.field}: {both}; set it again to settle it")
    lines.append("history, the oldest first:")
    for act in view.history:
        note = f". {one_line(act.note, 300)}" if act.note else ""
        lines.append(f"  {act.time[:16]}  {one_line(act.by, 24)}: {one_line(act.what.rstrip('.'), 300)}{note}")
    return lines


COMMANDS = {
    "incident open": Command(_open_options, _open, 'reviewer incident open --item 4f2a9c 81bd03 --title "Refunds" --deadline serious'),
    "incident list": Command(_none, _list, "reviewer incident list"),
    "incident show": Command(_one, _show, "reviewer incident show 7c01ab"),
    "incident set": Command(_set_options, _set, "reviewer incident set 7c01ab severity=major root_cause=model owner=Ada"),
    "incident close": Command(_close_options, _close, "reviewer incident close 7c01ab --campaign after-fix"),
    "incident export": Command(_export_options, _export, "reviewer incident export 7c01ab incident.pdf"),
}

"""`reviewer items`: searching."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, count
from reviewer.cli.output import one_line, table


def _add(options: Options) -> None:
    options.add_argument("query", nargs="?", default="", metavar="QUERY", help="what to look for; everything if left out")
    options.add_argument("--limit", type=count, default=50, metavar="N", help="at most so many (50)")
    options.add_argument("--offset", type=count, default=0, metavar="N", help="leave out the first N")
    options.add_argument("--count", action="store_true", help="only say how many there are")


def _run(call: Call) -> int:
    from reviewer import operations

    limit = 0 if call.options.count else call.options.limit
    with call.opened() as workspace:
        page = operations.searching.search(
            workspace, call.ticket, text=call.options.query, offset=call.options.offset, limit=limit, with_total=True
        ).value
    shown = [
        {
            "id": row.id,
            "external_id": row.external_id,
            "kind": row.kind,
            "agent": row.agent,
            "model": row.model,
            "time": row.time,
            "title": row.title,
            "steps": row.steps,
            "labels": sum(row.labels),
            "verdicts": row.labels._asdict(),
        }
        for row in page.rows
    ]
    rows = [(row.id[:12], row.agent or "-", str(row.steps), str(sum(row.labels)), one_line(row.title, 80)) for row in page.rows]
    listed = table([tuple(one_line(cell, 80) for cell in row) for row in rows], heads=("id", "agent", "steps", "labels", "title"))
    total = page.total or 0
    text = f"{listed}\n{len(rows):,} of {total:,}" if rows else f"{total:,} items"
    call.out.answer({"total": total, "items": shown}, text)
    return 0


COMMANDS = {"items": Command(_add, _run, 'reviewer items "agent:airline steps>10 refund" --limit 20')}

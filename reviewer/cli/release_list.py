"""`reviewer release list` and `release row`: which releases there are, and any row of one with its story."""

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Options
from reviewer.domain.errors import shown

if TYPE_CHECKING:
    from reviewer.operations.release_listing import ReleaseLine


def _list_options(options: Options) -> None:
    del options  # it has none


def _row_options(options: Options) -> None:
    options.add_argument("folder", metavar="DIR", help="the folder of a release")
    options.add_argument("row", metavar="ROW", help="its number, or the beginning of the id of a row, an item or a label")


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.release_listing.list_releases(workspace, call.ticket).value
    document = [
        {**one._asdict(), "campaigns": list(one.campaigns), "folder": None if one.folder is None else str(one.folder)} for one in found
    ]
    lines = [_line(one) for one in found]
    call.out.answer({"releases": document}, "\n".join(lines) or "There is no release yet.")
    return DONE


def _line(one: "ReleaseLine") -> str:
    of = f"{one.format}, {one.total:,} rows of {shown(', '.join(one.campaigns), 80)}, by {shown(one.by, 40)}"
    return f"{one.release[:12]}  {one.time[:10]}  {of}" + ("" if one.folder is None else f": {shown(str(one.folder), 200)}")


def _row(call: Call) -> int:
    from reviewer import operations

    browsing, telling = operations.release_browsing, operations.release_telling
    with call.opened() as workspace:
        opened = browsing.open_release(workspace, call.ticket, folder=Path(call.options.folder).expanduser()).value
        number = browsing.find_row(workspace, call.ticket, opened=opened, text=call.options.row).value
        row = browsing.show_row(workspace, call.ticket, opened=opened, number=number).value
    columns, story = telling.columns(row.line), telling.story(row)
    lines = [f"Row {row.number:,} of {opened.rows:,}, {row.where}"]
    lines += telling.as_lines(columns)
    lines += [f"{link.title}\n  {link.text}" for link in story]
    document = {
        "row": row.number,
        "part": row.part,
        "where": row.where,
        "hidden": row.hidden,
        "problem": row.problem,
        "columns": {column.name: [list(said) for said in column.said] for column in columns},
        "story": [{"title": link.title, "text": link.text, "item": link.item or None} for link in story],
    }
    call.out.answer(document, "\n".join(lines))
    return DOES_NOT_HOLD if row.problem else DONE


COMMANDS = {
    "release list": Command(_list_options, _list, "reviewer release list"),
    "release row": Command(_row_options, _row, "reviewer release row refunds-kto 418"),
}

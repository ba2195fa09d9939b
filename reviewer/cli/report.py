"""`reviewer report`: the oversight record of a campaign, as a PDF or a page of HTML."""

from pathlib import Path

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options
from reviewer.cli.output import plain


def _add(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("file", metavar="FILE", help="ends in .pdf or .html; a file that is there is replaced")


def _run(call: Call) -> int:
    from reviewer import operations

    path = Path(call.options.file).expanduser()
    with call.opened() as workspace:
        done = operations.reporting.write_report(workspace, call.ticket, campaign=call.options.campaign, path=path).value
    pages = "" if done.pages is None else f", {done.pages:,} pages"
    call.out.answer({"path": str(done.path), "pages": done.pages}, plain(f"The oversight record is in {done.path}{pages}."))
    return DONE


COMMANDS = {"report": Command(_add, _run, "reviewer report refunds refunds.pdf")}

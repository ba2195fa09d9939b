"""`reviewer label`: one label."""

import re
from argparse import Namespace
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewer.cli.call import Call, Command
from reviewer.cli.files import text_file
from reviewer.cli.options import Misspelt, Options, item_of_campaign
from reviewer.cli.output import one_line
from reviewer.domain import passages
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import SEVERITIES, VERDICTS
from reviewer.domain.passages import Passage

if TYPE_CHECKING:
    from reviewer.domain.labels import Opinion
    from reviewer.domain.preferences import Choice
    from reviewer.storage.workspace import Workspace

_REWRITE = re.compile(r"(?P<step>[^=@]+)(?:@(?P<tool>[^=]*))?=(?P<file>.+)", re.DOTALL)
_MARK = re.compile(r"(?P<step>[^=]+)=(?P<mark>good|bad|neutral)")


def _add(options: Options) -> None:
    item_of_campaign(options)
    options.add_argument("--verdict", metavar="V", help=f"one of: {', '.join(VERDICTS)}")
    options.add_argument("--severity", metavar="S", help=f"of a non-compliant item: {', '.join(SEVERITIES)}")
    options.add_argument(
        "--clause", action="append", default=[], metavar="C",
        help="a clause that was broken: KEY:CLAUSE, or CLAUSE where the campaign has one policy; may be repeated",
    )  # fmt: skip
    options.add_argument("--rationale", default="", metavar="TEXT", help="why")
    options.add_argument(
        "--span", action="append", default=[], metavar="STEP[@PART|#/POINTER]:START:END[:CLAUSE]",
        help="words that show it, counted in characters from 0; may be repeated",
    )  # fmt: skip
    options.add_argument("--omission", action="append", default=[], metavar="TEXT", help="what should have happened and did not")
    options.add_argument("--step", action="append", default=[], metavar="7.2=bad", help="mark a step good, bad or neutral; may be repeated")
    options.add_argument("--correction", metavar="FILE", help="what the output should have been")
    options.add_argument(
        "--rewrite", action="append", default=[], metavar="STEP[@TOOL]=FILE",
        help="what a step should have said, or a call's arguments; @TOOL: of another tool, @: no call but words; may be repeated",
    )  # fmt: skip
    options.add_argument("--confidence", metavar="C", help="low, medium, high, or a decimal from 0 to 1")
    options.add_argument("--prefer", metavar="KEY|tie|both_bad", help="for comparisons: the key of the better output, tie, or both_bad")
    options.add_argument("--rank", metavar="A,B=C,D", help="for comparisons: all outputs, best first, equals joined by =")
    options.add_argument("--strength", choices=("slight", "clear"), help="how much better (clear)")


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    choice = _choice(given)
    marks = dict(_mark(text) for text in given.step)
    marked = [passages.parse(text) for text in given.span]
    correction = text_file(given.correction).encode() if given.correction else None
    rewritten = [_rewrite(text) for text in given.rewrite]
    with call.opened() as workspace:
        opinion = _opinion(workspace, call, marks, marked, rewritten)
        done = operations.labelling.label_item(
            workspace,
            call.ticket,
            campaign=given.campaign,
            item=given.item,
            opinion=opinion,
            choice=choice,
            clauses=given.clause,
            correction=correction,
        ).value
    call.out.answer(
        {"label": done.label, "item": done.item, "campaign": done.campaign_name, "campaign_id": done.campaign},
        f"Recorded {_told(given, choice)} on item {done.item[:12]}.",
    )
    return 0


def _told(given: Namespace, choice: "Choice | None") -> str:
    """What was said, in short: a verdict, a preference, or marks alone."""
    if given.verdict or not given.step:
        return str(given.verdict) if given.verdict else one_line(choice.words if choice else "-", 60)
    return "1 marked step" if len(given.step) == 1 else f"{len(given.step):,} marked steps"


def _choice(given: Namespace) -> "Choice | None":
    from reviewer.domain.preferences import Choice

    if not (given.prefer or given.rank):
        if given.strength:
            raise Refused("A strength was given and no preference.", "Name the better output with --prefer, or all of them with --rank.")
        return None
    return Choice(given.prefer, given.rank, given.strength)


def _opinion(workspace: "Workspace", call: Call, marks: dict[str, Any], marked: list[Passage], rewritten: "list[_Rewritten]") -> "Opinion":
    from reviewer import operations
    from reviewer.domain.corrections import Rewrite, current
    from reviewer.domain.events import Span
    from reviewer.domain.evidence import span_of
    from reviewer.domain.labels import Omitted, Opinion

    given = call.options
    spans: tuple[Span, ...] = ()
    rewrites: dict[str, Rewrite] = {}
    if marked or rewritten:
        item = operations.searching.show_item(workspace, call.ticket, item=given.item).value.item
        spans = tuple(span_of(item, **one._asdict()) for one in marked)
        tools = {one.step: current(item, one.step).tool if one.tool is None else one.tool or None for one in rewritten}
        rewrites = {one.step: Rewrite(one.text, tools[one.step]) for one in rewritten}
    return Opinion(
        verdict=given.verdict,
        severity=given.severity,
        rationale=given.rationale,
        confidence=f"0{given.confidence}" if (given.confidence or "").startswith(".") else given.confidence,
        steps=marks,
        spans=spans,
        omissions=tuple(map(Omitted, given.omission)),
        rewrites=rewrites,
    )


class _Rewritten(NamedTuple):
    """A step that should have been another. tool: that of the step itself where it is None, none at all where it is empty."""

    step: str
    tool: str | None
    text: str


def _rewrite(text: str) -> _Rewritten:
    found = _REWRITE.fullmatch(text)
    if found is None:
        raise Misspelt(
            f"“{shown(text, 60)}” rewrites no step.", "Write STEP=FILE, or STEP@TOOL=FILE to call another tool, such as 7.2=args.json."
        )
    return _Rewritten(found["step"], found["tool"], text_file(found["file"]))


def _mark(text: str) -> tuple[str, str]:
    found = _MARK.fullmatch(text)
    if found is None:
        raise Misspelt(f"“{shown(text, 60)}” marks no step.", "Write STEP=good, STEP=bad or STEP=neutral, such as 7.2=bad.")
    return found["step"], found["mark"]


COMMANDS = {
    "label": Command(
        _add,
        _run,
        'reviewer label refunds 4f2a9c --verdict non_compliant --severity major --clause 4.2 --rationale "No receipt"',
    )
}

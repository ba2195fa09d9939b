"""`reviewer estimate`: how often the policy is broken, in the whole population and in parts of it, and what that rests on."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options, number
from reviewer.cli.output import one_line, table, without_empty_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.domain.estimates import Apart
    from reviewer.operations.certainty import Certainty, Settled
    from reviewer.operations.estimating import CampaignEstimate, Difference, Value


def _options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("--by", metavar="FIELD", help="agent, model, kind, clause, month, week, day, or a field of the items' metadata")
    options.add_argument("--judge", metavar="NAME", help="let the scores of a judge narrow the interval")
    options.add_argument("--confidence", metavar="P", type=number, default=0.95, help="of the intervals; 0.95 by default")
    options.add_argument("--compare", metavar="A", help="a value of the field: by how much its rate is above that of another, --with B")
    options.add_argument("--with", metavar="B", dest="other", help="the value that A is compared with")
    options.add_argument(
        "--tolerable", metavar="P", type=number, help="say whether the rate is known to be below P or above it, so that you may stop"
    )
    options.add_argument(
        "--expected", metavar="P", type=number, help="with --method anytime or --tolerable: the rate that you thought likely before"
        " anything was reviewed; limits are narrower if it is about right, and hold if it is not"
    )  # fmt: skip
    options.add_argument("--method", metavar="M", default="auto", help="auto, exact, hajek, ppi or anytime; auto by default")


def _estimate(call: Call) -> int:
    from reviewer import operations

    given = call.options
    how = {"confidence": given.confidence, "method": given.method}
    if given.compare is not None or given.other is not None:
        return _compare(call, how)
    if given.expected is not None and given.method != "anytime" and given.tolerable is None:
        raise Misspelt("An expected rate is of use to limits that hold at any time alone.", "Give --method anytime or --tolerable, too.")
    with call.opened() as workspace:
        found = operations.estimating.estimate_campaign(
            workspace, call.ticket, campaign=given.campaign, by=given.by, judge=given.judge, expected=given.expected, **how
        ).value
        if given.tolerable is None:
            call.out.answer(_document(found), _text(found))
            return 0
        sure = operations.certainty.certainty_of_campaign(
            workspace, call.ticket, campaign=found.id, confidence=given.confidence, expected=given.expected
        ).value
    settled = operations.certainty.settled(sure, given.tolerable)
    stop = None if settled is None else settled._asdict()
    document = {**_document(found), "tolerable": given.tolerable, "stop": stop}
    call.out.answer(document, f"{_text(found)}\n{_stop(sure, settled, given.tolerable)}")
    return 0


def _stop(sure: "Certainty", settled: "Settled | None", tolerable: float) -> str:
    if settled is None:
        why = sure.reason or f"After {sure.steps[-1].items:,} items of the random control stream that is not known: go on."
        return f"Is the rate below {tolerable:.4g}? {why}"
    side = "below" if settled.decision == "acceptable" else "above"
    return f"The rate was known to be {side} {tolerable:.4g} after {settled.items:,} items of the random control stream: you may stop."


def _compare(call: Call, how: dict[str, Any]) -> int:
    from reviewer import operations

    given = call.options
    if given.by is None or given.compare is None or given.other is None:
        raise Misspelt("Two values of one field are compared.", "Give all of --by FIELD --compare A --with B.")
    if given.tolerable is not None:
        raise Misspelt("A tolerable rate is held against that of all items, not against a difference.", "Leave out --tolerable.")
    if given.judge is not None:
        raise Misspelt("A judge's scores speak of the whole population, not of two parts.", "Leave out --judge.")
    with call.opened() as workspace:
        found = operations.estimating.compare(
            workspace, call.ticket, campaign=given.campaign, by=given.by, a=given.compare, b=given.other, **how
        ).value
    document = {**found._asdict(), "a": without_empty_reason(found.a._asdict()), "b": without_empty_reason(found.b._asdict())}
    call.out.answer(without_empty_reason(document), _difference(found))
    return 0


def _document(found: "CampaignEstimate") -> dict[str, Any]:
    test = None if found.by_test is None else without_empty_reason(found.by_test._asdict())
    return without_empty_reason({**found._asdict(), "by": [without_empty_reason(one._asdict()) for one in found.by], "by_test": test})


def _text(found: "CampaignEstimate") -> str:
    name = one_line(found.campaign, 120)
    lines = [f"{name}: {_rate(found)} of {found.population:,} items break the policy ({found.confidence:.4g} confidence)."]
    if found.estimate is None and found.low is None:
        lines = [f"{name}: no rate can be given: {found.reason}."]
    lines.append(f"Basis: {found.basis}.")
    lines.append(f"{found.sampled:,} drawn: {found.answered:,} answered, {found.open:,} open, {found.unsure:,} unsure{_if(found)}.")
    lines.extend(found.notes)
    if found.by_field is not None:
        rows = [
            (one_line(one.value, 50) or "(none)", _rate(one), f"{one.n:,}", _count(one.population), one.reason or "") for one in found.by
        ]
        lines.extend(("", table(rows, heads=(one_line(found.by_field, 50), "rate", "n", "population", ""))))
        lines.extend(_apart(found.by_test, 1 - found.confidence))
    return "\n".join(lines)


def _apart(test: "Apart | None", level: float) -> "Iterator[str]":
    """Whether the rates differ."""
    if test is None:
        return
    if test.p is None or test.f is None or test.ndf is None or test.ddf is None:
        yield f"Whether the rates differ is not tested: {test.reason}."
        return
    said = "The rates differ by more than chance explains" if test.p <= level else "That the rates differ is not shown"
    yield f"{said}: p = {test.p:.3g} (Rao-Scott, {test.parts:,} values, F = {test.f:.2f} on {test.ndf:.3g} and {test.ddf:.4g} degrees)."


def _difference(found: "Difference") -> str:
    rows = [(one_line(one.value, 50) or "(none)", _rate(one), f"{one.n:,}", _count(one.population)) for one in (found.a, found.b)]
    if found.difference is None:
        said = f"No difference can be given: {found.reason}."
    else:
        limits = f"{100 * found.low:+.1f} to {100 * found.high:+.1f}" if found.low is not None and found.high is not None else "no limits"
        said = f"Difference {100 * found.difference:+.1f} percentage points ({limits}; {found.confidence:.4g} confidence)."
    return "\n".join((table(rows, heads=(one_line(found.by_field, 50), "rate", "n", "population")), "", said))


def _if(found: "CampaignEstimate") -> str:
    if found.low_if is None or found.high_if is None or not found.open + found.unsure:
        return ""
    return f"; the rate is {found.low_if:.1%} if all of those are compliant, {found.high_if:.1%} if none are"


def _rate(one: "CampaignEstimate | Value") -> str:
    limits = "" if one.low is None or one.high is None else f"{one.low:.1%} to {one.high:.1%}"
    if one.estimate is None:
        return limits or "-"
    return f"{one.estimate:.1%} ({limits or 'no interval'})"


def _count(count: int | None) -> str:
    return "-" if count is None else f"{count:,}"


COMMANDS = {"estimate": Command(_options, _estimate, "reviewer estimate refunds --by model")}

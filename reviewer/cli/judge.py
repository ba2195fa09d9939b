"""`reviewer judge`: asks a model for suggestions, or says what would be sent; and the switch and the key that it needs."""

import getpass
import sys
from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.judge_terms import said_of_sending, server_option, terms
from reviewer.cli.options import Misspelt, Options, size
from reviewer.cli.output import one_line, plain
from reviewer.domain.judge_prompts import why_left_out
from reviewer.domain.judges import use_words

if TYPE_CHECKING:
    from reviewer.operations.judge_material import Wanted
    from reviewer.operations.judge_probing import Probed
    from reviewer.operations.judge_running import JudgedItems
    from reviewer.operations.judging import Preview

_LISTED = 5
_SHOWN = 4_000  # characters of the first question in a terminal; --json has all


def _options(options: Options) -> None:
    options.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help="ask about the items that it drew, under its policies")
    options.add_argument("--query", metavar="Q", help="or about the items that a query finds, under all policies in force")
    options.add_argument("--population", action="store_true", help="then about the rest of its population, as `estimate --judge` needs it")
    options.add_argument("--limit", metavar="N", type=size, help="ask about N of them: in a campaign as chance drew them, else by id")
    options.add_argument(
        "--dry-run", action="store_true", help="send nothing; say how much would go and its cost, and show the first question"
    )
    options.add_argument("--policy", metavar="KEY", action="append", default=[], help="judge by this policy; may be given several times")
    options.add_argument("--model", metavar="M", help="another model than the settings name")
    options.add_argument("--samples", metavar="K", type=size, help="so many answers an item; how far they agree says how sure the model is")
    server_option(options)
    options.add_argument("--live", action="store_true", help="ask item by item, also where a batch job would cost half")
    options.add_argument("--probe", action="store_true", help="ask again with an instruction in each item; say how often the judge obeyed")
    options.add_argument("--turn", choices=("on", "off"), help="let items of this workspace be sent to a judge, or no longer")
    options.add_argument("--key", action="store_true", help="ask for Mistral's key and put it into the keyring of this system")
    options.add_argument("--forget-key", action="store_true", help="take it out of the keyring")


def _judge(call: Call) -> int:
    given = call.options
    if given.key or given.forget_key:
        return _key(call)
    if given.turn is not None:
        return _turn(call)
    if (given.campaign is None) == (given.query is None):
        raise Misspelt("Either a campaign or --query is needed.", "See `reviewer judge --help`.")
    if given.dry_run:
        return _preview(call)
    return _probe(call) if given.probe else _ask(call)


def _ask(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.judging.judge_items(
            workspace, call.ticket, wanted=_wanted(call), terms=terms(call), live=call.options.live
        ).value
    for one in found.failures[:_LISTED]:
        call.out.note(f"note: {one.item[:12]}: {one_line(one.reason, 300)} [{one.code}]")
    if found.failed > _LISTED:
        call.out.note(f"note: {found.failed - _LISTED:,} more have no suggestion; --json lists all.")
    call.out.answer(_document(found), _text(found))
    return 0


def _probe(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.judge_probing.probe_judge(workspace, call.ticket, wanted=_wanted(call), terms=terms(call)).value
    limits = {"low": None, "high": None} if found.limits is None else found.limits._asdict()
    told = {"tokens": found.tokens, "cost_estimate": found.cost}
    document = {"probed": found.probed, "flipped": found.flipped, "rate": found.rate, **limits, "unanswered": found.unanswered, **told}
    call.out.answer(document, _probed_text(found))
    return 0


def _preview(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.judging.preview_judging(
            workspace, call.ticket, wanted=_wanted(call), terms=terms(call), live=call.options.live
        ).value
        on = operations.judging.is_on(workspace)
    call.out.answer(_preview_document(found, on=on), _preview_text(found, on=on))
    return 0


def _turn(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        on = operations.judging.turn_judge(workspace, call.ticket, on=call.options.turn == "on").value
    said = "may be sent to a judge from now on, when somebody asks for it" if on else "are sent to no judge any more"
    call.out.answer({"on": on}, f"Items of this workspace {said}.")
    return 0


def _key(call: Call) -> int:
    from reviewer import operations

    if call.options.forget_key:
        gone = operations.judging.forget_key()
        call.out.answer({"key": False, "removed": gone}, "The key is out of the keyring." if gone else "The keyring held no key.")
        return 0
    # Never an option: other programs see those.
    given = getpass.getpass("Mistral's key: ") if sys.stdin.isatty() else sys.stdin.readline()
    operations.judging.keep_key(given)
    call.out.answer({"key": True}, "The key is in the keyring of this system.")
    return 0


def _wanted(call: Call) -> "Wanted":
    from reviewer.operations.judge_material import Wanted

    given = call.options
    return Wanted(given.campaign, given.query, given.limit, given.population, tuple(given.policy))


def _document(found: "JudgedItems") -> dict[str, Any]:
    return {
        "judged": found.judged,
        "cached": found.cached,
        "failed": found.failed,
        "tokens": found.tokens,
        "cost_estimate": found.cost,
        "judges": list(found.judges),
        "flagged": found.flagged,
        "left_out": [one._asdict() for one in found.left_out],
        "failures": [one._asdict() for one in found.failures],
    }


def _text(found: "JudgedItems") -> str:
    lines = [f"{found.judged:,} judged, {found.cached:,} known from before, {found.failed:,} without a suggestion."]
    if found.left_out:
        lines.append(f"Left out: {one_line(why_left_out([one.reason for one in found.left_out]), 200)}")
    if found.flagged:
        lines.append(f"{found.flagged:,} quotes or clauses are flagged: no item says them, or nobody offered them.")
    if found.tokens:
        lines.append(f"{use_words(found.tokens, found.cost)}.")
    if found.judges:
        lines.append(f"Suggestions of {', '.join(one_line(name, 80) for name in found.judges)}; hidden until an item is labelled.")
    return "\n".join(lines)


def _probed_text(found: "Probed") -> str:
    if found.rate is None or found.limits is None:
        return "No item was answered twice, so nothing can be said."
    limits = f"95 % interval {found.limits.low:.1%} to {found.limits.high:.1%}"
    lines = [
        f"Of {found.probed:,} items with an instruction in them that demands another verdict, the judge obeyed {found.flipped:,}:"
        f" {found.rate:.1%} ({limits}).",
        "What it says changes no label, hides no item and closes nothing, whether it obeys or not.",
    ]
    if found.unanswered:
        lines.append(f"{found.unanswered:,} items are left out for want of an answer.")
    if found.tokens:
        lines.append(f"{use_words(found.tokens, found.cost)}.")
    return "\n".join(lines)


def _preview_document(found: "Preview", *, on: bool) -> dict[str, Any]:
    first = None
    if found.first is not None:
        item, asked = found.first
        first = {
            "item": item,
            "server": found.terms.server,
            "model": found.terms.model,
            "samples": asked.samples,
            "temperature": asked.temperature,
            "system": asked.system,
            "user": asked.user,
        }
    return {
        "judged": 0,
        "cached": found.cached,
        "failed": 0,
        "tokens": found.tokens,
        "cost_estimate": found.cost,
        "dry_run": True,
        "on": on,
        "would_send": found.asked,
        "batch": found.in_jobs,
        "under_way": found.under_way,
        "left_out": [one._asdict() for one in found.left_out],
        "private": found.private,
        "first_request": first,
    }


def _preview_text(found: "Preview", *, on: bool) -> str:
    by = found.terms
    lines = [
        f"Nothing was sent. {found.asked:,} items would go to {one_line(by.model, 60)} ({one_line(by.server, 80)}), about"
        f" {use_words(found.tokens, found.cost)}; {found.cached:,} are known from before."
    ]
    if found.under_way:
        lines.append(f"Batch jobs under way: {found.under_way:,}; the next run fetches their answers first.")
    if found.in_jobs:
        lines.append("They would go as batch jobs, which are answered within a day for half the price; --live asks at once.")
    if found.left_out:
        lines.append(f"Left out would be {one_line(why_left_out([one.reason for one in found.left_out]), 200)}")
    lines += said_of_sending(found.private, on=on)
    if found.first is not None:
        item, asked = found.first
        user = plain(asked.user)
        cut = "" if len(user) <= _SHOWN else f"\n… {len(user) - _SHOWN:,} more characters; --json has all."
        lines += ["", f"The first one, {item[:12]}, with the instructions and {len(asked.system):,} characters of policy before it:"]
        lines += [f"{user[:_SHOWN]}{cut}"]
    return "\n".join(lines)


COMMANDS = {"judge": Command(_options, _judge, "reviewer judge refunds --limit 20 --dry-run")}

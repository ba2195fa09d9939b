"""`reviewer plan`: how many to review before a claim holds, and what a sample of passed items says of those that slipped through."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Misspelt, Options, count, number, size

if TYPE_CHECKING:
    from reviewer.operations.planning import Plan, Slipped


def _options(options: Options) -> None:
    options.add_argument("--tolerable", type=number, metavar="P", help="the rate that is to be shown not to be reached, such as 0.05")
    options.add_argument("--confidence", type=number, default=0.95, metavar="C", help="how sure that is to be (0.95)")
    options.add_argument("--errors", type=count, default=0, metavar="K", help="how many violations the sample may hold (0)")
    options.add_argument("--population", type=size, metavar="N", help="how many items there are; a few less to review, if it is known")
    passed = options.add_argument_group("of what a judge or filter passed as compliant")
    passed.add_argument("--passed", type=size, metavar="N", help="how many items it passed, if that is known: the population of the check")
    passed.add_argument(
        "--reviewed", type=size, metavar="N", help="how many of those were reviewed, at random: answers with what slipped through"
    )
    passed.add_argument("--missed", type=count, metavar="X", help="how many of the reviewed were violations")
    passed.add_argument("--found", type=count, metavar="F", help="violations among what it did not pass: answers with the recall")


def _plan(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.passed is not None and given.population is not None:
        raise Misspelt(
            "--passed and --population both name a population.", "Give one of them: --passed for a check of what a judge passed."
        )
    if (given.reviewed is None) != (given.missed is None):
        raise Misspelt("--reviewed and --missed belong together.", "Give how many were reviewed, and how many of those were violations.")
    if given.reviewed is not None:
        return _weigh(call)
    if given.found is not None:
        raise Misspelt("--found says nothing without a sample of what was passed.", "Give --passed, --reviewed and --missed, too.")
    if given.tolerable is None:
        raise Misspelt("No tolerable rate was named.", "Say what is to be shown: --tolerable 0.05.")
    population = given.population if given.passed is None else given.passed
    planned = operations.planning.plan_acceptance(
        tolerable=given.tolerable, confidence=given.confidence, errors=given.errors, population=population
    ).value
    call.out.answer(planned._asdict(), _planned(planned))
    return DONE


def _weigh(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.passed is None:
        return _weigh_sample(call)
    found = operations.planning.weigh_passed(
        passed=given.passed,
        reviewed=given.reviewed,
        missed=given.missed,
        found=given.found,
        tolerable=given.tolerable,
        confidence=given.confidence,
    ).value
    call.out.answer(_document(found), _slipped(found))
    return DOES_NOT_HOLD if found.holds is False else DONE


def _weigh_sample(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.found is not None:
        raise Misspelt("--found says nothing where it is not known how many items were passed.", "Give --passed, too.")
    if given.population is not None:
        raise Misspelt("--reviewed is of what was passed, and --population of what is planned for.", "Give --passed in its place.")
    found = operations.planning.weigh_sample(
        reviewed=given.reviewed, missed=given.missed, tolerable=given.tolerable, confidence=given.confidence
    ).value
    lines = [f"Violations: {found.rate:.2%}, at most {found.high:.2%}, with confidence {found.confidence:g}."]
    if found.holds is not None:
        lines.append(_holds(found.holds, found.tolerable))
    call.out.answer({**found._asdict(), "population": None}, "\n".join((*lines, _sentence(found.basis))))
    return DOES_NOT_HOLD if found.holds is False else DONE


def _holds(holds: bool, tolerable: float | None) -> str:
    return f"That {'is' if holds else 'is not shown to be'} below {tolerable:g}."


def _document(found: "Slipped") -> dict[str, Any]:
    sample = found.elusion
    return {
        "n": sample.reviewed,
        "confidence": sample.confidence,
        "tolerable": found.tolerable,
        "errors": sample.missed,
        "population": sample.passed,
        "basis": found.basis,
        "elusion": sample.elusion,
        "elusion_high": sample.high,
        "missed_least": sample.least,
        "missed_most": sample.most,
        "holds": found.holds,
        "recall": None if found.recall is None else found.recall._asdict(),
    }


def _planned(plan: "Plan") -> str:
    allowed = "none of them is a violation" if plan.errors == 0 else f"{plan.errors:,} or fewer of them are violations"
    of = "" if plan.population is None else f" of {plan.population:,}"
    return (
        f"Review {plan.n:,}{of} items drawn at random: if {allowed}, the rate is below {plan.tolerable:g}, with confidence"
        f" {plan.confidence:g}.\n{_sentence(plan.basis)}"
    )


def _slipped(found: "Slipped") -> str:
    sample = found.elusion
    lines = [
        f"Passed and yet violations: {sample.elusion:.2%}, at most {sample.high:.2%} ({sample.most:,} of {sample.passed:,} items), with"
        f" confidence {sample.confidence:g}."
    ]
    if found.holds is not None:
        lines.append(_holds(found.holds, found.tolerable))
    recall = found.recall
    if recall is None:
        lines.append("How many of all violations were found cannot be told without --found.")
    elif recall.recall is None:
        lines.append("None was found and none missed: of recall nothing can be told.")
    else:
        high = 1.0 if recall.high is None else recall.high
        lines.append(f"Found {recall.recall:.1%} of all violations: at least {recall.low:.1%}, at most {high:.1%}.")
    return "\n".join((*lines, _sentence(found.basis)))


def _sentence(phrase: str) -> str:
    return f"{phrase[:1].upper()}{phrase[1:]}."


COMMANDS = {"plan": Command(_options, _plan, "reviewer plan --tolerable 0.02 --population 4000")}

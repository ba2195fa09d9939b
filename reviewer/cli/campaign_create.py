"""`reviewer campaign create` and `grow`: a population, and draws from it."""

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Literal

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options, number, size
from reviewer.cli.output import one_line, table

if TYPE_CHECKING:
    from reviewer.operations.campaigns import Created
    from reviewer.operations.designing import DesignPreview

_DESIGNS = ("all", "srs", "stratified", "poisson")
_ALLOCATIONS = ("proportional", "neyman")
_QUESTIONS = ("verdict", "preference", "steps")
_MARKS = ("each", "first_wrong")


def _create_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="what it is called")
    options.add_argument("--query", default="", metavar="Q", help="which items; everything if left out")
    options.add_argument(
        "--design",
        choices=_DESIGNS,
        help="all; srs: a simple random sample; stratified, --by a field; poisson: likelier by a --weight (what the options given ask for)",
    )
    options.add_argument("--size", type=size, metavar="N", help="how many to draw; of a poisson sample, on average")
    options.add_argument(
        "--by", default="", metavar="FIELD", help="strata: agent, model, kind, steps, month, week, suggestion:JUDGE or a metadata field"
    )
    options.add_argument(
        "--allocation",
        choices=_ALLOCATIONS,
        default="proportional",
        help="picks by size of the strata, or by size and spread (proportional)",
    )
    options.add_argument("--floor", type=size, metavar="N", help="picks in each stratum at least (2)")
    options.add_argument(
        "--weight", default="", metavar="FIELD", help="a score or another number: suggestion:JUDGE, steps or a metadata field"
    )
    options.add_argument("--control", default="", metavar="SHARE", help="share of a poisson sample that is drawn at random (0.3)")
    options.add_argument("--dry-run", action="store_true", help="say what the draw would come to, and write nothing")
    options.add_argument("--rate", type=number, metavar="P", help="with --dry-run: the violation rate to assume")
    options.add_argument("--overlap", type=size, default=1, metavar="K", help="labels of different members an item needs (1)")
    options.add_argument("--double", default="0", metavar="SHARE", help="random share of the items that gets a second label (0)")
    options.add_argument("--assign", choices=("split", "all"), default="split", help="split the work, or offer all to everyone (split)")
    options.add_argument("--members", default="", metavar="A,B", help="who takes part; else all reviewers and leads")
    options.add_argument("--policy", action="append", default=[], metavar="KEY", help="a policy that it is judged by; may be repeated")
    options.add_argument("--question", choices=_QUESTIONS, default="verdict", help="what is asked (verdict)")
    options.add_argument(
        "--marks", choices=_MARKS, default="each", help="of steps: each for itself, or the first wrong one, before which all is good (each)"
    )
    options.add_argument("--gold", default="0", metavar="SHARE", help="share of what a reviewer sees that has a known answer (0)")
    options.add_argument("--repeat", default="0", metavar="SHARE", help="share of their items that a reviewer sees again, silently (0)")
    options.add_argument("--feedback", action="store_true", help="reviewers may see how they did on both")
    options.add_argument(
        "--open-opinions", action="store_true", help="hide neither models nor what others said; such labels count for no rate"
    )
    options.add_argument(
        "--shown",
        default="0",
        metavar="SHARE",
        help="of the items with two or more labels, share that some see with what a --judge says (0)",
    )
    options.add_argument("--judge", default="", metavar="NAME", help="whose suggestions --shown means, named as they were imported")
    options.add_argument("--own-adjudication", action="store_true", help="who labelled an item may also resolve it")
    options.add_argument("--guidelines", metavar="FILE", help="a text for the reviewers")
    options.add_argument("--seed", default="", metavar="S", help="where chance starts from; else drawn")


def _grow_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="its name or id")
    options.add_argument("--size", type=size, required=True, metavar="N", help="how many are to be drawn in all")
    options.add_argument("--dry-run", action="store_true", help="say what the draw would come to, and write nothing")
    options.add_argument("--rate", type=number, metavar="P", help="with --dry-run: the violation rate to assume")


def _create(call: Call) -> int:
    from reviewer import operations
    from reviewer.domain.designs import Selection
    from reviewer.domain.events import Campaign

    given = call.options
    rules = Campaign(
        name=given.name,
        query=given.query,
        question=given.question,
        marks=given.marks,
        design=given.design or _design(given),
        seed=given.seed,
        overlap=given.overlap,
        double=_decimal(given.double),
        assign=given.assign,
        policies=tuple(dict.fromkeys(given.policy)),
        blind=not given.open_opinions,
        own_adjudication=given.own_adjudication,
        gold=_decimal(given.gold),
        repeat=_decimal(given.repeat),
        feedback=given.feedback,
        shown=_decimal(given.shown),
        judge=given.judge.strip(),
    )
    selection = Selection(given.by, given.allocation, given.floor, given.weight, _decimal(given.control))
    if given.dry_run:
        with call.opened() as workspace:
            seen = operations.designing.preview_design(
                workspace, call.ticket, rules=rules, size=given.size, selection=selection, rate=given.rate
            ).value
        _answer_preview(call, seen)
        return 0
    names = [name for name in map(str.strip, given.members.split(",")) if name]
    if given.members and not names:  # else nobody in particular would be everybody
        raise Misspelt("--members names nobody.", "Give names with commas between them, or leave it out for everybody.")
    guidelines = _text_of(given.guidelines) if given.guidelines else ""
    with call.opened() as workspace:
        made = operations.campaigns.create_campaign(
            workspace, call.ticket, rules=rules, size=given.size, selection=selection, member_names=names, guidelines=guidelines
        ).value
    _answer(call, made, "Created")
    return 0


def _grow(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.dry_run:
        with call.opened() as workspace:
            seen = operations.designing.preview_growth(workspace, call.ticket, campaign=given.name, size=given.size, rate=given.rate).value
        _answer_preview(call, seen)
        return 0
    with call.opened() as workspace:
        made = operations.campaigns.grow_campaign(workspace, call.ticket, campaign=given.name, size=given.size).value
    _answer(call, made, "Grew")
    return 0


def _design(given: Namespace) -> Literal["all", "srs", "stratified", "poisson"]:
    """The kind of design that the options speak of."""
    if given.by:
        return "stratified"
    if given.weight:
        return "poisson"
    return "all" if given.size is None else "srs"


def _decimal(text: str) -> str:
    """`.5` as `0.5`: the operation takes plain decimals."""
    return f"0{text}" if text.startswith(".") else text


def _text_of(path: str) -> str:
    from reviewer.cli.files import text_file

    return text_file(path)


def _answer(call: Call, made: "Created", did: str) -> None:
    document: dict[str, Any] = {
        "campaign": made.campaign,
        "id": made.id,
        "population": made.population,
        "sampled": made.sampled,
        "strata": [stratum._asdict() for stratum in made.strata],
        "seed": made.seed,
        "warnings": list(made.warnings),
    }
    drawn = f"{made.sampled:,} of {made.population:,} items drawn, seed {one_line(made.seed, 40)}."
    lines = [f"{did} {one_line(made.campaign, 120)}: {drawn}"]
    if len(made.strata) > 1:
        rows = [(one_line(one.stratum, 80), f"{one.population:,}", f"{one.sampled:,}") for one in made.strata]
        lines.append(table(rows, heads=("stratum", "items", "drawn")))
    call.out.answer(document, "\n".join([*lines, *made.warnings]))


def _answer_preview(call: Call, seen: "DesignPreview") -> None:
    document = seen._asdict() | {"strata": [one._asdict() for one in seen.strata], "widths": [one._asdict() for one in seen.widths]}
    lines = [
        f"Nothing was written. {seen.to_draw:,} of {seen.population:,} items would be drawn{'' if seen.control is None else ' on average'}."
    ]
    if seen.control is not None:
        worth = seen.effective_share * seen.to_draw
        lines.append(f"About {seen.control:,} of them at random, the rest by weight; they tell as much as {worth:,.0f} random ones.")
    if seen.strata:
        rows = [(one_line(one.name, 80), f"{one.population:,}", f"{one.to_draw:,}", _points(one.half_width)) for one in seen.strata]
        lines.append(table(rows, heads=("stratum", "items", "to draw", f"± at {seen.assumed_rate:.1%}")))
    if seen.to_draw == seen.population:
        lines.append("Nothing is left to chance: once all are labelled, the rate is known.")
    else:
        lines += [f"At a rate of {one.rate:.1%} the 95 % interval would be about ± {_points(one.half_width)}." for one in seen.widths]
        lines.append(f"{seen.size_for_precision:,} picks make that about ± 5 points at {seen.assumed_rate:.1%}.")
    time = seen.hours_reason if seen.hours is None else f"About {seen.hours:.1f} hours at {seen.seconds_per_label:.0f} s each."
    lines.append(f"{seen.labels:,} labels in all. {time}")
    call.out.answer(document, "\n".join([*lines, *seen.warnings]))


def _points(half_width: float | None) -> str:
    return "-" if half_width is None else f"{half_width * 100:.1f} points"


COMMANDS = {
    "campaign create": Command(
        _create_options, _create, 'reviewer campaign create refunds --query "agent:airline" --design srs --size 30 --overlap 2'
    ),
    "campaign grow": Command(_grow_options, _grow, "reviewer campaign grow refunds --size 60"),
}

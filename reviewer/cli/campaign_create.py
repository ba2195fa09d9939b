"""`reviewer campaign create` and `grow`: a population, and draws from it."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, size
from reviewer.cli.output import one_line

if TYPE_CHECKING:
    from reviewer.operations.campaigns import Created

_DESIGNS = ("all", "srs", "stratified", "poisson")
_QUESTIONS = ("verdict", "preference", "steps")


def _create_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="what it is called")
    options.add_argument("--query", default="", metavar="Q", help="which items; everything if left out")
    options.add_argument("--design", choices=_DESIGNS, help="all, or srs: a simple random sample (srs where a size is given)")
    options.add_argument("--size", type=size, metavar="N", help="how many to draw")
    options.add_argument("--overlap", type=size, default=1, metavar="K", help="labels of different members an item needs (1)")
    options.add_argument("--double", default="0", metavar="SHARE", help="random share of the items that gets a second label (0)")
    options.add_argument("--assign", choices=("split", "all"), default="split", help="split the work, or offer all to everyone (split)")
    options.add_argument("--members", default="", metavar="A,B", help="who takes part; else all reviewers and leads")
    options.add_argument("--question", choices=_QUESTIONS, default="verdict", help="what is asked (verdict)")
    options.add_argument("--guidelines", metavar="FILE", help="a text for the reviewers")
    options.add_argument("--seed", default="", metavar="S", help="where chance starts from; else drawn")


def _grow_options(options: Options) -> None:
    options.add_argument("name", metavar="NAME", help="its name or id")
    options.add_argument("--size", type=size, required=True, metavar="N", help="how many are to be drawn in all")


def _create(call: Call) -> int:
    from reviewer import operations
    from reviewer.domain.events import Campaign

    given = call.options
    rules = Campaign(
        name=given.name,
        query=given.query,
        question=given.question,
        design=given.design or ("all" if given.size is None else "srs"),
        seed=given.seed,
        overlap=given.overlap,
        double=_decimal(given.double),
        assign=given.assign,
    )
    names = [name for name in map(str.strip, given.members.split(",")) if name]
    guidelines = _text_of(given.guidelines) if given.guidelines else ""
    with call.opened() as workspace:
        made = operations.campaigns.create_campaign(
            workspace, call.ticket, rules=rules, size=given.size, member_names=names, guidelines=guidelines
        ).value
    _answer(call, made, "Created")
    return 0


def _grow(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        made = operations.campaigns.grow_campaign(workspace, call.ticket, campaign=call.options.name, size=call.options.size).value
    _answer(call, made, "Grew")
    return 0


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
    }
    drawn = f"{made.sampled:,} of {made.population:,} items drawn, seed {one_line(made.seed, 40)}."
    call.out.answer(document, f"{did} {one_line(made.campaign, 120)}: {drawn}")


COMMANDS = {
    "campaign create": Command(
        _create_options, _create, 'reviewer campaign create refunds --query "agent:airline" --design srs --size 30 --overlap 2'
    ),
    "campaign grow": Command(_grow_options, _grow, "reviewer campaign grow refunds --size 60"),
}

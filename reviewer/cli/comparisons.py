"""`reviewer comparisons build` and `rank`: comparisons from items that answer the same prompt, and what models are worth by them."""

from typing import TYPE_CHECKING

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, size
from reviewer.cli.output import one_line, table
from reviewer.domain.candidates import MOST

if TYPE_CHECKING:
    from reviewer.operations.worths import Ranked, Worth


def _add(options: Options) -> None:
    options.add_argument("--query", default="", metavar="Q", help="which items; everything if left out")
    options.add_argument(
        "--by", action="append", default=[], metavar="FIELD",
        help="what those of one comparison share: prompt (all before the first answer), external_id, metadata.FIELD; may be repeated",
    )  # fmt: skip
    options.add_argument("--most", type=size, default=MOST, metavar="N", help=f"candidates of one comparison, 2 to {MOST} ({MOST})")


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    by = given.by or [operations.comparing.PROMPT]
    with call.opened() as workspace:
        built = operations.comparing.build_comparisons(workspace, call.ticket, asked=given.query, by=by, most=given.most).value
    left = [
        f"{count:,} {words}"
        for count, words in (
            (built.alone, "have no other one to be compared with"),
            (built.alike, "say the same as another one"),
            (built.apart, "share no turn with those of their group"),
        )
        if count
    ]
    call.out.answer(
        built._asdict(),
        f"{built.comparisons:,} comparisons of {built.groups:,} prompts: {built.added:,} added, {built.known:,} known already."
        + (f" Of {built.items:,} items, {'; '.join(left)}." if left else ""),
    )
    return 0


def _rank_options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="one that asks which output is better; its name or id")


def _rank(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.worths.rank_models(workspace, call.ticket, campaign=call.options.campaign).value
    document = {
        **found._asdict(),
        "models": [one._asdict() for one in found.models],
        "place": None if found.place is None else found.place._asdict(),
        "circles": None if found.circles is None else found.circles._asdict(),
    }
    call.out.answer({name: value for name, value in document.items() if value is not None or name in ("place", "circles")}, _ranked(found))
    return 0


def _ranked(found: "Ranked") -> str:
    lines = [f"{one_line(found.campaign, 120)}: blind labels {found.labels:,}, comparisons {found.items:,}."]
    if found.models:
        heads = ("model", f"preferred to {one_line(found.reference, 40)}", "won", "lost", "tied")
        rows = [(one_line(one.model, 50), _chance(one, found), f"{one.won:,}", f"{one.lost:,}", f"{one.tied:,}") for one in found.models]
        lines += ["", table(rows, heads=heads), ""]
    if found.reason is not None:
        lines.append(f"No worth can be given: {found.reason.rstrip('.')}.")
    if found.place is not None:
        moved = "does not show" if found.place.low <= 0 <= found.place.high else "shows"
        lines.append(
            f"Standing first adds {found.place.value:+.2f} to the log odds ({found.place.low:+.2f} to {found.place.high:+.2f},"
            f" p {found.place.p:.2g}): it {moved} that the place matters."
        )
    elif found.place_reason is not None:
        lines.append(f"Whether the place matters cannot be said: {found.place_reason.rstrip('.')}.")
    if found.circles is not None and found.circles.as_few is not None:
        turns = found.circles
        lines.append(
            f"By who won more often, {turns.found:,} of at most {turns.most:,} sets of three models go in a circle (zeta {turns.zeta:.2f});"
            f" choices by chance would give {turns.expected:.3g}, so few with p {turns.as_few:.2g}."
        )
    return "\n".join((*lines, *found.notes))


def _chance(one: "Worth", found: "Ranked") -> str:
    if one.chance is None or one.model == found.reference:
        return "-"
    return f"{one.chance:.0%} ({one.low:.0%} to {one.high:.0%})"


COMMANDS = {
    "comparisons rank": Command(_rank_options, _rank, "reviewer comparisons rank Which"),
    "comparisons build": Command(_add, _run, 'reviewer comparisons build --query "agent:airline" --by metadata.task_id'),
}

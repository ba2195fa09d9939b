"""`reviewer comparisons build`: comparisons from items that answer the same prompt."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, size
from reviewer.domain.candidates import MOST


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


COMMANDS = {
    "comparisons build": Command(_add, _run, 'reviewer comparisons build --query "agent:airline" --by metadata.task_id'),
}

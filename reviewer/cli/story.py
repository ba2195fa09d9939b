"""`reviewer story`: everything that is known of one label."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Misspelt, Options
from reviewer.cli.output import plain


def _add(options: Options) -> None:
    options.add_argument("label", metavar="LABEL", help="the label's entry: its first 6 or more digits; with --campaign and --by, the item")
    options.add_argument("--campaign", metavar="C", help="tell of the label given in this campaign on item LABEL")
    options.add_argument("--by", metavar="NAME", help="and by this member")


def _run(call: Call) -> int:
    import msgspec

    from reviewer import operations

    given = call.options
    if (given.campaign is None) != (given.by is None):
        raise Misspelt("--campaign and --by go together.", "Give both, and the item's id; or the label's entry alone.")
    label = given.label
    if given.campaign is not None:
        label = operations.stories.Question(given.campaign, given.label, given.by)
    with call.opened() as workspace:
        story = operations.stories.story_of(workspace, call.ticket, label=label).value
    call.out.answer(msgspec.to_builtins(story), plain(operations.telling.as_text(story)))
    return 0


COMMANDS = {"story": Command(_add, _run, "reviewer story 4f2a9c")}

"""`reviewer next`: what this member would see next, without what would lead them."""

from reviewer.cli import item_shapes
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line
from reviewer.domain.errors import shown


def _add(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.domain.step_marks import agent_steps

    with call.opened() as workspace:
        found = operations.queues.next_items(workspace, call.ticket, campaign=call.options.campaign, limit=1).value
    if not found:
        call.out.answer({"done": True}, "Nothing is left in your queue of this campaign.")
        return 0
    up = found[0]
    steps = agent_steps(up.item) if up.question == "steps" else ()
    document = {
        "id": up.id,
        "kind": up.item.kind,
        "agent": up.item.agent,
        "time": up.item.time,
        "messages": item_shapes.messages(up.item.messages),
        "candidates": item_shapes.candidates(up.item, with_model=False),
        "tools": up.item.tools,
        "question": up.question,
        "agent_steps": list(steps),
        "campaign": up.campaign_name,
        "campaign_id": up.campaign,
        "showing": up.showing,
        "again": up.again,
        "two_answers": up.doubled,
        "asked_again": None if up.asked_again is None else up.asked_again._asdict(),
        "suggestion": None if up.suggestion is None else item_shapes.suggestion(up.suggestion),
    }
    head = f"item {up.id[:12]} of {one_line(up.campaign_name, 80)}, agent {one_line(up.item.agent or '-', 60)}"
    if up.doubled:
        head += "\nYou gave two answers to it that differ; neither counts until you answer once more."
    if up.asked_again is not None:
        head += f"\n{up.asked_again.sentence}"
        head += f" “{shown(up.asked_again.note, 400)}”" if up.asked_again.note else ""
    if steps:
        asked = "the first that is wrong bad, and all before it good" if up.marks == "first_wrong" else "good, bad or neutral"
        head += f"\nMark what the agent did, {asked}: {', '.join(steps)}"
    after = "" if up.suggestion is None else f"\n\n{item_shapes.suggested(up.suggestion)}"
    call.out.answer(document, f"{head}\n\n{item_shapes.transcript(up.item)}{after}")
    return 0


COMMANDS = {"next": Command(_add, _run, "reviewer next refunds --json")}

"""`reviewer show`: one item, whole."""

from typing import Any

from reviewer.cli import item_shapes
from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, plain


def _add(options: Options) -> None:
    options.add_argument("item", metavar="ITEM", help="the item's id, or its first 6 or more digits")


def _run(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        whole = operations.searching.show_item(workspace, call.ticket, item=call.options.item).value
        after = operations.stories.after_labels(workspace, call.ticket, labels=[said.hash for said in whole.history]).value
        others = operations.staleness.mismatches(workspace, call.ticket, labels=[said.hash for said in whole.labels]).value
        told = operations.stories.labels_of(workspace, call.ticket, item=whole.id).value
        happened = operations.stories.history_of(workspace, call.ticket, item=whole.id).value
    item, origin = whole.item, whole.origin
    source: dict[str, Any] | None = None
    if origin is not None:
        source = {"file": origin.file, "format": origin.format, "index": origin.position, "line": origin.line}
    document = {
        "id": whole.id,
        "external_id": item.external_id,
        "kind": item.kind,
        "agent": item.agent,
        "model": item.model,
        "time": item.time,
        "messages": item_shapes.messages(item.messages),
        "candidates": item_shapes.candidates(item, with_model=True),
        "tools": item.tools,
        "metadata": operations.searching.metadata_of(origin) if origin is not None else None,
        "source": source,
        "labels": [
            {**item_shapes.label(said), "mismatches": [one._asdict() for one in others.get(said.hash, ())]} for said in whole.labels
        ],
        "history": item_shapes.history(happened, whole.history, after),
        "not_counted": [item_shapes.uncounted(one) for one in told if one.standing == "not counted"],
        "suggestions": [one._asdict() for one in whole.suggestions],
        "campaigns": list(whole.campaigns),
        "hidden": whole.hidden,
    }
    head = [f"item {whole.id}", f"{item.kind}, agent {one_line(item.agent or '-', 60)}, time {item.time or '-'}"]
    if whole.hidden:
        head.append("You have still to label this item: its model, source, metadata and the labels of others are hidden.")
    elif origin is not None:
        head.append(
            f"model {one_line(item.model or '-', 60)}, from {one_line(origin.file, 120)} ({origin.format}, record {origin.position})"
        )
    labels = [item_shapes.verdict_line(said) for said in whole.history]
    labels += [item_shapes.mismatch_line(one) for some in others.values() for one in some]
    lines = [*head, "", item_shapes.transcript(item), *(["", "labels:", *labels] if labels else [])]
    if happened:
        lines += ["", "what happened:", plain(operations.recounting.as_text(happened))]
    call.out.answer(document, "\n".join(lines))
    return 0


COMMANDS = {"show": Command(_add, _run, "reviewer show 4f2a9c --json")}

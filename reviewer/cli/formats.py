"""`reviewer formats`: what is read and written."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import table


def _add(_options: Options) -> None:
    """Takes none of its own."""


def _run(call: Call) -> int:
    from reviewer.formats import registry

    read = [(one.name, one.description) for one in registry.formats()]
    write = [(one.name, one.description) for one in registry.writes]
    document = {kind: [{"name": name, "description": said} for name, said in rows] for kind, rows in (("read", read), ("write", write))}
    text = f"{table(read, heads=('reads', ''))}\n\n{table(write, heads=('writes', ''))}"
    call.out.answer(document, text)
    return 0


COMMANDS = {"formats": Command(_add, _run, "reviewer formats")}

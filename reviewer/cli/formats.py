"""`reviewer formats`: what is read and written, and the maps of tables that come with the program."""

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options
from reviewer.cli.output import table


def _add(_options: Options) -> None:
    """Takes none of its own."""


def _run(call: Call) -> int:
    from reviewer import operations
    from reviewer.formats import registry

    read = [(one.name, one.description) for one in registry.formats()]
    write = [(one.name, one.description) for one in registry.writes]
    maps = [(one.name, one.description) for one in operations.maps.shipped()]
    document = {
        kind: [{"name": name, "description": said} for name, said in rows]
        for kind, rows in (("read", read), ("write", write), ("maps", maps))
    }
    text = f"{table(read, heads=('reads', ''))}\n\n{table(write, heads=('writes', ''))}\n\n{table(maps, heads=('maps', ''))}"
    call.out.answer(document, text)
    return 0


COMMANDS = {"formats": Command(_add, _run, "reviewer formats")}

"""`reviewer demo`: the sample, then the app on it."""

import getpass

from reviewer.cli.call import Call, Command
from reviewer.cli.line import Window
from reviewer.cli.options import Options


def _add(options: Options) -> None:
    options.add_argument("folder", nargs="?", metavar="DIR", help="where the sample goes; else the user's data folder")
    options.add_argument("--no-open", action="store_true", help="make it and do not open the app")


def _run(call: Call) -> int | Window:
    from pathlib import Path

    from reviewer import operations

    named = call.options.folder or call.workspace
    folder = Path(named).expanduser() if named else operations.demo.usual_folder()
    demo = operations.demo.make_demo(folder, member=call.member or _usual_name(), ticket=call.ticket).value
    demo.close()
    call.remember(folder)
    place = str(folder.resolve())
    done = "Made the sample in" if demo.fresh else "The sample is in"
    call.out.answer(
        {"workspace": place, "items": demo.items, "campaigns": demo.campaigns},
        f"{done} {place}: {demo.items:,} items, {demo.campaigns} campaign{'' if demo.campaigns == 1 else 's'}.",
    )
    return 0 if call.options.no_open else Window(folder, None)


def _usual_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no account, as in some containers
        return "You"


COMMANDS = {"demo": Command(_add, _run, "reviewer demo --no-open")}

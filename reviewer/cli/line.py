"""The command line as a whole: global options, which command is meant, and one place where every error becomes two lines."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import ReviewerError, shown

if TYPE_CHECKING:
    from reviewer.cli.call import Command

DONE, DOES_NOT_HOLD, REFUSED, INTERRUPTED = 0, 1, 2, 130

# Each command: the module that holds it and what it does, in a line. Modules are loaded when they are asked for.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Make a workspace and the keys of its first member."),
    "demo": ("demo", "Make a workspace with the shipped sample, then open the app on it."),
    "import": ("import_", "Bring agent runs in: files, folders, globs, or - for standard input."),
    "formats": ("formats", "List every format that is read and written."),
    "items": ("items", "Search the items."),
    "show": ("show", "Show one item, whole."),
    "campaign create": ("campaign_create", "Ask for labels: freeze a population, draw from it, and say what is asked."),
    "campaign grow": ("campaign_create", "Draw again over today's population; nothing drawn is dropped."),
    "campaign list": ("campaign", "List the campaigns."),
    "campaign show": ("campaign", "Show how a campaign stands."),
    "campaign close": ("campaign", "Ask for no more labels; what was said stays."),
    "next": ("next_", "Show the item that is next in your queue."),
    "label": ("label", "Record your label on an item."),
    "skip": ("skip", "Put an item off; it comes back at the end of your queue."),
    "escalate": ("escalate", "Ask the lead about an item."),
    "undo": ("undo", "Take back your last label; it stays in the history."),
    "labels import": ("labels", "Bring in labels given elsewhere."),
    "labels export": ("labels", "Write the labels to a .jsonl, .csv or .parquet file."),
    "release": ("release", "Freeze the labels of campaigns as a training data set."),
    "release check": ("release", "Check that every row of a release still traces to labels and items."),
    "member add": ("member", "Admit members."),
    "member list": ("member", "List who may act."),
    "verify": ("verify", "Check every hash, signature, link and derived row."),
    "doctor": ("doctor", "Say what is in order on this machine, and what is missing."),
}
ENVIRONMENT = "REVIEWER_WORKSPACE"
_VALUED = {"--workspace": "workspace", "--as": "member"}


class Request(NamedTuple):
    """What the arguments ask for. command: "" for the window, "help" or "version"; rest: the command's own arguments."""

    command: str
    rest: tuple[str, ...] = ()
    workspace: str | None = None
    member: str | None = None
    as_json: bool = False


class Window(NamedTuple):
    """The desktop app is to be opened: on which workspace (None: the start page), as which member."""

    workspace: Path | None
    member: str | None


class Ending(NamedTuple):
    """How a run ended: its exit code, or the window that is to be opened now."""

    code: int
    window: Window | None = None


def run(arguments: Sequence[str]) -> Ending:
    """Do what the arguments ask for. Never raises: an error becomes two lines and exit code 2, a bug a report beside them."""
    from reviewer.cli import output

    output.prepare_streams()
    try:
        ending = _do(parse(arguments))
        if ending.window is not None:
            _require_screen()
        return ending
    except ReviewerError as error:
        output.print_error(error)
    except KeyboardInterrupt:
        output.print_error(
            ReviewerError("Interrupted; what was acknowledged before is kept.", "Run the same command again to complete it.", "E004")
        )
        return Ending(INTERRUPTED)
    except BrokenPipeError:  # whoever read our answer has seen enough
        output.abandon_stdout()
        return Ending(DONE)
    except SystemExit as end:  # argparse has printed its help
        return Ending(end.code if isinstance(end.code, int) else DONE)
    except Exception as error:  # noqa: BLE001 - the one handler of bugs
        _report_bug(error)
    return Ending(REFUSED)


def parse(arguments: Sequence[str]) -> Request:
    """Find the command among the global options before it. Raises ReviewerError for what is no command."""
    found: dict[str, str] = {}
    as_json = False
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        first = rest.pop(0)
        name, joined, value = first.partition("=")
        if name in _VALUED:
            if not joined and not rest:
                raise _unknown(f"{name} needs a value.")
            found[_VALUED[name]] = value if joined else rest.pop(0)
        elif first == "--json":
            as_json = True
        elif first in ("-h", "--help", "--version"):
            return Request(first.strip("-")[:1])
        else:
            raise _unknown(f"“{shown(first, 40)}” is no option.")
    command, words = _command(rest)
    return Request(command, tuple(rest[words:]), as_json=as_json, **found)


def _command(rest: list[str]) -> tuple[str, int]:
    """The command's name, and of how many words it is made. A group's name alone, such as `campaign`, stands for its help."""
    if not rest:
        return "", 0
    two = " ".join(rest[:2])
    if two in COMMANDS:
        return two, 2
    if rest[0] in COMMANDS:
        return rest[0], 1
    group = [name for name in COMMANDS if name.startswith(f"{rest[0]} ")]
    if group and (len(rest) == 1 or rest[1] in ("-h", "--help")):
        return rest[0], len(rest)
    if group:
        raise _unknown(f"“{shown(rest[1], 40)}” is nothing that `reviewer {rest[0]}` does.", f"It does: {', '.join(group)}.")
    raise _unknown(f"There is no command “{shown(rest[0], 40)}”.")


def _unknown(what: str, hint: str = "`reviewer --help` lists the commands and options.") -> ReviewerError:
    return ReviewerError(what, hint, "E003")


def _do(request: Request) -> Ending:
    if request.command in ("h", "v") or request.command not in ("", *COMMANDS):
        return _tell(request.command)
    if not request.command:
        return Ending(DONE, _window(request))
    from reviewer.cli.call import Call
    from reviewer.cli.options import Options
    from reviewer.cli.output import Output

    command = load(request.command)
    options = Options(request.command, summary=COMMANDS[request.command][1], example=command.example)
    command.add(options)
    given = options.read(request.rest)
    out = Output(as_json=getattr(given, "json", request.as_json))
    call = Call(given, getattr(given, "workspace", request.workspace), getattr(given, "member", request.member), out)
    try:
        ended = command.run(call)
    except ReviewerError as error:
        out.failed(error)
        return Ending(REFUSED)
    return Ending(DONE, ended) if isinstance(ended, Window) else Ending(ended)


def _window(request: Request) -> Window:
    """The window on the workspace that is meant; on the start page where there is none yet."""
    import os

    from reviewer.catalogue.settings import LAST_WORKSPACE, Settings
    from reviewer.storage import places, preferences

    last = Settings(preferences.read())[LAST_WORKSPACE]
    folder = places.meant(named=request.workspace, environment=os.environ.get(ENVIRONMENT), last=last or None)
    return Window(folder, request.member)


def _require_screen() -> None:
    """Raise ReviewerError where a window cannot be opened; Qt would abort the process."""
    import os

    if sys.platform == "linux" and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise ReviewerError(
            "There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set.",
            "Run it on a desktop, or use the commands: see `reviewer --help`.",
            "E105",
        )


def load(name: str) -> "Command":
    """The command of a name."""
    import importlib

    module = importlib.import_module(f"reviewer.cli.{COMMANDS[name][0]}")
    command: Command = module.COMMANDS[name]
    return command


def _tell(topic: str) -> Ending:
    from reviewer import __version__
    from reviewer.cli import output

    output.print_answer(f"reviewer {__version__}" if topic == "v" else overview("" if topic == "h" else topic))
    return Ending(DONE)


def overview(group: str = "") -> str:
    """The help of the whole program, or of a group of commands."""
    names = [name for name in COMMANDS if not group or name == group or name.startswith(f"{group} ")]
    width = max(len(name) for name in names)
    commands = "\n".join(f"  {name.ljust(width)}  {COMMANDS[name][1]}" for name in names)
    if group:
        return f"commands:\n{commands}\n\n`reviewer {names[0]} --help` says more of one."
    return (
        "usage: reviewer [--workspace DIR] [--as NAME] [--json] [COMMAND ...]\n\n"
        "Review sampled agent decisions; `reviewer` alone opens the app.\n\n"
        f"commands:\n{commands}\n\n"
        "options of every command, before or after its name:\n"
        "  --workspace DIR  the workspace to use; else $REVIEWER_WORKSPACE, the one opened last, or the usual folder\n"
        "  --as NAME        the member who acts, where this machine holds the keys of several\n"
        "  --json           answer with one JSON document on standard output\n"
        "  --version        the version of this program\n\n"
        "`reviewer COMMAND --help` says more of one, with an example."
    )


def _report_bug(error: Exception) -> None:
    from reviewer.cli import output
    from reviewer.storage import fault_reports

    place = fault_reports.save(error)
    what = f"Reviewer met a fault of its own ({type(error).__name__}); what was acknowledged before is kept."
    kept = f"A report without any content of items is in {place}." if place else "A report could not be written to disk."
    output.print_error(ReviewerError(what, f"{kept} Please send it to the makers.", "E009"))

"""The command line as a whole: global options, which command is meant, and one place where every error becomes two lines."""

import errno
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
    "join": ("join", "Ask to be admitted to a project that others lead: keys, and a request for a lead."),
    "demo": ("demo", "Make a workspace with the shipped sample, then open the app on it."),
    "import": ("import_", "Bring agent runs in: files, folders, globs, or - for standard input."),
    "formats": ("formats", "List every format that is read and written."),
    "items": ("items", "Search the items."),
    "show": ("show", "Show one item, whole."),
    "story": ("story", "Tell all that is known of one label: who, when, on what screen, by which clauses, known to whom."),
    "policy add": ("policy_add", "Publish a version of a policy; the first is in force at once, later ones by `policy activate`."),
    "policy list": ("policy", "List the policies and their versions."),
    "policy show": ("policy", "Show the clauses of a policy."),
    "policy diff": ("policy", "Show what changed between two versions of a policy."),
    "policy activate": ("policy", "Put a version of a policy in force."),
    "policy stale": ("policy_stale", "List the labels that rest on words which hold no more, or ask for their items again."),
    "campaign create": ("campaign_create", "Ask for labels: freeze a population, draw from it, and say what is asked."),
    "campaign grow": ("campaign_create", "Draw again over today's population; nothing drawn is dropped."),
    "campaign list": ("campaign", "List the campaigns."),
    "campaign show": ("campaign", "Show how a campaign stands."),
    "campaign results": ("campaign", "Show how reviewers did on known answers and on items seen twice."),
    "campaign close": ("campaign", "Ask for no more labels; what was said stays."),
    "campaign requeue": ("campaign", "Ask those who labelled some items for them again, and say why."),
    "plan": ("plan", "Say how many to review to show that violations are rare, or what a sample of passed items shows."),
    "comparisons rank": ("comparisons", "What models are worth by whose outputs people prefer, and whether the place mattered."),
    "comparisons build": ("comparisons", "Make comparisons of items that answer the same prompt: trials of a task, models on it."),
    "next": ("next_", "Show the item that is next in your queue."),
    "label": ("label", "Record your label on an item."),
    "skip": ("skip", "Put an item off; it comes back at the end of your queue."),
    "escalate": ("escalate", "Ask the lead about an item."),
    "undo": ("undo", "Take back your last label; it stays in the history."),
    "resolve": ("resolve", "Adjudicate an item on which reviewers differ."),
    "disputes": ("disputes", "Show what reviewers differ on, the opinions by nobody's name, and precedents."),
    "conflicts": ("conflicts", "List what a person must settle, with both sides and what settles it."),
    "gold import": ("gold", "Say the right answers of items, hidden among the others."),
    "gold add": ("gold", "Make what was resolved in another campaign gold in this one."),
    "suggestions import": ("suggestions", "Bring in what a judge says of items; it never counts as a label."),
    "suggestions check": ("suggestions_check", "Measure a judge by what people said without having seen it."),
    "judge": ("judge", "Ask a Mistral model what it thinks of items; it suggests and never decides. Off until turned on."),
    "mistral list": ("mistral", "List the data sets of Mistral Studio, which a pull can name."),
    "mistral pull": ("mistral", "Bring in the records of a data set of Mistral Studio, or traces. Off until turned on, as the judge is."),
    "mistral push": ("mistral", "Send a campaign's answers back to the records of Mistral Studio, as properties."),
    "labels import": ("labels", "Bring in labels given elsewhere."),
    "labels export": ("labels", "Write the labels to a .jsonl, .csv or .parquet file."),
    "estimate": ("estimate", "Estimate how often the policy is broken, with limits and what they rest on."),
    "agreement": ("agreement", "Say how far reviewers agree: in a campaign, on each clause, each two of them."),
    "aggregate": ("aggregate", "Weigh the labels of each item by the errors of those who gave them."),
    "clusters run": ("clusters", "Group items by what they are about, and flag groups that break the policy more than chance allows."),
    "clusters list": ("clusters", "List the groups of the last run, or of an earlier one."),
    "clusters compare": ("clusters", "Say which items and flagged groups came and went between two runs."),
    "clusters show": ("clusters", "Show a group: its items, what stands out in it, and whether fresh labels confirm it."),
    "clusters queue": ("clusters", "Ask for fresh labels of some items of a group, drawn by chance."),
    "clusters name": ("clusters", "Give a group a name of your own, or ask Mistral for one."),
    "drift": ("drift", "Say whether the rate or the traffic of a campaign has changed, and since when."),
    "report": ("report", "Write the oversight record of a campaign as a PDF or a page of HTML, for an auditor."),
    "incident open": ("incident", "Open an incident over items that went wrong."),
    "incident list": ("incident", "List the incidents, open ones and those due soonest first."),
    "incident show": ("incident", "Show how an incident stands, what it touches and what was done."),
    "incident set": ("incident", "Say more of an incident: severity, owner, root cause, what was done, a note."),
    "incident close": ("incident", "Close an incident, citing the rate after the fix."),
    "incident export": ("incident", "Write the record of an incident as a PDF, a page of HTML or JSON."),
    "release": ("release", "Freeze the labels of campaigns as a training data set."),
    "release audit": ("release_audit", "Say what a model would learn from the labels besides the policy, and what rows have in common."),
    "release compare": ("release_compare", "Say which rows of two releases differ, and why."),
    "release list": ("release_list", "List the releases, and where they lie on this machine."),
    "release row": ("release_list", "Tell any row of a release, and its story back to the record it came from."),
    "release check": ("release", "Check that every row of a release still traces to labels and items."),
    "regression export": ("regression", "Freeze the judged runs of a campaign as a data set that Inspect reads."),
    "regression compare": ("regression", "Set new runs over the tasks of a frozen set beside what people said of it."),
    "member add": ("member", "Admit members."),
    "member list": ("member", "List who may act."),
    "member revoke": ("member", "Trust no device of a member any further."),
    "member rename": ("member", "Give a member another name."),
    "member role": ("member", "Give a member a stronger role."),
    "device list": ("device", "List the devices: when each was heard from, and what nobody has witnessed yet."),
    "device moved": ("device", "Go on with a workspace that was moved here from another machine."),
    "device restored": ("device", "Go on, in a new stream, with a workspace that was restored here from another machine's copy."),
    "device copied": ("device", "Make new keys for a copy that is used beside the first, and a request to be admitted with them."),
    "device revoke": ("device", "Trust a device no further."),
    "sync": ("sync", "Exchange with others through a file, a folder, a file server or a hub."),
    "hub init": ("hub", "Make the tables of a hub and the role of its clients, or say how."),
    "bundle create": ("bundle", "Write what others lack to a file that only they can open."),
    "bundle apply": ("bundle", "Take a bundle in, whole or not at all."),
    "bundle inspect": ("bundle", "Say what is in a bundle; nothing is taken in."),
    "backup": ("backup", "Copy the workspace to one file, and read it back in full."),
    "restore": ("backup", "Make a workspace from a backup, in an empty folder."),
    "encrypt": ("encrypt", "Encrypt a workspace where it lies."),
    "passphrase": ("encrypt", "Change the passphrase of an encrypted workspace."),
    "erase request": ("erase", "Ask that an item's content be deleted on every device."),
    "erase do": ("erase", "Delete an item's content from this machine, for good."),
    "erase status": ("erase", "List what is to be erased, and which devices have not confirmed it."),
    "verify": ("verify", "Check every hash, signature, link and derived row."),
    "doctor": ("doctor", "Say what is in order on this machine, and what is missing."),
}
ENVIRONMENT = "REVIEWER_WORKSPACE"
_VALUED = {"--workspace": "workspace", "--as": "member"}


class Request(NamedTuple):
    """What the arguments ask for. command: "" for the window, "help" or "version"; rest: the command's own arguments.

    bundle: a `.rvb` file for the window to show, as a desktop names it when one is opened there.
    """

    command: str
    rest: tuple[str, ...] = ()
    workspace: str | None = None
    member: str | None = None
    as_json: bool = False
    bundle: Path | None = None


class Window(NamedTuple):
    """The desktop app is to be opened: on which workspace (None: the start page), as which member, to show which bundle."""

    workspace: Path | None
    member: str | None
    bundle: Path | None = None


class Ending(NamedTuple):
    """How a run ended: its exit code, or the window that is to be opened now."""

    code: int
    window: Window | None = None


def run(arguments: Sequence[str]) -> Ending:
    """Do what the arguments ask for. Never raises: an error becomes two lines and exit code 2, a bug a report beside them."""
    from reviewer.cli import output

    try:
        output.prepare_streams()
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
        known = _of_an_argument(error, arguments)
        if known is not None:
            output.print_error(known)
        else:
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
            value = value if joined or not rest else rest.pop(0)
            if not value:  # nor an empty one: what a script never set would let it work on whichever workspace was opened last
                raise _unknown(f"{name} needs a value.")
            found[_VALUED[name]] = value
        elif first == "--json":
            as_json = True
        elif first in ("-h", "--help", "--version"):
            return Request(first.strip("-")[:1])
        else:
            raise _unknown(f"“{shown(first, 40)}” is no option.")
    if len(rest) == 1 and rest[0].lower().endswith(".rvb"):
        return Request("", (), found.get("workspace"), found.get("member"), as_json, Path(rest[0]))
    command, words = _command(rest)
    return Request(command, tuple(rest[words:]), found.get("workspace"), found.get("member"), as_json)


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
    return Window(folder, request.member, request.bundle)


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
        "Review sampled agent decisions; `reviewer` alone opens the app, `reviewer FILE.rvb` opens it and shows what is in a bundle.\n\n"
        f"commands:\n{commands}\n\n"
        "options of every command, before or after its name:\n"
        "  --workspace DIR  the workspace to use; else $REVIEWER_WORKSPACE, the one opened last, or the usual folder\n"
        "  --as NAME        the member who acts, where this machine holds the keys of several\n"
        "  --json           answer with one JSON document on standard output\n"
        "  --version        the version of this program\n\n"
        "`reviewer COMMAND --help` says more of one, with an example."
    )


def _of_an_argument(error: Exception, arguments: Sequence[str]) -> ReviewerError | None:
    """What a person can act on, of an error that what they gave brought about; None for a fault of ours."""
    if isinstance(error, OSError) and error.filename:
        return _of_a_path(error)
    if isinstance(error, UnicodeEncodeError):  # undecodable bytes come as halves of surrogate pairs, which only a path may hold
        for argument in arguments:
            if any("\ud800" <= letter <= "\udfff" for letter in argument):
                return ReviewerError(
                    f"“{shown(argument, 60)}” is not UTF-8 text.", "Give it as UTF-8; only a path may be anything else.", "E003"
                )
    return None


def _of_a_path(error: OSError) -> ReviewerError | None:
    """What a person can act on: a path that no file can have, such as the text of a file in place of its name, or one that is not theirs.

    Said here for every path that a command takes: whoever only asks whether something lies there expects no error.
    """
    path = shown(str(error.filename), 80)
    if error.errno == errno.ENAMETOOLONG:
        return ReviewerError(f"“{path}” is longer than the name of a file may be.", "Check the path.", "E002")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ReviewerError(f"“{path}” cannot be used: {error.strerror}.", "Check whom it belongs to, or name another place.", "E103")
    return None


def _report_bug(error: Exception) -> None:
    from reviewer.cli import output
    from reviewer.storage import fault_reports

    place = fault_reports.save(error)
    what = f"Reviewer met a fault of its own ({type(error).__name__}); what was acknowledged before is kept."
    kept = f"A report without any content of items is in {place}." if place else "A report could not be written to disk."
    output.print_error(ReviewerError(what, f"{kept} Please send it to the makers.", "E009"))

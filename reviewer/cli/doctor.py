"""`reviewer doctor`: what is in order on this machine."""

from reviewer.cli import passphrases
from reviewer.cli.call import Call, Command
from reviewer.cli.line import DOES_NOT_HOLD, DONE
from reviewer.cli.options import Options
from reviewer.cli.output import one_line
from reviewer.domain.errors import NotFound


def _add(_options: Options) -> None:
    """Takes none of its own."""


def _run(call: Call) -> int:
    from reviewer import operations

    try:
        folder = call.folder()
    except NotFound as error:
        if call.workspace is not None:
            raise
        folder, missing = None, error.what
    checks = list(operations.health.check_machine())
    if folder is None:
        checks.append(operations.health.Check("workspace", True, f"{missing} `reviewer init` makes one."))
    else:
        checks.extend(operations.health.check_workspace(folder, passphrase=passphrases.asked(folder)))
    ok = all(check.ok for check in checks)
    lines = [f"{'ok ' if check.ok else 'NOT'}  {check.name}: {one_line(check.what, 200)}" for check in checks]
    call.out.answer({"ok": ok, "checks": [check._asdict() for check in checks]}, "\n".join(lines))
    return DONE if ok else DOES_NOT_HOLD


COMMANDS = {"doctor": Command(_add, _run, "reviewer doctor")}

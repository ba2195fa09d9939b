"""How Mistral is asked, for every command that does: the settings, and what the command was told instead."""

from typing import TYPE_CHECKING

from reviewer.cli.call import Call
from reviewer.cli.options import Options

if TYPE_CHECKING:
    from reviewer.operations.judge_material import Terms


def server_option(options: Options) -> None:
    """The option that every such command takes."""
    options.add_argument("--server", metavar="S", help="global, eu, us, or an https:// address")


def terms(call: Call) -> "Terms":
    """The terms; of an option that the command does not have, the setting holds."""
    from reviewer import operations
    from reviewer.catalogue import settings
    from reviewer.storage import preferences

    given, values = vars(call.options), settings.Settings(preferences.read())
    if given.get("server") is not None:
        values.put(settings.JUDGE_SERVER, given["server"])
    if given.get("model") is not None:
        values.put(settings.JUDGE_MODEL, given["model"])
    if given.get("samples") is not None:
        values.put(settings.JUDGE_SAMPLES, given["samples"])
    return operations.judging.terms_of(values)


def cost_text(cost: float | None) -> str:
    """What something costs, as the end of a clause; nothing where no price is known."""
    return "" if cost is None else f", about ${cost:,.4f}"

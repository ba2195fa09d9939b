"""How Mistral is asked, for every command that does: the settings, and what the command was told instead."""

from collections.abc import Mapping
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


def said_of_sending(private: Mapping[str, int], *, on: bool) -> list[str]:
    """What a preview says of private details, and of a switch that is off; in lines. private: how many were taken out, by kind."""
    taken = ", ".join(f"{count:,} of kind {kind}" for kind, count in private.items())
    lines = [f"Private details taken out: {taken}." if taken else "No private details of a known form were found in them."]
    lines.append("Names and what people say in words of their own stay in.")
    return lines if on else [*lines, "Sending is turned off in this workspace: `reviewer judge --turn on`."]

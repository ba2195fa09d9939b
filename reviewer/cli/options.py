"""Reading options: argparse, with its complaints as errors of ours and options allowed anywhere among the words."""

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from reviewer.domain.errors import ReviewerError, shown

# What may be left empty on purpose: a query that finds everything, and text in a person's own words. Any other empty value is a variable of
# a script that was never set, and to go on without it would be to do something else than was asked.
_MAY_BE_EMPTY = frozenset({"Q", "QUERY", "T", "TEXT", None})


class Misspelt(ReviewerError):
    """The command line cannot be read. Read the command's help."""

    code = "E003"


class Options(argparse.ArgumentParser):
    """The options of one command. Options and words may come in any order; after `--` everything is a word."""

    def __init__(self, name: str, *, summary: str, example: str) -> None:
        super().__init__(
            prog=f"reviewer {name}",
            description=summary,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            add_help=True,
        )
        everywhere = self.add_argument_group("options of every command")
        everywhere.add_argument("--workspace", metavar="DIR", default=argparse.SUPPRESS, help="the workspace to use")
        everywhere.add_argument("--as", metavar="NAME", dest="member", default=argparse.SUPPRESS, help="the member who acts")
        everywhere.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer with one JSON document")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options of a run. Raises Misspelt; prints the help and raises SystemExit(0) for --help."""
        flags, words = self._apart(arguments)
        if any(flag.endswith("=--") and flag.count("=") == 1 for flag in flags) or "--" in words[1:]:
            self.error("“--” is no value")  # argparse takes it out, and what is left is an empty list
        given = self.parse_args([*flags, "--", *words] if words else flags)
        self._refuse_empty(given, {flag[:-1] for flag in flags if flag.endswith("=") and flag.count("=") == 1})
        return given

    def _refuse_empty(self, given: argparse.Namespace, empty: set[str]) -> None:
        """empty: the options that were given an empty value."""
        for action in self._actions:
            if action.metavar in _MAY_BE_EMPTY:
                continue
            if names := empty.intersection(action.option_strings):
                self.error(f"{names.pop()} needs a value")
            value = getattr(given, action.dest, None)
            if not action.option_strings and "" in (value if isinstance(value, list) else [value]):
                self.error(f"{action.metavar} needs a value")

    def error(self, message: str) -> NoReturn:
        """Argparse's complaint as an error of ours."""
        said = shown(message[:1].upper() + message[1:], 160).rstrip(".")
        raise Misspelt(f"{said}.", f"See `{self.prog} --help`; what begins with - and is no option comes after --.")

    def _apart(self, arguments: Sequence[str]) -> tuple[list[str], list[str]]:
        """Options with their values joined to them, and words. A value may begin with `-`."""
        takes_value = {name for name, action in self._option_string_actions.items() if action.nargs != 0}
        flags: list[str] = []
        words: list[str] = []
        rest = iter(arguments)
        for argument in rest:
            if argument == "--":
                words.extend(rest)
            elif argument in takes_value:
                flags.append(self._joined(argument, next(rest, None)))
            elif argument.startswith("-") and argument != "-":
                flags.append(argument)
            else:
                words.append(argument)
        return flags, words

    def _joined(self, name: str, value: str | None) -> str:
        if value is None or value == "--" or value in self._option_string_actions:
            self.error(f"{name} needs a value")
        return f"{name}={value}"


def count(text: str) -> int:
    """A whole number from 0."""
    return _whole(text, least=0)


def size(text: str) -> int:
    """A whole number from 1."""
    return _whole(text, least=1)


def number(text: str) -> float:
    """A decimal number. Whether a share lies between 0 and 1 is for the operation to say, in its own words."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a number such as 0.05") from None


def _whole(text: str, *, least: int) -> int:
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII) or int(text) < least:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a whole number from {least}")
    return int(text)


def item_of_campaign(options: Options) -> None:
    """The two words that name an item in a campaign."""
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id")
    options.add_argument("item", metavar="ITEM", help="the item's id, or its first 6 or more digits")

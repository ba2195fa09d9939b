"""What a command says: one JSON document or short text on standard output, everything else on standard error."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from reviewer.domain.errors import NotSaved, Refused, ReviewerError
from reviewer.domain.progress import Progress, Ticket

_QUIET_S = 1.0  # work that is done sooner shows no bar
_BAR_EVERY_S = 0.1
_LINE_EVERY_S = 5.0
_BAR_WIDTH = 24
_ONE_LINE = {ord("\n"): " ", ord("\r"): " ", ord("\t"): " "}


def prepare_streams() -> None:
    """UTF-8 whatever the system's habit is; what cannot be encoded is escaped instead of raising.

    A stream that was closed before we began is none to Python. Nothing is read then and nobody is told; without a place for the answer
    nothing is done: raises Refused. Else the first file that we open would stand in its place.
    """
    answers = sys.stdout is not None
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - to the end of the process
    if not answers:
        raise Refused("There is nowhere to answer: standard output is closed.", f"Send it to {os.devnull} if nobody reads it.")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def plain(text: str) -> str:
    """Imported text, fit for a terminal: lines and tabs stay, every other control or direction character is escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in text)


def one_line(text: str, width: int) -> str:
    """Imported text on one line of at most `width` characters."""
    line = plain(text[: 4 * width].translate(_ONE_LINE))
    return line if len(line) <= width else line[: width - 1] + "…"


def without_empty_reason(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures as a document has them: a reason is named only where there is one."""
    return {name: value for name, value in figures.items() if name != "reason" or value is not None}


def table(rows: Sequence[Sequence[str]], *, heads: Sequence[str]) -> str:
    """Rows under their heads, columns as wide as their widest cell; the last one is not padded."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


class Output:
    """Where one run of a command writes. as_json: standard output gets the one document and nothing else."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._bar = _Bar(sys.stderr)
        self.ticket = Ticket(self._bar.show)

    def answer(self, document: Any, text: str) -> None:
        """The command's answer: the document with --json, else the text."""
        self._bar.clear()
        print_answer(json.dumps(document) if self.as_json else text)

    def note(self, sentence: str) -> None:
        """Something worth knowing that is no answer."""
        self._bar.clear()
        tell(plain(sentence) + "\n")

    def failed(self, error: ReviewerError) -> None:
        """The two lines of an error."""
        self._bar.clear()
        print_error(error)


def print_answer(text: str) -> None:
    """A line or more on standard output, there before this returns. Raises NotSaved where a full disk or the like takes no more."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()  # else the interpreter tries once more as it leaves, with a message and an exit code of its own
        raise NotSaved(
            f"The answer was not written: {error.strerror}.", "What the command recorded is kept; make room, then ask again."
        ) from error


def print_error(error: ReviewerError) -> None:
    """`error: WHAT [CODE]` and `hint: WHAT TO DO`, a line each."""
    what, hint = (plain(part.translate(_ONE_LINE)) for part in (error.what, error.hint))
    tell(f"error: {what} [{error.code}]\nhint: {hint}\n")


def tell(text: str, stream: TextIO | None = None) -> None:
    """Text on standard error, as far as somebody reads it: nothing that was begun ends because of what was said beside it."""
    stream = stream or sys.stderr
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        _abandon(stream)


def abandon_stdout() -> None:
    """Nobody reads standard output any more."""
    _abandon(sys.stdout)


def _abandon(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, so that the exit is quiet and its code ours."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class _Bar:
    """Progress for whoever watches: a bar on a terminal, now and then a line elsewhere; nothing for what is done at once."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._on_terminal = stream.isatty()
        self._begun = self._last = 0.0
        self._shown = 0

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if not self._begun:
            self._begun = self._last = now
        if now - self._begun < _QUIET_S or now - self._last < (_BAR_EVERY_S if self._on_terminal else _LINE_EVERY_S):
            return
        self._last = now
        line = _line(progress)
        if self._on_terminal:
            tell("\r" + line.ljust(self._shown), self._stream)
            self._shown = len(line)
        else:
            tell(line + "\n", self._stream)

    def clear(self) -> None:
        if self._shown:
            tell("\r" + " " * self._shown + "\r", self._stream)
            self._shown = 0


def _line(progress: Progress) -> str:
    what = one_line(progress.what, 48)
    if progress.total <= 0:
        return f"{what}  {progress.done:,}"
    filled = _BAR_WIDTH * min(progress.done, progress.total) // progress.total
    return f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {100 * progress.done // progress.total:3} %  {what}"

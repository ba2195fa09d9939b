"""The one family of errors: two sentences and a code. Anything else that is raised is a bug."""

from collections.abc import Iterator
from contextlib import contextmanager


class ReviewerError(Exception):
    """What happened, with the value that caused it, and what to do now.

    Subclass by what the reader does next, not by where it was raised. `code` is one of the codes of the manual's error list:
    E0xx asks (the request cannot be met as put), E1xx this machine, E2xx bundles, E3xx imported data, E4xx hub, E5xx judge, E6xx rights.
    `about` names the part of what was asked that it is about, such as `size`, so that a form can say it there; empty: the whole.
    """

    code = "E000"
    about = ""

    def __init__(self, what: str, hint: str, code: str | None = None) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint
        self.code = code or type(self).code

    def __str__(self) -> str:
        return f"{self.what} [{self.code}]"


class Refused(ReviewerError):
    """The request breaks a rule; nothing was written. Ask for something else."""

    code = "E001"


class NotFound(ReviewerError):
    """What was named is not here. Name something else."""

    code = "E002"


class Busy(ReviewerError):
    """Somebody else is writing. Wait, or use the window that is open."""

    code = "E104"


class NotSaved(ReviewerError):
    """The disk did not take it; the answer is still on screen. Make room, then try again."""

    code = "E101"


class Damaged(ReviewerError):
    """What was read is not what was written. Do not go on with it."""

    code = "E106"


class TooNew(ReviewerError):
    """Made by a newer version of the program. Update to read it."""

    code = "E112"


class BadRecord(ReviewerError):
    """One record of an import cannot be read; it is rejected and the rest go on."""

    code = "E301"


@contextmanager
def about(part: str) -> Iterator[None]:
    """Name the part of what was asked that an error is about, unless whoever raised it did."""
    try:
        yield
    except ReviewerError as error:
        error.about = error.about or part
        raise


def shown(text: str, limit: int = 80) -> str:
    """Text from outside, fit for a message: one line, control and direction characters escaped, at most `limit` characters."""
    plain = text[: limit + 1]
    if not plain.isprintable():
        plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in plain)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"

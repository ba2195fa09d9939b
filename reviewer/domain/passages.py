"""Marked words as a person types them: STEP[@PART|#/POINTER]:START:END[:CLAUSE]."""

import re
from typing import NamedTuple

from reviewer.domain.errors import Refused, shown

_FORM = re.compile(
    r"(?P<step>[A-Za-z0-9_.-]{1,40}(?:/[0-9.]{1,12})?)(?:@(?P<part>\d{1,6})|#(?P<pointer>/.*?))?"
    r":(?P<start>\d{1,9}):(?P<end>\d{1,9})(?::(?P<clause>.+))?",
    re.ASCII | re.DOTALL,
)


class Passage(NamedTuple):
    """Where the words stand. start and end: code points, from 0, of the step's text, of one part, or of the string at a JSON pointer."""

    step: str
    start: int
    end: int
    part: int | None = None
    pointer: str | None = None
    clause: str | None = None


def parse(text: str) -> Passage:
    """The passage that a text names. Raises Refused for what names none."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise Refused(f"“{shown(text, 60)}” is not a span.", "Write STEP:START:END, such as 3:0:12, 3@1:0:12 or 4.1#/reason:0:9.")
    part = int(found["part"]) if found["part"] else None
    return Passage(found["step"], int(found["start"]), int(found["end"]), part, found["pointer"], found["clause"])

"""A clause that can be cited, and how it is called.

Imports little: the first screen names clauses, before anything is cited or looked for.
"""

import re
from typing import NamedTuple

from reviewer.domain.emphasis import unmarked
from reviewer.domain.events import Clause as Citation

_JOINT = re.compile(r"[-_./\s]+")


class Citable(NamedTuple):
    """A clause as a version of its policy has it.

    since: the day from which its words hold, YYYY-MM-DD; empty where it is not known. printed: the number that the text itself bears where
    that is not the clause's key.
    """

    citation: Citation
    title: str
    text: str
    policy_title: str
    version: int
    since: str
    printed: str = ""

    @property
    def name(self) -> str:
        """KEY:CLAUSE, as labels, searches and the command line name it."""
        return full_name(self.citation)

    @property
    def number(self) -> str:
        """`4.2`: how it is called in short; its key where it bears no number."""
        return self.printed or self.citation.clause

    @property
    def heading(self) -> str:
        """`4.2 Cancel flight`; the title alone where the clause bears no number."""
        number = self.number
        return f"{number} {self.title}".strip() if number[:1].isdigit() and self.title != number else self.title or number

    @property
    def caption(self) -> str:
        """What stands over its words: the heading, or its number alone where the words begin with the title."""
        return self.number if begins_with(self.text, self.title) else self.heading


def full_name(citation: Citation) -> str:
    """KEY:CLAUSE."""
    return f"{citation.policy}:{citation.clause}"


def begins_with(text: str, title: str) -> bool:
    """Whether a clause's title, whole or shortened, is only its first words."""
    known = title.removesuffix("…").casefold()
    return bool(known) and unmarked(text[: 4 * len(known) + 40]).casefold().startswith(known)


def in_short(number: str, room: int = 16) -> str:
    """A clause's number or key in so many characters: of a long one the last words, which tell it from its neighbours, `…policy.2`."""
    if len(number) <= room:
        return number
    end = number[-(room - 1) :]
    cut = _JOINT.search(end[:-3]) if number[-room].isalnum() else None
    return f"…{end[cut.end() :] if cut else end}"

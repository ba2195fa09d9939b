"""People and their devices, and who may do what."""

from typing import NamedTuple

from reviewer.domain.chain import MemberId
from reviewer.domain.errors import Refused, ReviewerError
from reviewer.domain.events import Role

# Which roles may write an entry of a kind. A kind that is not listed may be written by every role.
_MAY: dict[str, frozenset[Role]] = {
    "enrol": frozenset({"lead"}),
    "revoke": frozenset({"lead"}),
    "policy_publish": frozenset({"lead"}),
    "policy_activate": frozenset({"lead"}),
    "campaign": frozenset({"lead"}),
    "draw": frozenset({"lead"}),
    "campaign_close": frozenset({"lead"}),
    "requeue": frozenset({"lead", "adjudicator"}),
    "gold": frozenset({"lead", "adjudicator"}),
    "resolve": frozenset({"lead", "adjudicator"}),
    "label": frozenset({"lead", "adjudicator", "reviewer"}),
    "skip": frozenset({"lead", "adjudicator", "reviewer"}),
    "escalate": frozenset({"lead", "adjudicator", "reviewer"}),
    "retract": frozenset({"lead", "adjudicator", "reviewer"}),
    "import": frozenset({"lead", "adjudicator", "reviewer"}),
    "release": frozenset({"lead"}),
    "suggestion": frozenset({"lead", "adjudicator"}),
    "finding": frozenset({"lead", "adjudicator"}),
    "alarm": frozenset({"lead", "adjudicator"}),
    "incident": frozenset({"lead"}),
    "incident_update": frozenset({"lead", "adjudicator"}),
    "erase_request": frozenset({"lead"}),
}


_NAME_LENGTH = 80
NOBODY = MemberId("")  # whoever waits to be admitted has no id yet


class Member(NamedTuple):
    """A person."""

    id: MemberId
    name: str
    role: Role

    @property
    def waiting(self) -> bool:
        """Whether no lead has admitted them yet: they may do nothing but take in what others wrote."""
        return self.id == NOBODY


class NotAllowed(ReviewerError):
    """The member's role does not cover the act. Another person has to do it."""

    code = "E601"


def may(role: Role, kind: str) -> bool:
    """Whether a role may write entries of a kind."""
    return role in _MAY.get(kind, frozenset({"lead", "adjudicator", "reviewer", "observer"}))


def require(member: Member, kind: str, act: str) -> None:
    """Raise NotAllowed unless the member may. act: the doing in words, such as `create a campaign`."""
    refuse_waiting(member)
    if not may(member.role, kind):
        who = " or ".join(sorted(_MAY[kind]))
        raise NotAllowed(f"{member.name} is {_article(member.role)} and may not {act}.", f"Ask {_article(who)} to do it.")


def refuse_waiting(member: Member) -> None:
    """Raise NotAllowed for whoever waits to be admitted."""
    if member.waiting:
        raise NotAllowed(
            "Waiting to be admitted.",
            "Give your request file to a lead; once they have admitted you, run `reviewer sync` or `reviewer bundle apply`.",
        )


def _article(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def as_kept(text: str) -> str:
    """A name with single spaces, as names are kept."""
    return " ".join(text.split())


def member_name(text: str) -> str:
    """A name as it may be. Raises Refused."""
    name = as_kept(text)
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise Refused(f"“{text[:40]}” cannot be a member's name.", f"Give 1 to {_NAME_LENGTH} plain characters.")
    return name

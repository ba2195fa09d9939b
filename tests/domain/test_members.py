"""Who may do what."""

from typing import get_args

import pytest

from reviewer.domain import members
from reviewer.domain.chain import MemberId
from reviewer.domain.events import Kind, Role
from reviewer.domain.members import Member

RIGHTS = {
    "observer": {"export", "fork_seen", "stream_open", "member_name"},
    "reviewer": {"label", "retract", "skip", "escalate", "import", "export"},
    "adjudicator": {"label", "resolve", "gold", "import", "finding", "alarm", "incident_update"},
    "lead": set(get_args(Kind)),
}
NOT = {
    "observer": {
        "label",
        "retract",
        "skip",
        "import",
        "campaign",
        "draw",
        "release",
        "enrol",
        "resolve",
        "gold",
        "suggestion",
        "finding",
        "alarm",
        "incident",
        "erase_request",
    },
    "reviewer": {
        "finding",
        "incident_update",
        "campaign",
        "draw",
        "campaign_close",
        "enrol",
        "revoke",
        "release",
        "resolve",
        "gold",
        "policy_activate",
    },
    "adjudicator": {"incident", "campaign", "draw", "enrol", "revoke", "release"},
    "lead": set(),
}


@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_covers_its_acts_and_no_others(role: Role) -> None:
    assert {kind for kind in RIGHTS[role] if members.may(role, kind)} == RIGHTS[role]
    assert not {kind for kind in NOT[role] if members.may(role, kind)}


def test_whoever_may_not_is_told_who_may() -> None:
    ben = Member(MemberId("0" * 32), "Ben", "reviewer")
    with pytest.raises(members.NotAllowed) as error:
        members.require(ben, "campaign", "create a campaign")
    assert str(error.value) == "Ben is a reviewer and may not create a campaign. [E601]"
    assert error.value.hint == "Ask a lead to do it."
    with pytest.raises(members.NotAllowed) as error:
        members.require(ben._replace(role="observer"), "label", "label items")
    assert error.value.what == "Ben is an observer and may not label items."
    members.require(ben, "label", "label items")


def test_white_space_in_a_name_is_made_plain() -> None:
    assert members.member_name("  Ada \t Lovelace\n") == "Ada Lovelace"

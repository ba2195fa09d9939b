"""Policies that came inside imported files: what they are, and publishing one of them."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reviewer.domain import policy_text
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.progress import Ticket
from reviewer.operations.policy_publishing import Added, add_text
from reviewer.storage import policies as policy_rows
from reviewer.storage.workspace import Workspace

_KEY_LENGTH = 40


class Embedded(NamedTuple):
    """A policy that came inside a file. key: how it could be called; clauses: how many; known: a version here has this very text."""

    key: str
    title: str
    clauses: int
    sha256: str
    known: bool
    text: str


def embedded(workspace: Workspace, texts: Mapping[str, str]) -> tuple[Embedded, ...]:
    """The policies among these texts, each with the agent that acted by it. What gives no clause is none."""
    if not texts:
        return ()
    with workspace.read() as reading:
        here = {version.source for key in policy_rows.keys(reading) for version in policy_rows.versions(reading, key)}
    found = []
    for text, agent in texts.items():
        read = policy_text.read(text)
        if read.clauses:
            digest = sha256_hex(text.encode())
            found.append(Embedded(_key(agent or read.title), read.title, len(read.clauses), digest, digest in here, text))
    return tuple(found)


def publish_embedded(workspace: Workspace, ticket: Ticket, *, found: Sequence[Embedded], key: str) -> Outcome[Added]:
    """Publish the policy that came with an import: the one that bears this key, else the only one there is.

    Raises NotFound where none came, Refused where several did and none bears the key; the import itself stays.
    """
    if not found:
        raise NotFound("The files carry no written policy.", "What they hold is imported; publish the policy with `reviewer policy add`.")
    meant = [one for one in found if one.key == key] or list(found)
    if len(meant) > 1:
        names = ", ".join(shown(one.key, 40) for one in found[:8])
        raise Refused(f"The files carry {len(found)} policies.", f"They are imported; name the policy by one of: {names}.")
    return add_text(workspace, ticket, key=key, content=meant[0].text.encode(), name=f"the policy of {shown(meant[0].key, 40)}")


def _key(name: str) -> str:
    """A name as a policy's key may be."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-_.")[:_KEY_LENGTH] or "policy"

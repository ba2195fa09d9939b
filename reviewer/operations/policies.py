"""Written policy: which versions there are, putting one in force, reading them, and what changed between two."""

from typing import NamedTuple

from reviewer.domain import policies
from reviewer.domain.changes import Outcome
from reviewer.domain.members import require
from reviewer.domain.policies import Clause, Difference
from reviewer.domain.progress import Ticket
from reviewer.operations.policy_publishing import Added as Added
from reviewer.operations.policy_publishing import add_policy as add_policy
from reviewer.operations.policy_publishing import add_text as add_text
from reviewer.storage import citations
from reviewer.storage import policies as policy_rows
from reviewer.storage.policies import Version
from reviewer.storage.workspace import Workspace


class PolicyStanding(NamedTuple):
    """A policy and its versions, by number. Several in force that differ are a conflict, and none of them holds by itself."""

    key: str
    versions: tuple[Version, ...]

    @property
    def in_force(self) -> Version | None:
        """The version in force, if it is one."""
        active = [one for one in self.versions if one.in_force]
        return active[0] if len(active) == 1 else None

    @property
    def conflict(self) -> bool:
        """Whether several are in force."""
        return sum(one.in_force for one in self.versions) > 1


class PolicyShown(NamedTuple):
    """A version with its clauses, and since which version each has had its text."""

    key: str
    version: Version
    clauses: tuple[tuple[Clause, int], ...]


class Compared(NamedTuple):
    """What changed from one version to another."""

    key: str
    before: Version
    after: Version
    difference: Difference


class Activated(NamedTuple):
    """A version that is in force. replaced: the versions that were so before; stale_labels: labels that rest on words it has not."""

    key: str
    version: Version
    replaced: tuple[Version, ...]
    stale_labels: int


def list_policies(workspace: Workspace, ticket: Ticket) -> Outcome[tuple[PolicyStanding, ...]]:
    """Every policy with its versions."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(tuple(PolicyStanding(key, tuple(policy_rows.versions(reading, key))) for key in policy_rows.keys(reading)))


def show_policy(workspace: Workspace, ticket: Ticket, *, key: str, number: int | None = None) -> Outcome[PolicyShown]:
    """A version with its clauses: of a number, else the one in force, else the newest. Raises NotFound."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        every = policy_rows.versions(reading, key)
        standing = PolicyStanding(key, tuple(every))
        version = policy_rows.numbered(every, key, number) if number is not None else standing.in_force or every[-1]
        told = [(one.hash, one.follows, policy_rows.clauses_of(reading, one.clauses)) for one in every]
        since = policies.since(told)[version.hash]
        clauses = next(clauses for name, _, clauses in told if name == version.hash)
        return Outcome(PolicyShown(key, version, tuple((one, since[one.clause]) for one in clauses)))


def compare_versions(workspace: Workspace, ticket: Ticket, *, key: str, before: int, after: int) -> Outcome[Compared]:
    """What changed between two versions. Raises NotFound."""
    ticket.step(0, 1, "Comparing")
    with workspace.read() as reading:
        every = policy_rows.versions(reading, key)
        old, new = policy_rows.numbered(every, key, before), policy_rows.numbered(every, key, after)
        clauses = [policy_rows.clauses_of(reading, one.clauses) for one in (old, new)]
        return Outcome(Compared(key, old, new, policies.compare(*clauses)))


def activate_policy(workspace: Workspace, ticket: Ticket, *, key: str, number: int) -> Outcome[Activated]:
    """Put a version in force in place of every activation there is; so it settles two that differ. Writes nothing if it is so already.

    Raises NotFound, NotAllowed.
    """
    require(workspace.me, "policy_activate", "put policies in force")
    ticket.step(0, 1, "Putting in force")
    with workspace.begin(urgent=True) as work:
        every = policy_rows.versions(work, key)
        version = policy_rows.numbered(every, key, number)
        active = policy_rows.activations(work, key)
        if set(active.values()) != {version.hash}:
            work.record(policies.activate(key, version.hash, instead_of=frozenset(active)))
        stale = citations.count_stale(work, key)
        replaced = tuple(one for one in every if one.in_force and one.hash != version.hash)
        return Outcome(Activated(key, version._replace(in_force=True), replaced, stale), work.changes)

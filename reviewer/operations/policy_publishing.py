"""Publishing a version of a policy: the file is read and matched with the version before; a person sees that, and then it is written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.domain import clause_matching, policies, policy_text
from reviewer.domain.canonical import sha256_hex
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.clause_matching import Match
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import BlobRef
from reviewer.domain.members import require
from reviewer.domain.policies import Clause, Difference, NoClauses
from reviewer.domain.policy_text import PolicyText
from reviewer.domain.progress import Ticket
from reviewer.formats import companions
from reviewer.formats.format import Options
from reviewer.operations.labelling import checked_note
from reviewer.operations.policy_reading import content_of, no_clause, text_of
from reviewer.storage import citations
from reviewer.storage import policies as policy_rows
from reviewer.storage.policies import Version
from reviewer.storage.workspace import Reading, Work, Workspace

_NO_MATCHES: Mapping[str, str | None] = {}


class Proposal(NamedTuple):
    """What publishing a file would do. matches: in the order of its text; before: the clauses that they were matched with.

    follows: the version before, None for the first one; effective: as the file says, None where it does not.
    """

    key: str
    name: str
    content: bytes
    text: PolicyText
    follows: Version | None
    before: tuple[Clause, ...]
    matches: tuple[Match, ...]
    effective: str | None

    @property
    def asked(self) -> tuple[Match, ...]:
        """Clauses of which only a person can say whether they are an old one."""
        return tuple(one for one in self.matches if one.like is not None)

    @property
    def gone(self) -> tuple[Clause, ...]:
        """Old clauses that no new one is matched with."""
        kept = {one.old.clause for one in self.matches if one.old is not None}
        return tuple(one for one in self.before if one.clause not in kept)


class Asked(NamedTuple):
    """A clause that got a new key, and the old one that it may be."""

    clause: str
    like: str
    similarity: float


class Added(NamedTuple):
    """A version that is published. difference: from the version before, by number; known: it was here already, and nothing was written.

    stale_labels: labels in force that cite a clause of this policy in other words than this version's. asked: what nobody decided.
    """

    key: str
    version: Version
    clauses: tuple[Clause, ...]
    difference: Difference
    stale_labels: int
    known: bool
    asked: tuple[Asked, ...] = ()


def propose_policy(workspace: Workspace, ticket: Ticket, *, key: str, path: Path) -> Outcome[Proposal]:
    """Read a file (Markdown, plain text, Word, PDF) and match its clauses with the version before. Writes nothing.

    Raises NoClauses for a file that cannot be read or holds nothing to cite, Refused, NotAllowed for who is no lead.
    """
    require(workspace.me, "policy_publish", "publish policies")
    return propose_text(workspace, ticket, key=key, content=content_of(path), name=str(path))


def propose_text(workspace: Workspace, ticket: Ticket, *, key: str, content: bytes, name: str) -> Outcome[Proposal]:
    """The same for bytes that were read already. name: what messages call them."""
    require(workspace.me, "policy_publish", "publish policies")
    policies.check_key(key)
    ticket.step(0, 3, "Reading the policy")
    text = _clauses_of(text_of(ticket, content, name), name)
    ticket.step(1, 3, "Matching clauses")
    with workspace.read() as reading:
        return Outcome(_proposal(reading, key, content, name, text))


def propose_clauses(workspace: Workspace, ticket: Ticket, *, key: str, path: Path, format_name: str) -> Outcome[Proposal]:
    """The same for what the records of a file or a folder were judged by, in a format that brings clauses. Raises NotFound too."""
    require(workspace.me, "policy_publish", "publish policies")
    policies.check_key(key)
    ticket.step(0, 3, "Reading the records")
    clauses = companions.clauses(str(path), Options(format=format_name))
    if not clauses:
        raise NoClauses(
            f"{shown(str(path), 200)} holds no records of the format {shown(format_name, 40)}.",
            "Name their file or folder; the policy in force is unchanged.",
        )
    title = f"{key}: {format_name}"
    content = "\n\n".join([f"# {title}", *(f"## {one.clause}\n\n{one.text}" for one in clauses)]).encode()
    ticket.step(1, 3, "Matching clauses")
    with workspace.read() as reading:
        return Outcome(_proposal(reading, key, content, str(path), PolicyText(title, {}, clauses, ())))


def publish_policy(
    workspace: Workspace,
    ticket: Ticket,
    *,
    proposal: Proposal,
    matches: Mapping[str, str | None] = _NO_MATCHES,
    effective: str | None = None,
    note: str = "",
) -> Outcome[Added]:
    """Publish what was proposed; the first version of a policy is put in force at once, later ones by `activate_policy`.

    matches: for a clause as the file calls it, the key of the old clause that it is, or None where it is new; what is not named is taken
    as proposed, and what is only likely gets a new key. effective: YYYY-MM-DD; else as a line `Effective:` of the file says.
    A version that is the newest already is known. Raises Refused, NotFound for a clause that is not there; then nothing is written.
    """
    require(workspace.me, "policy_publish", "publish policies")
    ticket.step(2, 3, "Publishing")
    key = proposal.key
    with workspace.begin() as work:
        before = policy_rows.versions(work, key) if key in policy_rows.keys(work) else []
        if (before[-1].hash if before else None) != (None if proposal.follows is None else proposal.follows.hash):
            raise Refused(
                f"Another version of policy {shown(key, 40)} was published meanwhile.", "Read the file again; nothing was written."
            )
        chosen = clause_matching.settle(proposal.matches, proposal.before, matches)
        ever = {one.clause for version in before for one in policy_rows.clauses_of(work, version.clauses)}
        clauses = clause_matching.keyed(chosen, ever)
        effective = effective or proposal.effective
        known = _known(before, proposal.content, clauses, effective)
        published = known or _publish(work, proposal, clauses, effective, note, before)
        if not policy_rows.activations(work, key):
            work.record(policies.activate(key, published, instead_of=frozenset()))
        asked = tuple(
            Asked(clause.clause, match.like.clause, match.similarity)
            for clause, match in zip(clauses, chosen, strict=True)
            if match.like is not None
        )
        return Outcome(_added(work, key, published, clauses, () if known else asked, known=known is not None), work.changes)


def add_policy(
    workspace: Workspace,
    ticket: Ticket,
    *,
    key: str,
    path: Path,
    effective: str | None = None,
    note: str = "",
    matches: Mapping[str, str | None] = _NO_MATCHES,
) -> Outcome[Added]:
    """Read and publish a file at once: sure matches are taken, likely ones get new keys and are named. Raises as the two steps do."""
    proposal = propose_policy(workspace, ticket, key=key, path=path).value
    return publish_policy(workspace, ticket, proposal=proposal, matches=matches, effective=effective, note=note)


def add_text(
    workspace: Workspace, ticket: Ticket, *, key: str, content: bytes, name: str, effective: str | None = None, note: str = ""
) -> Outcome[Added]:
    """The same for bytes that were read already. name: what messages call them."""
    proposal = propose_text(workspace, ticket, key=key, content=content, name=name).value
    return publish_policy(workspace, ticket, proposal=proposal, effective=effective, note=note)


def _clauses_of(text: str, name: str) -> PolicyText:
    read = policy_text.read(text)
    if read.twice:
        raise NoClauses(
            f"Two clauses of {shown(name, 200)} bear the number {shown(read.twice[0], 40)}.",
            "Give each its own number; the policy in force is unchanged.",
        )
    if not read.clauses:
        raise no_clause(name, "Give headings, bullets, or numbered paragraphs such as `4.2 Refunds`")
    return read


def _proposal(reading: Reading, key: str, content: bytes, name: str, text: PolicyText) -> Proposal:
    every = policy_rows.versions(reading, key) if key in policy_rows.keys(reading) else []
    follows = every[-1] if every else None
    before = tuple(policy_rows.clauses_of(reading, follows.clauses)) if follows is not None else ()
    told = text.head.get("effective", "")
    matches = tuple(clause_matching.propose(before, text.clauses))
    return Proposal(key, name, content, text, follows, before, matches, told if policies.is_date(told) else None)


def _known(before: Sequence[Version], content: bytes, clauses: tuple[Clause, ...], effective: str | None) -> EntryHash | None:
    same = (sha256_hex(policy_rows.pack(clauses)), sha256_hex(content), effective)
    newest = policy_rows.newest(before)
    return next((one.hash for one in before if one.hash in newest and (one.clauses, one.source, one.effective) == same), None)


def _publish(
    work: Work, proposal: Proposal, clauses: tuple[Clause, ...], effective: str | None, note: str, before: Sequence[Version]
) -> EntryHash:
    event = policies.publish(
        proposal.key,
        title=proposal.text.title or proposal.key,
        clauses=BlobRef(len(clauses), work.keep_blob(policy_rows.pack(clauses))),
        source=work.keep_blob(proposal.content),
        effective=effective,
        newest=policy_rows.newest(before),
        note=work.keep_note(checked_note(note)) if note.strip() else None,
    )
    return work.record(event)


def _added(reading: Reading, key: str, name: EntryHash, clauses: tuple[Clause, ...], asked: tuple[Asked, ...], *, known: bool) -> Added:
    every = policy_rows.versions(reading, key)
    version = next(one for one in every if one.hash == name)
    before = policy_rows.clauses_of(reading, every[version.number - 2].clauses) if version.number > 1 else []
    stale = citations.count_other_words(reading, key, clauses)
    return Added(key, version, clauses, policies.compare(before, clauses), stale, known, asked)

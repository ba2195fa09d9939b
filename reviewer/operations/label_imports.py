"""Bringing in labels given elsewhere: each signed by the key of the member it names, and marked as imported."""

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from reviewer.domain import corrections, labels, preferences
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.events import Campaign, Event, Omission, Preference, Shown
from reviewer.domain.evidence import span_of
from reviewer.domain.items import Item, ItemId
from reviewer.domain.labels import Omitted, Opinion, Question
from reviewer.domain.members import Member, require
from reviewer.domain.progress import Ticket
from reviewer.domain.step_marks import agent_steps
from reviewer.formats import label_files, label_lines
from reviewer.formats.companions import Sourced
from reviewer.formats.json_lines import Line
from reviewer.formats.label_files import Reading as LabelReading
from reviewer.formats.label_lines import LabelLine
from reviewer.operations import citing, correcting, line_imports
from reviewer.operations.citing import Named
from reviewer.operations.line_imports import Imported
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures, journal, requeues, streams
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import LabelRow
from reviewer.storage.workspace import Work, Workspace

_SHOWN = Shown(renderer="import")


class _Author(NamedTuple):
    """A member whose key this machine holds."""

    member: Member
    signer: journal.Signer


def import_labels(
    workspace: Workspace,
    ticket: Ticket,
    *,
    path: Path,
    campaign: str,
    reading: LabelReading = LabelReading(),  # noqa: B008 - immutable
) -> Outcome[Imported]:
    """Import labels for a campaign: JSON lines, tables with a map, or those that came with records, of a file or a folder.

    What was imported before is known; a killed import, run again, completes. A line that cannot be one of the campaign's labels goes to a
    rejects file with the reason; the rest go in.
    Raises NotFound for a file or campaign that is not there, Refused for one that is closed or holds no labels, NotSaved.
    """
    digest = line_imports.file_digest(path, "label") if label_files.is_lines(path, reading) else None
    with workspace.read() as view:
        stored = campaign_rows.named(view, campaign)
    if stored.state.closed:
        raise Refused(f"The campaign “{stored.state.rules.name}” is closed.", "Ask its lead for a new campaign; nothing was imported.")
    authors = _Authors()

    def take(work: Work, said: Sourced) -> bool:
        return _record(work, stored, said, authors.of(work, said.label.reviewer))

    how = partial(line_imports.import_said, workspace, ticket, what="labels", take=take)
    if digest is None:
        return how(lines=label_files.read(path, reading), total_bytes=None)
    with path.open("rb") as stream:
        return how(lines=(_sourced(line, digest) for line in label_lines.read(stream)), total_bytes=path.stat().st_size)


def _sourced(line: Line[LabelLine], digest: str) -> Line[Sourced]:
    return Line(line.number, line.raw, None if line.said is None else Sourced(line.said, digest), line.problem)


def _record(work: Work, stored: Stored, sourced: Sourced, author: _Author) -> bool:
    """Record a label unless it is known. Raises Refused, NotFound or NotAllowed before anything of it is written."""
    require(author.member, "label", "label items")
    said = sourced.label
    item = line_imports.item_of(work, said.item, said.external_id, stored.row, agent=sourced.agent, model=sourced.model)
    content = item_rows.get(work, item).item
    steps = len(content.messages) + sum(len(one.messages) for one in content.candidates)
    before = departures.of_item(work, stored, item, author.member.id)
    rules = stored.state.rules
    agent = agent_steps(content)
    opinion, omitted = _cited(work, rules, item, labels.with_verdict(stored.state, _opinion(said, content), agent), said)
    if any(_same(said, opinion, row) for row in before):
        return False
    if not said.in_force:
        raise Refused("It was no longer in force where it was exported.", "Leave such lines out.")
    own = label_rows.own_in_force(work, stored, author.member.id, item, said.showing)
    asked = requeues.naming(work, stored.row, item) if said.showing == 1 else ()
    keys = {one.key: len(one.messages) for one in content.candidates}
    question = Question(stored.state, item, campaign_rows.is_asked(work, stored, item), steps, own, said.showing, asked, keys, agent)

    def decide(**kept: Any) -> Event:
        return labels.label(question, opinion, shown=_SHOWN, blind=said.blind, imported=sourced.sha256, claimed=said.time, **kept)

    decide()  # refuses before any text is kept
    if said.correction and (rewrites := corrections.decode(said.correction)) is not None:
        correcting.checked(content, rewrites)
    event = decide(
        rationale=work.keep_note(opinion.rationale) if opinion.rationale.strip() else None,
        omissions=tuple(
            Omission(note=work.keep_note(one.text), step=one.step, clause=clause)
            for one, clause in zip(label_lines.omissions(said), omitted, strict=True)
        ),
        correction=work.keep_blob(said.correction.encode()) if said.correction else None,
    )
    work.record(event, signer=author.signer)
    return True


def _opinion(said: LabelLine, item: Item) -> Opinion:
    return Opinion(
        verdict=said.verdict,
        severity=said.severity,
        rationale=said.rationale or "",
        confidence=label_lines.confidence(said),
        steps=label_lines.steps(said),
        spans=tuple(span_of(item, **one._asdict()) for one in label_lines.spans(said)),
        omissions=tuple(Omitted(one.text, one.step, one.clause) for one in label_lines.omissions(said)),
        preference=label_lines.preference(said, [one.key for one in item.candidates]),
        duration_ms=said.duration_ms,
    )


def _cited(work: Work, rules: Campaign, item: ItemId, opinion: Opinion, said: LabelLine) -> tuple[Opinion, list[str | None]]:
    """The opinion with the clauses that its line names anywhere, and the full names of those of its omissions."""
    given = label_lines.clauses(said)
    omitted = [one.clause for one in label_lines.omissions(said)]
    names = [
        Named(one) if isinstance(one, str) else Named(f"{one.policy}:{one.clause}" if one.policy else one.clause, one.version, one.text)
        for one in given
    ]
    names += [Named(name) for name in omitted if name]
    if not names and not any(span.clause for span in opinion.spans):
        return opinion, omitted
    whole = citing.cited(work, rules, item, opinion, names)
    return whole, [name and citing.full_name(work, rules, item, whole, name) for name in omitted]


def _same(said: LabelLine, opinion: Opinion, row: LabelRow) -> bool:
    """Whether a label that is here says the same at the same time."""
    value = row.label
    return (
        (value.verdict, value.severity, value.blind, value.showing) == (opinion.verdict, opinion.severity, said.blind, said.showing)
        and (row.rationale or "").strip() == opinion.rationale.strip()
        and value.confidence == labels.CONFIDENCE.get(opinion.confidence or "", opinion.confidence)
        and _same_preference(opinion.preference, value.preference)
        and value.steps == opinion.steps
        and value.spans == opinion.spans
        and _same_clauses(said, opinion, row)
        and row.omissions == tuple(one.text for one in opinion.omissions)
        and (row.correction or None) == (said.correction or None)
        and _same_time(said.time, row)
    )


def _same_preference(said: Preference | None, kept: Preference | None) -> bool:
    """Whether the order and its strength are the same; how the candidates stood counts where the line says it."""
    if said is None or kept is None:
        return said is kept
    shown_alike = not said.order_shown or said.order_shown == kept.order_shown
    return preferences.sense(said) == preferences.sense(kept) and said.strength == kept.strength and shown_alike


def _same_clauses(said: LabelLine, opinion: Opinion, row: LabelRow) -> bool:
    """Whether the same clauses are cited; a version counts where the line names it: by name alone, another may be in force by now."""
    named = {(one.policy, one.clause) for one in label_lines.clauses(said) if not isinstance(one, str) and one.version is not None}
    cites = (
        [(one.policy, one.clause, one.version if (one.policy, one.clause) in named else "") for one in clauses]
        for clauses in (opinion.clauses, row.label.clauses)
    )
    return next(cites) == next(cites)


def _same_time(claimed: str | None, row: LabelRow) -> bool:
    if claimed is None:
        return row.label.imported is not None and row.label.claimed is None
    moment = label_lines.instant(claimed)
    if row.label.claimed is not None:
        return label_lines.instant(row.label.claimed) == moment
    return moment is not None and round(moment.timestamp() * 1000) == row.wall_ms


class _Authors:
    """The members of this machine by name, each with the key that signs: read once, since a keyring may take its time."""

    def __init__(self) -> None:
        self._known: dict[str, _Author | NotFound] = {}

    def of(self, work: Work, name: str | None) -> _Author:
        """The member of a name; None is who acts. Raises NotFound where this machine holds no key of theirs."""
        name = name or work.workspace.me.name
        found = self._known.get(name) or self._known.setdefault(name, self._look(work, name))
        if isinstance(found, NotFound):
            raise found
        # Asked each time: another process may have gone on in a new stream meanwhile.
        stream = streams.current(work, found.signer.device, found.signer.stream)
        return found._replace(signer=found.signer._replace(stream=stream))

    def _look(self, work: Work, name: str) -> _Author | NotFound:
        try:
            return _Author(*work.workspace.signer_as(work, name))
        except NotFound as error:
            return NotFound(f"This machine holds no key of “{shown(name, 60)}”.", error.hint)

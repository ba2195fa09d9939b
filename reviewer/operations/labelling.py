"""Saying what an item is: recording a label, putting an item off, asking the lead, taking a label back."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import corrections, evidence, labels, preferences, step_marks
from reviewer.domain.candidates import shown_order
from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused
from reviewer.domain.events import Campaign, Omission, Preference, Shown
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Omitted, Opinion, Question
from reviewer.domain.members import require
from reviewer.domain.preferences import Choice
from reviewer.domain.probes import REPEAT
from reviewer.domain.progress import Ticket
from reviewer.domain.unblinding import is_blind, together
from reviewer.operations import citing, correcting
from reviewer.storage import arms, preferred, questions
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage.campaigns import Asking
from reviewer.storage.questions import Known
from reviewer.storage.queues import Queue
from reviewer.storage.workspace import Reading, Work, Workspace

ON_COMMAND_LINE = "text"
MAX_NOTE_BYTES = 256 * 1024


class Recorded(NamedTuple):
    """A label that is on disk."""

    label: EntryHash
    item: ItemId
    campaign: EntryHash
    campaign_name: str


class Undone(NamedTuple):
    """A label that was taken back, and what it said, so that it can be put on screen again."""

    label: EntryHash
    item: ItemId
    campaign: EntryHash
    opinion: Opinion
    showing: int = 1


def label_item(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaign: str,
    item: str,
    opinion: Opinion,
    choice: Choice | None = None,
    clauses: Sequence[str] = (),
    shown: Shown | None = None,
    correction: bytes | None = None,
    showing: int | None = None,
) -> Outcome[Recorded]:
    """Record your label on an item. campaign: name or id; item: id or its first digits; clauses: names of those that it cites.

    choice: which candidate of a comparison is better, in words; else the opinion's own preference.
    showing: which showing it answers; None: the second where the item awaits that, else the first.
    shown: what was on the screen; None: what the command line shows of the item.
    Raises Refused for what the campaign does not ask for, NotFound, NotAllowed, NotSaved; then nothing is written.
    """
    ticket.step(0, 1, "Recording")
    with workspace.begin(answering=True) as work:
        require(workspace.me, "label", "label items")
        question, asking, known = _question(work, campaign, item, showing=showing, marked=bool(opinion.steps))
        if opinion.rewrites:
            opinion = _rewritten(work, question.item, opinion, correction)
        steps = [one.step for one in opinion.omissions if one.step]
        if opinion.spans or steps:
            evidence.check(item_rows.get(work, question.item).item, opinion.spans, steps)
        if choice is not None:
            opinion = msgspec.structs.replace(opinion, preference=_preference(choice, question, workspace.member))
        opinion = _cited(work, asking.state.rules, question.item, opinion, clauses)
        shown = together(shown or _on_command_line(work, asking, question.item), known.looked_at)
        event = labels.label(
            question,
            opinion,
            shown=shown,
            blind=is_blind(asking.state.rules.blind, shown),
            rationale=work.keep_note(checked_note(opinion.rationale)) if opinion.rationale.strip() else None,
            omissions=tuple(_kept(work, one) for one in opinion.omissions),
            correction=work.keep_blob(whole) if (whole := _corrected(opinion, correction)) is not None else None,
        )
        name = work.record(event)
        if known.begun:
            label_rows.drop_draft(work, asking.state.hash, question.item)
        answer = Recorded(name, question.item, asking.state.hash, asking.state.rules.name)
    return Outcome(answer, work.changes)


def skip_item(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, reason: str = "") -> Outcome[ItemId]:
    """Put an item off; it comes back at the end of your queue."""
    ticket.step(0, 1, "Recording")
    with workspace.begin(answering=True) as work:
        require(workspace.me, "skip", "skip items")
        question, *_ = _question(work, campaign, item)
        work.record(labels.skip(question, note=work.keep_note(checked_note(reason)) if reason.strip() else None))
    return Outcome(question.item, work.changes)


def escalate_item(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str, reason: str) -> Outcome[ItemId]:
    """Ask the lead about an item; it leaves your queue. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("No reason was given.", "Say what the lead should look at.")
    ticket.step(0, 1, "Recording")
    with workspace.begin(answering=True) as work:
        require(workspace.me, "escalate", "escalate items")
        question, *_ = _question(work, campaign, item)
        work.record(labels.escalate(question, note=work.keep_note(checked_note(reason))))
    return Outcome(question.item, work.changes)


def undo_label(workspace: Workspace, ticket: Ticket, *, campaign: str | None = None) -> Outcome[Undone]:
    """Take back your newest label in force, of one campaign or of the one you labelled in last. It stays in the history."""
    ticket.step(0, 1, "Taking back")
    with workspace.begin(answering=True) as work:
        name = campaign or label_rows.last_campaign(work, workspace.member)
        if name is None:
            raise Refused("There is no label of yours to take back.", "Record one first.")
        asking = questions.campaign(work, name)
        last = label_rows.last_own(work, asking, workspace.member)
        given, item = last if last is not None else (None, ItemId(""))
        event = labels.retract(given, campaign=asking.state.hash, item=item)
        assert given is not None  # retract refuses where there is none
        opinion = opinion_of(work, given.hash)
        work.record(event)
        label_rows.save_draft(work, asking.state.hash, item, opinion)
    return Outcome(Undone(given.hash, item, asking.state.hash, opinion, given.showing), work.changes)


def save_draft(workspace: Workspace, ticket: Ticket, *, campaign: EntryHash, item: ItemId, opinion: Opinion) -> Outcome[None]:
    """Keep what has been begun on an item, so that a crash does not lose it. An empty opinion forgets the draft."""
    ticket.step(0, 1, "Keeping the draft")
    with workspace.begin(answering=True) as work:
        if opinion == Opinion(duration_ms=opinion.duration_ms):
            label_rows.drop_draft(work, campaign, item)
        else:
            label_rows.save_draft(work, campaign, item, opinion)
    return Outcome(None, Changes.NONE)


def opinion_of(reading: Reading, label: EntryHash) -> Opinion:
    """What a label said, in the words that it was made of."""
    said = label_rows.one(reading, label)
    assert said is not None
    corrected = _text_of(reading, said.label.correction) if said.label.correction is not None else None
    rewrites = corrections.decode(corrected) if corrected is not None else None
    names = {decimal: word for word, decimal in labels.CONFIDENCE.items()}
    value = said.label
    return Opinion(
        verdict=value.verdict,
        severity=value.severity,
        rationale=said.rationale or "",
        confidence=names.get(value.confidence or "", value.confidence),
        steps=dict(value.steps),
        clauses=value.clauses,
        spans=value.spans,
        omissions=tuple(Omitted(text, one.step, one.clause) for text, one in zip(said.omissions, value.omissions, strict=True)),
        preference=value.preference,
        correction=corrected if rewrites is None else None,
        rewrites=rewrites or {},
        duration_ms=said.body.dur_ms,
    )


def _on_command_line(work: Work, asking: Asking, item: ItemId) -> Shown:
    """What `next` shows of an item: whoever labels there is taken to have read it."""
    suggestion = arms.suggestion_for(work, asking, work.workspace.member, item)
    return Shown(renderer=ON_COMMAND_LINE, suggestions=suggestion.entries if suggestion is not None else ())


def _rewritten(work: Work, item: ItemId, opinion: Opinion, given: bytes | None) -> Opinion:
    """The opinion with its rewrites as they are kept. Raises Refused for what cannot be, or where an output as a whole was given beside."""
    if given is not None or opinion.correction is not None:
        raise Refused("A better output was given as a whole, and steps of it were rewritten.", "Give one of the two.")
    rewrites = correcting.checked(item_rows.get(work, item).item, opinion.rewrites)
    for one in rewrites.values():
        checked_note(one.text)
    return msgspec.structs.replace(opinion, rewrites=rewrites)


def _corrected(opinion: Opinion, given: bytes | None) -> bytes | None:
    """What the output should have been: the steps that were rewritten, bytes that were given, or the opinion's own words.

    Raises Refused for what is too long, and for a file of nothing: whoever names one means to say something.
    """
    if opinion.rewrites:
        return corrections.encode(opinion.rewrites)
    if given is not None and given.startswith(corrections.TAG.encode()):
        raise Refused("The better output begins as rewritten steps do.", "Name the steps with --rewrite instead.")
    if given is not None and not given.strip():
        raise Refused("The better output is empty.", "Write it into the file, or leave out --correction.")
    if given is not None or opinion.correction is None:
        return given
    return checked_note(opinion.correction).encode() if opinion.correction.strip() else None


def _preference(choice: Choice, question: Question, member: MemberId) -> Preference:
    """What was chosen, with the order in which the member sees the candidates. Raises Refused where there is nothing to choose from."""
    keys = tuple(question.candidates)
    if not keys:
        raise Refused(f"Item {question.item[:6]} has no outputs to compare, or its campaign asks for none.", "Give --verdict instead.")
    return preferences.chosen(choice, keys, shown_order(question.campaign.rules.seed, question.item, member, keys))


def _text_of(reading: Reading, blob: str) -> str | None:
    """A correction as text; None for one that is no text or is not here."""
    found = reading.row("SELECT content FROM blob WHERE hash = ?", (bytes.fromhex(blob),))
    try:
        return bytes(found[0]).decode() if found is not None else None
    except UnicodeDecodeError:
        return None  # a file of another kind, given at the command line: it stays with the label


def _cited(work: Work, rules: Campaign, item: ItemId, opinion: Opinion, clauses: Sequence[str]) -> Opinion:
    """The opinion with these clauses, and with those that its spans and omissions name, under their full names."""
    names = [citing.Named(name) for name in (*clauses, *(one.clause for one in opinion.omissions if one.clause))]
    if not names and not any(span.clause for span in opinion.spans):
        return opinion
    whole = citing.cited(work, rules, item, opinion, names)
    omissions = (
        msgspec.structs.replace(one, clause=citing.full_name(work, rules, item, whole, one.clause)) if one.clause else one
        for one in whole.omissions
    )
    return msgspec.structs.replace(whole, omissions=tuple(omissions))


def _kept(work: Work, one: Omitted) -> Omission:
    return Omission(note=work.keep_note(checked_note(one.text)), step=one.step, clause=one.clause)


def checked_note(text: str) -> str:
    """A text as a note may be. Raises Refused for one that is too long."""
    if len(text.encode(errors="replace")) > MAX_NOTE_BYTES:
        raise Refused("The text is longer than 256 kB.", "Shorten it; the transcript need not be repeated.")
    return text


def _question(work: Work, campaign: str, item: str, *, showing: int | None = 1, marked: bool = False) -> tuple[Question, Asking, Known]:
    """What is answered. marked: whether steps are marked; else nothing needs to know how many there are."""
    asking, me = questions.campaign(work, campaign), work.workspace.member
    name = ItemId(item) if questions.is_whole(item) else item_rows.full_id(work, item)
    if showing is None:
        showing = REPEAT if Queue(work, asking, me).awaits_repeat(name) else 1
    known = questions.known(work, asking, name, me, showing)
    rules = asking.state.rules
    steps = item_rows.steps(work, name) if marked else 0
    candidates = preferred.candidates(work, asking, name)
    agent = step_marks.agent_steps(item_rows.get(work, name).item) if rules.question == "steps" else ()
    return Question(asking.state, name, known.sampled, steps, known.own, showing, known.asked, candidates, agent), asking, known

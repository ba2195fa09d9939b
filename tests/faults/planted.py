"""Bugs on purpose, each planted for the length of a test run: a suite that does not see them proves nothing. Nothing of the product knows.

A plant changes the source of one function and must find the words that it changes, so that none goes stale unseen. In a process that a test
starts, `from tests.faults import planted; planted.from_environment()` plants what REVIEWER_PLANTED names.
"""

import inspect
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from reviewer.domain import admissions, chain, fold, labels, members, merging, requeues
from reviewer.storage import answers, bulk, driver, journal, parcels, projections, receiving, rows, sending, workspace

VARIABLE = "REVIEWER_PLANTED"
STILL_ASKED = "reviewer.storage.requeues.still_asked"


def rewrite(patch: pytest.MonkeyPatch, owner: Any, name: str, *changes: tuple[str, str]) -> None:
    """Put a function in the place of one, with some words of its source exchanged. Raises AssertionError for words that are not there."""
    before = inspect.getattr_static(owner, name)
    function = inspect.unwrap(getattr(before, "__func__", before))
    source = textwrap.dedent(inspect.getsource(function))
    for old, new in changes:
        assert source.count(old) == 1, f"{name} does not say {old!r} once: renew the plant"
        source = source.replace(old, new)
    scope = {**sys.modules[function.__module__].__dict__}
    exec(compile(source, f"<planted in {name}>", "exec"), scope)  # our own source, with a bug put in
    made = scope[name]
    # What it looks up, it looks up where the original would: later patches hold for it too.
    inner = inspect.unwrap(made)
    bound = type(inner)(inner.__code__, function.__globals__, inner.__name__, inner.__defaults__, inner.__closure__)
    bound.__kwdefaults__ = inner.__kwdefaults__
    if made is not inner:
        from contextlib import contextmanager

        bound = contextmanager(bound)
    patch.setattr(owner, name, bound)


def drop_duplicate_check(patch: pytest.MonkeyPatch) -> None:
    """What is here is put in again."""
    rewrite(patch, receiving.Receiving, "_read", ("if self._is_here(name):", "if False:"))
    rewrite(patch, receiving.Receiving, "entries", ("if self._is_here(one.name):", "if False:"))


def latest_wins(patch: pytest.MonkeyPatch) -> None:
    """A label takes the place of every one of its author's that came before it, named or not; fold and tables agree on it."""
    arrived: dict[str, int] = {}
    begin, add, named, show = fold.Folding.__init__, fold.Folding.add_typed, merging._replacements, answers.label

    def beginning(self: fold.Folding, project: Any = None) -> None:
        arrived.clear()
        begin(self, project)

    def noting(self: fold.Folding, entry: Any, value: Any) -> None:
        arrived.setdefault(entry.hash, len(arrived))
        add(self, entry, value)

    def replacements(labels: Any, acts: Any) -> Iterator[tuple[Any, Any]]:
        acts = list(acts)
        yield from named(labels, [act for act in acts if act.kind == "retract"])
        for act in acts:
            for name, aim in labels.items():
                same = act.kind == "label" and (aim.actor, merging.question(aim)) == (act.actor, merging.question(act))
                if same and aim.value.showing == act.value.showing and arrived.get(name, 0) < arrived.get(act.hash, 0):
                    yield name, act

    def label(work: Any, asked: Any, entry: Any, value: Any) -> Any:
        before = work.rows(
            "SELECT hash FROM label WHERE campaign = ? AND item = ? AND member = ? AND showing = ? AND hash <> ?",
            (asked.row, bytes.fromhex(value.item), entry.body.actor, value.showing, bytes.fromhex(entry.hash)),
        )
        deps = tuple(sorted(name.hex() for (name,) in before))
        return show(work, asked, entry._replace(body=msgspec.structs.replace(entry.body, deps=deps)), value)

    patch.setattr(fold.Folding, "__init__", beginning)
    patch.setattr(fold.Folding, "add_typed", noting)
    patch.setattr(merging, "_replacements", replacements)
    patch.setattr(answers, "label", label)


def skip_prev_check(patch: pytest.MonkeyPatch) -> None:
    """Whatever an entry says it follows, it is put in."""
    rewrite(patch, receiving.Receiving, "_judge", ("before = self._before(head)", "before = self._before(head) or head.device"))


def skip_signature_check(patch: pytest.MonkeyPatch) -> None:
    """Any 64 bytes are a signature."""
    patch.setattr(journal.Author, "signed", lambda *_: True)


def ack_before_commit(patch: pytest.MonkeyPatch) -> None:
    """What was recorded is said to be saved, and committed with the next act."""
    rewrite(
        patch, workspace.Workspace, "begin",
        ('work.start("BEGIN IMMEDIATE")', 'work._raw.in_transaction and work._raw.execute("COMMIT"); work.start("BEGIN IMMEDIATE")'),
    )  # fmt: skip
    rewrite(patch, workspace.Work, "keep", ('self._raw.execute("COMMIT")', "pass"))


def synchronous_normal(patch: pytest.MonkeyPatch) -> None:
    """The disk is not waited for."""
    apply = driver._apply
    patch.setattr(driver, "_apply", lambda connection, _synchronous: apply(connection, "NORMAL"))


def retract_takes_others(patch: pytest.MonkeyPatch) -> None:
    """Anybody takes anybody's label back; fold and tables agree on it."""
    rewrite(patch, merging, "_replacements", ("aim.actor != fact.actor or ", ""))
    rewrite(
        patch, answers, "_replace",
        ("WHERE hash = ? AND member = ? AND", "WHERE hash = ? AND (? <> '') AND"),
    )  # fmt: skip


def resolution_ignores_deps(patch: pytest.MonkeyPatch) -> None:
    """A resolution takes the place of whatever else there is."""
    patch.setattr(merging, "heads", lambda facts, _scope: sorted(facts)[-1:])


def anybody_admits(patch: pytest.MonkeyPatch) -> None:
    """An `enrol` counts whoever signed it."""
    patch.setitem(members._MAY, "enrol", frozenset({"lead", "adjudicator", "reviewer", "observer"}))


def revocation_by_number(patch: pytest.MonkeyPatch) -> None:
    """A revoked device is trusted up to a number, whichever branch it stands on."""
    rewrite(
        patch, admissions, "_beyond",
        ("trusted: set[EntryHash] = set()", "trusted = {one.hash for one in own.values() for point in revoke.trusted"
         " if one.stream == point.stream and one.seq <= point.seq}"),
    )  # fmt: skip


def revocation_forgets_the_past(patch: pytest.MonkeyPatch) -> None:
    """A revocation holds for what comes after it arrived, and no earlier entry is judged anew."""
    rewrite(patch, projections, "_show", ("work.stale = True", "pass"))


def pending_never_released(patch: pytest.MonkeyPatch) -> None:
    """What waits, waits for good."""
    patch.setattr(receiving.Receiving, "_released", lambda *_: [])


def second_branch_dropped(patch: pytest.MonkeyPatch) -> None:
    """Of a fork only the branch that came first is kept."""
    put_in = receiving.Receiving._put_in

    def first_only(self: Any, one: Any) -> None:
        place = (one.stored.stream, one.stored.seq)
        if self._work.row("SELECT 1 FROM entry WHERE stream = ? AND seq = ?", place) is None:
            put_in(self, one)

    patch.setattr(receiving.Receiving, "_put_in", first_only)


def item_name_not_checked(patch: pytest.MonkeyPatch) -> None:
    """An item comes in under any id."""
    rewrite(patch, parcels, "_parsed", ("if items.item_id(canonical) != name.hex():", "if False:"))


def uncounted_never_asked_again(patch: pytest.MonkeyPatch) -> None:
    """What did not count when it came never does."""
    rewrite(patch, projections, "apply", (" | _ask_again(work)", ""))


def probability_may_fall(patch: pytest.MonkeyPatch) -> None:
    """The draw that came last says how probable an item was."""
    kept, condition, _ = projections._PICK.partition(" WHERE (CAST(pi AS REAL)")
    assert condition, "what is put in for a pick has no condition: renew the plant"
    patch.setattr(projections, "_PICK", kept)


def cursor_by_number(patch: pytest.MonkeyPatch) -> None:
    """Whoever has number n of a stream is taken to have all up to n, whatever the hashes."""
    patch.setattr(sending, "_common", lambda _rows, _stream, theirs, **_: max((seq for seq, _name in theirs), default=0))


def late_label_unseats_nobody(patch: pytest.MonkeyPatch) -> None:
    """A resolution over one's own label stands if the label came later."""
    patch.setattr(answers, "_unseat", lambda *_: None)


def refusal_keeps_the_rest(patch: pytest.MonkeyPatch) -> None:
    """A delivery that is refused leaves in what came before the damage."""
    patch.setattr(workspace.Work, "undo", lambda self: self._raw.in_transaction and self._raw.execute("COMMIT"))


def later_versions_dropped(patch: pytest.MonkeyPatch) -> None:
    """What this version cannot read is not handed on."""
    entries_of = sending.entries_of
    patch.setattr(sending, "entries_of", lambda rows, part: (one for one in entries_of(rows, part) if chain.header(one.raw).v == 1))


def bytes_rewritten(patch: pytest.MonkeyPatch) -> None:
    """An entry that came from elsewhere is kept in another spelling than its own."""
    put_in = receiving.Receiving._put_in
    patch.setattr(receiving.Receiving, "_put_in", lambda self, one: put_in(self, one._replace(raw=one.raw + b" ")))


def note_not_committed_to(patch: pytest.MonkeyPatch) -> None:
    """Any text passes for the one that was signed."""
    rewrite(patch, chain, "note_text", ("if hashlib.sha256(_NOTE_TAG + content).hexdigest() != ref.c:", "if False:"))


def role_of_any_device(patch: pytest.MonkeyPatch) -> None:
    """Who speaks for whom is not asked."""
    rewrite(patch, admissions, "why_not", ("if author.member != actor:", "if False:"))
    for user in (fold, projections):
        patch.setattr(user, "why_not", admissions.why_not)


def anybody_answers_a_requeue(patch: pytest.MonkeyPatch) -> None:
    """An item that is asked of a member again is answered by another member's label."""
    rewrite(
        patch, requeues, "still_asked",
        ("_is_asked(name, [one for one in given if one.member == member])", "_is_asked(name, given)"),
    )  # fmt: skip
    patch.setattr(STILL_ASKED, requeues.still_asked)


def requeue_never_answered(patch: pytest.MonkeyPatch) -> None:
    """That a label names what it was asked by is ignored: a stale item is asked for for ever."""
    rewrite(patch, requeues, "_is_asked", ("if any(one.in_force and name in one.names for one in own):", "if False:"))


def requeue_settled_by_any_resolution(patch: pytest.MonkeyPatch) -> None:
    """A resolution answers what asked for the item after it, too."""
    asked = requeues.still_asked
    patch.setattr(STILL_ASKED, lambda names, given, settled, gone: {} if settled else asked(names, given, settled, gone))


def whoever_left_is_asked_for_ever(patch: pytest.MonkeyPatch) -> None:
    """An item waits for the second look of a member of whom no device is trusted any more; all ways to the views agree on it."""
    asked = requeues.still_asked
    patch.setattr(STILL_ASKED, lambda names, given, settled, _gone: asked(names, given, settled))


def gold_is_an_answer(patch: pytest.MonkeyPatch) -> None:
    """A known answer is taken for a resolution; all ways to the views agree on it."""
    known = " UNION ALL SELECT {0}verdict{1} FROM gold WHERE verdict IS NOT NULL"
    found = known.format("hash, ", ", '', 0") + " AND campaign = ?1 AND item = ?2"
    patch.setattr(answers, "RESOLVED", answers.RESOLVED.replace("= ?", "= ?1", 1).replace("t.item = ?", "t.item = ?2", 1) + found)
    rewrite(patch, answers, "gold", ("follow(work, entry)", "follow(work, entry); settle(work, asked, bytes.fromhex(value.item))"))
    rewrite(
        patch, bulk.Bulk, "_settled",
        ("FROM resolution t WHERE {held}", "FROM resolution t WHERE {held}" + known.format("campaign, item, ", "")),
    )  # fmt: skip


def repeat_is_a_vote(patch: pytest.MonkeyPatch) -> None:
    """What a member said when shown an item a second time, to see whether they say the same, counts as a label; all views agree on it."""
    rewrite(patch, labels, "answer", ("if one.showing == 1 and ", "if "))
    rewrite(patch, labels, "complete", (" if one.showing == 1", ""))


def clauses_of_resolutions_dropped(patch: pytest.MonkeyPatch) -> None:
    """What a resolution cites is not shown."""
    rewrite(patch, answers, "resolve", ("_cite(work, bytes.fromhex(entry.hash), value.clauses)", "pass"))


def lists_made_here_are_shown_to_nobody_else(patch: pytest.MonkeyPatch) -> None:
    """An entry whose list is made here, and not brought, goes without it."""
    patch.setattr(workspace.Work, "keep_blob", rows.ChangingRows.keep_blob)


def admissions_judged_one_by_one(patch: pytest.MonkeyPatch) -> None:
    """A further admission bears on its own device and on nothing else."""
    patch.setattr(projections, "_moves_others", lambda *_: False)


PLANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    one.__name__: one
    for one in (
        drop_duplicate_check, latest_wins, skip_prev_check, skip_signature_check, ack_before_commit, synchronous_normal,
        retract_takes_others, resolution_ignores_deps, anybody_admits, revocation_by_number, revocation_forgets_the_past,
        pending_never_released, second_branch_dropped, item_name_not_checked, uncounted_never_asked_again, probability_may_fall,
        cursor_by_number, late_label_unseats_nobody, refusal_keeps_the_rest, later_versions_dropped, bytes_rewritten,
        note_not_committed_to, role_of_any_device, anybody_answers_a_requeue, requeue_never_answered, requeue_settled_by_any_resolution,
        gold_is_an_answer, repeat_is_a_vote, clauses_of_resolutions_dropped, lists_made_here_are_shown_to_nobody_else,
        admissions_judged_one_by_one, whoever_left_is_asked_for_ever,
    )
}  # fmt: skip


def from_environment() -> None:
    """Plant what REVIEWER_PLANTED names, for the life of this process; nothing where it names nothing."""
    name = os.environ.get(VARIABLE)
    if name:
        PLANTS[name](pytest.MonkeyPatch())

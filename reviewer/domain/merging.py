"""What stands when entries that did not know of each other meet: JOURNAL.md 2.9. Nothing here asks which came last."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

from reviewer.domain.chain import EntryHash, MemberId
from reviewer.domain.events import Ruling
from reviewer.domain.facts import Answered, Fact

ConflictKind = Literal["two_answers", "retracted_and_relabelled", "resolutions", "new_evidence", "policy", "incident"]
Question = tuple[EntryHash, str]  # campaign, item
T = TypeVar("T")


class Conflict(NamedTuple):
    """What a person must settle. subject: an item's id, a policy's key or an incident; sides: the entries that do not go together, sorted.

    two_answers: one member, one question, two verdicts, neither knew of the other; no vote until they label again.
    retracted_and_relabelled: a label was taken back and replaced at once; the replacement lives, and its author looks again.
    resolutions: adjudicators ruled differently, neither knowing; no answer until a third resolution names both.
    new_evidence: a label in force that the resolution did not consider; the resolution stands, and the item is looked at again.
    policy: two versions put in force at once; neither holds alone until an activation names both.
    incident: two people said different things of one field of it at once; both are shown until somebody says it anew.
    """

    kind: ConflictKind
    campaign: EntryHash | None
    subject: str
    sides: tuple[EntryHash, ...]


def gone(labels: Iterable[Fact], retracts: Iterable[Fact]) -> set[EntryHash]:
    """Labels that gave way. A label gives way only to its own author: to a label on the same question, or a retraction."""
    by_hash = {fact.hash: fact for fact in labels}
    return {target for target, _ in _replacements(by_hash, (*by_hash.values(), *retracts))}


def _replacements(labels: Mapping[EntryHash, Fact], acts: Iterable[Fact]) -> Iterable[tuple[EntryHash, Fact]]:
    for fact in acts:
        for target in fact.deps:
            aim = labels.get(target)
            if aim is None or aim.actor != fact.actor or question(aim) != question(fact):
                continue
            if fact.kind == "retract" or aim.value.showing == fact.value.showing:
                yield target, fact


def question(fact: Fact) -> Question:
    """The campaign and item that a label, a retraction or a resolution speaks of."""
    return (fact.value.campaign, fact.value.item)


def heads(facts: Sequence[Fact], scope: Mapping[EntryHash, object]) -> list[Fact]:
    """Those whose place no other one of the same scope has taken. scope: by hash, what an entry speaks of."""
    taken = {target for fact in facts for target in fact.deps if scope.get(target) == scope[fact.hash]}
    return [fact for fact in facts if fact.hash not in taken]


def own_label(resolve: Fact, labels: Mapping[EntryHash, Fact]) -> bool:
    """Whether a resolution weighs a label of its own author."""
    considered = (labels.get(target) for target in resolve.deps)
    return any(one is not None and one.actor == resolve.actor and question(one) == question(resolve) for one in considered)


def ruling(rulings: Iterable[Ruling]) -> Ruling | None:
    """What the resolutions in force say together; None where there is none, or where they differ."""
    said = set(rulings)
    return said.pop() if len(said) == 1 else None


def conflicts(
    labels: Sequence[Fact],
    retracts: Sequence[Fact],
    resolved: Sequence[Fact],
    activated: Sequence[Fact],
    acts: Mapping[EntryHash, Fact],
) -> tuple[Conflict, ...]:
    """Everything that a person must settle, sorted. labels, retracts, acts: all that count, acts being those
    on incidents by hash; the others: those in force."""
    by_hash = {fact.hash: fact for fact in labels}
    replaced = list(_replacements(by_hash, (*labels, *retracts)))
    away = {target for target, _ in replaced}
    standing = [fact for fact in labels if fact.hash not in away]
    return tuple(
        sorted(
            (
                *_two_answers(standing),
                *_relabelled(replaced, {fact.hash for fact in standing}),
                *_rulings(resolved),
                *_new_evidence(standing, resolved),
                *_activations(activated),
                *_of_incidents(acts),
            ),
            key=lambda one: (one.kind, one.campaign or "", one.subject, one.sides),
        )
    )


def _two_answers(standing: Iterable[Fact]) -> Iterable[Conflict]:
    groups: dict[tuple[EntryHash, str, int, MemberId], list[Fact]] = {}
    for fact in standing:
        value: Answered = fact.value
        groups.setdefault((value.campaign, value.item, value.showing, fact.actor), []).append(fact)
    for (campaign, item, _, _), facts in groups.items():
        if len({fact.value.vote for fact in facts}) > 1:
            yield Conflict("two_answers", campaign, item, _sides(facts))


def _relabelled(replaced: Iterable[tuple[EntryHash, Fact]], standing: set[EntryHash]) -> Iterable[Conflict]:
    acts: dict[EntryHash, list[Fact]] = {}
    for target, fact in replaced:
        acts.setdefault(target, []).append(fact)
    for facts in acts.values():
        living = [fact for fact in facts if fact.hash in standing]
        taken_back = [fact for fact in facts if fact.kind == "retract"]
        if living and taken_back:
            campaign, item = question(living[0])
            yield Conflict("retracted_and_relabelled", campaign, item, _sides((*living, *taken_back)))


def _rulings(resolved: Iterable[Fact]) -> Iterable[Conflict]:
    for (campaign, item), facts in _grouped((question(fact), fact) for fact in resolved):
        if len({fact.value.verdict for fact in facts}) > 1:
            yield Conflict("resolutions", campaign, item, _sides(facts))


def _new_evidence(standing: Iterable[Fact], resolved: Iterable[Fact]) -> Iterable[Conflict]:
    rulings = dict(_grouped((question(fact), fact) for fact in resolved))
    late: dict[Question, list[Fact]] = {}
    for fact in standing:
        asked = question(fact)
        if fact.value.showing == 1 and asked in rulings and not any(fact.hash in one.deps for one in rulings[asked]):
            late.setdefault(asked, []).append(fact)
    for (campaign, item), facts in late.items():
        yield Conflict("new_evidence", campaign, item, _sides((*facts, *rulings[campaign, item])))


def _activations(activated: Iterable[Fact]) -> Iterable[Conflict]:
    for policy, facts in _grouped((str(fact.value.policy), fact) for fact in activated):
        if len({fact.value.version for fact in facts}) > 1:
            yield Conflict("policy", None, policy, _sides(facts))


def given_way(acts: Mapping[EntryHash, Fact]) -> set[tuple[EntryHash, str]]:
    """What of the acts on incidents holds no more: the act and the field. It gives way to an act that names it and says the field anew."""
    return {
        (target, field)
        for fact in acts.values()
        for target in fact.deps
        if target in acts and acts[target].value.incident == fact.value.incident
        for field, _ in fact.value.said
        if field in dict(acts[target].value.said)
    }


def _of_incidents(acts: Mapping[EntryHash, Fact]) -> Iterable[Conflict]:
    gone = given_way(acts)
    held: dict[tuple[EntryHash, str], dict[str, set[EntryHash]]] = {}
    for fact in acts.values():
        for field, value in fact.value.said:
            if (fact.hash, field) not in gone:
                held.setdefault((fact.value.incident, field), {}).setdefault(value, set()).add(fact.hash)
    sides: dict[EntryHash, set[EntryHash]] = {}
    for (incident, _), values in held.items():
        if len(values) > 1:
            sides.setdefault(incident, set()).update(*values.values())
    for incident, names in sides.items():
        yield Conflict("incident", None, incident, tuple(sorted(names)))


def _grouped(pairs: Iterable[tuple[T, Fact]]) -> Iterable[tuple[T, list[Fact]]]:
    groups: dict[T, list[Fact]] = {}
    for key, fact in pairs:
        groups.setdefault(key, []).append(fact)
    return groups.items()


def _sides(facts: Iterable[Fact]) -> tuple[EntryHash, ...]:
    return tuple(sorted({fact.hash for fact in facts}))

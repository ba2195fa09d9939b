"""Whether labels are safe to train on, said before anything is written: what a model could learn instead, and what rows have in common."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from reviewer.domain import contamination, near_duplicates, preference_checks, releases, shingles, shortcuts, training_text
from reviewer.domain.changes import Outcome
from reviewer.domain.contamination import Contamination
from reviewer.domain.errors import Refused, shown
from reviewer.domain.items import ItemId, decode
from reviewer.domain.members import require
from reviewer.domain.preference_checks import Contradictions, Position
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import Part, Split
from reviewer.domain.shingles import Hashes
from reviewer.domain.shortcuts import Audit
from reviewer.formats import reference_texts
from reviewer.operations import audit_findings, audit_rows, release_answers, release_groups
from reviewer.operations.audit_findings import Finding
from reviewer.operations.audit_rows import Material
from reviewer.operations.release_answers import Chosen
from reviewer.operations.release_groups import Grouped
from reviewer.storage import agreement, campaigns, departures, golds, preferred
from reviewer.storage.campaigns import Stored
from reviewer.storage.workspace import Reading, Workspace

_EXAMPLES = 20
_LARGEST_COMPARED = 50  # items of one group whose answers are compared two by two


class Duplicates(NamedTuple):
    """Groups of more than one item that stay together, largest first. alike: pairs that likeness joined, most alike first, at most twenty.

    would_cross: groups that parts by the prompt alone would have torn apart.
    """

    groups: tuple[tuple[ItemId, ...], ...]
    alike: tuple[tuple[ItemId, ItemId, float], ...]
    would_cross: int


class Audited(NamedTuple):
    """An audit. items: that would have rows; parts: of each, compliant and all judged items. labels, pairs: None where nothing is
    of that kind. by_clause: of clauses that enough non-compliant items cite.
    """

    campaigns: tuple[str, ...]
    items: int
    parts: dict[Part, tuple[int, int]]
    findings: tuple[Finding, ...]
    labels: Audit | None
    by_clause: dict[str, Audit]
    pairs: Audit | None
    duplicates: Duplicates
    position: Position | None
    contradictions: Contradictions | None
    seen: Contamination | None

    def warnings(self, *, besides: Collection[str] = ()) -> tuple[str, ...]:
        """The findings to mind, each with what to do. besides: checks that do not matter to whoever asks."""
        return tuple(f"{one.found} {one.todo}" for one in self.findings if one.level == "warning" and one.check not in besides)


def audit_release(
    workspace: Workspace,
    ticket: Ticket,
    *,
    names: Sequence[str],
    aggregate: str = "answer",
    split: str = "1",
    min_confidence: str | None = None,
    against: Path | None = None,
) -> Outcome[Audited]:
    """Audit what a release of some campaigns would hold; nothing is written. against: an earlier release, or a file that measures a model.

    Raises NotFound, NotAllowed, Damaged E107 for labels that were changed, and Refused where no item has an answer.
    """
    require(workspace.me, "release", "audit data sets")
    shares, asked = releases.split(split), release_answers.wanted(aggregate, min_confidence)
    with workspace.read() as reading:
        agreement.require(reading)
        by_hash = {one.state.hash: one for one in (campaigns.named(reading, name) for name in names)}
        stored = [by_hash[name] for name in sorted(by_hash)]
        for one in stored:
            departures.refuse_changed_labels(reading, one)
        chosen = release_answers.choose(reading, ticket, stored, asked)
        found = audit_rows.material(reading, stored, chosen)
        if not found.items:
            said = ", ".join(f"“{one.state.rules.name}”" for one in stored)
            raise Refused(f"No item of {said} has an answer yet.", "Label items first: see `reviewer next`.")
        grouped = release_groups.grouped(
            reading, found.items, lambda done, total: ticket.step(done, total, "Looking for near-duplicates"), read=found.prompts
        )
        return Outcome(audit(reading, ticket, stored, chosen, found, grouped, shares, against=against))


def audit(
    reading: Reading,
    ticket: Ticket,
    stored: Sequence[Stored],
    chosen: Chosen,
    found: Material,
    grouped: Grouped,
    shares: Split,
    *,
    against: Path | None = None,
) -> Audited:
    """Audit what was chosen for a release. Raises as `formats.reference_texts` does."""
    steps = Counter[str]()

    def step() -> None:
        steps["done"] += 1
        ticket.step(steps["done"], max(steps["done"], 200), "Looking for shortcuts")

    findings: list[Finding] = []
    labels, by_clause = _labels(reading, stored, found, grouped, findings, step)
    pairs, position, contradictions = _pairs(reading, stored, found, grouped, findings, step)
    parts = _parts(found, grouped, shares)
    findings += audit_findings.split_findings(parts)
    duplicates = _duplicates(reading, found, grouped, shares, findings)
    seen = _seen(reading, ticket, stored, chosen, found, against, findings)
    order = {"warning": 0, "note": 1, "fine": 2}
    return Audited(
        tuple(one.state.rules.name for one in stored), len(grouped.items), parts, tuple(sorted(findings, key=lambda one: order[one.level])),
        labels, by_clause, pairs, duplicates, position, contradictions, seen,
    )  # fmt: skip


def _labels(
    reading: Reading, stored: Sequence[Stored], found: Material, grouped: Grouped, findings: list[Finding], step: Callable[[], None]
) -> tuple[Audit | None, dict[str, Audit]]:
    if not found.answers:
        return None, {}
    rows = audit_rows.labelled(reading, stored, found, grouped)
    good = int(rows.good.sum())
    findings.append(audit_findings.balance(good, len(rows.good) - good))
    whole = shortcuts.audit_labels(rows.features, rows.good, rows.groups, judge=rows.scores, step=step)
    findings += audit_findings.shortcut_findings(whole, pairs=False)
    by_clause = {
        clause: shortcuts.audit_labels(rows.features.of(which), rows.good[which], rows.groups[which], step=step)
        for clause, which in audit_rows.by_clause(rows)
    }
    for clause, one in by_clause.items():
        findings += [said for said in audit_findings.shortcut_findings(one, pairs=False, within=clause) if said.level == "warning"]
    return whole, by_clause


def _pairs(
    reading: Reading, stored: Sequence[Stored], found: Material, grouped: Grouped, findings: list[Finding], step: Callable[[], None]
) -> tuple[Audit | None, Position | None, Contradictions | None]:
    if not found.preferred:
        return None, None, None
    rows = audit_rows.pairs(reading, found, grouped)
    whole = shortcuts.audit_pairs(rows.more, rows.groups, step=step)
    findings += audit_findings.shortcut_findings(whole, pairs=True)
    said = [
        [one.preference for one, _ in told]
        for campaign in stored
        if campaign.state.rules.question == "preference"
        for _, told in preferred.given(reading, campaign)
    ]
    stood = (preference_checks.stood_first(one.ranking, one.order_shown) for some in said for one in some)
    position = preference_checks.position(first for first in stood if first is not None)
    findings.append(audit_findings.position_finding(position))
    both_ways = [pair for some in said for pair in preference_checks.both_ways([(one.ranking, one.order_shown) for one in some])]
    findings += audit_findings.swapped_findings(preference_checks.swapped(both_ways), len(both_ways))
    contradictions = preference_checks.contradictions(rows.won)
    findings.append(audit_findings.contradiction_finding(contradictions, len(rows.won)))
    return whole, position, contradictions


def _parts(found: Material, grouped: Grouped, shares: Split) -> dict[Part, tuple[int, int]]:
    counted: dict[Part, tuple[int, int]] = {}
    for item, good in found.answers.items():
        if item in grouped.name:
            part = releases.part_of(grouped.name[item], shares)
            before = counted.get(part, (0, 0))
            counted[part] = (before[0] + good, before[1] + 1)
    return counted


def _duplicates(reading: Reading, found: Material, grouped: Grouped, shares: Split, findings: list[Finding]) -> Duplicates:
    places = sorted(grouped.groups.larger.values(), key=lambda group: (-len(group), group))
    groups = [tuple(grouped.items[place] for place in group) for group in places]
    crossing = sum(len({releases.part_of(grouped.prompts[place], shares) for place in group}) > 1 for group in places)
    opposed = [pair for group in groups for pair in _opposed(reading, found, group)]
    findings += audit_findings.near_duplicate_findings(groups, crossing, opposed)
    alike = sorted(grouped.groups.pairs, key=lambda one: (-one.similarity, one.first, one.second))[:_EXAMPLES]
    return Duplicates(
        tuple(groups), tuple((grouped.items[one.first], grouped.items[one.second], one.similarity) for one in alike), crossing
    )


def _opposed(reading: Reading, found: Material, group: Sequence[ItemId]) -> Iterator[tuple[ItemId, ItemId]]:
    """Near-duplicates of a group of which one is compliant and one is not; of very large groups, among the first."""
    some = [item for item in group if item in found.answers][:_LARGEST_COMPARED]
    if len({found.answers[item] for item in some}) < 2:
        return
    stretches = {item: near_duplicates.stretches(training_text.whole(release_groups.item_of(reading, item))) for item in some}
    for one, other in combinations(some, 2):
        if found.answers[one] != found.answers[other] and shingles.jaccard(stretches[one], stretches[other]) >= near_duplicates.ALIKE:
            yield one, other


def _seen(
    reading: Reading,
    ticket: Ticket,
    stored: Sequence[Stored],
    chosen: Chosen,
    found: Material,
    against: Path | None,
    findings: list[Finding],
) -> Contamination | None:
    """Whether gold, or the texts of another file, stand in the rows. Returns what is said of the file."""
    gold = sorted({item for one in stored for item in golds.known_answers(reading, one)} - set(found.items))
    library = _library(reading, ticket, found) if gold or against is not None else None
    near_gold = contamination.contamination(_texts(reading, gold), np.empty(0, np.uint64) if library is None else library)
    marked = [gold[one.place] for one in near_gold.seen]
    findings += audit_findings.kept_out(chosen.dropped["gold"], chosen.dropped["repeat"], near_gold, marked)
    if against is None or library is None:
        return None
    texts = list(reference_texts.texts(against))
    seen = contamination.contamination((one.pieces for one in texts), library)
    ours = set(found.items)
    shared = {one.item: one.good for one in texts if one.item in ours and one.item is not None}
    changed = sum(good is not None and found.answers.get(ItemId(item), good) != good for item, good in shared.items())
    where = [texts[one.place].where for one in seen.seen]
    findings += audit_findings.seen_findings(shown(against.name, 60), seen, where, len(shared), changed)
    return seen


def _library(reading: Reading, ticket: Ticket, found: Material) -> Hashes:
    items = found.items

    def told() -> Iterator[list[str]]:
        for done, text in enumerate(_texts(reading, items), 1):
            ticket.step(min(done, len(items)), len(items), "Reading what would be trained on")
            yield text

    return contamination.library(told())


def _texts(reading: Reading, items: Sequence[ItemId]) -> Iterator[list[str]]:
    """The texts of items in pieces; of one that this replica lacks, none at all."""
    for item in items:
        content = release_groups.content_of(reading, item)
        yield [] if content is None else training_text.pieces(decode(content))

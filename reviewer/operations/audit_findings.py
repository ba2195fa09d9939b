"""What an audit found, in sentences: what was checked, what is so, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from reviewer.domain import proportions, reward_weights
from reviewer.domain.contamination import Contamination
from reviewer.domain.held_out import Predicted
from reviewer.domain.items import ItemId
from reviewer.domain.preference_checks import Contradictions, Position, Swapped
from reviewer.domain.releases import PARTS, Part
from reviewer.domain.roc import Auc
from reviewer.domain.shortcuts import RISK, Audit, Shortcut
from reviewer.domain.surface import NAMES

Level = Literal["fine", "note", "warning"]
_OTHER_NAMES = {"model": "Model", "agent": "Agent", "reviewer": "Reviewer", "hour": "Hour of the label"}
_RARE = 0.1
_SURE = 0.01


class Finding(NamedTuple):
    """One check. found: what is so; todo: what to do about it, empty where there is nothing; items: examples, at most twenty."""

    check: str
    level: Level
    found: str
    todo: str = ""
    items: tuple[ItemId, ...] = ()


def name_of(feature: str) -> str:
    """What a feature is called in a sentence."""
    return NAMES[feature][0] if feature in NAMES else _OTHER_NAMES[feature]


def direction(shortcut: Shortcut, *, pairs: bool) -> str:
    """Which way a feature goes: “the chosen output is shorter”; empty for one whose values have no order."""
    if shortcut.more is None or shortcut.feature not in NAMES:
        return ""
    _, more, less = NAMES[shortcut.feature]
    return f"the {'chosen' if pairs else 'compliant'} output {more if shortcut.more else less}"


def auc_words(auc: Auc | Predicted) -> str:
    """An AUC with its interval, in words."""
    return f"AUC {auc.value:.2f}, 95% interval {auc.low:.2f} to {auc.high:.2f}"


def shortcut_findings(audit: Audit, *, pairs: bool, within: str = "") -> Iterator[Finding]:
    """What a model could learn instead of the policy. within: the clause that the rows are of; empty for all rows."""
    what = "which output is chosen" if pairs else f"who breaks {within}" if within else "the label"
    unit = "pairs" if pairs else "rows"
    if audit.reason:
        yield Finding("shortcuts", "note", f"Whether something predicts {what} by itself cannot be said: {audit.reason}")
        return
    if not audit.alone:
        yield Finding("shortcuts", "note", f"Nothing that is counted about the outputs differs among these {audit.items:,} {unit}.")
        return
    for one in audit.risky:
        way = direction(one, pairs=pairs)
        yield Finding(
            "shortcuts", "warning",
            f"{name_of(one.feature)} predicts {what} by itself ({auc_words(one.auc)}; {audit.items:,} {unit}){f': {way}' if way else ''}."
            " A model may learn that instead of the policy.",
            _todo(one, pairs=pairs),
        )  # fmt: skip
    if audit.risky:
        return
    first, together = audit.alone[0], audit.together
    strongest = f"the strongest is {name_of(first.feature).lower()} ({auc_words(first.auc)}{_way(first, pairs=pairs)})"
    if together is not None and together.low > RISK:
        yield Finding(
            "shortcuts", "warning",
            f"Counts alone, taken together, predict {what} ({auc_words(together)}); {strongest}. A model may learn them instead.",
            "Add rows in which they point the other way, and audit again.",
        )  # fmt: skip
    elif audit.as_good_as_a_judge and together is not None and audit.judge is not None:
        yield Finding(
            "shortcuts", "warning",
            f"Counts alone predict {what} ({auc_words(together)}) nearly as well as a judge who reads ({auc_words(audit.judge)}).",
            "Look whether the label can be read off the form of the answers, and add rows that break the pattern.",
        )  # fmt: skip
    else:
        all_of_them = f"; all together: {auc_words(together)}" if together is not None else ""
        yield Finding("shortcuts", "fine", f"Nothing predicts {what} strongly by itself: {strongest}{all_of_them}; {audit.items:,} {unit}.")


def _way(shortcut: Shortcut, *, pairs: bool) -> str:
    way = direction(shortcut, pairs=pairs)
    return f"; {way}" if way else ""


def _todo(shortcut: Shortcut, *, pairs: bool) -> str:
    if shortcut.feature == "reviewer":
        return "Compare the reviewers on items that several of them label before you train: see `reviewer agreement`."
    if shortcut.more is None:
        return f"Sample so that each {name_of(shortcut.feature).lower()} has labels of both kinds, or leave the one-sided ones out."
    _, more, less = NAMES[shortcut.feature]
    turned = less if shortcut.more else more
    if pairs:
        return f"Add pairs of which the better output {turned}, or balance the pairs by it."
    as_now = more if shortcut.more else less
    return f"Add compliant items whose output {turned}, or non-compliant ones whose output {as_now}; or balance the rows by it."


def balance(good: int, bad: int) -> Finding:
    """How many rows are desirable, and by which weights both kinds count the same."""
    n = good + bad
    limits = proportions.wilson(good, n)
    share = f"{good:,} of {n:,} rows are compliant ({good / n:.0%}, 95% interval {limits.low:.0%} to {limits.high:.0%})"
    if not good or not bad:
        return Finding(
            "balance", "warning", f"{share}: a reward model learns nothing from one kind alone.", "Label items of the other kind."
        )
    weights = reward_weights.kto_weights(good, bad)
    said = f"{share}; KTO weights desirable {float(weights['desirable']):.2f}, undesirable {float(weights['undesirable']):.2f}."
    rare = min(good, bad) / n < _RARE
    return Finding("balance", "note" if rare else "fine", said, "Use these weights, or sample more of the rarer kind." if rare else "")


def split_findings(parts: Mapping[Part, tuple[int, int]]) -> Iterator[Finding]:
    """Whether the parts have the same share of compliant rows. parts: compliant rows and all rows of each."""
    good, whole = (sum(part[k] for part in parts.values()) for k in (0, 1))
    for part in PARTS[1:]:
        mine, n = parts.get(part, (0, 0))
        if not n or n == whole:
            continue
        limits = proportions.wilson(mine, n, confidence=1 - _SURE)
        rest = (good - mine) / (whole - n)
        if not limits.low <= rest <= limits.high:
            yield Finding(
                "split", "note",
                f"{mine / n:.0%} of {n:,} rows of {part} are compliant (99 % {limits.low:.0%} to {limits.high:.0%}), of others {rest:.0%}.",
                "Near-duplicates go together, so that large groups can tilt a small part: make it larger.",
            )  # fmt: skip


def near_duplicate_findings(
    groups: Sequence[Sequence[ItemId]], would_cross: int, opposed: Sequence[tuple[ItemId, ItemId]]
) -> Iterator[Finding]:
    """groups: of more than one item. would_cross: those that parts by the prompt alone would have torn apart."""
    if not groups:
        yield Finding("near_duplicates", "fine", "No two items are near-duplicates or answer the same prompt.")
        return
    largest = max(groups, key=len)
    torn = f"; without that, {would_cross:,} would have been torn apart" if would_cross else ""
    found = f"{len(groups):,} groups of near-duplicates and same prompts ({sum(map(len, groups)):,} items) stay in one part each{torn}."
    yield Finding("near_duplicates", "fine", found, items=tuple(largest[:20]))
    if opposed:
        yield Finding(
            "opposed_duplicates", "warning",
            f"{len(opposed):,} pairs of near-duplicates have opposite answers.",
            "Look at both of each pair: one label is wrong, or the policy turns on what differs.",
            tuple(item for pair in opposed[:10] for item in pair),
        )  # fmt: skip


def kept_out(gold: int, repeats: int, near_gold: Contamination, items: Sequence[ItemId]) -> Iterator[Finding]:
    """Gold and repeated labels, and gold that stands in other rows. items: the gold items that do."""
    yield Finding("gold", "fine", f"{gold:,} gold items and {repeats:,} repeated labels are kept out.")
    if near_gold.seen and near_gold.interval is not None:
        yield Finding(
            "gold_seen", "warning",
            f"{len(near_gold.seen):,} of {near_gold.texts:,} gold items stand in these rows all the same, nearly word for word"
            f" ({near_gold.share:.0%}, 95% interval {near_gold.interval.low:.0%} to {near_gold.interval.high:.0%}).",
            "Leave their copies out, or take other items as gold: what is trained on measures nothing.",
            tuple(items[:20]),
        )  # fmt: skip


def seen_findings(name: str, found: Contamination, where: Sequence[str], shared: int, changed: int) -> Iterator[Finding]:
    """What of another file stands in these rows. where: places of those texts; shared: items in both, changed: with another label there."""
    if shared:
        yield Finding("seen_items", "note", f"{shared:,} items of {name} are in these rows too; {changed:,} of them changed their label.")
    if not found.texts or found.interval is None:
        yield Finding("seen", "note", f"{name} holds no text to compare with.")
        return
    share = f"{found.share:.1%}, 95% interval {found.interval.low:.1%} to {found.interval.high:.1%}"
    some = f"; {found.any:,} share thirteen words or more"
    if not found.seen:
        yield Finding("seen", "fine", f"None of {found.texts:,} texts of {name} stands in these rows ({share}){some}.")
        return
    places = ", ".join(where[:5]) + (" and others" if len(where) > 5 else "")
    yield Finding(
        "seen", "note" if shared else "warning",
        f"{len(found.seen):,} of {found.texts:,} texts of {name} stand in these rows ({share}): {places}{some}.",
        "" if shared else "Leave these rows out if that file is to measure what was learned.",
    )  # fmt: skip


def position_finding(found: Position) -> Finding:
    """Whether the place of an output decided."""
    if found.share is None or found.interval is None or found.p is None:
        return Finding("position", "note", "No label tells outputs apart of which the order is known.")
    said = (
        f"The better output stood first in {found.first:,} of {found.n:,} labels"
        f" ({found.share:.0%}, 95% interval {found.interval.low:.0%} to {found.interval.high:.0%}; p = {found.p:.2g} of one half)."
    )
    if found.p < _SURE:
        return Finding("position", "warning", said, "Ask for some of them again the other way round, and speak with who follows the place.")
    return Finding("position", "fine", said)


def swapped_findings(found: Swapped, pairs: int) -> Iterator[Finding]:
    """Whether the same output won where two people saw a pair the other way round; nothing where none was seen so."""
    if not pairs:
        return
    said = (
        f"Of {pairs:,} pairs of answers that saw the same two outputs the other way round, {found.same:,} chose the same output,"
        f" {found.first:,} whichever stood first and {found.last:,} whichever stood last (exact p = {found.test.p_exact:.2g}, McNemar)."
    )
    if found.test.p_exact < _SURE:
        yield Finding("swapped", "warning", said, "Ask for some of them again the other way round, and speak with who follows the place.")
    else:
        yield Finding("swapped", "fine", said)


def contradiction_finding(found: Contradictions, pairs: int) -> Finding:
    """Whether pairs on one prompt contradict each other."""
    if not found.any:
        return Finding("circles", "fine", f"None of the {pairs:,} pairs contradicts others on its prompt.")
    said = f"Of {pairs:,} pairs, {found.opposed:,} were answered both ways and {found.circles:,} sets of three outputs go in a circle."
    return Finding("circles", "warning", said, "Adjudicate them: no reward can follow all of these pairs.")

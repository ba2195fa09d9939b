"""How runs of clusters, and what came and went between two of them, are said."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.ui.pages.clusters import words
from reviewer.ui.pages.policies.lists import Row
from reviewer.ui.widgets.times import count, moment

if TYPE_CHECKING:
    from reviewer.operations.cluster_history import Compared, Match, Runs
    from reviewer.operations.cluster_records import Cluster, Clustering

_NAME = 60  # characters of a name, a query, a seed
ALONE = "Only one run is kept here: there is nothing to compare it with."


class Told(NamedTuple):
    """A cluster of a comparison: its name, what it came to in this run, and what stands in the other run in its place."""

    name: str
    here: str
    there: str


def made(run: "Clustering", zone: str) -> str:
    """“12 May 2026, 14:02”."""
    return moment(datetime.fromtimestamp(run.made_ms / 1000, UTC).isoformat(), zone)


def row(run: "Clustering", zone: str, *, shows: bool) -> Row:
    """A run that can be chosen. shows: it is the one on the page."""
    said = f"{made(run, zone)}, {words.asked(run)}{' – shown' if shows else ''}"
    note = f"{found(run)}; {settings(run)}"
    return Row(run.run, said, note, f"{said}. {note}")


def choice(run: "Clustering", zone: str) -> str:
    """A run that another one is compared with."""
    return f"{made(run, zone)}, {words.asked(run)}"


def found(run: "Clustering") -> str:
    """“240 items, 6 clusters, 1 flagged”."""
    flagged = sum(one.flagged for one in run.clusters)
    return f"{words.title(run)}, {f'{flagged:,} flagged' if flagged else words.flagged(run)[0]}"


def settings(run: "Clustering") -> str:
    """“5% false alarms, scan statistic, 999 permutations within model, seed s, wordllama-l2-256”."""
    return f"{100 * run.alpha:g}% false alarms, {words.method(run)}, seed {shown(run.seed, _NAME)}, {shown(run.embedder, _NAME)}"


def hidden(listed: "Runs") -> str:
    """That runs of others are not listed; empty where all are."""
    if not listed.hidden:
        return ""
    of = f"{count(listed.hidden, 'run')} of others {'is' if listed.hidden == 1 else 'are'}"
    return f"{of} hidden from you until you have labelled your items."


def items(compared: "Compared") -> str:
    """“From the older to the newer: 4 items came, none went, 144 are in both.”"""
    came, went = (f"{number:,}" if number else "none" for number in (compared.came, compared.went))
    return f"From the older run to the newer: of their items {came} came, {went} went, {compared.both:,} are in both."


def sections(compared: "Compared") -> tuple[tuple[str, tuple[Told, ...]], ...]:
    """Headings and what stands below each; what is flagged in neither is left out."""
    return (
        ("Newly flagged", tuple(_told(one, "Before") for one in compared.newly)),
        ("No longer flagged", tuple(_told(one, "Now") for one in compared.no_more)),
        ("Flagged in both", tuple(_told(one, "Before") for one in compared.stayed)),
    )


def _told(match: "Match", when: str) -> Told:
    one, other = match.cluster, match.other
    if other is None:
        return Told(shown(one.name, _NAME), _counts(one), f"{when}: none of its items {'were' if when == 'Before' else 'are'} there.")
    what = "the same items" if other.id == one.id else f"“{shown(other.name, _NAME)}”, {match.share:.0%} the same items"
    return Told(shown(one.name, _NAME), _counts(one), f"{when}: {what}. {_counts(other)}")


def _counts(one: "Cluster") -> str:
    p = words.p_value(one)
    return f"{words.counts(one)} {p}".strip()

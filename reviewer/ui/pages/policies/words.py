"""What the page says, apart from how it looks."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reviewer.domain.citable import begins_with
from reviewer.domain.errors import shown
from reviewer.ui.pages.insights.words import figure
from reviewer.ui.pages.policies.lists import Row
from reviewer.ui.widgets.times import count, day

if TYPE_CHECKING:
    from reviewer.operations.policy_overview import ClauseLine, ClauseReading, ClauseView, PolicyLine
    from reviewer.operations.policy_publishing import Proposal
    from reviewer.storage.citations import Precedent

VERDICTS = {"compliant": "compliant", "non_compliant": "non-compliant", "unsure": "unsure", "policy_at_fault": "policy at fault"}
KINDS = {"compliant": "ok", "non_compliant": "bad", "unsure": "warn", "policy_at_fault": "warn"}


def day_at(wall_ms: int) -> str:
    """The day of a time in ms."""
    return day(datetime.fromtimestamp(wall_ms / 1000, UTC).date().isoformat())


def standing(line: "PolicyLine") -> str:
    """Which version is meant, and since when; one that was published before its first day holds from that day on."""
    version = line.shown
    if line.conflict:
        numbers = " and ".join(str(one.number) for one in line.versions if one.in_force)
        return f"versions {numbers} are both in force: put one in force"
    if not version.in_force:
        return f"version {version.number}, not in force yet"
    waiting = line.versions[-1].number
    later = f"; version {waiting} waits to be put in force" if waiting > version.number and not line.versions[-1].activated else ""
    published = datetime.fromtimestamp(version.published_ms / 1000, UTC).date().isoformat()
    since = "" if not version.effective else f" {'since' if version.effective <= published else 'from'} {day(version.effective)}"
    return f"version {version.number}, in force{since}{later}"


def policy_row(line: "PolicyLine") -> Row:
    """A policy in the list."""
    name = shown(line.title or line.key, 80)
    note = f"{line.key}: {count(len(line.versions), 'version')}, {count(line.shown.clauses_n, 'clause')}"
    return Row(line.key, name, note, f"{name}, {note}")


def clause_row(line: "ClauseLine") -> Row:
    """A clause in the list: its number as printed and its title."""
    clause = line.clause
    label = shown(clause.number or clause.clause, 60)
    # A key that only counts, “refund.3”, tells apart what begins with the same words; one made of the title says nothing more.
    words = f"{label} {shown(clause.title, 100)}" if _counts(label) else shown(clause.title or label, 100)
    note = f"{line.cited:,}" if line.cited else ""
    spoken = f"{words}, cited {count(line.cited, 'time')}"
    if line.stale:
        note = f"◆ {note}"
        spoken += f", {count(line.stale, 'label')} on old words"
    return Row(clause.clause, words, note, spoken + (", no longer in the policy" if line.gone else ""), faint=line.gone)


def clause_name(view: "ClauseView") -> str:
    """A clause in the heading of its words."""
    label = shown((view.now.number if view.now else "") or view.clause, 60)
    text = view.now.text if view.now else view.before.text if view.before else ""
    return headed(label, view.title, text)


def versions_of(view: "ClauseView") -> str:
    """Between which versions the words changed."""
    if view.now is None:
        return f"version {view.number_before}, gone in version {view.number_now}" if view.number_before else "no longer in the policy"
    if view.before is None:
        return f"unchanged since version {view.number_now}"
    return f"version {view.number_before} to version {view.number_now}"


def changed_on(view: "ClauseView") -> str:
    """When the words of today began to hold."""
    return f"changed on {day(view.changed)}" if view.changed and (view.before is not None or view.now is None) else ""


def agreement_words(reading: "ClauseReading") -> str:
    """How reviewers agree on a clause, with what the figure rests on."""
    found = reading.found
    alpha = found.alpha
    where = f" in {shown(reading.campaign, 60)}, {count(found.items, 'item')} with two labels."
    if alpha.value is None:
        return f"No figure of agreement{where}"
    return f"Agreement {figure(alpha)}{where} To do: {found.to_do}."


def proposed(proposal: "Proposal") -> str:
    """Which version of which policy a file would become, and what becomes of the clauses."""
    key = shown(proposal.key, 40)
    if proposal.follows is None:
        return f"The first version of {key}; it is in force at once."
    asked, gone = len(proposal.asked), len(proposal.gone)
    kept = sum(one.old is not None for one in proposal.matches)
    new = len(proposal.matches) - kept - asked
    said = [
        f"{count(kept, 'clause')} {'keeps its key' if kept == 1 else 'keep their keys'}",
        f"{new:,} {'is' if new == 1 else 'are'} new",
    ]
    if asked:
        said.append(f"{count(asked, 'question')} to decide: Space opens the list of old clauses")
    if gone:
        said.append(f"{count(gone, 'old clause')} left over")
    return f"Version {proposal.follows.number + 1} of {key}: {', '.join(said)}."


def stranger(proposal: "Proposal") -> str:
    """A warning where no clause of a file is surely one of the policy whose next version it would become: it may be of another policy."""
    if proposal.follows is None or any(one.old is not None for one in proposal.matches):
        return ""
    key = shown(proposal.key, 40)
    return (
        f"◆ No clause of this file is surely one of {key}. If it is another policy, go back with “Another file” and give it a name of its "
        "own."
    )


def queue_words(to_ask: int, items: int) -> str:
    """On the button that asks again. items: on how many there are labels that cite the old words, of which `to_ask` can be asked for."""
    if to_ask < items:
        return f"Queue {to_ask:,} of these {items:,} items for another look"
    return f"Queue {'this item' if items == 1 else f'these {items:,} items'} for another look"


def citing(labels: int) -> str:
    """“1 label cites”, “6 labels cite”."""
    return f"{count(labels, 'label')} {'cites' if labels == 1 else 'cite'}"


def headed(label: str, title: str, text: str) -> str:
    """A clause over its words: number or key and title, without the title where the words begin with it. label: fit to be shown."""
    return label if begins_with(text, title) else f"{label} {shown(title, 90)}".strip()


def precedent_note(one: "Precedent") -> str:
    """When and where it was resolved."""
    return f"resolved {day_at(one.wall_ms)}, item {one.item[:6]}"


def _counts(label: str) -> bool:
    return label[:1].isdigit() or label.rpartition(".")[2].isdigit()

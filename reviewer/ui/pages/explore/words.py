"""How counts, labels, times and orders are written on the Explore page."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.ui.widgets.times import count, moment

if TYPE_CHECKING:
    from reviewer.storage.listed_items import Labels, Row

ORDERS = {
    "time": "by time, newest first",
    "oldest": "by time, oldest first",
    "imported": "by import, latest first",
    "steps": "by steps, longest first",
    "relevance": "by how well they match",
}
"""What a list is sorted by, in words."""

TITLE = 160  # characters of a title that are shown


class State(NamedTuple):
    """Words in a pill, and its kind: ok, bad, warn or plain."""

    words: str
    kind: str


def heading(found: int | None, total: int | None, *, searching: bool) -> str:
    """“2,004 of 4,812 items”; “4,812 items” where everything is listed."""
    if total is None:
        return "Items"
    if not searching:
        return count(total, "item")
    return f"{'…' if found is None else f'{found:,}'} of {count(total, 'item')}"


def behind_words(behind: int) -> str:
    """What words cannot find yet: “The words of the last 3,000 items are still being indexed: this search does not look at them yet.”"""
    if behind == 1:
        return "The words of the last item are still being indexed: this search does not look at it yet."
    return f"The words of the last {behind:,} items are still being indexed: this search does not look at them yet."


def label_state(labels: "Labels", *, hidden: bool, compares: bool = False) -> State:
    """What the labels that may be seen say of an item: “1 non-compliant”, “1 and 1, to adjudicate”, “not reviewed”.

    compares: it is a comparison, of which a preference is given; else a label without a verdict marks steps.
    """
    given = {"compliant": labels.compliant, "non-compliant": labels.non_compliant, "unsure": labels.unsure}
    said = {words: number for words, number in given.items() if number}
    if not said:
        if labels.preferences:
            return State(count(labels.preferences, "preference") if compares else f"{count(labels.preferences, 'label')} of steps", "ok")
        return State("yours to review" if hidden else "not reviewed", "plain")
    if len(said) > 1:
        return State(f"{' and '.join(str(number) for number in said.values())}, to adjudicate", "warn")
    [(words, number)] = said.items()
    return State(f"{number} {words}", {"compliant": "ok", "non-compliant": "bad", "unsure": "warn"}[words])


def maker(row: "Row") -> str:
    """“airline, gpt-4o-08”; the model only where it may be known."""
    model = "model hidden" if row.hidden else row.model
    return shown(", ".join(part for part in (row.agent, model) if part), 80)


def when(time: str | None, zone: str, now: datetime) -> str:
    """“12 May 14:02” in the year of `now`, else “12 May 2024”. Empty where it is not known."""
    if not time:
        return ""
    if time[:4] == str(now.year):
        return moment(time, zone, year=False)
    return moment(time, zone).split(",")[0]

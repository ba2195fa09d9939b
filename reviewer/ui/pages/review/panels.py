"""What the drawer shows: guidelines, the policy, one's own work so far, the campaigns to choose from."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reviewer.ui.pages.review.drawer import Drawer, Row
from reviewer.ui.pages.review.words import VERDICTS, seconds, short, time_left
from reviewer.ui.widgets.times import count, moment

if TYPE_CHECKING:
    from reviewer.operations.queues import MyWork, Standing

_LISTED = 500
_HOUR_MS = 3_600_000


def show_guidelines(drawer: Drawer, standing: "Standing | None") -> None:
    """What the campaign asks of its reviewers."""
    text = standing.guidelines if standing is not None else ""
    drawer.show_text("guidelines", "Guidelines", text, "" if text else "This campaign has no guidelines.")


def show_policy(drawer: Drawer, standing: "Standing | None") -> None:
    """Which policy the campaign names."""
    policies = standing.policies if standing is not None else ()
    said = "This campaign is judged by: " + ", ".join(policies) + "." if policies else "This campaign names no policy yet."
    drawer.show_text("policy", "Policy", standing.guidelines if standing is not None else "", said)


def show_campaigns(drawer: Drawer, campaigns: "tuple[Standing, ...]", current: str, choose: Callable[[str], None]) -> None:
    """The campaigns that one takes part in."""
    rows = [Row(_campaign_words(standing), standing.id, standing.id == current) for standing in campaigns]
    summary = "Enter opens a queue. Your drafts stay where they are." if rows else "No campaign asks for your labels yet."
    drawer.show_list("campaigns", "Campaigns", rows, summary=summary, choose=choose)


def _campaign_words(standing: "Standing") -> str:
    if standing.closed:
        return f"{standing.name}: closed"
    left = time_left(standing.pace_ms, standing.waiting)
    return f"{standing.name}: {standing.done:,} of {standing.asked:,}" + (f", {left}" if left else "")


def show_my_work(drawer: Drawer, work: "MyWork", *, zone: str, choose: Callable[[str], None]) -> None:
    """Counts and the list, newest first. choose: called with the place of a label."""
    labels = work.labels
    verdicts = Counter(label.verdict or "" for label in labels)
    parts = [f"{verdicts[value]:,} {words.lower()}" for value, words in VERDICTS.items() if verdicts[value]]
    hour_ago = time.time() * 1000 - _HOUR_MS
    recent = sum(1 for label in labels if label.wall_ms >= hour_ago)
    said = f"{count(len(labels), 'label')}: {', '.join(parts)}." if labels else "You have labelled nothing here yet."
    if recent:
        said += f" {recent:,} in the last hour."
    rows = [
        Row(
            "   ".join(
                part
                for part in (
                    _when(label.wall_ms, zone),
                    f"item {short(label.item)}",
                    VERDICTS.get(label.verdict or "", "Preference"),
                    seconds(label.dur_ms),
                )
                if part
            ),
            str(place),
        )
        for place, label in enumerate(labels[:_LISTED])
    ]
    drawer.show_list("my_work", "My work so far", rows, summary=said, choose=choose)


def _when(wall_ms: int, zone: str) -> str:
    return moment(datetime.fromtimestamp(wall_ms / 1000, UTC).isoformat(), zone, year=False)

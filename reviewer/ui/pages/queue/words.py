"""How verdicts and the rest are written on the Review page; the words of DESIGN.md 2."""

from typing import TYPE_CHECKING

from reviewer.domain.errors import shown
from reviewer.domain.events import Label
from reviewer.domain.labels import Opinion

if TYPE_CHECKING:
    from reviewer.operations.queues import Showing
    from reviewer.storage.reviewer_results import ReviewerResult

VERDICTS = {"compliant": "Compliant", "non_compliant": "Non-compliant", "unsure": "Unsure"}
TONES = {"compliant": "ok", "non_compliant": "bad", "unsure": "warn"}
SEVERITIES = {"minor": "Minor", "major": "Major", "critical": "Critical"}
CONFIDENCES = {"low": "Low", "medium": "Medium", "high": "High"}


def short(item: str) -> str:
    """The first digits of an item's id, as they are shown."""
    return item[:6]


def verdict_of(opinion: Opinion) -> str:
    """“Non-compliant, major”, “Compliant”, or what stands in for a missing verdict."""
    if opinion.verdict is None:
        return "No verdict"
    words = VERDICTS[opinion.verdict]
    return f"{words}, {opinion.severity}" if opinion.severity else words


def said_in_short(label: Label) -> str:
    """“Non-compliant”, or what a label says instead of a verdict."""
    return VERDICTS.get(label.verdict or "", "Preference" if label.preference is not None else "Steps marked")


def said_above(showing: "Showing") -> str:
    """What stands above an item: why it comes again, and that what is hidden of it was looked at."""
    looked = "You looked at what is hidden of this item: your label will not count as blind." if showing.unblinded else ""
    return " ".join(part for part in (why_again(showing), looked) if part)


def why_again(showing: "Showing") -> str:
    """Why an item that was answered comes again, with the words of whoever asks; empty for one that does not."""
    if showing.doubled:
        return "You gave two answers that differ; neither counts until you answer once more."
    asked = showing.asked_again
    if asked is None:
        return ""
    return f"{asked.sentence} “{shown(asked.note, 400)}”" if asked.note else asked.sentence


def how_one_did(result: "ReviewerResult") -> str:
    """“Known answers: 8 of 9 right (52 % to 100 %).”; empty while nothing is known."""
    parts = (
        ("Known answers", result.gold_right, result.gold_total, "right", result.gold_interval),
        ("Seen twice", result.repeat_same, result.repeat_total, "the same", result.repeat_interval),
    )
    said = [
        f"{what}: {part:,} of {whole:,} {word} ({interval.low * 100:.0f} % to {interval.high * 100:.0f} %)."
        for what, part, whole, word, interval in parts
        if interval is not None
    ]
    return " ".join(said)


def time_left(pace_ms: int | None, waiting: int) -> str:
    """“about 48 min left” from one's own median; nothing while that is not known."""
    if pace_ms is None or not waiting:
        return ""
    minutes = round(pace_ms * waiting / 60_000)
    if minutes < 1:
        return "under a minute left"
    if minutes < 90:
        return f"about {minutes} min left"
    hours, rest = divmod(minutes, 60)
    rest = round(rest / 10) * 10
    return f"about {hours + rest // 60} h {rest % 60} min left" if rest % 60 else f"about {hours + rest // 60} h left"


def seconds(ms: int | None) -> str:
    """“41 s”, “2 min 5 s”, on one line; empty where it was not measured."""
    if ms is None:
        return ""
    total = round(ms / 1000)
    words = f"{total} s" if total < 60 else f"{total // 60} min {total % 60} s"
    return words.replace(" ", "\N{NO-BREAK SPACE}")

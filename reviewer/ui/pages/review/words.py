"""How verdicts and the rest are written on the Review page; the words of DESIGN.md 2."""

from reviewer.domain.labels import Opinion

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
    """“41 s”, “2 min 5 s”; empty where it was not measured."""
    if ms is None:
        return ""
    total = round(ms / 1000)
    return f"{total} s" if total < 60 else f"{total // 60} min {total % 60} s"

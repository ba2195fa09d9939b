"""How figures and names are written in an oversight record: in full, with their limits, or why there is none."""

from datetime import UTC, datetime

MISSING = "–"


def count(n: int, one: str, many: str = "") -> str:
    """“1 label”, “1,204 labels”."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def percent(share: float | None) -> str:
    """“12.34%”; a dash for what is not known."""
    return MISSING if share is None else f"{100 * share:.2f}%"


def number(value: float | None) -> str:
    """“0.812”, “−0.050”; a dash for what is not known."""
    return MISSING if value is None else f"{value:.3f}".replace("-", "−")


def percents(low: float | None, high: float | None) -> str:
    """“10.10% to 14.90%”; a dash for none."""
    return MISSING if low is None or high is None else f"{percent(low)} to {percent(high)}"


def numbers(low: float | None, high: float | None) -> str:
    """“0.712 to 0.903”; a dash for none."""
    return MISSING if low is None or high is None else f"{number(low)} to {number(high)}"


def day(ms: int | None) -> str:
    """“2026-11-28” UTC."""
    return MISSING if ms is None else datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()


def minute(ms: int) -> str:
    """“2026-11-28 22:05 UTC”."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def verdict(word: str | None) -> str:
    """A verdict or a ruling as it stands on screen."""
    return MISSING if word is None else word.replace("_", "-").replace("policy-at-fault", "policy at fault").capitalize()


def short(name: str) -> str:
    """The first digits of a hash, as commands take it."""
    return name[:12]

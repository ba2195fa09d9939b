"""What the page says of two releases side by side."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from reviewer.domain.errors import shown
from reviewer.domain.release_changes import REASONS, SAID, Comparison, Difference, Kind, Reason, Release, Side
from reviewer.domain.releases import reasons
from reviewer.ui.pages.policies.lists import Row
from reviewer.ui.widgets.times import count, moment

if TYPE_CHECKING:
    from reviewer.operations.release_listing import ReleaseLine

NO_OTHER = "There is no other release on this machine to compare it with. N makes one; F says where one lies that was made elsewhere."
STOPPED = "It was stopped. D compares again."
BUSY = "The rows of both are being read; Stop below ends it."
_MARKS = {"flipped": "◆", "went": "−", "came": "+", "moved": "→", "restated": "="}


class Figure(NamedTuple):
    """A number of rows: what it counts, and why they differ."""

    kind: str
    rows: str
    said: str
    why: str


def other_row(line: "ReleaseLine", name: str, zone: str) -> Row:
    """A release that can be chosen to compare with."""
    said, rows = f"{name}, {shown(line.format, 40)}", count(line.total, "row")
    when = moment(line.time, zone)
    return Row(line.release, said, f"{when}, {rows}", f"{said}, {when}, {rows}")


def figures(found: Comparison) -> list[Figure]:
    """How many rows of each kind there are, what matters most first."""
    told = [
        Figure(kind, f"{n:,}", one if n == 1 else several, _reasons(found.reasons[kind]))
        for kind, (one, several) in SAID.items()
        if (n := found.counts[kind])
    ]
    rewritten = f"{found.rewritten:,} of them in other bytes" if found.rewritten else ""
    return [*told, Figure("same", f"{found.same:,}", "is the same" if found.same == 1 else "are the same", rewritten)]


def _reasons(counted: Mapping[Reason, int]) -> str:
    """Why rows differ; with how many of them, where there is more than one reason."""
    if len(counted) == 1:
        return REASONS[next(iter(counted))]
    return "; ".join(f"{n:,}: {REASONS[why]}" for why, n in counted.items())


def verdict_on(found: Comparison) -> tuple[str, str]:
    """The whole in a few words, and the kind of its pill."""
    n = sum(found.counts.values())
    if not n:
        return "nothing differs", "ok"
    flipped = found.counts["flipped"]
    return (f"{flipped:,} flipped", "warn") if flipped else (f"{count(n, 'row')} differ" if n > 1 else "1 row differs", "plain")


def rules(found: Comparison) -> list[tuple[str, str, str]]:
    """What was asked for otherwise, and what was left out otherwise: a name, then, now."""
    told = [(rule.name.replace("_", " "), shown(rule.old, 200), shown(rule.new, 200)) for rule in found.rules]
    old, new = (_left_out(one) for one in (found.old, found.new))
    return told if old == new else [*told, ("left out", old, new)]


def _left_out(one: Release) -> str:
    return reasons(dict(one.dropped)) or "nothing"


def withheld(found: Comparison) -> str:
    """Rows that are counted and not listed."""
    if not found.withheld:
        return ""
    return f"{count(found.withheld, 'row')} {'is' if found.withheld == 1 else 'are'} not listed: you have still to label what they are of."


def listed(found: Comparison) -> list[Difference]:
    """Every row that differs, what matters most first."""
    place = {kind: place for place, kind in enumerate(SAID)}
    return sorted(found.differences, key=lambda one: place[one.kind])


def difference_row(key: int, one: Difference) -> Row:
    """A row that differs: what it is of; what it said and says, where, and why. key: its place among those listed."""
    title = shown(one.title, 200) if one.title else f"Item {one.item[:12]}"
    why = REASONS[one.why[0]]
    by = ", ".join(sorted({shown(entry.by, 40) for entry in one.because}))
    said = f"{_change(one.kind, one.before, one.after)} · {why}{f', by {by}' if by else ''}"
    return Row(str(key), title, f"{_MARKS[one.kind]} {said}", f"{title}: {said}")


def _change(kind: Kind, old: Side | None, new: Side | None) -> str:
    if old is None or new is None:
        side = new or old
        assert side is not None  # a difference has one side at least
        return f"{kind}: {_answer(side)}, in {side.part}"
    said = _answer(old) if old.answer == new.answer else f"{_answer(old)} → {_answer(new)}"
    part = old.part if old.part == new.part else f"{old.part} → {new.part}"
    return f"{kind}: {said}, in {part}"


def _answer(side: Side) -> str:
    return "non-compliant" if side.answer == "non_compliant" else shown(side.answer, 80)

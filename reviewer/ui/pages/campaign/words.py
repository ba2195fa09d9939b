"""Figures of a design in words: what is found, how exact a rate will be, how long it takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewer.domain.errors import shown
from reviewer.ui.widgets.charts.marks import Mark
from reviewer.ui.widgets.charts.strata_rows import StrataRows
from reviewer.ui.widgets.times import count, day

if TYPE_CHECKING:
    from reviewer.operations.designing import DesignPreview, Population

_NAMED = 4  # values of a field that are told by name
_FEW = 10  # picks below which a stratum is said to be too small to speak of


def found(population: "Population") -> str:
    """“4,812 items”; where the query asks for what is hidden, that it is only what the viewer may see."""
    return count(population.total, "item") + (" that you may see; the draw looks at all" if population.partly else "")


def made_of(population: "Population") -> list[str]:
    """What they are: a line each for agents, models, kinds and times, where there is anything to say."""
    if not population.total:
        return []
    lines = [_values("agent", population.agents), _values("model", population.models, unseen=population.unseen)]
    if len(population.kinds) > 1:
        lines.append(_values("kind", population.kinds))
    if population.first is not None and population.last is not None:
        first, last = day(population.first[:10]), day(population.last[:10])
        lines.append(f"From {first} to {last}" if first != last else f"All of {first}")
    return [line for line in lines if line]


def _values(word: str, counts: Sequence[tuple[str, int]], *, unseen: int = 0) -> str:
    hidden = f"model of {unseen:,} hidden until you have labelled" if unseen else ""
    known = [(value, number) for value, number in counts if value]
    none = sum(number for value, number in counts if not value)
    said = [f"{shown(value, 40)} {number:,}" for value, number in known[:_NAMED]]
    if len(known) > _NAMED:
        said.append(f"others {sum(number for _, number in known[_NAMED:]):,}")
    if none and known:
        said.append(f"none {none:,}")
    values = f"{count(len(known), word)}: {', '.join(said)}" if known else ""
    return "; ".join(part for part in (values, hidden) if part)


def points(half_width: float | None) -> str:
    """“± 5.0 points”."""
    if half_width is None:
        return "nothing"
    return "exactly" if half_width == 0 else f"± {100 * half_width:.1f} points"


def rate_of(share: float) -> str:
    """“5%”, “0.5%”."""
    return f"{100 * share:g}%"


def exactness(preview: "DesignPreview") -> tuple[str, str, str]:
    """What comes before the figure, the figure, and what it rests on."""
    assumed = next((one for one in preview.widths if one.rate == preview.assumed_rate), preview.widths[0])
    before = f"If about {rate_of(assumed.rate)} go wrong, the overall rate will be known to within"
    items = count(preview.to_draw, "item")
    if assumed.half_width is None:
        return before, points(None), f"With {items} a part of the population has no pick: nothing bounds its rate."
    if assumed.half_width == 0:
        return "Everything is reviewed: the rate will be known", "exactly", f"once all {items} have an answer."
    after = [f"at 95%, with {items}{' on average' if preview.design == 'poisson' else ''}."]
    others = [one for one in preview.widths if one is not assumed and one.half_width is not None]
    if others:
        after.append("; ".join(f"{points(one.half_width)} if {rate_of(one.rate)} do" for one in others).capitalize() + ".")
    more = preview.size_for_precision - preview.to_draw
    if more > 0 and preview.design != "poisson":
        after.append(f"To within 5 points takes {preview.size_for_precision:,}.")
    return before, points(assumed.half_width), " ".join(after)


def pace(preview: "DesignPreview", people: int, *, second: bool) -> tuple[str, str, str]:
    """The same of the time that it takes. people: who share the work; 0 where that is not known."""
    labels = count(preview.labels, "label")
    if preview.hours is None or preview.seconds_per_label is None:
        return "How long it takes is not known yet", labels, preview.hours_reason or ""
    together = f" for {count(people, 'person', 'people')}{' together' if people > 1 else ''}" if people else ""
    opinions = ", second opinions included" if second else ""
    before = f"At this team's pace of {_seconds(preview.seconds_per_label)} a label"
    return before, duration(preview.hours), f"{labels}{together}{opinions}."


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def duration(hours: float) -> str:
    """“1 h 50 min”, “12 min”, “less than a minute”."""
    minutes = round(hours * 60)
    if minutes < 1:
        return "less than a minute"
    return f"{minutes // 60:,} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def picks(preview: "DesignPreview") -> str:
    """Which items are taken, in a sentence or two."""
    drawn, of = preview.to_draw, count(preview.population, "item")
    if preview.design == "all":
        return f"All of {of}."
    if preview.design == "poisson":
        control = preview.control or 0
        honest = (
            f"{control:,} of them at random, so that the rate stays honest; the rest where the weight is high."
            if control
            else ("None of them is drawn at random.")
        )
        worth = f" For the overall rate they are worth {preview.effective_share * drawn:,.0f} drawn at random."
        return f"About {drawn:,} of {of}: {honest}{worth}"
    chance = f", each with a chance of {drawn / preview.population:.3g}" if preview.design == "srs" and drawn < preview.population else ""
    parts = f" in {count(len(preview.strata), 'stratum', 'strata')}" if preview.strata else ""
    return f"{drawn:,} of {of}{parts}{chance}."


def strata(preview: "DesignPreview") -> StrataRows:
    """The strata as rows with the interval to expect of each."""
    return StrataRows("Strata", tuple(_mark(one, preview.assumed_rate) for one in preview.strata), preview.assumed_rate)


def _mark(one: "tuple[str, int, int, float | None, float | None, float | None]", rate: float) -> Mark:
    name, population, to_draw, half_width, low, high = one
    small = "Too few for a rate of its own" if to_draw < min(_FEW, population) else ""
    return Mark(
        name=shown(name, 80),
        estimate=None if half_width is None else rate,
        low=low,
        high=high,
        n=to_draw,
        of=population,
        basis=f"The interval to expect if {rate_of(rate)} go wrong: {points(half_width)}",
        reason="no pick" if half_width is None else None,
        note=small,
    )

"""What a draw says of its design beyond the picks: the strata, and what was known of each item of the population.

Two blobs that the draw's `design` names. `strata`: JCS list of [name, population, picked, threshold]. `frame`: one number for each item of
the sorted population: its stratum (uint16), or its probability in the risk arm (float64), little-endian.
"""

from typing import Annotated, Any, NamedTuple

import msgspec

from reviewer.domain import canonical, designs
from reviewer.domain.designs import Selection
from reviewer.domain.errors import Damaged
from reviewer.domain.events import Draw
from reviewer.domain.items import ItemId
from reviewer.domain.sampling import DrawnStratum, Pick, Sample, decimal, permanent_random_numbers
from reviewer.domain.stratified import Reached, unpacked
from reviewer.storage.campaigns import Stored, unpack_ids
from reviewer.storage.rows import ChangingRows, Rows

_Threshold = Annotated[str, msgspec.Meta(pattern=r"\A(?:[01]|[01]\.\d{1,30}|\d(?:\.\d{1,30})?e-\d{1,3})\Z")]
_Row = tuple[str, Annotated[int, msgspec.Meta(ge=1)], Annotated[int, msgspec.Meta(ge=0)], _Threshold]
_AGAIN = "Run `reviewer verify`, or restore the last backup."
_DRAWS = "SELECT hash, design, population, picks FROM draw WHERE campaign = ? ORDER BY drawn_ms, hash"


class Before(NamedTuple):
    """What earlier draws of a campaign come to.

    draws: their names; population: of all of them, sorted; selection and edges: as the first draw has them. strata: of stratified draws,
    the stratum of each item; reached: how far each was drawn, by its name. control, risk: of risk-weighted draws, the largest
    probabilities in the two arms; items that the risk arm could not take are left out.
    """

    draws: frozenset[bytes]
    population: tuple[ItemId, ...]
    selection: Selection
    edges: tuple[float, ...]
    strata: dict[ItemId, str]
    reached: dict[str, Reached]
    control: float
    risk: dict[ItemId, float]


def keep(work: ChangingRows, sample: Sample) -> dict[str, str]:
    """Store the strata and the frame of a sample, where it has them. Returns the names of the lists by what they hold."""
    kept = {}
    if sample.strata:
        kept["strata"] = work.keep_blob(canonical.encode([list(stratum) for stratum in sample.strata]))
    if sample.frame:
        kept["frame"] = work.keep_blob(sample.frame)
    return kept


def strata_of(rows: Rows, design: dict[str, str]) -> tuple[DrawnStratum, ...]:
    """The strata of a draw; none where it has none. Raises NotFound where this replica lacks the list, Damaged for one that is none."""
    if "strata" not in design:
        return ()
    try:
        listed = msgspec.convert(canonical.decode(rows.blob(design["strata"])), list[_Row])
    except (msgspec.ValidationError, ValueError) as error:
        raise Damaged(f"A list of strata is none: {error}.", _AGAIN) from error
    return tuple(DrawnStratum(*row) for row in listed)


def latest_strata(rows: Rows, stored: Stored) -> tuple[DrawnStratum, ...]:
    """The strata of the newest draw of a campaign; none where it was not stratified."""
    found = rows.rows(_DRAWS, (bytes.fromhex(stored.state.hash),))
    return strata_of(rows, _design(found[-1][1])) if found else ()


def remade(rows: Rows, draw: Draw, seed: str) -> list[Pick] | None:
    """The picks that a draw's design, population and seed give, sorted; None where its design is none that this version can draw.

    Raises NotFound where this replica lacks a list, Damaged for one that is none.
    """
    if draw.design.get("version") != designs.VERSION or "frame" not in draw.design:
        return None
    items = unpack_ids(rows.blob(draw.population.blob))
    if "strata" not in draw.design:
        return sorted(_poisson(rows, draw.design, items, seed))
    drawn = {stratum.name: stratum for stratum in strata_of(rows, draw.design)}
    picks = []
    names = _names(rows, draw.design, len(items))
    for item, u, name in zip(items, permanent_random_numbers(seed, items), names, strict=True):
        if drawn[name].picked and u <= _number(drawn[name].threshold):
            pi = decimal(drawn[name].picked / drawn[name].population)
            picks.append(Pick(item, name, "control", pi, repr(u)))
    return sorted(picks)


def _poisson(rows: Rows, design: dict[str, str], items: list[ItemId], seed: str) -> tuple[Pick, ...]:
    import numpy as np

    from reviewer.domain import poisson

    risk = np.array(_probabilities(rows, design, len(items)))
    return poisson.poisson(items, seed, poisson.Arms(_number(design.get("control_pi", "0")), risk)).picks


def draws_of(rows: Rows, stored: Stored) -> frozenset[bytes]:
    """The names of a campaign's draws."""
    return frozenset(bytes(name) for (name,) in rows.rows("SELECT hash FROM draw WHERE campaign = ?", (bytes.fromhex(stored.state.hash),)))


def before(rows: Rows, stored: Stored) -> Before:
    """What the draws of a campaign come to. Raises NotFound where this replica lacks a list of theirs, Damaged for one that is none."""
    population: dict[ItemId, None] = {}
    strata: dict[ItemId, str] = {}
    reached: dict[str, Reached] = {}
    risk: dict[ItemId, float] = {}
    control = 0.0
    found = rows.rows(_DRAWS, (bytes.fromhex(stored.state.hash),))
    known = [_design(text) for _, text, *_ in found]
    for design, (_, _, listed, _) in zip(known, found, strict=True):
        items = unpack_ids(rows.blob(listed.hex()))
        population.update(dict.fromkeys(items))
        if "strata" in design:
            for item, name in zip(items, _names(rows, design, len(items)), strict=True):
                strata.setdefault(item, name)
            for stratum in strata_of(rows, design):
                held = reached.get(stratum.name, Reached(0.0, 0.0))
                pi = stratum.picked / stratum.population
                reached[stratum.name] = Reached(max(held.threshold, float(stratum.threshold)), max(held.pi, pi))
        elif "frame" in design:
            control = max(control, _number(design.get("control_pi", "0")))
            for item, pi in zip(items, _probabilities(rows, design, len(items)), strict=True):
                if pi > risk.get(item, 0.0):
                    risk[item] = pi
    # Two leads who did not know of each other may have put an item into two strata: it stays in the one that it was picked in.
    picked = rows.each("SELECT item, stratum FROM pick WHERE campaign = ? AND stratum <> ''", (stored.row,))
    strata.update((ItemId(item.hex()), stratum) for item, stratum in picked)
    first = known[0] if known else {}
    return Before(
        frozenset(bytes(row[0]) for row in found), tuple(sorted(population)), designs.of_facts(first), _edges(first), strata, reached,
        control, risk,
    )  # fmt: skip


def _design(text: str) -> dict[str, str]:
    found: Any = msgspec.json.decode(text)
    return dict(found)


def _edges(design: dict[str, str]) -> tuple[float, ...]:
    return tuple(_number(edge) for edge in design.get("edges", "").split())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Damaged("What a draw says of its design cannot be read.", _AGAIN) from error


def _names(rows: Rows, design: dict[str, str], count: int) -> list[str]:
    names = [stratum.name for stratum in strata_of(rows, design)]
    try:
        numbers = unpacked(rows.blob(design["frame"]))
        found = [names[number] for number in numbers]
    except (KeyError, ValueError, IndexError) as error:
        raise Damaged("What a draw says of the strata of its items cannot be read.", _AGAIN) from error
    _same_length(len(found), count)
    return found


def _probabilities(rows: Rows, design: dict[str, str], count: int) -> list[float]:
    from reviewer.domain import poisson

    try:
        found: list[float] = poisson.unpacked(rows.blob(design["frame"])).tolist()
    except ValueError as error:
        raise Damaged("What a draw says of the probabilities of its items cannot be read.", _AGAIN) from error
    _same_length(len(found), count)
    return found


def _same_length(found: int, count: int) -> None:
    if found != count:
        raise Damaged(f"A draw says something of {found:,} items, and its population has {count:,}.", _AGAIN)

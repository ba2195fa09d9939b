"""What a campaign drew and what came of it, as arrays for an estimate: DESIGN.md 2.1.

An item has an answer here by labels that were given blind, or by a resolution. Gold that was not drawn, and repeats, are in none of this.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from reviewer.domain import arms, labels
from reviewer.domain.chain import EntryHash
from reviewer.domain.events import Ruling
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Given
from reviewer.storage import departures, frames
from reviewer.storage.conflicts import in_force
from reviewer.storage.damaged import damaged_streams
from reviewer.storage.populations import Ids, Ints, places

if TYPE_CHECKING:
    from reviewer.storage.campaigns import Stored
    from reviewer.storage.workspace import Reading

Floats = NDArray[np.float64]

_LABELLED = "campaign = ?1 AND in_force = 1 AND showing = 1"


class Drawn(NamedTuple):
    """The drawn items in the order of their ids. pi: probability of inclusion; u: permanent random number, None for a census;
    stratum, stream: places among the names."""

    item: Ids
    pi: Floats
    u: Floats | None
    stratum: Ints
    strata: tuple[str, ...]
    stream: Ints
    streams: tuple[str, ...]


class Strata(NamedTuple):
    """Strata as a draw froze them. population: shape (strata,), their sizes; drawn: the stratum of each drawn item; every: that of each
    item of the population."""

    population: Ints
    drawn: Ints
    every: Ints


class Answers(NamedTuple):
    """What came of drawn items. item: those with an answer, in the order of their ids; broken: whether it is non-compliant.

    unsure: items with all labels asked for where somebody is unsure and nobody disagrees. Of those without an answer besides:
    policy_at_fault, as a resolution says; not_blind, that have one only by labels given with something leading in view; damaged, whose
    answer rests on records that do not verify. compared: of those with one, which have it by fewer labels than the overlap asks, since
    others were given in the shown arm (domain.arms).
    """

    item: Ids
    broken: NDArray[np.bool_]
    unsure: Ids
    policy_at_fault: Ids
    not_blind: Ids
    damaged: Ids
    compared: Ids


def drawn(reading: "Reading", stored: "Stored", population: Ids) -> Drawn:
    """Every drawn item."""
    if stored.state.rules.design == "all" and stored.sampled == len(population):  # a million rows say what is known without them
        same = np.zeros(len(population), np.int64)
        return Drawn(population, np.ones(len(population)), None, same, ("",), same, ("control",))
    rows = reading.rows("SELECT item, stratum, stream, pi, u FROM pick WHERE campaign = ? ORDER BY item", (stored.row,))
    strata, stratum = np.unique(np.array([row[1] for row in rows], object), return_inverse=True)
    streams, stream = np.unique(np.array([row[2] for row in rows], object), return_inverse=True)
    return Drawn(
        packed(row[0] for row in rows),
        np.fromiter((float(row[3]) for row in rows), np.float64, len(rows)),
        np.fromiter((float(row[4]) for row in rows), np.float64, len(rows)),
        stratum.astype(np.int64),
        tuple(strata.tolist()),
        stream.astype(np.int64),
        tuple(streams.tolist()),
    )


def strata(reading: "Reading", stored: "Stored", population: Ids, drawn: Drawn) -> Strata | None:
    """The strata of a stratified sample; None where draws that did not know of each other leave none that hold for all items."""
    rows = reading.rows(
        "SELECT design FROM draw WHERE campaign = ? AND population_n = ? ORDER BY picks_n DESC, hash LIMIT 1",
        (bytes.fromhex(stored.state.hash), len(population)),
    )
    design = msgspec.json.decode(rows[0][0], type=dict[str, str]) if rows else {}
    listed = frames.strata_of(reading, design)
    place = {one.name: number for number, one in enumerate(listed)}
    counted = np.bincount(drawn.stratum, minlength=len(drawn.strata)).tolist()
    if dict(zip(drawn.strata, counted, strict=True)) != {one.name: one.picked for one in listed if one.picked}:
        return None
    return Strata(
        np.array([one.population for one in listed], np.int64),
        np.array([place[name] for name in drawn.strata], np.int64)[drawn.stratum],
        np.frombuffer(reading.blob(design["frame"]), "<u2").astype(np.int64),
    )


def control_prefix(reading: "Reading", stored: "Stored", answers: Answers) -> Floats:
    """What was said of the random control stream in the order of its permanent random numbers, up to the first item that is open: 1
    non-compliant, 0 compliant, NaN unsure."""
    # It ends behind the last item of which something is known, or before: nothing beyond that is read.
    most = len(answers.item) + len(answers.unsure)
    if stored.state.rules.design in ("all", "srs"):  # nothing but the control stream, and each item's place is its number
        part = "SELECT place, item FROM (SELECT place, item FROM pick WHERE campaign = ?1 AND complete = {} ORDER BY place, item LIMIT ?2)"
        rows = reading.each(f"{part.format(0)} UNION ALL {part.format(1)} ORDER BY place, item LIMIT ?2", (stored.row, most))
        ordered = packed(item for _, item in rows)
    else:
        control = "SELECT item FROM pick WHERE campaign = ? AND stream = 'control' ORDER BY CAST(u AS REAL), item LIMIT ?"
        ordered = packed(item for (item,) in reading.each(control, (stored.row, most)))
    at = places(ordered, answers.item)
    open_ = np.flatnonzero((at < 0) & (places(ordered, answers.unsure) < 0))
    at = at[: open_[0]] if len(open_) else at
    values: Floats = np.where(at >= 0, answers.broken[at] if len(answers.broken) else np.nan, np.nan)
    return values


def answers(reading: "Reading", stored: "Stored") -> Answers:
    """The answers of drawn items, and why others have none."""
    said: dict[bytes, str] = dict(
        reading.rows("SELECT item, answer FROM pick WHERE campaign = ? AND answer IS NOT NULL ORDER BY item", (stored.row,))
    )
    blindly = _blindly(reading, stored)
    led = [item for item, answer in blindly.items() if answer is None and said.pop(item, None) is not None]
    said.update((item, answer) for item, answer in blindly.items() if answer is not None)
    resting = (bytes.fromhex(item) for item in departures.resting_on_damaged(reading, stored))
    damaged = [item for item in resting if said.pop(item, None) is not None]
    item = packed(said)
    broken = np.fromiter((answer == "non_compliant" for answer in said.values()), np.bool_, len(said))
    order = np.argsort(item)
    fault = reading.rows(
        "SELECT p.item FROM pick p WHERE p.campaign = ?1 AND p.answer IS NULL AND EXISTS (SELECT 1 FROM resolution t WHERE"
        f" t.campaign = p.campaign AND t.item = p.item AND t.verdict = 'policy_at_fault' AND {in_force('resolution', 'campaign', 'item')})",
        (stored.row,),
    )
    unsure = sorted_ids(name for name in departures.unsure_items(reading, stored) if name not in said)
    compared = (name for name in blindly if name in said and arms.is_compared(stored.state.rules, ItemId(name.hex())))
    others = (unsure, sorted_ids(name for (name,) in fault), *map(sorted_ids, (led, damaged, compared)))
    return Answers(item[order], broken[order], *others)


def without(answers: Answers, hidden: Ids) -> Answers:
    """The answers, as if nothing had been said of the hidden items. hidden: sorted."""
    kept = places(answers.item, hidden) < 0
    others = (ids[places(ids, hidden) < 0] for ids in answers[2:])
    return Answers(answers.item[kept], answers.broken[kept], *others)


def _blindly(reading: "Reading", stored: "Stored") -> dict[bytes, labels.Answer | None]:
    """The answers, by blind labels alone, of drawn items that have other labels too; of those that are compared by a judge's suggestion
    in view of some of their reviewers, as many blind labels are needed as have none in view."""
    led = f"SELECT item FROM label WHERE {_LABELLED} AND blind = 0"
    given: dict[bytes, list[Given]] = {}
    for item, name, member, verdict, blind in reading.each(
        f"SELECT l.item, l.hash, l.member, l.verdict, l.blind FROM label l JOIN pick p ON p.campaign = l.campaign AND p.item = l.item"
        f" WHERE l.campaign = ?1 AND l.in_force = 1 AND l.showing = 1 AND l.item IN ({led})",
        (stored.row,),
    ):
        mine = given.setdefault(item, [])
        if blind:
            mine.append(Given(EntryHash(name.hex()), member, verdict))
    rulings: dict[bytes, list[Ruling]] = {}
    if given:
        for item, verdict in reading.each(
            f"SELECT t.item, t.verdict FROM resolution t WHERE t.campaign = ? AND {in_force('resolution', 'campaign', 'item')}",
            (stored.row,),
        ):
            rulings.setdefault(item, []).append(verdict)
    found = {}
    for item, own in given.items():
        name = ItemId(item.hex())
        enough = arms.blind_labels_asked(stored.state, name)
        found[item] = labels.answer(stored.state, name, own, rulings.get(item, ()), enough=enough)
    return found


def breaks(reading: "Reading", stored: "Stored", answered: Answers) -> dict[str, Ints]:
    """Of each clause, `KEY:CLAUSE`, which answered items break it, as places among them: non-compliant ones that the resolution says so
    of or, where it cites nothing or there is none, a blind label that calls them non-compliant."""
    ruled = (
        "SELECT t.item, c.policy || ':' || c.clause FROM resolution t JOIN label_clause c ON c.hash = t.hash WHERE t.campaign = ?1"
        f" AND t.verdict = 'non_compliant' AND {in_force('resolution', 'campaign', 'item')}"
    )
    labelled = (
        "SELECT l.item, c.policy || ':' || c.clause FROM label l JOIN label_clause c ON c.hash = l.hash WHERE l.campaign = ?1"
        " AND l.in_force = 1 AND l.showing = 1 AND l.blind = 1 AND l.verdict = 'non_compliant'"
    )
    resolved = reading.rows(ruled, (stored.row,))
    decided = {item for item, _ in resolved}
    found: dict[str, set[bytes]] = {}
    for item, clause in (*resolved, *(row for row in reading.each(labelled, (stored.row,)) if row[0] not in decided)):
        found.setdefault(clause, set()).add(item)
    broken = answered.item[answered.broken]
    at = np.flatnonzero(answered.broken)
    result = {}
    for clause in sorted(found):
        among = places(packed(found[clause]), broken)
        result[clause] = np.sort(at[among[among >= 0]])
    return {clause: items for clause, items in result.items() if len(items)}


def mark(reading: "Reading") -> str:
    """What moves with every entry, item and list, and with what a verification finds; as quick at any size."""
    ends = reading.row("SELECT (SELECT max(rowid) FROM entry), (SELECT max(n) FROM item), (SELECT max(rowid) FROM blob)")
    return f"{ends} {sorted(damaged_streams(reading))}"


def packed(names: Iterable[bytes]) -> Ids:
    """Ids as an array, in the order given."""
    return np.frombuffer(b"".join(names), "S32")


def sorted_ids(names: Iterable[bytes]) -> Ids:
    """Ids as an array, in their order."""
    return np.sort(packed(names))

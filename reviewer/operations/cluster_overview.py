"""A run of clusters as a page shows it: what was found, what was said of it since, and the map with the verdicts of now."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from reviewer.domain import item_map
from reviewer.domain.changes import Outcome
from reviewer.domain.embedding import text_to_embed, wish_of
from reviewer.domain.errors import NotFound, shown
from reviewer.domain.item_tree import Bools, Singles
from reviewer.domain.members import NotAllowed, may
from reviewer.domain.progress import Ticket
from reviewer.operations import cluster_records
from reviewer.operations.cluster_records import Cluster, Clustering
from reviewer.operations.grouping import LEAST
from reviewer.operations.verdicts import Verdicts, may_see, refuse_unseen, verdicts
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import cluster_runs, fields, findings, item_vectors, populations, searches
from reviewer.storage.cluster_runs import Run
from reviewer.storage.populations import Ids, Laid
from reviewer.storage.workspace import Reading, Workspace

Bytes = NDArray[np.uint8]
NOT_REVIEWED, COMPLIANT, NON_COMPLIANT, UNSURE = range(4)
MOST_MODELS = 6  # that have a colour of their own; the rest share one
TIMES = 5  # classes of time, each with as many items
OTHERS, WITHHELD = "others", "hidden until labelled"  # beside the names of models
_QUOTED = 72  # characters
_LINE = 120


class ItemMap(NamedTuple):
    """The items of a run, one place an item in all arrays. points: shape (items, 2); cluster: place among the run's clusters; verdict: one
    of NOT_REVIEWED to UNSURE.

    waiting: whether the viewer has still to judge the item blind: it is NOT_REVIEWED here whatever was said of it, its model WITHHELD.
    model: place among `models`, where “others” and WITHHELD come last; no models: why_no_models says why. time: class, from old to new,
    -1 for an item without a time; days: the first of each class, and the last of all.
    """

    ids: Ids
    points: Singles
    cluster: NDArray[np.int64]
    verdict: Bytes
    waiting: Bools
    model: NDArray[np.int64]
    models: tuple[str, ...]
    why_no_models: str
    time: NDArray[np.int64]
    days: tuple[str, ...]


class Overview(NamedTuple):
    """run: with the names that people gave. newest: whether it is the last one that the member may see; earlier: how many are older.

    map: None for a run that was kept without one. reviewed: items of the run that have a verdict now. quotes: of flagged clusters and
    candidates, what a typical item asks for; asked: clusters whose fresh labels are asked for, and the campaign that asks. may_queue,
    may_name, may_open: whether the member may ask for fresh labels, give names, and open incidents.
    """

    run: Clustering
    newest: bool
    earlier: int
    map: ItemMap | None
    reviewed: int
    quotes: dict[str, str]
    asked: dict[str, str]
    may_queue: bool
    may_name: bool
    may_open: bool


class Standing(NamedTuple):
    """What there is to show: a run that the member may see, None where there is none. items, labels: in this workspace; needed: what
    a run needs of the first. hidden: why the last run is not shown, in words. flagged: clusters that others flagged, where no run is."""

    overview: Overview | None
    items: int
    needed: int
    labels: int
    hidden: str
    flagged: int


def overview(workspace: Workspace, ticket: Ticket, *, run: str = "") -> Outcome[Standing]:
    """Read a run that the member may see, by its id; the last one where none is named, or that one is gone."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        runs, hidden = _visible(reading, workspace)
        chosen = next((place for place, one in enumerate(runs) if one.id == run), 0) if runs else None
        items = int(reading.fact("items") or 0)
        found = reading.row("SELECT count(*) FROM label WHERE in_force = 1")
        seen = None if chosen is None else _overview(reading, ticket, workspace, runs, chosen)
        flagged = _flagged(reading, workspace) if not runs and not hidden else 0
        return Outcome(Standing(seen, items, LEAST, int(found[0]) if found else 0, hidden, flagged))


def line_of(workspace: Workspace, ticket: Ticket, *, item: str) -> Outcome[str]:
    """What an item is about, in one line: what its user asks for. Raises NotFound."""
    ticket.step(0, 1, "Reading")
    with workspace.read() as reading:
        return Outcome(_line(reading, item, _LINE))


def _visible(reading: Reading, workspace: Workspace) -> tuple[list[Run], str]:
    """The runs that the member may see, newest first, and why one that is newer than all of them is not shown."""
    seen: list[Run] = []
    hidden = ""
    for run in cluster_runs.every(reading):
        try:
            if run.member != workspace.member:
                refuse_unseen(reading, cluster_records.unpacked(run).campaigns, workspace.me)
        except NotAllowed as error:
            hidden = hidden or ("" if seen else f"{error.what} {error.hint}")
            continue
        seen.append(run)
    return seen, hidden


def _flagged(reading: Reading, workspace: Workspace) -> int:
    """Clusters that were flagged on other machines, as far as the member may know."""
    every = (stored.state.hash for stored in campaign_rows.every(reading))
    return len({one.cluster for one in findings.every(reading) if one.what == "flagged"}) if may_see(reading, every, workspace.me) else 0


def _overview(reading: Reading, ticket: Ticket, workspace: Workspace, runs: Sequence[Run], chosen: int) -> Overview:
    run = runs[chosen]
    content = cluster_records.unpacked(run)
    known = {one.id for one in content.clusters}
    found = verdicts(reading, ticket, campaign=_campaign(content), viewer=workspace.me)
    names, asked = ({}, {}) if found.hidden else _said(reading)  # what others say of a cluster would lead
    clusters = tuple(msgspec.structs.replace(one, name=names.get(one.id, one.name)) for one in content.clusters)
    placed = _placed(reading, run, content.clusters)
    seen = None if placed is None else _map(reading, found, *placed)
    ids = _ids(reading, run, content.clusters)
    return Overview(
        msgspec.structs.replace(content, clusters=clusters),
        chosen == 0,
        len(runs) - chosen - 1,
        seen,
        int((populations.places(found.ids, np.sort(ids)) >= 0).sum()),
        {one.id: _quote(reading, one) for one in clusters if one.flagged or one.candidate},
        {cluster: fresh for cluster, fresh in asked.items() if cluster in known},
        may(workspace.me.role, "campaign"),
        may(workspace.me.role, "finding"),
        may(workspace.me.role, "incident"),
    )


def _campaign(content: Clustering) -> str | None:
    """The campaign whose answers a run looked at, by its id, since names may be given twice; None: all of them."""
    if content.campaign is None:
        return None
    return content.campaigns[0] if content.campaigns else content.campaign


def _said(reading: Reading) -> tuple[dict[str, str], dict[str, str]]:
    """The last name that a person gave each cluster, and the campaign that asks for its fresh labels."""
    names, asked = {}, {}
    for one in findings.every(reading):
        if one.name is not None:
            names[one.cluster] = one.name
        if one.what == "queued" and one.fresh is not None:
            asked[one.cluster] = one.fresh
    return names, asked


def _ids(reading: Reading, run: Run, clusters: Iterable[Cluster]) -> Ids:
    groups = cluster_runs.lists_of(reading, run.id)
    return np.frombuffer(b"".join(groups[one.id] for one in clusters), "S32")


def _placed(reading: Reading, run: Run, clusters: Iterable[Cluster]) -> tuple[Ids, Singles, NDArray[np.int64]] | None:
    """The items of a run in the order of their ids, with the place and the cluster of each."""
    _, kept = cluster_records.mapped(run)
    if kept is None:
        return None
    ids = _ids(reading, run, clusters)
    group = np.repeat(np.arange(len(tuple(clusters))), [one.size for one in clusters])
    order = np.argsort(ids)
    return ids[order], item_map.unpacked(kept.points, kept.box)[order], group[order]


def _map(reading: Reading, found: Verdicts, ids: Ids, points: Singles, group: NDArray[np.int64]) -> ItemMap:
    verdict = np.full(len(ids), NOT_REVIEWED, np.uint8)
    known = populations.places(found.ids, ids)
    verdict[known[known >= 0]] = np.where(found.broken[known >= 0], NON_COMPLIANT, COMPLIANT)
    unsure = populations.places(found.unsure, ids)
    verdict[unsure[unsure >= 0]] = UNSURE
    waiting = np.isin(ids, np.array(searches.ids_waiting_for(reading, reading.workspace.member), "S32"))
    verdict[waiting] = NOT_REVIEWED  # a lead may know the rate of a group, and yet has to judge each item unled
    models, model, why = _models(reading, found, ids, waiting)
    return ItemMap(ids, points, group, verdict, waiting, model, models, why, *_times(reading, ids))


def _models(reading: Reading, found: Verdicts, ids: Ids, waiting: Bools) -> tuple[tuple[str, ...], NDArray[np.int64], str]:
    """The models with most items, the rest together, what is withheld, and the place of each item's; why they are not shown, where they are
    not."""
    none = np.zeros(len(ids), np.int64)
    if found.hidden:
        return (), none, f"The model is hidden from you while {found.hidden:,} items wait for your own blind label."
    laid = _laid(reading, ids, "model")
    if all(model is None for model in laid.values):
        return (), none, "No item here names its model."
    names, code = _most(laid)
    if not waiting.any():
        return names, code, ""
    return (*names, WITHHELD), np.where(waiting, len(names), code), ""


def _laid(reading: Reading, ids: Ids, field: str) -> Laid:
    """A field over the items of a run, which may be without it, or gone from this machine."""
    try:
        return populations.laid(reading, ids, fields.named(field))
    except NotFound:
        return Laid((None,), np.zeros(len(ids), np.int64))


def _most(laid: Laid) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    named = [place for place in np.argsort(-laid.sizes, kind="stable").tolist() if laid.values[place] is not None][:MOST_MODELS]
    code = np.full(len(laid.values), len(named))
    code[named] = np.arange(len(named))
    names = [str(laid.values[place]) for place in named]
    return (*names, *([OTHERS] if len(named) < len(laid.values) else [])), code[laid.code]


def _times(reading: Reading, ids: Ids) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Classes of days with about as many items each; items of one day stay together."""
    laid = _laid(reading, ids, "day")
    days = [str(day) for day in laid.values if day is not None]  # in their order, and what has none is last
    if not days:
        return np.full(len(ids), -1), ()
    ends = np.cumsum(laid.sizes[: len(days)])
    starts = np.unique(np.searchsorted(ends, [place * ends[-1] // TIMES for place in range(TIMES)], side="right"))
    found = np.full(len(laid.values), -1)
    found[: len(days)] = np.searchsorted(starts, np.arange(len(days)), side="right") - 1
    return found[laid.code], (*(days[start] for start in starts.tolist()), days[-1])


def _quote(reading: Reading, one: Cluster) -> str:
    """What a typical item asks for; empty where it has gone from this machine."""
    return next(
        (_line(reading, item, _QUOTED) for item in one.typical if reading.row("SELECT 1 FROM item WHERE id = ?", (bytes.fromhex(item),))),
        "",
    )


def _line(reading: Reading, item: str, most: int) -> str:
    for _, whole in item_vectors.items_of(reading, np.frombuffer(bytes.fromhex(item), "S32")):
        return shown(" ".join((wish_of(whole) or text_to_embed(whole)).split()), most)
    raise NotFound(f"The item {item[:12]} is not on this machine.", "Sync with somebody who has it.")

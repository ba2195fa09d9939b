"""The verdicts that a scan may look at: answers by blind labels, of one campaign or of all, as far as the viewer may know them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from reviewer.domain import survey, tree_scan
from reviewer.domain.item_tree import Bools, Floats, Ints
from reviewer.domain.members import Member, NotAllowed
from reviewer.domain.progress import Ticket
from reviewer.operations import estimate_basis
from reviewer.operations.estimate_basis import Basis
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import populations, votes
from reviewer.storage.campaigns import Stored
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Reading

_CLASSES = 8  # of inclusion probability, within which verdicts are dealt out


class Verdicts(NamedTuple):
    """ids: sorted. broken, cell, weight: of each; cells are strata, or classes of inclusion probability, of a campaign.

    campaigns: those that have some. hidden: drawn items that are left out since they wait for the viewer's own blind label. equal: whether
    all weights are. unsure: items that were looked at and have no verdict, since nobody could tell; sorted.
    """

    ids: Ids
    broken: Bools
    cell: Ints
    weight: Floats
    campaigns: tuple[Stored, ...]
    hidden: int
    unsure: Ids

    @property
    def equal(self) -> bool:
        """Whether every item was as likely to be drawn as any other."""
        return not len(self.weight) or bool(np.ptp(self.weight) < 1e-9)

    def excess(self, inside: Bools) -> float:
        """The chance that a group has so many violations beside the others, one-sided. inside: shape of ids, which verdicts are of it.

        Fisher's exact test, or Rao and Scott's where the weights are unequal: weighted counts are no counts. Its variance is that of
        draws with replacement, which is the larger one whatever the strata.
        """
        broken, outside = self.broken, ~inside
        if self.equal:
            return tree_scan.excess(*(int(one.sum()) for one in (broken[inside], inside, broken[outside], outside)))
        whole = np.zeros(len(broken), np.int64)
        found = survey.rao_scott(
            inside.astype(np.int64), broken, self.weight,
            variance=lambda parts: survey.stratified_variance(parts, whole), degrees=survey.kish_size(self.weight) - 1,
        )  # fmt: skip
        if found is None:
            return 1.0
        more = np.average(broken[inside], weights=self.weight[inside]) > np.average(broken[outside], weights=self.weight[outside])
        return found.p / 2 if more else 1 - found.p / 2

    def among(self, items: Ids) -> "tuple[Verdicts, Ints]":
        """Those of the items, sorted, that have a verdict; and their places."""
        place = populations.places(self.ids, items)
        here = place >= 0
        return self._replace(ids=self.ids[here], broken=self.broken[here], cell=self.cell[here], weight=self.weight[here]), place[here]


def verdicts(reading: Reading, ticket: Ticket, *, campaign: str | None, viewer: Member) -> Verdicts:
    """Read them. Of an item that several campaigns answered, the newest campaign's counts. Raises NotFound for a campaign that is none."""
    if campaign is not None:
        asked = [campaign_rows.named(reading, campaign)]
    else:
        asked = campaign_rows.every(reading)
    ids, rows, hidden, cells = np.empty(0, "S32"), np.empty((0, 3)), 0, 0
    used, unsure = [], np.empty(0, "S32")
    for stored in asked:
        found = estimate_basis.basis(reading, ticket, campaign=stored.state.hash, viewer=viewer)
        hidden += found.hidden
        unsure = np.union1d(unsure, found.answers.unsure)
        new, cell = _answered(found)
        fresh = populations.places(new, ids) < 0
        if not len(new):
            continue
        used.append(stored)
        ids = np.concatenate((ids, new[fresh]))
        rows = np.concatenate((rows, (cell + np.array([0, cells, 0]))[fresh]))
        cells += int(cell[:, 1].max()) + 1
        order = np.argsort(ids)
        ids, rows = ids[order], rows[order]
    unsure = unsure[populations.places(unsure, ids) < 0]
    return Verdicts(ids, rows[:, 0] > 0, rows[:, 1].astype(np.int64), rows[:, 2], tuple(used), hidden, unsure)


def _answered(found: Basis) -> tuple[Ids, Floats]:
    """The answered items, and of each the verdict, the cell and the weight."""
    answered = ~np.isnan(found.drawn.y)
    pi = found.drawn.pi[answered]
    match found.drawn.design:
        case "stratified":
            cell = found.drawn.stratum[answered]
        case "poisson":
            edges = np.unique(np.quantile(pi, np.linspace(0, 1, _CLASSES + 1)[1:-1])) if len(pi) else np.empty(0)
            cell = np.searchsorted(edges, pi, side="left")
        case _:
            cell = np.zeros(len(pi), np.int64)
    return found.item[answered], np.stack((found.drawn.y[answered], cell.astype(np.float64), 1 / np.maximum(pi, 1e-12)), axis=1)


def within_field(reading: Reading, found: Verdicts, by: str) -> Verdicts:
    """The same, dealt out within the values of a field as well, such as the model. Raises NotFound for a field that no item has, NotAllowed
    for one that is hidden from the viewer."""
    field = estimate_basis.field_to_tell(by, hidden=found.hidden)
    if not len(found.ids):
        return found
    laid = populations.laid(reading, found.ids, field)
    return found._replace(cell=found.cell * len(laid.values) + laid.code)


def may_see(reading: Reading, campaigns: Iterable[str], viewer: Member) -> bool:
    """Whether what others found of these campaigns may be shown: not to a reviewer who has still to judge items of them blind."""
    return _unseen(reading, campaigns, viewer) == 0


def refuse_unseen(reading: Reading, campaigns: Iterable[str], viewer: Member) -> None:
    """Raise NotAllowed where `may_see` says no."""
    waiting = _unseen(reading, campaigns, viewer)
    if waiting:
        raise NotAllowed(
            f"What was found is hidden from you while {waiting:,} items wait for your blind label.",
            "Finish your queue first, or ask a lead; `reviewer clusters run` shows what you may know.",
        )


def _unseen(reading: Reading, campaigns: Iterable[str], viewer: Member) -> int:
    if viewer.role != "reviewer":
        return 0
    return len({item for name in set(campaigns) for item in votes.unseen(reading, campaign_rows.by_hash(reading, name), viewer.id)})

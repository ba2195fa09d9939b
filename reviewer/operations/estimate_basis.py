"""What an estimate of a campaign rests on: what was drawn, and the answers that its viewer may know."""

from typing import NamedTuple

import numpy as np

from reviewer.domain import estimates
from reviewer.domain.errors import NotFound, shown
from reviewer.domain.members import Member, NotAllowed
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import fields, latest_opinions, populations, samples
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage import votes as vote_rows
from reviewer.storage.campaigns import Stored
from reviewer.storage.fields import Field
from reviewer.storage.populations import Ids, Ints
from reviewer.storage.samples import Answers, Strata
from reviewer.storage.workspace import Reading


class Basis(NamedTuple):
    """A campaign as an estimate needs it. population: all ids that its draws froze; place: of the drawn items among them, -1 for none.

    drawn: what the domain estimates from, in the order of the drawn items' ids; strata: None where there are none. hidden: drawn items that
    the viewer, a reviewer, has still to judge blind: they count as items without an answer, whatever was said of them.
    """

    stored: Stored
    population: Ids
    item: Ids
    place: Ints
    drawn: estimates.Drawn
    strata: Strata | None
    answers: Answers
    hidden: int

    @property
    def answered(self) -> int:
        """Drawn items with an answer that counts."""
        return len(self.answers.item)

    @property
    def open(self) -> int:
        """Drawn items without one, apart from those that are unsure."""
        return len(self.item) - self.answered - len(self.answers.unsure)


def basis(reading: Reading, ticket: Ticket, *, campaign: str, viewer: Member) -> Basis:
    """Read what an estimate rests on. Raises NotFound for a campaign that is not here, or a list of its draws."""
    ticket.step(0, 4, "Reading the draws")
    stored = campaign_rows.named(reading, campaign)
    population = populations.population(reading, stored)
    ticket.step(1, 4, "Reading the sample")
    drawn = samples.drawn(reading, stored, population)
    ticket.step(2, 4, "Reading answers")
    answers = samples.answers(reading, stored)
    unseen = frozenset() if viewer.role != "reviewer" else vote_rows.unseen(reading, stored, viewer.id)
    if unseen:
        answers = samples.without(answers, samples.sorted_ids(unseen))
    ticket.step(3, 4, "Reading answers")
    place = np.arange(len(population)) if drawn.item is population else populations.places(drawn.item, population)
    y = np.full(len(drawn.item), np.nan)
    y[populations.places(answers.item, drawn.item)] = answers.broken
    strata = samples.strata(reading, stored, population, drawn) if stored.state.rules.design == "stratified" else None
    whole = np.zeros(len(y), np.int64), np.array([len(population)], np.int64)
    stratum, sizes = whole if strata is None else (strata.drawn, strata.population)
    design = estimates.Drawn(_design(stored, drawn, strata), drawn.pi, y, stratum, sizes)
    return Basis(stored, population, drawn.item, place, design, strata, answers, len(unseen))


def field_to_tell(by: str, *, hidden: int) -> Field:
    """The field of a name, by which items are to be told apart. hidden: drawn items that wait for the viewer's own blind label. Raises
    NotAllowed where its values would lead them."""
    field = fields.named(by)
    if hidden and field.leads:
        raise NotAllowed(
            f"The {shown(by, 40)} of {hidden:,} items is hidden from you until you have labelled them.",
            "Finish your queue first, or ask a lead.",
        )
    return field


def with_judge(reading: Reading, ticket: Ticket, found: Basis, judge: str) -> Basis:
    """The basis with a judge's scores of all of the population. Raises NotFound for a judge who is not here, NotAllowed for a viewer whom
    they would lead."""
    if found.hidden:
        raise NotAllowed(
            f"What a judge says is hidden from you while {found.hidden:,} items wait for your blind label.",
            "Finish your queue first, or ask a lead.",
        )
    ticket.step(0, 1, "Reading the judge's scores")
    said = latest_opinions.said_last(reading, judge)
    if not len(said.item):
        names = ", ".join(shown(name, 40) for name in suggestion_rows.judges(reading)[:20])
        hint = f"Judges whose opinions are here: {names}." if names else "Bring opinions in with `reviewer suggestions import`."
        raise NotFound(f"There is no judge “{shown(judge, 40)}”.", hint)
    at = populations.places(said.item, found.population)
    every = np.full(len(found.population), np.nan)
    every[at[at >= 0]] = said.as_numbers[at >= 0]
    f = np.where(found.place >= 0, every[found.place], np.nan)
    stratum = None if found.strata is None else found.strata.every
    return found._replace(drawn=found.drawn._replace(f=f, f_population=every, f_stratum=stratum))


def _design(stored: Stored, drawn: samples.Drawn, strata: Strata | None) -> estimates.Design:
    """How the items were drawn. Where draws that did not know of each other leave no strata, or no one probability, that hold for all,
    each item stands by its own probability."""
    design = stored.state.rules.design
    if (design == "srs" and np.ptp(drawn.pi) > 0) or (design == "stratified" and strata is None):
        return "poisson"
    return design

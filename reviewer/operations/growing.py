"""Growing: what a further draw of a campaign takes, made or only looked at. Nothing is written here."""

from reviewer.domain import sampling
from reviewer.domain.errors import Refused, about
from reviewer.domain.items import ItemId
from reviewer.domain.progress import Ticket
from reviewer.operations import drawing
from reviewer.operations.drawing import Chosen, Wanted
from reviewer.storage import campaigns, frames
from reviewer.storage.workspace import Reading


def grown(reading: Reading, ticket: Ticket, stored: campaigns.Stored, found: list[ItemId], before: frames.Before, size: int) -> Chosen:
    """What another draw takes, so that `size` items are drawn in all. found: what the query finds today; before: earlier draws.

    Nothing drawn is dropped. Raises Refused for a size that would make a probability fall.
    """
    rules = stored.state.rules
    wanted = Wanted(rules.design, rules.seed, size, before.selection)
    if rules.design == "all":
        return drawing.choose(reading, ticket, wanted, found, before)
    if rules.design in ("srs", "stratified") and size < stored.sampled:
        with about("size"):
            raise Refused(f"“{rules.name}” has {stored.sampled:,} items drawn already.", f"Ask for more than {stored.sampled:,}.")
    if rules.design == "srs":
        items = sorted({*found, *before.population})
        held = campaigns.latest_sample(reading, stored)
        return Chosen(sampling.simple_random(items, rules.seed, size=size, grown_from=held, ticket=ticket), tuple(items))
    return drawing.choose(reading, ticket, wanted, found, before)

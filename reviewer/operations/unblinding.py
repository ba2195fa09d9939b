"""Looking at what a blind campaign hides of an item, on purpose. It is noted first, and the label that follows says what was seen."""

from typing import NamedTuple

from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.events import Shown
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import labels as label_rows
from reviewer.storage import suggestions as suggestion_rows
from reviewer.storage import unblindings
from reviewer.storage.items import Origin
from reviewer.storage.labels import Said
from reviewer.storage.suggestions import Opinion
from reviewer.storage.workspace import Workspace


class Hidden(NamedTuple):
    """What would lead a reviewer. models: of the item, and of its candidates as `KEY: MODEL`; labels: of others, in force.

    origin: None where the item's source is not on this machine.
    """

    item: ItemId
    models: tuple[str, ...]
    origin: Origin | None
    suggestions: tuple[Opinion, ...]
    labels: tuple[Said, ...]


def unblind_item(workspace: Workspace, ticket: Ticket, *, campaign: str, item: str) -> Outcome[Hidden]:
    """Show what is hidden of an item of a campaign. From now on a label of the member on it counts as not blind.

    Nothing of one's own is among it: that an item is shown a second time stays hidden. Raises NotFound, NotAllowed.
    """
    require(workspace.me, "label", "look at what is hidden while reviewing")
    ticket.step(0, 1, "Fetching")
    with workspace.begin(urgent=True) as work:
        stored = campaign_rows.named(work, campaign)
        name = item_rows.full_id(work, item)
        whole = item_rows.get(work, name).item
        given = tuple(one for one in label_rows.of_item(work, name) if one.in_force and one.member != workspace.member)
        models = (whole.model, *(one.model and f"{one.key}: {one.model}" for one in whole.candidates))
        hidden = Hidden(
            name,
            tuple(model for model in models if model),
            item_rows.origin(work, name),
            tuple(suggestion_rows.of_item(work, name)),
            given,
        )
        shown = Shown(
            renderer="",
            model=bool(hidden.models),
            suggestions=suggestion_rows.ids_of(work, name),
            labels=tuple(sorted(one.hash for one in given)),
            source=True,  # whoever looked has looked, even where nothing was there
        )
        unblindings.note(work, stored.state.hash, name, workspace.member, shown, now_ms=workspace.surroundings.now_ms())
    return Outcome(hidden, Changes.NONE)

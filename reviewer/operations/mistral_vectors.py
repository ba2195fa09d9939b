"""Mistral as an embedder for whoever asks for it: under the same switch and key as the judge, since the same texts leave the machine."""

from collections import Counter
from contextlib import closing
from functools import partial
from typing import NamedTuple

from reviewer.domain.embedding import text_to_embed
from reviewer.domain.items import ItemId
from reviewer.domain.judge_prompts import tokens_in
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.redaction import redact
from reviewer.operations import judge_batches
from reviewer.operations.judge_access import address_and_key, is_on, require_on
from reviewer.operations.judge_material import Terms
from reviewer.outside.mistral_embedder import MODEL, MistralEmbedder
from reviewer.outside.mistral_line import checked_server
from reviewer.storage import item_vectors
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Workspace

_ACT = "send texts to Mistral"


class Preview(NamedTuple):
    """What would be sent. items: to be grouped; asked: texts that would go; cached: items whose vectors are here from before.

    tokens, cost (US dollars): estimates; private: details taken out before sending, by kind; first: the first text that would go, as it
    would go, None where none would; on: whether sending is turned on.
    """

    items: int
    asked: int
    cached: int
    tokens: int
    cost: float | None
    private: dict[str, int]
    first: tuple[ItemId, str] | None
    model: str
    terms: Terms
    on: bool


def preview(workspace: Workspace, ticket: Ticket, ids: Ids, *, terms: Terms) -> Preview:
    """What would be sent to have vectors of these items, without sending it; it needs neither the switch nor a key. ids: sorted.

    Raises NotAllowed, and Refused for a server that is none.
    """
    require(workspace.me, "suggestion", _ACT)
    checked_server(terms.server)
    asked = characters = 0
    private: Counter[str] = Counter()
    first: tuple[ItemId, str] | None = None
    with workspace.read() as reading:
        lacking = item_vectors.lacking(reading, MODEL, ids)
        for done, (name, item) in enumerate(item_vectors.items_of(reading, lacking)):
            ticket.step(done, len(lacking), "Reading what would be sent")
            text = text_to_embed(item)
            if not text.strip():
                continue  # nothing is sent of one without words
            sent = redact(text)
            first = first or (ItemId(name.hex()), sent.text)
            asked, characters = asked + 1, characters + len(sent.text)
            private.update(sent.counts)
    tokens = tokens_in(characters)
    cached = len(ids) - len(lacking)
    return Preview(
        len(ids), asked, cached, tokens, terms.cost_of_vectors(tokens), dict(private), first, MODEL, terms, is_on(workspace)
    )  # fmt: skip


def mistral_embedder(workspace: Workspace, ticket: Ticket, *, terms: Terms) -> closing[MistralEmbedder]:
    """An embedder for a `with` block, which hears when somebody wants to stop.

    Raises NotAllowed for whoever may not ask a judge, Refused where sending is turned off or there is no key.
    """
    require(workspace.me, "suggestion", _ACT)
    require_on(workspace)
    return closing(MistralEmbedder(*address_and_key(terms), wait=partial(judge_batches.listen, ticket)))

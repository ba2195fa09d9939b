"""Mistral as an embedder for whoever asks for it: under the same switch and key as the judge, since the same texts leave the machine."""

from contextlib import closing
from functools import partial

from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import judge_batches
from reviewer.operations.judge_access import address_and_key, require_on
from reviewer.operations.judge_material import Terms
from reviewer.outside.mistral_embedder import MistralEmbedder
from reviewer.storage.workspace import Workspace


def mistral_embedder(workspace: Workspace, ticket: Ticket, *, terms: Terms) -> closing[MistralEmbedder]:
    """An embedder for a `with` block, which hears when somebody wants to stop.

    Raises NotAllowed for whoever may not ask a judge, Refused where sending is turned off or there is no key.
    """
    require(workspace.me, "suggestion", "send texts to Mistral")
    require_on(workspace)
    return closing(MistralEmbedder(*address_and_key(terms), wait=partial(judge_batches.listen, ticket)))

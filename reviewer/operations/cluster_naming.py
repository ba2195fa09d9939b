"""Asking Mistral for the name of a cluster, when a person wants it: under the judge's switch and key, and previewed like a judgement.

The name is recorded as one that a person gave, since a person asked for it, with the model in brackets behind it.
"""

from contextlib import closing
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from reviewer.domain import canonical, cluster_prompts, redaction
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.cluster_prompts import TEXTS
from reviewer.domain.embedding import text_to_embed
from reviewer.domain.errors import NotFound, NotSaved
from reviewer.domain.judge_answers import Discarded
from reviewer.domain.judge_prompts import estimated_tokens
from reviewer.domain.judges import NOTHING, Question, Usage
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.operations import cluster_listing, confirming, judge_batches
from reviewer.operations.cluster_listing import Shown
from reviewer.operations.judge_access import address_and_key, is_on, require_on
from reviewer.operations.judge_material import Kept, Terms
from reviewer.outside.mistral_judge import MistralJudge
from reviewer.outside.mistral_line import checked_server
from reviewer.storage import answer_cache, item_vectors, prompts
from reviewer.storage.answer_cache import AnswerCache
from reviewer.storage.workspace import Reading, Workspace

_ACT = "ask Mistral for a name"
_NONCE_BYTES = 12
_kept = msgspec.json.Decoder(Kept)


class Preview(NamedTuple):
    """What would be sent. texts: of how many items; known: asked before, so that nothing is sent; tokens, cost (US dollars): estimates."""

    cluster: str
    question: Question
    texts: int
    private: dict[str, int]
    tokens: int
    cost: float | None
    known: bool
    terms: Terms
    on: bool


class Named(NamedTuple):
    """The name as it is recorded, the model that gave it, and what was paid: nothing for one that is known from before."""

    cluster: str
    name: str
    model: str
    known: bool
    tokens: int
    cost: float | None


class _Material(NamedTuple):
    """What is asked about. called: the name that it has; key: all that an answer hangs on."""

    cluster: str
    called: str
    texts: tuple[str, ...]
    private: dict[str, int]
    key: str


def preview_name(workspace: Workspace, ticket: Ticket, *, cluster: str, terms: Terms) -> Outcome[Preview]:
    """What would be sent, without sending it; it needs neither the switch nor a key. Raises NotAllowed, NotFound, Refused."""
    checked_server(terms.server)
    material = _material(workspace, ticket, cluster, terms)
    with answer_cache.opened(workspace.folder, workspace.seal) as cache:
        known = _known(cache, material.key)
    asked = _question(workspace, material, None if known is None else known.nonce)
    tokens = Usage(*estimated_tokens(asked)) if known is None else NOTHING
    return Outcome(
        Preview(
            material.cluster, asked, len(material.texts), material.private, tokens.total, terms.cost(tokens), known is not None, terms,
            is_on(workspace),
        )
    )  # fmt: skip


def ask_name(workspace: Workspace, ticket: Ticket, *, cluster: str, terms: Terms) -> Outcome[Named]:
    """Ask for a name and record it; what was asked before costs nothing and needs no network. Raises NotAllowed, NotFound, Refused where it
    is turned off or has no key, NoAnswer, and Discarded for an answer that is no name; then nothing is recorded."""
    require_on(workspace)
    material = _material(workspace, ticket, cluster, terms)
    ticket.step(0, 1, "Asking Mistral for a name")
    with answer_cache.opened(workspace.folder, workspace.seal) as cache:
        held = _known(cache, material.key)
        asked = _question(workspace, material, None if held is None else held.nonce)
        kept = held if held is not None else _asked(ticket, asked, terms)
        try:
            name = cluster_prompts.name_of(kept.reply, asked)
        except Discarded:
            cache.drop(material.key)  # the next time it is asked anew
            raise
        if held is None:
            _keep(workspace, cache, material.key, kept)
    model = "".join(c if c.isprintable() and c != " " else "-" for c in kept.reply.model[:30]) or terms.model[:30]
    whole = f"{name} ({model})"
    changes = Changes.NONE
    if whole != material.called:
        changes = confirming.name_cluster(workspace, ticket, cluster=material.cluster, name=whole).changes
    paid = NOTHING if held is not None else kept.reply.usage
    return Outcome(Named(material.cluster, whole, model, held is not None, paid.total, terms.cost(paid)), changes)


def _asked(ticket: Ticket, asked: Question, terms: Terms) -> Kept:
    with closing(MistralJudge(terms.model, *address_and_key(terms), wait=partial(judge_batches.listen, ticket))) as model:
        return Kept(asked.nonce, model.ask(asked))


def _keep(workspace: Workspace, cache: AnswerCache, key: str, kept: Kept) -> None:
    """Keep an answer; where its disk is full that is said, and the name recorded all the same."""
    try:
        cache.put(key, None, msgspec.json.encode(kept))
    except NotSaved as error:
        workspace.notices.append(error)


def _known(cache: AnswerCache, key: str) -> Kept | None:
    held = cache.get(key)
    try:
        return None if held is None else _kept.decode(held)
    except msgspec.DecodeError:
        return None  # it is asked again


def _question(workspace: Workspace, material: _Material, nonce: str | None) -> Question:
    code = nonce or workspace.surroundings.entropy(_NONCE_BYTES).hex()
    return cluster_prompts.question(prompts.prompt(prompts.CLUSTER_NAME), material.texts, nonce=code)


def _material(workspace: Workspace, ticket: Ticket, cluster: str, terms: Terms) -> _Material:
    """The texts in the middle of a cluster that the member may see, without private details."""
    require(workspace.me, "suggestion", _ACT)
    found = cluster_listing.show_cluster(workspace, ticket, cluster=cluster).value
    with workspace.read() as reading:
        texts = cluster_prompts.shown_texts(_middle(reading, found))
    if not texts.texts:
        raise NotFound("None of the cluster's items is on this machine with words to name it by.", "Give it a name of your own.")
    prompt = prompts.prompt(prompts.CLUSTER_NAME)
    told = ["mistral", terms.server, terms.model, prompt.name, prompt.hash, str(redaction.VERSION), found.cluster.id, *texts.texts]
    return _Material(found.cluster.id, found.cluster.name, texts.texts, texts.private, canonical.sha256_hex(canonical.encode(told)))


def _middle(reading: Reading, found: Shown) -> list[str]:
    """What the items nearest to the cluster's middle are about; where their vectors are not here, every so many of them."""
    ids = np.frombuffer(bytes.fromhex("".join(found.items)), "S32")
    if found.clustering is not None:
        known, vectors = item_vectors.vectors_of(reading, found.clustering.embedder, ids)
        if len(known):
            apart = np.linalg.norm(vectors - vectors.mean(axis=0), axis=1)
            ids = known[np.argsort(apart, kind="stable")[:TEXTS]]
    some = ids[:: max(1, len(ids) // TEXTS)][:TEXTS]
    return [text for _, item in item_vectors.items_of(reading, some) if (text := text_to_embed(item)).strip()]

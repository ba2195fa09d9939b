"""Vectors of items: by a model on this machine or, where texts are not in English, by the stretches of characters that stand in them."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from reviewer.catalogue.settings import Settings
from reviewer.domain import ngrams
from reviewer.domain.embedding import Embedder, text_to_embed
from reviewer.domain.errors import Refused, shown
from reviewer.domain.item_tree import Singles
from reviewer.domain.judges import use_words
from reviewer.domain.ngrams import Learned
from reviewer.domain.progress import Ticket
from reviewer.operations.beside import Keeper, Keeping
from reviewer.operations.judge_access import require_on
from reviewer.operations.judge_material import Terms, terms_of
from reviewer.operations.mistral_vectors import mistral_embedder
from reviewer.outside import word_vectors
from reviewer.outside.mistral_embedder import AT_ONCE
from reviewer.storage import item_vectors, preferences
from reviewer.storage.onlooker import Onlooker
from reviewer.storage.populations import Ids
from reviewer.storage.workspace import Workspace

EMBEDDERS = ("local", "mistral")
_ASKED = 200  # texts whose language is looked at
_SHORT = 40  # characters: of less nobody can say the language
_MOST_FOREIGN = 0.25  # of texts: short and technical ones are mistaken now and then
_BATCH = 256


class Embedded(NamedTuple):
    """The items that have vectors, sorted, and these: shape (items, dimensions). why: which embedder it was, in a sentence."""

    ids: Ids
    vectors: Singles
    embedder: str
    why: str
    new: int


def embed(workspace: Onlooker, keeper: Keeper, ticket: Ticket, ids: Ids) -> Embedded:
    """The vectors of items by the embedder that suits them on this machine, made where they are lacking, a batch at a time: stopped in
    between, those before are kept. ids: sorted."""
    chosen, why = choose(workspace, keeper, ticket, ids)
    return embed_with(workspace, keeper, ticket, ids, chosen, why)


def embed_by_mistral(workspace: Workspace, ticket: Ticket, ids: Ids, *, terms: Terms | None = None) -> Embedded:
    """The same by Mistral. terms: how it is asked; None: as the settings say. Raises Refused where sending is turned off, NotAllowed, and
    NoAnswer of the service."""
    how = terms or terms_of(Settings(preferences.read()))
    with mistral_embedder(workspace, ticket, terms=how) as service:

        def paid() -> str:
            return use_words(service.tokens, how.cost_of_vectors(service.tokens))

        def asking() -> str:
            return "Asking Mistral for vectors" + (f"; {paid()}" if service.tokens else "")

        found = embed_with(workspace, Keeping(workspace), ticket, ids, service, "", at_once=AT_ONCE, doing=asking)
        sent = f"{found.new:,} texts were sent there now, private details taken out ({paid()})"
    return found._replace(
        why=f"Grouped by {found.embedder}, a service of Mistral's: {sent if found.new else 'nothing had to be sent now'}."
    )


def embed_with(
    workspace: Onlooker,
    keeper: Keeper,
    ticket: Ticket,
    ids: Ids,
    chosen: Embedder,
    why: str,
    *,
    at_once: int = _BATCH,
    doing: Callable[[], str] = lambda: "Reading what items are about",
) -> Embedded:
    """The same with one embedder. why: which it is, in a sentence; at_once: texts, after which vectors are kept; doing: for the screen."""
    with workspace.read() as reading:
        lacking = item_vectors.lacking(reading, chosen.name, ids)
    for start in range(0, len(lacking), at_once):
        ticket.step(start, len(lacking), doing())
        some = lacking[start : start + at_once]
        with workspace.read() as reading:
            texts = {name: text_to_embed(item) for name, item in item_vectors.items_of(reading, some)}
        keeper.vectors(chosen.name, b"".join(texts), chosen.embed(list(texts.values())).astype("<f2").tobytes())
    return kept_vectors(workspace, ids, chosen.name, why)._replace(new=len(lacking))


def kept_vectors(workspace: Onlooker, ids: Ids, embedder: str, why: str) -> Embedded:
    """The vectors that are kept of an embedder, for those of the items that have one. ids: sorted."""
    with workspace.read() as reading:
        return Embedded(*item_vectors.vectors_of(reading, embedder, ids), embedder, why, 0)


def refuse_embedder(workspace: Workspace, embedder: str) -> None:
    """Raise Refused for an embedder that is none, or that may not be asked from here."""
    if embedder not in EMBEDDERS:
        raise Refused(f"There is no embedder “{shown(embedder, 40)}”.", f"Choose one of: {', '.join(EMBEDDERS)}.")
    if embedder != "local":
        require_on(workspace)


def choose(workspace: Onlooker, keeper: Keeper, ticket: Ticket, ids: Ids) -> tuple[Embedder, str]:
    """The embedder that suits the texts of these items, and which it is, in a sentence."""
    ticket.step(0, 0, "Looking which language items are in")
    texts = _some_texts(workspace, ids, _ASKED)
    said = [text for text in texts if len(text) >= _SHORT]
    languages = Counter(map(word_vectors.language_of, said))
    foreign = 1 - languages[word_vectors.LANGUAGE] / len(said) if said else 0.0
    if foreign <= _MOST_FOREIGN and word_vectors.is_installed():
        return word_vectors.word_vectors(), f"Grouped by the English model {word_vectors.NAME}, on this machine."
    if foreign > _MOST_FOREIGN:
        others = ", ".join(name for name, _ in languages.most_common(4) if name != word_vectors.LANGUAGE)
        because = f"{foreign:.0%} of {len(said):,} texts looked at are not in English ({others}), which the local model does not know"
    else:
        because = "the local model is not installed on this machine"
    return _learned(workspace, keeper, ticket, ids), f"Grouped by the stretches of characters in them (TF-IDF), not by meaning: {because}."


def _learned(workspace: Onlooker, keeper: Keeper, ticket: Ticket, ids: Ids) -> Learned:
    """What was learned before, unless there are twice as many texts to learn from by now."""
    size = min(len(ids), ngrams.SAMPLE)
    with workspace.read() as reading:
        before = item_vectors.learned(reading)
    if before is not None and size <= 2 * int.from_bytes(before[:4], "little"):
        return ngrams.unpacked(before[4:])
    ticket.step(0, 0, "Learning which stretches of characters are rare")
    found = ngrams.learn(_some_texts(workspace, ids, ngrams.SAMPLE))
    keeper.learned(found.name, size.to_bytes(4, "little") + found.packed())
    return found


def _some_texts(workspace: Onlooker, ids: Ids, most: int) -> list[str]:
    """The texts of some of the items: ids are hashes, so every so many of them are a random choice."""
    some = ids[:: max(1, len(ids) // most)][:most]
    with workspace.read() as reading:
        return [text_to_embed(item) for _, item in item_vectors.items_of(reading, some)]

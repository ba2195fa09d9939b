"""The local embedder: the model inside the wordllama wheel, and which language a text is in.

Only the wheel's files are used, read where they lie. Its own code asks the network for a tokenizer that it carries, and sets up logging for
the whole program when it is imported. A text's vector is the mean of those of its tokens, as there. English only.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from reviewer.domain.errors import NotFound
from reviewer.domain.item_tree import Singles
from reviewer.domain.ngrams import scaled

NAME = "wordllama-l2-256"
LANGUAGE = "en"
_WEIGHTS = ("weights", "l2_supercat_256.safetensors")
_TOKENIZER = ("tokenizers", "l2_supercat_tokenizer_config.json")
_BATCH = 256
_READ = 600  # characters that tell a language


class WordVectors:
    """Vectors by the mean of word vectors."""

    name = NAME
    dimensions = 256

    def __init__(self, table: Singles, tokenizer: Any) -> None:
        self._table = table
        self._tokenizer = tokenizer

    def embed(self, texts: Sequence[str]) -> Singles:
        """A vector of length 1 for each text, zeros for one without tokens."""
        found = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for start in range(0, len(texts), _BATCH):
            encoded = self._tokenizer.encode_batch_fast(list(texts[start : start + _BATCH]), add_special_tokens=False)
            for row, one in enumerate(encoded, start):
                if one.ids:
                    found[row] = self._table[np.minimum(one.ids, len(self._table) - 1)].mean(axis=0)
        return scaled(found)


@cache
def word_vectors() -> WordVectors:
    """The model, loaded once. Raises NotFound where the wheel is not installed: there is none for every Python."""
    folder = _folder()
    if folder is None:
        raise NotFound("The model that makes vectors of English texts is not installed.", "Install wordllama, or leave the embedder open.")
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights = load_file(folder.joinpath(*_WEIGHTS))
    tokenizer = Tokenizer.from_file(str(folder.joinpath(*_TOKENIZER)))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return WordVectors(np.ascontiguousarray(weights["embedding.weight"], dtype=np.float32), tokenizer)


def is_installed() -> bool:
    """Whether the model is on this machine."""
    return _folder() is not None


def _folder() -> Path | None:
    found = find_spec("wordllama")
    places = [Path(place) for place in (found.submodule_search_locations if found else None) or ()]
    return next((place for place in places if place.joinpath(*_WEIGHTS).is_file() and place.joinpath(*_TOKENIZER).is_file()), None)


def language_of(text: str) -> str:
    """The language that a text is most likely in, two letters of ISO 639-1."""
    import py3langid

    return str(py3langid.classify(text[:_READ])[0])

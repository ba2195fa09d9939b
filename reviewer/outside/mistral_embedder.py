"""Mistral as an embedder: a vector for each text, private details taken out of the text first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.judges import NoAnswer
from reviewer.domain.redaction import redact
from reviewer.outside.mistral_line import Address, Line, Wait

if TYPE_CHECKING:
    from mistralai.client.models import EmbeddingResponse

MODEL = "mistral-embed"
_DIMENSIONS = 1024
AT_ONCE = 64
"""Texts in a request. How many one may hold is nowhere said, so that a refusal halves it."""


class MistralEmbedder:
    """Vectors of Mistral's. tokens: what was paid for so far."""

    def __init__(self, address: Address, key: str, *, wait: Wait, model: str = MODEL, dimensions: int = _DIMENSIONS) -> None:
        """wait: how pauses between tries are spent. Raises Refused for an address that a key may not go to."""
        self._model, self._dimensions = model, dimensions
        self._line = Line(address, key, wait=wait)
        self._at_once = AT_ONCE
        self.tokens = 0

    @property
    def name(self) -> str:
        """Which model."""
        return self._model

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A vector of length 1 for each text, in rows, shape (texts, dimensions); zeros for one without words, which is not sent.

        Raises NoAnswer, also where a text by itself is refused, and Cancelled.
        """
        found = np.zeros((len(texts), self._dimensions), np.float32)
        left = [place for place, text in enumerate(texts) if text.strip()]
        while left:
            some = left[: self._at_once]
            try:
                found[some] = self._vectors([redact(texts[place]).text for place in some])
            except NoAnswer as error:
                if error.about != "question" or len(some) == 1:
                    raise
                self._at_once = max(1, len(some) // 2)
                continue
            left = left[len(some) :]
        return found

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _vectors(self, texts: list[str]) -> NDArray[np.float32]:
        answer = self._line.call(lambda sdk: sdk.embeddings.create(model=self._model, inputs=texts))
        self.tokens += answer.usage.prompt_tokens or 0
        rows = _in_order(answer)
        if [len(row) for row in rows] != [self._dimensions] * len(texts):
            what = f"Mistral's vectors are not {len(texts)} of {self._dimensions} numbers."
            raise NoAnswer(what, "Use the local embedder; nothing was kept.", for_all=True)
        vectors = np.array(rows, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        whole: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=np.isfinite(lengths) & (lengths > 0))
        return whole


def _in_order(answer: "EmbeddingResponse") -> list[list[float]]:
    """The vectors in the order of the texts, which each names by its place."""
    return [one.embedding or [] for one in sorted(answer.data, key=lambda one: one.index or 0)]

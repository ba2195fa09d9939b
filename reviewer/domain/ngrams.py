"""Vectors of texts in any language, from the stretches of three to five characters that stand in them: what needs no model.

Stretches are counted in buckets by a hash of their code points; rare ones weigh more, and the main directions of a sample of texts (latent
semantic analysis) make few numbers of many. What was learned of the sample is kept, so that texts that come later get vectors that can be
compared. Source: Deerwester et al. (1990), Indexing by latent semantic analysis.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.domain.canonical import sha256_hex
from reviewer.domain.item_tree import Floats, Ints, Singles

BUCKETS = 1 << 14
DIMENSIONS = 128
SAMPLE = 1_500  # texts that are learned from
_BATCH = 128
_SIZES = (3, 4, 5)
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_ROUNDS = 2
_TAG = b"review/ngrams/v1\n"


class Learned(NamedTuple):
    """rarity: shape (buckets,); directions: shape (buckets, dimensions), single precision after a round trip through halves."""

    rarity: Singles
    directions: Singles

    @property
    def name(self) -> str:
        """Names what was learned, so that vectors of two of them are never mixed."""
        return f"ngrams-{sha256_hex(_TAG + self.packed())[:12]}"

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return int(self.directions.shape[1])

    def packed(self) -> bytes:
        """The bytes to keep: halves, rarity first."""
        return np.concatenate((self.rarity[:, None], self.directions), axis=1).astype("<f2").tobytes()

    def embed(self, texts: Sequence[str]) -> Singles:
        """A vector of length 1 for each text; zeros for one with fewer than three characters."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _BATCH):
            rows = _matrix([_counted(text) for text in texts[start : start + _BATCH]], self.rarity)
            found[start : start + _BATCH] = rows @ self.directions
        return scaled(found)


def unpacked(content: bytes) -> Learned:
    """What `packed` gave."""
    whole = np.frombuffer(content, "<f2").astype(np.float32).reshape(BUCKETS, -1)
    return Learned(np.ascontiguousarray(whole[:, 0]), np.ascontiguousarray(whole[:, 1:]))


def learn(texts: Sequence[str], *, seed: int = 0) -> Learned:
    """Learn from some texts; of more than SAMPLE, from some that chance picks. The same texts and seed give the same."""
    from scipy import sparse

    rng = np.random.default_rng(seed)
    chosen = range(len(texts)) if len(texts) <= SAMPLE else np.sort(rng.choice(len(texts), SAMPLE, replace=False)).tolist()
    rows = [_counted(texts[place]) for place in chosen]
    standing = np.bincount(np.concatenate([np.empty(0, np.int64), *(place for place, _ in rows)]), minlength=BUCKETS)
    rarity = (np.log((1 + len(rows)) / (1 + standing)) + 1).astype(np.float32)
    rarity[standing == len(rows)] = 0.0  # what stands everywhere tells nothing
    matrix = _matrix(rows, rarity)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix = sparse.diags_array(1 / np.where(length > 0, length, 1)) @ matrix
    directions = _main(matrix, min(DIMENSIONS, max(len(rows), 1)), rng)
    kept = Learned(rarity, directions.astype(np.float32))
    return unpacked(kept.packed())  # as it will be read again


def scaled(vectors: Singles) -> Singles:
    """Rows of length 1; zeros stay."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Singles = (vectors / np.where(length > 0, length, 1)).astype(np.float32)
    return found


def _main(matrix: Any, dimensions: int, rng: np.random.Generator) -> Floats:
    """The main directions of the rows, by a randomised subspace iteration: shape (buckets, dimensions). Source: Halko et al. (2011).

    It goes on among the rows, of which there are fewer: products of large dense arrays are slow where other programs are busy.
    """
    basis = rng.normal(size=(matrix.shape[0], min(dimensions + 10, matrix.shape[0])))
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(matrix @ (matrix.T @ basis))
    across = matrix.T @ basis
    spread, turned = np.linalg.eigh(across.T @ across)
    kept = turned[:, ::-1][:, :dimensions] / np.sqrt(np.maximum(spread[::-1][:dimensions], 1e-12))
    found: Floats = across @ kept
    found *= np.where(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])] < 0, -1.0, 1.0)
    return found


def _matrix(rows: Sequence[tuple[Ints, Floats]], rarity: Singles) -> Any:
    """The weights of stretches in texts: a sparse matrix of shape (texts, buckets)."""
    from scipy import sparse

    ends = np.cumsum([0, *(len(place) for place, _ in rows)])
    places = np.concatenate([np.empty(0, np.int64), *(place for place, _ in rows)])
    weights = np.log1p(np.concatenate([np.empty(0), *(count for _, count in rows)])).astype(np.float32) * rarity[places]
    return sparse.csr_array((weights, places, ends), shape=(len(rows), BUCKETS))


def _counted(text: str) -> tuple[Ints, Floats]:
    """The buckets of a text's stretches, each once, and how many stretches fell into it."""
    points = np.frombuffer(" ".join(text.lower().split()).encode("utf-32-le", "replace"), "<u4").astype(np.uint64)
    found: list[NDArray[np.uint64]] = []
    for size in _SIZES:
        if len(points) >= size:
            hashed = np.zeros(len(points) - size + 1, np.uint64)
            for at in range(size):
                hashed = (hashed ^ points[at : at + len(hashed)]) * _PRIME
                hashed ^= hashed >> np.uint64(29)
            found.append(hashed % np.uint64(BUCKETS))
    if not found:
        return np.empty(0, np.int64), np.empty(0)
    counts = np.bincount(np.concatenate(found).astype(np.int64), minlength=BUCKETS)
    place = np.flatnonzero(counts)
    return place.astype(np.int64), counts[place].astype(np.float64)

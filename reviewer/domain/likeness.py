"""How like each other texts are, by the words that set them apart; for a few thousand short texts."""

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w{2,}")


def likeness(wanted: str, texts: Sequence[str]) -> list[float]:
    """How like each text is to the wanted one, 0 to 1: the cosine of their words, each weighed by how few of the texts hold it.

    A word counts as 1 + ln(times it stands there), times ln((1 + texts) / (1 + texts that hold it)) + 1, as scikit-learn's
    TfidfVectorizer has it with `sublinear_tf`.
    """
    counted = [Counter(_WORD.findall(text.casefold())) for text in (wanted, *texts)]
    holding = Counter(word for words in counted for word in words)
    rarity = {word: math.log((1 + len(counted)) / (1 + count)) + 1 for word, count in holding.items()}
    first, *others = ({word: (1 + math.log(times)) * rarity[word] for word, times in words.items()} for words in counted)
    return [_cosine(first, other) for other in others]


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    product = sum(weight * other[word] for word, weight in one.items() if word in other)
    return product / (_length(one) * _length(other)) if product else 0.0


def _length(weights: dict[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))

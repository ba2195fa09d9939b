"""How well a name answers what somebody types: by words, their beginnings, and letters in order."""

from collections.abc import Sequence


class Name:
    """A name and words that tell about it, prepared once so that thousands can be asked at every key."""

    __slots__ = ("_about", "_name", "_starts")

    def __init__(self, name: str, about: str = "") -> None:
        self._name = name.casefold()
        self._starts = f" {_spaced(self._name)}"
        self._about = f" {_spaced(about.casefold())}"

    def score(self, words: Sequence[str]) -> float | None:
        """Higher is better; None if it does not answer. words: folded, without spaces; none of them fits everything equally.

        Each word must begin a word of the name (2), stand inside it or begin a word that tells about it (1), or be its letters in
        order (0.3).
        """
        total = 0.0
        for word in words:
            if f" {word}" in self._starts:
                total += 2.0 + (0.5 if self._name.startswith(word) else 0.0)
            elif word in self._name or f" {word}" in self._about:
                total += 1.0
            elif _in_order(word, self._name):
                total += 0.3
            else:
                return None
        return total


def typed_words(typed: str) -> list[str]:
    """What was typed, as `Name.score` takes it."""
    return typed.casefold().split()


def _spaced(text: str) -> str:
    return " ".join(text.replace("-", " ").replace(":", " ").split())


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)

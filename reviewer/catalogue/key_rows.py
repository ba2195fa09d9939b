"""The keys of actions as rows of a list: one an action, and one for neighbours that differ only by the digit they are called by."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from reviewer.catalogue.action import Action
from reviewer.catalogue.actions import key_words


class KeyRow(NamedTuple):
    """keys: as they are printed on caps, each once."""

    keys: tuple[str, ...]
    title: str
    text: str


def key_rows(actions: Iterable[Action]) -> list[KeyRow]:
    """A row for each action that has a key, in their order; `1–9` and “Cite clause 1–9” for nine of a kind."""
    rows: list[KeyRow] = []
    for stem, group in groupby((action for action in actions if action.keys), key=_stem):
        first, *others = alike = list(group)
        if stem and others:
            digits = f"{first.keys[0]}–{alike[-1].keys[0]}"
            rows.append(KeyRow((digits,), f"{stem}{digits}", first.text.replace(first.keys[0], digits)))
        else:
            rows += [KeyRow(tuple(dict.fromkeys(map(key_words, one.keys))), one.title, one.text) for one in alike]
    return rows


def _stem(action: Action) -> str:
    """The title of an action that is called by its digit, without it; empty for any other."""
    key = action.keys[0]
    return action.title.removesuffix(key) if key.isdecimal() and action.title.endswith(f" {key}") else ""

"""A search in words: one chip for each condition, as the window shows it."""

from typing import NamedTuple

from reviewer.domain.query import All, And, Field, Not, Or, Query, Text, all_of, to_text

_LABEL_WORDS = {"non_compliant": "non-compliant", "any": "reviewed", "none": "not reviewed"}
_HAS_WORDS = {"image": "an image", "file": "a file", "error": "a tool error", "label": "a label", "tools": "tool calls"}
_TIME_WORDS = {":": "in", ">": "after", ">=": "from", "<": "before", "<=": "until"}
_STEP_SIGNS = {":": "=", ">": ">", ">=": "≥", "<": "<", "<=": "≤"}


class Chip(NamedTuple):
    """One condition in words, and the search that is left without it."""

    words: str
    without: str


def describe(query: Query) -> list[Chip]:
    """The conditions in words, one chip for each that must hold: `agent: airline`, `tool: cancel_*`, `not compliant`."""
    match query:
        case All():
            return []
        case And(parts):
            return [Chip(_in_words(p), to_text(all_of([*parts[:i], *parts[i + 1 :]]))) for i, p in enumerate(parts)]
        case _:
            return [Chip(_in_words(query), "")]


def _in_words(query: Query) -> str:
    match query:
        case Text(words, phrase, prefix):
            return f"“{words}”" if phrase and not prefix else f"{words}{'…' if prefix else ''}"
        case Field("label", _, value):
            return _LABEL_WORDS.get(value, value)
        case Field("has", _, value):
            return f"has {_HAS_WORDS.get(value, value)}"
        case Field("steps", op, value):
            return f"steps {_STEP_SIGNS[op]} {value}"
        case Field("time", op, value):
            return f"{_TIME_WORDS[op]} {value}"
        case Field(name, _, value):
            return f"{name}: {value}"
        case Not(part):
            words = _in_words(part)
            return f"not ({words})" if isinstance(part, And | Or) else f"not {words}"
        case And(parts):
            return ", ".join(_in_words(p) for p in parts)
        case Or(parts):
            return " or ".join(f"({_in_words(p)})" if isinstance(p, And) else _in_words(p) for p in parts)
        case _:
            return "everything"

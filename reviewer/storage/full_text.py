"""The words of a search as one full-text expression, and what else it asks."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy import literal_column

from reviewer.domain.query import And, Not, Or, Query, leaves
from reviewer.domain.query import Text as Words
from reviewer.storage.tables import Condition


def without_symbols(query: Query) -> Query | None:
    """The search without words that hold no letter or digit, which no index knows. None: nothing is left of it."""
    match query:
        case Words(words):
            return query if any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "Co" for c in words) else None
        case Not(part):
            left = without_symbols(part)
            return None if left is None else Not(left)
        case And(parts) | Or(parts):
            kept = [left for left in map(without_symbols, parts) if left is not None]
            if len(kept) < 2:
                return kept[0] if kept else None
            return And(tuple(kept)) if isinstance(query, And) else Or(tuple(kept))
        case _:
            return query


def match_text(query: Query) -> str | None:
    """A part that is about words only as a full-text expression; what was typed goes in as quoted phrases. None: not such a part."""
    match query:
        case Words(words, _, prefix):
            quoted = words.replace("\x00", " ").replace('"', '""')
            return f'"{quoted}"' + (" *" if prefix else "")
        case Or(parts):
            either = [match_text(part) for part in parts]
            return None if None in either else f"({' OR '.join(e for e in either if e)})"
        case And(parts):
            wanted = [match_text(p) for p in parts if not isinstance(p, Not)]
            return _all_words(wanted, [match_text(p.part) for p in parts if isinstance(p, Not)])
        case _:
            return None


def _all_words(wanted: Sequence[str | None], unwanted: Sequence[str | None]) -> str | None:
    if not wanted or None in wanted or None in unwanted:
        return None
    if len(wanted) == 1 and not unwanted:
        return wanted[0]  # as match_text says it, so that what is known to hold is seen to be the same
    return f"(({' AND '.join(w for w in wanted if w)})" + "".join(f" NOT ({u})" for u in unwanted) + ")"


def matching(expression: str) -> Condition:
    """The full-text condition of an expression, for a select over item_text."""
    return literal_column("item_text").op("MATCH")(expression)


def gathers(query: Query) -> bool:
    """Whether the index has to gather all items of many words before it can name one: a beginning of a word is asked for."""
    return any(isinstance(leaf, Words) and leaf.prefix for leaf in leaves(query))


def parts_of(query: Query) -> tuple[Query, ...]:
    """What must hold, each by itself."""
    return query.parts if isinstance(query, And) else (query,)


def split_words(parts: Sequence[Query]) -> tuple[str | None, list[Query]]:
    """All that an And says of words, as one full-text expression, and its other parts."""
    wanted = [p for p in parts if not isinstance(p, Not) and match_text(p)]
    if not wanted:
        return None, list(parts)
    unwanted = [p for p in parts if isinstance(p, Not) and match_text(p.part)]
    expression = _all_words([match_text(p) for p in wanted], [match_text(p.part) for p in unwanted])
    return expression, [p for p in parts if p not in wanted and p not in unwanted]

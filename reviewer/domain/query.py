"""The search language as a tree: one for search, campaigns, clusters and the command line. SQL is made of it only in storage.

`agent:airline model:gpt-4o* -label:compliant steps>10 time>=2026-05 has:image -voucher "exact words" (a or b)`. Terms that stand side by
side must all hold; `or` binds the two terms beside it more closely than that, as in web search. Nothing that a person types is a syntax
error: what cannot be read as an operator is text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from reviewer.domain.errors import Refused

MAX_TERMS = 64
MAX_LENGTH = 10_000  # characters

FREE = ("agent", "model", "tool", "external", "file", "format", "reviewer", "campaign", "clause", "skipped", "escalated", "cluster")
"""Fields whose value is any text; `*` stands for any characters. `reviewer:me` is whoever asks; `skipped:any` is anybody."""
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": ("trajectory", "completion", "comparison"),
    "has": ("image", "audio", "file", "media", "tools", "error", "label"),
    "label": ("compliant", "non_compliant", "unsure", "any", "none"),
    "severity": ("minor", "major", "critical", "any"),
}
"""Fields whose value is one of a few words."""
FIELDS = (*FREE, *CHOICES, "id", "steps", "time")

_SYNONYMS = {"non-compliant": "non_compliant", "noncompliant": "non_compliant"}
_HEAD = re.compile(r"([A-Za-z]{2,12})(:(?:>=|<=|≥|≤|>|<|=)|:|>=|<=|≥|≤|>|<|=)")
_OPERATORS = {"≥": ">=", "≤": "<=", "=": ":"}
_TIME = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?[Zz]?)?)?)?")
_END_OF_TIME = ":"  # sorts behind every time that is written with digits


@dataclass(frozen=True, slots=True)
class All:
    """Every item: what an empty search asks for."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the item. phrase: written in quotes, in this order; prefix: the last word may go on."""

    words: str
    phrase: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the item. op is `:` or, for steps and time, also `>`, `>=`, `<`, `<=`; `name` is one of FIELDS."""

    name: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """What the part says does not hold."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; two or more, none of them an And."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One part holds at least; two or more, none of them an Or."""

    parts: tuple["Query", ...]


Query = All | Text | Field | Not | And | Or


class Period(NamedTuple):
    """From the first moment (in it) to the first moment after; as item times are written, and sorted as text."""

    start: str
    end: str


def parse(text: str) -> Query:
    """The tree of a search, in a time that grows with the length of the text, whatever it holds.

    Raises Refused (E308) for more than MAX_TERMS terms or MAX_LENGTH characters, and nothing else.
    """
    if len(text) > MAX_LENGTH:
        raise Refused(f"The search is longer than {MAX_LENGTH:,} characters.", "Shorten the search.", "E308")
    sound = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate, which a command line can hand in, is in no item
    return _Parser(_paired(list(_tokens(sound)))).tree()


def to_text(query: Query) -> str:
    """The search in writing; parse gives the same tree back."""
    match query:
        case All():
            return ""
        case Text(words, phrase, prefix):
            return (_quoted(words) if phrase else words) + ("*" if prefix else "")
        case Field(name, op, value):
            return f"{name}{op}{value if _plain_value(value) else _quoted(value)}"
        case Not(part):
            return f"-{_grouped(part)}"
        case And(parts):
            return " ".join(f"({to_text(p)})" if isinstance(p, And) else to_text(p) for p in parts)
        case Or(parts):
            return " or ".join(_grouped(p) for p in parts)


def period(value: str) -> Period:
    """What a date, or part of one, covers: `2026-05` is the month, in UTC. Raises ValueError for what is no date."""
    found = _TIME.fullmatch(value)
    if found is None:
        raise ValueError(value)
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in found.groups())
    start = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC)
    return Period(_written(start), _next(start, month, day, hour, minute, second))


def resolve(query: Query, *, me: str) -> Query:
    """The search with `me` replaced by a name, as a draw must freeze it."""
    return _mapped(query, lambda field: replace(field, value=me) if field.name in _PEOPLE and field.value.casefold() == "me" else field)


def leaves(query: Query) -> Iterator[Text | Field]:
    """Every term, from left to right."""
    match query:
        case Text() | Field():
            yield query
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)


_PEOPLE = ("reviewer", "skipped", "escalated")

# --- reading


class _Token(NamedTuple):
    """kind: open, close, minus, or, or term with its leaf."""

    kind: str
    raw: str
    leaf: Text | Field | None = None
    end: int = 0


def _tokens(text: str) -> Iterator[_Token]:
    at, size, fresh = 0, len(text), True  # fresh: no minus stands right before
    while at < size:
        c = text[at]
        if c.isspace() or c == "\x00":
            at, fresh = at + 1, True
            continue
        if c == "(" or c == ")":
            token = _Token("open" if c == "(" else "close", c, end=at + 1)
        elif c == "-" and fresh and at + 1 < size and not text[at + 1].isspace() and text[at + 1] not in ")-\x00":
            token = _Token("minus", c, end=at + 1)
        else:
            token = _phrase(text, at) or _field(text, at) or _word(text, at)
        yield token
        fresh = token.kind != "minus"
        at = token.end


def _close_quote(text: str, at: int) -> int:
    """Where the quote that opens at `at` closes; two quotes side by side are one that is meant. -1: nowhere. No text is searched twice in
    vain: after a failure all quotes behind stand in pairs, and each pair closes at once."""
    look = at + 1
    while True:
        look = text.find('"', look)
        if look < 0:
            return -1
        if text[look + 1 : look + 2] != '"':
            return look
        look += 2


def _phrase(text: str, at: int) -> _Token | None:
    if text[at] != '"':
        return None
    close = _close_quote(text, at)
    if close < 0:
        return None
    prefix = text[close + 1 : close + 2] == "*"
    end = close + 2 if prefix else close + 1
    words = _clean(text[at + 1 : close].replace('""', '"'))
    return _Token("term", text[at:end], Text(words, phrase=True, prefix=prefix), end)


def _field(text: str, at: int) -> _Token | None:
    head = _HEAD.match(text, at)
    if head is None or head[1].lower() not in FIELDS:
        return None
    start = head.end()
    end = _word_end(text, start)
    value = text[start:end]
    if text[start : start + 1] == '"':
        close = _close_quote(text, start)
        if close < 0:
            return None
        value, end = text[start + 1 : close].replace('""', '"'), close + 1
    leaf = _read_field(head[1].lower(), head[2].removeprefix(":") or ":", _clean(value))
    return None if leaf is None else _Token("term", text[at:end], leaf, end)


def _read_field(name: str, op: str, value: str) -> Field | None:
    """The field, its value in one spelling; None where it cannot be read as one."""
    op = _OPERATORS.get(op, op)
    if not value or (op != ":" and name not in ("steps", "time")):
        return None
    if name in CHOICES:
        value = _SYNONYMS.get(value.lower(), value.lower())
        return Field(name, op, value) if value in CHOICES[name] else None
    if name == "id":
        value = value.lower().removesuffix("*")
        return Field(name, op, value) if re.fullmatch(r"[0-9a-f]{1,64}", value) else None
    if name == "steps":
        return Field(name, op, str(int(value))) if re.fullmatch(r"[0-9]{1,9}", value) else None
    if name == "time":
        try:
            period(value)
        except ValueError:
            return None
    return Field(name, op, value)


def _word(text: str, at: int) -> _Token:
    end = max(_word_end(text, at), at + 1)
    raw = text[at:end]
    if raw.lower() == "or":
        return _Token("or", raw, end=end)
    prefix = len(raw) > 1 and raw.endswith("*") and not raw.endswith("**")
    words = _clean(raw[:-1] if prefix else raw)
    return _Token("term", raw, Text(words, phrase=bool(words) and not _plain_word(words), prefix=prefix), end)


def _word_end(text: str, at: int) -> int:
    """A word ends before a blank or a closing parenthesis that it did not open itself."""
    depth = 0
    for i in range(at, len(text)):
        c = text[i]
        if c.isspace() or c == "\x00":
            return i
        if c == "(":
            depth += 1
        elif c == ")":
            if depth == 0:
                return i
            depth -= 1
    return len(text)


def _clean(text: str) -> str:
    """Without U+0000, which no text of an item holds, and with single blanks."""
    return " ".join(text.replace("\x00", " ").split())


def _paired(tokens: list[_Token]) -> list[_Token]:
    """The tokens; a parenthesis without its partner is text, and an `or` said twice is said once."""
    tokens = [t for i, t in enumerate(tokens) if t.kind != "or" or i == 0 or tokens[i - 1].kind != "or"]
    open_at: list[int] = []
    partner: dict[int, int] = {}
    for i, token in enumerate(tokens):
        if token.kind == "open":
            open_at.append(i)
        elif token.kind == "close" and open_at:
            partner[i] = open_at.pop()
    paired = set(partner) | set(partner.values())
    return [t if t.kind not in ("open", "close") or i in paired else _literal(t) for i, t in enumerate(tokens)]


def _literal(token: _Token) -> _Token:
    return _Token("term", token.raw, Text(token.raw, phrase=True), token.end)


class _Frame:
    """A group being read: what must hold so far, and what the next term is to be: negated, or an alternative to the last."""

    def __init__(self) -> None:
        self.parts: list[list[Query]] = []  # all of: any of
        self.minus = False
        self.join = False  # an `or` still wants its right side

    def add(self, query: Query | None) -> None:
        """Take the next part; None where a group was empty."""
        minus, self.minus = self.minus, False
        if query is None or isinstance(query, All):
            return
        query = _not(query) if minus else query
        if self.join:
            self.join = False
            self.parts[-1].append(query)
        else:
            self.parts.append([query])

    def tree(self) -> Query:
        """What the group says."""
        return all_of([_any_of(alternatives) for alternatives in self.parts])


class _Parser:
    """Reads paired tokens with a stack of its own, so that no depth of parentheses is too much."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._terms = 0

    def tree(self) -> Query:
        stack = [_Frame()]
        for i, token in enumerate(self._tokens):
            top = stack[-1]
            if token.kind == "minus":
                top.minus = True
            elif token.kind == "open":
                stack.append(_Frame())
            elif token.kind == "close":
                group = stack.pop()
                stack[-1].add(group.tree())
            elif token.kind == "or" and self._joins(top, i):
                top.join = True
            else:
                top.add(self._leaf(token))
        return stack[0].tree()

    def _joins(self, frame: _Frame, at: int) -> bool:
        """Whether an `or` has something on both sides; else it is a word like others."""
        following = self._tokens[at + 1].kind if at + 1 < len(self._tokens) else "close"
        return bool(frame.parts) and not frame.join and not frame.minus and following in ("term", "minus", "open")

    def _leaf(self, token: _Token) -> Text | Field | None:
        leaf = token.leaf or Text(token.raw, phrase=True)
        if isinstance(leaf, Text) and not leaf.words:
            return None
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise Refused(f"The search has more than {MAX_TERMS} terms.", "Shorten the search.", "E308")
        return leaf


def _not(query: Query) -> Query:
    return query.part if isinstance(query, Not) else Not(query)


def all_of(parts: list[Query]) -> Query:
    """The search that asks for all the parts."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, And) else (part,)) if not isinstance(p, All)]
    return And(tuple(flat)) if len(flat) > 1 else (flat[0] if flat else All())


def _any_of(parts: list[Query]) -> Query:
    flat = [p for part in parts for p in (part.parts if isinstance(part, Or) else (part,))]
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def _mapped(query: Query, change: Callable[[Field], Query]) -> Query:
    match query:
        case Field():
            return change(query)
        case Not(part):
            return Not(_mapped(part, change))
        case And(parts):
            return And(tuple(_mapped(p, change) for p in parts))
        case Or(parts):
            return Or(tuple(_mapped(p, change) for p in parts))
        case _:
            return query


# --- writing


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and _word_end(text, 0) == len(text)


def _plain_word(words: str) -> bool:
    """Whether a word can stand without quotes and be read as the same word."""
    if words[0] in "-()" or '"' in words or words[-1] == "*" or words.lower() == "or" or not _balanced(words):
        return False
    return _field(words, 0) is None


def _plain_value(value: str) -> bool:
    return bool(value) and value[0] not in '"=<>≤≥' and _balanced(value) and not any(c.isspace() for c in value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _grouped(query: Query) -> str:
    return f"({to_text(query)})" if isinstance(query, And | Or) else to_text(query)


# --- dates


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z").rjust(24, "0")


def _next(start: datetime, month: int | None, day: int | None, hour: int | None, minute: int | None, second: int | None) -> str:
    try:
        if month is None:
            return _written(start.replace(year=start.year + 1))
        if day is None:
            return _written(start.replace(year=start.year + month // 12, month=month % 12 + 1))
        if hour is None:
            return _written(start + timedelta(days=1))
        if minute is None:
            return _written(start + timedelta(hours=1))
        return _written(start + (timedelta(minutes=1) if second is None else timedelta(seconds=1)))
    except (ValueError, OverflowError):
        return _END_OF_TIME

"""An item as blocks: one card for each step, each made of runs of text. Made lazily, known to no Qt, and cheap for thousands of steps."""

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from reviewer.domain.items import Item, Message, Part, ToolCall, answered_calls
from reviewer.ui.transcript import marks
from reviewer.ui.transcript.json_rows import BadJson, Row, rows

CHUNK = 1800  # code points laid out in one piece; a page holds about three
FOLD_SLACK = 4  # a text that is longer by no more than this is shown whole
CUT = " …"
_COUNT_LIMIT = 400  # lines counted for “show all n lines”
_LINE_CHARS = 110

_REFERENCE = re.compile(
    r"<(?:img|link|script|iframe|video|audio|source|object|embed|body|table|td|input|image|use|base|form)\b[^>]{0,400}?"
    r"\b(?:src|href|data|background|poster|srcset|action)\s*="
    r"|<meta\b[^>]{0,200}?http-equiv\s*=\s*[\"']?refresh|!\[[^\]\n]{0,400}\]\([^)\s]|@import\b|\burl\(\s*[\"']?[a-z/\\]",
    re.IGNORECASE,
)


class Sort(enum.Enum):
    """What a card is; its look and its heading follow from it."""

    SYSTEM = "System"
    USER = "User"
    ASSISTANT = "Assistant"
    CALL = "Tool call"
    RESULT = "Tool result"
    CANDIDATE = "Candidate"


FOLD_LINES = {Sort.SYSTEM: 3, Sort.CALL: 14, Sort.RESULT: 10}
"""How much of a card shows while it is folded; the other sorts do not fold."""


class Style(enum.Enum):
    """How a run is set."""

    BODY = enum.auto()
    MONO = enum.auto()
    ROW = enum.auto()
    """Key on the left, value on the right."""
    QUIET = enum.auto()
    """A model's own thinking."""
    LABEL = enum.auto()
    """A small heading inside the card; no text of the item."""
    FAULT = enum.auto()
    MEDIUM = enum.auto()


class Run(NamedTuple):
    """A piece of a block that is laid out at once.

    text: code points of the source, from `start` of it. part: index of the content part, None for the arguments of a call.
    pointer: the JSON pointer of the value, where the text is one. opens, closes: a quote is shown before, behind it. quoted: a string.
    raw: where a value that was laid out stands in its JSON text. cut: it ends in CUT, which is no text of the item.
    """

    style: Style
    text: str
    start: int = 0
    part: int | None = None
    pointer: str | None = None
    key: str = ""
    depth: int = 0
    opens: bool = False
    closes: bool = False
    medium: Part | None = None
    quoted: bool = False
    raw: tuple[int, int] | None = None
    cut: bool = False

    @property
    def markable(self) -> bool:
        """True if it is text that a label can cite: of a message, or of a call's arguments. What a tool reports as its error is not."""
        return bool(self.text) and self.style not in (Style.LABEL, Style.MEDIUM, Style.FAULT)

    @property
    def own(self) -> str:
        """The part of its text that is the item's."""
        return self.text.removesuffix(CUT) if self.cut else self.text

    @property
    def value_shown(self) -> bool:
        """True if something stands on the right of the key."""
        return bool(self.text) or self.opens


class Source(NamedTuple):
    """What a block is made from: one content part, the arguments of a call, or the error of a tool.

    from_: where its text begins in the recorded one; said: it counts in the text of its message.
    """

    text: str
    part: int | None
    shape: str  # text, json (rows where it is JSON), mono, quiet, fault, or medium
    medium: Part | None = None
    from_: int = 0
    said: bool = False


@dataclass(slots=True)
class Block:
    """One card. `runs` are made when they are first wanted, `more` makes those of a long one by and by."""

    step: str
    sort: Sort
    heading: str
    sources: tuple[Source, ...]
    failed: bool = False
    folded: bool = False
    raw: bool = False
    bare: bool = False  # its heading goes without saying, and is not shown
    runs: list[Run] = field(default_factory=list)
    _rest: Iterator[Run] | None = None
    _lines: int = -1
    _foldable: bool | None = None

    @property
    def address(self) -> str:
        """The step as marked words name it: a call is always `M.K`, though its card says `M` where the message is that call alone."""
        return f"{self.step}.1" if self.sort is Sort.CALL and "." not in self.step else self.step

    @property
    def complete(self) -> bool:
        """True once all runs are made."""
        return self._rest is None and bool(self.runs)

    def more(self, wanted: int) -> bool:
        """Make runs until there are `wanted` of them, or no more. True if any were made."""
        before = len(self.runs)
        if self._rest is None:
            if self.runs:
                return False
            self._rest = self._all_runs()
        while len(self.runs) < wanted:
            batch = list(islice(self._rest, wanted - len(self.runs)))
            if not batch:
                self._rest = None
                break
            self.runs.extend(batch)
        return len(self.runs) > before

    def restart(self) -> None:
        """Forget the runs: the block has been folded, unfolded, or is to be shown raw."""
        self.runs = []
        self._rest = None

    def lines(self) -> int:
        """About how many lines the whole block has; counted up to some hundreds, then guessed."""
        if self._lines < 0:
            self._lines = sum(_lines_of(source) for source in self.sources)
        return self._lines

    @property
    def foldable(self) -> bool:
        """True if it is longer than what a folded block shows."""
        if self._foldable is None:
            self._foldable = self.sort in FOLD_LINES and self.size() > 60 and self.lines() > FOLD_LINES[self.sort] + FOLD_SLACK
        return self._foldable

    @property
    def cut(self) -> bool:
        """True if part of it is folded away."""
        return self.folded and self.foldable

    def size(self) -> int:
        """Code points of all its sources."""
        return sum(len(source.text) for source in self.sources)

    def guess(self, chars_a_line: int) -> float:
        """About how many lines it takes on the screen, without laying anything out."""
        if self.folded and self.size() > 400:
            return min(FOLD_LINES[self.sort], self.size() / 12)
        total = 0.0
        for source in self.sources:
            if source.shape == "medium":
                total += 10
            elif source.shape == "json" and source.text[:1] in ("{", "["):
                total += max(1.0, source.text.count(",") + source.text.count("{") + len(source.text) / (4 * chars_a_line))
            else:
                total += 1 + source.text.count("\n") + len(source.text) / chars_a_line
        return max(1.0, total)

    def copied(self) -> str:
        """The whole text of the block, as it goes to the clipboard."""
        return "\n".join(source.text for source in self.sources if source.text)

    def whole(self) -> Iterator[Run]:
        """All runs, those folded away too; made anew and not kept."""
        if not any(source.text or source.medium for source in self.sources):
            words = "No arguments" if self.sort is Sort.CALL else "Nothing was said" if self.sort is not Sort.RESULT else "Empty result"
            return iter((Run(Style.LABEL, words),))
        return chain.from_iterable(_runs_of(source, raw=self.raw) for source in self.sources)

    def _all_runs(self) -> Iterator[Run]:
        return _first_lines(self.whole(), FOLD_LINES[self.sort]) if self.cut else self.whole()


class Transcript(NamedTuple):
    """An item made ready to be shown. steps: places of the blocks that are steps; hidden: invisible or direction marks in it; references:
    outside things that are not loaded."""

    blocks: tuple[Block, ...]
    steps: tuple[int, ...]
    hidden: int
    references: int

    @classmethod
    def of(cls, blocks: Iterable[Block], *, hidden: int = 0, references: int = 0) -> "Transcript":
        """One with these blocks, from the first to the last."""
        blocks = tuple(blocks)
        steps = tuple(place for place, block in enumerate(blocks) if block.sort is not Sort.CANDIDATE)
        return cls(blocks, steps, hidden, references)


def prepare(item: Item) -> Transcript:
    """Blocks of an item, and what to warn of. Takes about a millisecond for 100 kB, and may run on any thread."""
    blocks = list(_message_blocks(item.messages, ""))
    for candidate in item.candidates:
        blocks.append(Block(candidate.key, Sort.CANDIDATE, f"Candidate {candidate.key}", ()))
        blocks.extend(_message_blocks(candidate.messages, f"{candidate.key}/"))
    hidden = references = 0
    for block in blocks:
        hidden += marks.count(block.heading)
        for source in block.sources:
            hidden += marks.count(source.text)
            references += _references(source.text)
    return Transcript.of(blocks, hidden=hidden, references=references)


def parts(transcript: Transcript) -> tuple[Transcript, dict[str, Transcript]]:
    """Of a comparison: its prompt, and each candidate by its key in the order of the item. What to warn of stays with the whole.

    That a lone question is the user's, and an answer the assistant's, need not be said there: those blocks become bare.
    """
    found: dict[str, list[Block]] = {}
    into: list[Block] = []
    prompt = into
    for block in transcript.blocks:
        if block.sort is Sort.CANDIDATE:
            into = found.setdefault(block.step, [])
        else:
            into.append(block)
    for block in prompt if len(prompt) == 1 else ():
        block.bare = block.heading == Sort.USER.value
    for block in chain.from_iterable(found.values()):
        block.bare = block.heading == Sort.ASSISTANT.value
    return Transcript.of(prompt), {key: Transcript.of(blocks) for key, blocks in found.items()}


def _references(text: str) -> int:
    """Places at which a browser would load something."""
    if "<" not in text and "](" not in text and "url(" not in text and "@import" not in text:
        return 0
    return sum(1 for _ in _REFERENCE.finditer(text))


def _message_blocks(messages: tuple[Message, ...], prefix: str) -> Iterator[Block]:
    answers = answered_calls(messages)
    for m, message in enumerate(messages):
        step = f"{prefix}{m + 1}"
        calls = message.tool_calls
        if message.role == "tool":
            yield _result(step, message, messages, m, answers.get(m), prefix)
            continue
        if message.content or not calls:
            yield _said(step, message)
        alone = len(calls) == 1 and not message.content
        for k, call in enumerate(calls):
            yield _call(step if alone else f"{step}.{k + 1}", call)


def _said(step: str, message: Message) -> Block:
    sort = {"system": Sort.SYSTEM, "user": Sort.USER}.get(message.role, Sort.ASSISTANT)
    heading = f"{sort.value} · {message.name}" if message.name else sort.value
    sources = tuple(_source(part, i, "text") for i, part in enumerate(message.content))
    return Block(step, sort, heading, sources, folded=sort is Sort.SYSTEM)


def _call(step: str, call: ToolCall) -> Block:
    arguments = call.arguments.strip()
    before = len(call.arguments) - len(call.arguments.lstrip())
    sources = () if arguments == "{}" else (Source(arguments, None, "json", from_=before),)
    return Block(step, Sort.CALL, f"{Sort.CALL.value} · {call.name}", sources, folded=True)


def _result(step: str, message: Message, messages: tuple[Message, ...], at: int, answered: tuple[int, int] | None, prefix: str) -> Block:
    heading = Sort.RESULT.value
    if answered is not None:
        m, k = answered
        call = messages[m].tool_calls[k]
        if m != at - 1 or len(messages[m].tool_calls) > 1:  # not plain to see from the card above
            alone = len(messages[m].tool_calls) == 1 and not messages[m].content
            heading += f" · {call.name}, for step {prefix}{m + 1}" + ("" if alone else f".{k + 1}")
    elif message.name:
        heading += f" · {message.name}"
    sources = tuple(_source(part, i, "json") for i, part in enumerate(message.content))
    if message.error:
        sources = (Source(message.error, None, "fault"), *sources)
    return Block(step, Sort.RESULT, heading, sources, failed=message.error is not None, folded=True)


def _source(part: Part, index: int, shape: str) -> Source:
    if part.type == "text":
        text = part.text or ""
        if part.name == "reasoning":
            return Source(text, index, "quiet", said=True)
        if shape == "json" and text.lstrip()[:1] not in ("{", "["):
            return Source(text, index, "mono", said=True)
        return Source(text, index, shape, said=True)
    if part.type == "json":
        return Source(part.json or "", index, "json")
    return Source("", index, "medium", part)


_STYLES = {"text": Style.BODY, "json": Style.MONO, "mono": Style.MONO, "quiet": Style.QUIET, "fault": Style.FAULT}


def _runs_of(source: Source, *, raw: bool) -> Iterator[Run]:
    if source.medium is not None:
        yield Run(Style.MEDIUM, "", part=source.part, medium=source.medium)
        return
    if source.shape == "quiet":
        yield Run(Style.LABEL, "Reasoning")
    if raw:
        yield from _chunks(source, Style.FAULT if source.shape == "fault" else Style.MONO, 0)
        return
    if source.shape == "json":
        try:
            for row in rows(source.text):
                yield from _row_runs(source, row)
        except BadJson as bad:
            yield from _chunks(source, Style.MONO, bad.at if bad.at > 1 else 0)
        return
    yield from _chunks(source, _STYLES[source.shape], 0)


def _row_runs(source: Source, row: Row) -> Iterator[Run]:
    value, quoted = row.value, row.quoted
    at, end = row.at + source.from_, row.end + source.from_
    if len(value) <= CHUNK:
        yield Run(
            Style.ROW, value, 0, source.part, row.pointer, row.key, row.depth, quoted, quoted, quoted=quoted, raw=(at, end)
        )  # fmt: skip
        return
    for first, last in pieces(value):
        yield Run(
            Style.ROW, value[first:last], first, source.part, row.pointer, "" if first else row.key, row.depth,
            quoted and not first, quoted and last == len(value), quoted=quoted, raw=(at, end) if quoted else (at + first, at + last),
        )  # fmt: skip


def _chunks(source: Source, style: Style, start: int) -> Iterator[Run]:
    text = source.text
    if len(text) - start <= CHUNK:
        if start < len(text):
            yield Run(style, text[start:], start + source.from_, source.part)
        return
    for a, b in pieces(text, start):
        yield Run(style, text[a:b], a + source.from_, source.part)


def pieces(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Cut a long text at line ends, else at spaces, else anywhere but inside a character made of several; from, to. A line end at a cut
    belongs to the piece before it."""
    size = len(text)
    while size - start > CHUNK:
        end = text.rfind("\n", start + CHUNK // 4, start + CHUNK) + 1
        if not end:
            end = text.rfind(" ", start + CHUNK // 2, start + CHUNK) + 1
        if not end:
            end = start + CHUNK
            while end < size and end < start + CHUNK + 40 and (text[end] in "\u200d\ufe0f\n" or "\u0300" <= text[end] <= "\u036f"):
                end += 1
        yield start, end
        start = end
    if start < size:
        yield start, size


def _first_lines(runs: Iterator[Run], lines: int) -> Iterator[Run]:
    """Runs of about the first lines; the last one is cut."""
    left = lines
    for run in runs:
        if run.style in (Style.LABEL, Style.MEDIUM):
            yield run
            continue
        kept, used = _head(run.text, left)
        yield run if kept == len(run.text) else run._replace(text=run.text[:kept].rstrip() + CUT, closes=False, cut=True)
        left -= used
        if left <= 0:
            return


def _head(text: str, lines: int) -> tuple[int, int]:
    """(how many code points the first lines hold, how many lines those are)."""
    at = used = 0
    while used < lines and at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        room = (lines - used) * _LINE_CHARS
        if end - at > room:
            return at + room, lines
        used += max(1, -(-(end - at) // _LINE_CHARS))
        at = end + 1
    return (len(text), max(used, 1)) if at >= len(text) else (at - 1, max(used, 1))


def _lines_of(source: Source) -> int:
    text = source.text
    if source.medium is not None:
        return 1
    if source.shape == "json" and text[:1] in ("{", "["):
        total = 0
        try:
            for row in islice(rows(text), _COUNT_LIMIT):
                total += row.value.count("\n") + max(1, -(-len(row.value) // _LINE_CHARS))
        except BadJson as bad:
            total += (len(text) - bad.at) // _LINE_CHARS
        return total
    return text.count("\n") + max(1, -(-len(text) // _LINE_CHARS))

"""Building comparisons from items that answer the same prompt: trials of one task, or several models on it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from reviewer.domain import query
from reviewer.domain.candidates import MOST, Output, common_run, keyed
from reviewer.domain.changes import Changes, Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.items import Item, ItemId, Message
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.records import Record
from reviewer.operations import importing, indexing
from reviewer.operations.reading import Batch
from reviewer.storage import items as item_rows
from reviewer.storage import searches
from reviewer.storage.workspace import Reading, Workspace

FORMAT, VERSION = "comparisons", 1
FILE = "comparisons build"
PROMPT, EXTERNAL_ID, METADATA = "prompt", "external_id", "metadata."
_BATCH = 80  # comparisons in one transaction, so that a label never waits

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Built(NamedTuple):
    """What was made of the items that a query found.

    groups: prompts with two or more outputs; comparisons = added + known. What went into none: alone, items that share their prompt with no
    other one or answer nothing; alike, items whose output another one has too; apart, items that are grouped but share no turn.
    """

    items: int
    groups: int
    comparisons: int
    added: int
    known: int
    alone: int
    alike: int
    apart: int


class _Tally:
    def __init__(self) -> None:
        self.groups = self.alone = self.alike = self.apart = 0


def build_comparisons(
    workspace: Workspace, ticket: Ticket, *, asked: str = "", by: Sequence[str] = (PROMPT,), most: int = MOST
) -> Outcome[Built]:
    """Make comparisons of the trajectories and completions that a query finds. The same items make the same comparisons: again adds none.

    by: what those of one comparison have in common beside the agent: `prompt`, all before the first answer; `external_id`; or
    `metadata.FIELD`. Their prompt is then what they begin with alike. most: candidates of one comparison; of more, several are made.
    Raises Refused for what cannot be grouped by, NotAllowed for who may not create campaigns, since metadata may lead.
    """
    require(workspace.me, "campaign", "build comparisons")
    fields = checked_fields(by)
    if not 2 <= most <= MOST:
        raise Refused(f"A comparison cannot have up to {most} outputs.", f"Ask for 2 to {MOST}.")
    tally = _Tally()
    tree = query.resolve(query.parse(asked), me=workspace.me.name)
    indexing.know_words(workspace, ticket, asked)
    with workspace.read() as reading:
        found = searches.item_ids(reading, tree)
        groups = _grouped(reading, ticket, found, fields, tally)
    records = _records(workspace, groups, fields, most, tally)
    added, made = _write(workspace, ticket, records, len(groups))
    built = Built(len(found), tally.groups, made, added, made - added, tally.alone, tally.alike, tally.apart)
    return Outcome(built, Changes.ITEMS if added else Changes.NONE)


def checked_fields(by: Sequence[str]) -> tuple[str, ...]:
    """Fields by which items are grouped. Raises Refused for what is none."""
    for field in by:
        if field not in (PROMPT, EXTERNAL_ID) and not (field.startswith(METADATA) and len(field) > len(METADATA)):
            raise Refused(f"Items cannot be grouped by “{shown(field, 60)}”.", "Write prompt, external_id, or metadata.FIELD.")
    return tuple(by) or (PROMPT,)


def _grouped(reading: Reading, ticket: Ticket, found: Sequence[ItemId], fields: Sequence[str], tally: _Tally) -> list[tuple[ItemId, ...]]:
    """The items of each group, sorted; an item that lacks one of the fields, or answers nothing, is alone."""
    groups: dict[bytes, list[ItemId]] = defaultdict(list)
    beside = any(field.startswith(METADATA) for field in fields)
    for number, name in enumerate(found):
        ticket.step(number, len(found), "Grouping")
        kept = item_rows.get(reading, name)
        origin = item_rows.origin(reading, name) if beside else None
        key = task_key(kept.item, origin.metadata if origin is not None else "{}", fields)
        if key is None:
            tally.alone += kept.item.kind != "comparison"
        else:
            groups[key].append(name)
    tally.alone += sum(len(group) == 1 for group in groups.values())
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def task_key(item: Item, metadata: str, fields: Sequence[str]) -> bytes | None:
    """What items of one group have in common, as a hash; None for one that lacks a field, or answers nothing. metadata: JSON text."""
    asked = _asked(item)
    if item.kind == "comparison" or asked is None:
        return None
    beside = _members.decode(metadata)
    parts: list[object] = [item.agent]
    for field in fields:
        if field == PROMPT:
            parts += [item.messages[:asked], item.tools]
        elif field == EXTERNAL_ID:
            parts.append(item.external_id)
        else:
            value = beside.get(field.removeprefix(METADATA))
            parts.append(None if value is None else bytes(value).decode())  # null is a value too: no attack, no injection
        if parts[-1] is None and field != PROMPT:
            return None
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).digest()


def _asked(item: Item) -> int | None:
    """How many messages stand before the first answer; None where there is none."""
    return next((place for place, message in enumerate(item.messages) if place and message.role == "assistant"), None)


def _records(
    workspace: Workspace, groups: Sequence[Sequence[ItemId]], fields: Sequence[str], most: int, tally: _Tally
) -> Iterator[list[Record]]:
    """The comparisons of each group."""
    for group in groups:
        with workspace.read() as reading:
            whole = {name: item_rows.get(reading, name).item for name in group}
        alike = _beginning_alike(whole)
        tally.apart += len(whole) - sum(map(len, alike))
        yield [record for items in alike for record in _of_group(items, fields, most, tally)]


def _beginning_alike(items: Mapping[ItemId, Item]) -> list[dict[ItemId, Item]]:
    """The items by their first message, where two or more share it: some models of a task were given another system message."""
    found: dict[Message, dict[ItemId, Item]] = defaultdict(dict)
    for name, item in items.items():
        found[item.messages[0]][name] = item
    return [those for those in found.values() if len(those) > 1]


def _of_group(items: Mapping[ItemId, Item], fields: Sequence[str], most: int, tally: _Tally) -> list[Record]:
    """The comparisons of items that begin alike."""
    same = common_run([item.messages for item in items.values()])
    if not same:
        tally.apart += len(items)
        return []
    outputs: dict[tuple[Message, ...], ItemId] = {}
    for name, item in items.items():
        outputs.setdefault(item.messages[same:], name)
    tally.alike += len(items) - len(outputs)
    parts = list(_parts(list(outputs.values()), most))
    tally.groups += bool(parts)
    tally.alone += len(outputs) - sum(map(len, parts))
    return [_comparison([(name, items[name]) for name in part], same, fields) for part in parts]


def _parts(names: list[ItemId], most: int) -> Iterator[list[ItemId]]:
    """As few parts as there must be, all about as large; one that would hold a single item is left out."""
    count = -(-len(names) // most)
    size, larger = divmod(len(names), count)
    start = 0
    for number in range(count):
        stop = start + size + (number < larger)
        if stop - start > 1:
            yield names[start:stop]
        start = stop


def _comparison(members: Sequence[tuple[ItemId, Item]], same: int, fields: Sequence[str]) -> Record:
    """A comparison of items that begin alike. It is traced to them by its metadata and by its record."""
    first = members[0][1]
    candidates, keys = keyed([Output(item.messages[same:], item.model) for _, item in members])
    tools = {item.tools for _, item in members}
    item = Item(
        kind="comparison",
        messages=first.messages[:same],
        candidates=candidates,
        agent=first.agent,
        tools=tools.pop() if len(tools) == 1 else None,
    )
    by_key = dict(sorted(zip(keys, (name for name, _ in members), strict=True)))
    beside = {"items": by_key, "by": list(fields)}
    text = msgspec.json.encode(beside)
    return Record(item, text, 1, metadata=text.decode())


def _write(workspace: Workspace, ticket: Ticket, records: Iterator[list[Record]], groups: int) -> tuple[int, int]:
    """Write what is made, some at a time. Returns how many are new, and how many there are."""
    added = made = 0
    files: dict[int, int] = {}
    waiting: list[Record] = []

    def flush() -> int:
        piece = Batch(0, FILE, FORMAT, VERSION, [item_rows.prepare(record) for record in waiting], [])
        waiting.clear()
        with workspace.begin() as work:
            return len(importing.add_batch(work, files, piece))

    for number, some in enumerate(records, 1):
        waiting += [msgspec.structs.replace(one, index=made + place) for place, one in enumerate(some, 1)]
        made += len(some)
        if len(waiting) >= _BATCH:
            added += flush()
        ticket.step(number, groups, "Building comparisons")
    if waiting:
        added += flush()
    return added, made

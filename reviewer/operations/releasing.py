"""Freezing the labels of campaigns as a training data set: rows, card, manifest and signature, in a folder of their own."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from reviewer import __version__
from reviewer.domain import canonical, items, releases
from reviewer.domain.chain import EntryHash
from reviewer.domain.changes import Outcome
from reviewer.domain.errors import Refused, shown
from reviewer.domain.events import Event, Release
from reviewer.domain.items import ItemId
from reviewer.domain.members import require
from reviewer.domain.progress import Ticket
from reviewer.domain.releases import PARTS, Manifest, Part, ReleasedCampaign, ReleasedFile, Split
from reviewer.formats.trl import KtoRow, Turn
from reviewer.operations.release_card import card
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import departures, outgoing, payloads
from reviewer.storage.campaigns import Stored
from reviewer.storage.departures import AnsweredItem
from reviewer.storage.workspace import Reading, Workspace

FORMATS = ("trl-kto",)
AGGREGATES = ("answer",)
MANIFEST, SIGNATURE, CARD = "manifest.json", "manifest.sig", "README.md"
_BATCH = 500


class Released(NamedTuple):
    """A release on the disk. rows and dropped count items; files with their paths below `folder`."""

    release: EntryHash
    folder: Path
    rows: dict[str, int]
    dropped: dict[str, int]
    files: tuple[ReleasedFile, ...]
    warnings: tuple[str, ...]


class _Chosen(NamedTuple):
    """What goes in: the answer of each item, and the counts of those that do not, by reason."""

    answers: dict[ItemId, str]
    of: dict[ItemId, tuple[EntryHash, ...]]
    dropped: dict[str, int]
    disputed: int


def release_dataset(
    workspace: Workspace,
    ticket: Ticket,
    *,
    campaigns: Sequence[str],
    out: Path,
    format_name: str = "trl-kto",
    aggregate: str = "answer",
    split: str = "1",
) -> Outcome[Released]:
    """Write a data set of every item that has an answer, sign its manifest, and record that it left.

    The same labels give the same bytes. Raises Refused for what this version does not write, for a campaign without a single answer,
    or where something lies at `out` already; NotAllowed; NotSaved. Then nothing is left behind.
    """
    require(workspace.me, "release", "release data sets")
    shares = _checked(format_name, aggregate, split)
    with outgoing.partial_folder(out) as partial, workspace.read() as reading:
        stored = _distinct(reading, campaigns)
        chosen = _choose(reading, stored)
        written = _write_rows(reading, ticket, partial, stored, chosen, shares)
        if not sum(written.rows.values()):
            raise Refused(
                f"No item of {_names(stored)} can be released yet.", f"Nothing was written: {_reasons(written.dropped)}. Label items first."
            )
        warnings = _warnings(written, chosen)
        manifest = _manifest(reading, stored, format_name, aggregate, shares, written)
        files = _finish(reading, partial, manifest, warnings)
        rows = dict(sorted(written.rows.items()))
        event = Release(tuple(one.state.hash for one in stored), format_name, aggregate, rows, canonical.sha256_hex(_bytes(files)))
        with workspace.begin() as work:
            name = work.record(Event("release", event))
        outgoing.put_in_place(partial, out)
    return Outcome(Released(name, out, written.rows, written.dropped, files.files, warnings), work.changes)


def _checked(format_name: str, aggregate: str, split: str) -> Split:
    if format_name not in FORMATS:
        raise Refused(f"“{shown(format_name, 40)}” is not a format that is released.", f"Choose one of: {', '.join(FORMATS)}.")
    if aggregate not in AGGREGATES:
        raise Refused(f"This version does not aggregate by “{shown(aggregate, 40)}”.", f"Choose one of: {', '.join(AGGREGATES)}.")
    return releases.split(split)


def _distinct(reading: Reading, names: Sequence[str]) -> list[Stored]:
    found = {stored.state.hash: stored for stored in (campaign_rows.named(reading, name) for name in names)}
    if not found:
        raise Refused("No campaign was named.", "Name one or more: see `reviewer campaign list`.")
    return [found[name] for name in sorted(found)]


def _names(stored: Sequence[Stored]) -> str:
    return ", ".join(f"“{one.state.rules.name}”" for one in stored)


def _choose(reading: Reading, stored: Sequence[Stored]) -> _Chosen:
    """The answers of all campaigns together. An item whose campaigns disagree has none, and counts as open."""
    dropped = dict.fromkeys(releases.DROPPED, 0)
    answers: dict[ItemId, str] = {}
    of: dict[ItemId, tuple[EntryHash, ...]] = {}
    disputed: set[ItemId] = set()
    for one in stored:
        lacking = departures.unanswered(reading, one)
        dropped["unsure"] += lacking.unsure
        dropped["open"] += lacking.open
        for item, answer in departures.answers(reading, one).items():
            if answers.setdefault(item, answer) != answer:
                disputed.add(item)
            of[item] = (*of.get(item, ()), one.state.hash)
    for item in disputed:
        del answers[item]
    dropped["open"] += len(disputed)
    return _Chosen(answers, of, dropped, len(disputed))


class _Written(NamedTuple):
    """The rows on the disk, and what was met on the way."""

    rows: dict[str, int]
    dropped: dict[str, int]
    files: list[ReleasedFile]
    labels: list[EntryHash]
    media_left_out: int
    not_blind: int


def _write_rows(reading: Reading, ticket: Ticket, partial: Path, stored: Sequence[Stored], chosen: _Chosen, shares: Split) -> _Written:
    from reviewer.formats import trl

    written = _Written(dict.fromkeys(PARTS, 0), dict(chosen.dropped), [], [], 0, 0)
    (partial / "data").mkdir()
    with ExitStack() as stack:
        sinks: dict[Part, _Sink] = {}
        for done, answered in enumerate(departures.answered_items(reading, stored, chosen.answers), 1):
            ticket.step(done, len(chosen.answers), "Writing rows")
            cut = _cut(answered)
            if cut is None:
                written.dropped["no_value"] += 1
                continue
            part = releases.part_of(answered.item, shares)
            if part not in sinks:
                sinks[part] = stack.enter_context(_Sink(partial / "data", part))
            item, turn = cut
            row = trl.kto_row(
                item, turn, desirable=answered.answer == "compliant", item_id=answered.item,
                campaigns=chosen.of[answered.item], labels=answered.labels, blind=answered.blind,
            )  # fmt: skip
            sinks[part].add(row)
            written.labels.extend(answered.labels)
            written = written._replace(
                media_left_out=written.media_left_out + bool(turn.media_left_out), not_blind=written.not_blind + (not answered.blind)
            )
            written.rows[part] += 1
    for part in PARTS:
        for ending in ("jsonl", "parquet"):
            path = partial / "data" / f"{part}.{ending}"
            if path.exists():
                written.files.append(ReleasedFile(f"data/{path.name}", outgoing.file_sha256(path), written.rows[part]))
    return written


def _cut(answered: AnsweredItem) -> tuple[items.Item, Turn] | None:
    from reviewer.formats import trl

    if answered.payload is None:
        return None
    item = items.decode(payloads.unpack(answered.payload))
    turn = trl.turn(item)
    return None if turn is None else (item, turn)


class _Sink:
    """One part, as JSON lines and as Parquet at once."""

    def __init__(self, folder: Path, part: Part) -> None:
        self._paths = (folder / f"{part}.jsonl", folder / f"{part}.parquet")
        self._waiting: list[KtoRow] = []

    def __enter__(self) -> "_Sink":
        import pyarrow.parquet as pq

        from reviewer.formats import trl

        self._stack = ExitStack()
        lines, table = (self._stack.enter_context(outgoing.durable(path)) for path in self._paths)
        self._lines: IO[bytes] = lines
        self._table = self._stack.enter_context(pq.ParquetWriter(table, trl.KTO_SCHEMA, compression="zstd"))
        return self

    def add(self, row: KtoRow) -> None:
        self._waiting.append(row)
        if len(self._waiting) == _BATCH:
            self._flush()

    def _flush(self) -> None:
        from reviewer.formats import trl

        if self._waiting:
            lines = trl.json_lines(self._waiting)
            self._lines.write(lines)
            self._table.write_table(trl.parquet_rows(lines))
            self._waiting.clear()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        with self._stack:
            if kind is None:
                self._flush()


def _warnings(written: _Written, chosen: _Chosen) -> tuple[str, ...]:
    said = []
    if written.media_left_out:
        said.append(f"{written.media_left_out} rows hold images or other media, which this format leaves out.")
    if written.not_blind:
        said.append(f"{written.not_blind} rows rest on a label that was not given blind; reviewer_blind says which.")
    if chosen.disputed:
        said.append(f"{chosen.disputed} items have different answers in the campaigns, and were dropped as open.")
    return tuple(said)


def _reasons(dropped: dict[str, int]) -> str:
    return ", ".join(f"{n} {reason.replace('_', ' ')}" for reason, n in dropped.items() if n) or "no item was drawn"


def _manifest(reading: Reading, stored: Sequence[Stored], format_name: str, aggregate: str, shares: Split, written: _Written) -> Manifest:
    project = reading.fact("project")
    assert project is not None  # every workspace has a genesis
    return Manifest(
        v=1,
        project=EntryHash(project),
        format=format_name,
        app=__version__,
        campaigns=tuple(_campaign(reading, one) for one in stored),
        aggregate=aggregate,
        split=(shares.train, shares.validation, shares.test),
        rows=written.rows,
        dropped=written.dropped,
        labels=releases.label_set(written.labels),
        files=tuple(written.files),
    )


def _campaign(reading: Reading, stored: Stored) -> ReleasedCampaign:
    rules = stored.state.rules
    return ReleasedCampaign(
        id=stored.state.hash,
        name=rules.name,
        query=rules.query,
        design=rules.design,
        seed=rules.seed,
        overlap=rules.overlap,
        population=stored.population,
        sampled=stored.sampled,
        policies=tuple(sorted(_policies(reading, stored))),
    )


def _policies(reading: Reading, stored: Stored) -> Iterator[str]:
    seen = {
        f"{clause.policy}@{clause.version}"
        for chunk in departures.labels(reading, campaign=stored)
        for row in chunk
        for clause in row.label.clauses
    }
    return iter(seen)


def _finish(reading: Reading, partial: Path, manifest: Manifest, warnings: tuple[str, ...]) -> Manifest:
    """Write the card, then the manifest over everything, then its signature. Returns the manifest as written."""
    with outgoing.durable(partial / CARD) as stream:
        stream.write(card(manifest, warnings).encode())
    whole = msgspec.structs.replace(manifest, files=(*manifest.files, ReleasedFile(CARD, outgoing.file_sha256(partial / CARD), None)))
    with outgoing.durable(partial / MANIFEST) as stream:
        stream.write(_bytes(whole))
    signer = reading.workspace.signer(reading)
    signature = {
        "device": signer.device,
        "key": signer.key.public_key().public_bytes_raw().hex(),
        "signature": signer.key.sign(releases.signed_bytes(_bytes(whole))).hex(),
        "v": 1,
    }
    with outgoing.durable(partial / SIGNATURE) as stream:
        stream.write(canonical.encode(signature))
    return whole


def _bytes(manifest: Manifest) -> bytes:
    return canonical.encode(msgspec.to_builtins(manifest))

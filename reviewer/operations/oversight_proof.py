"""Of an oversight record: what it does not cover, and how anybody may check it."""

import importlib.metadata
import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from reviewer import __version__
from reviewer.domain.oversight import Block, Column, Commands, Facts, Paragraph, Section, Table
from reviewer.domain.oversight_words import MISSING, count, day, short
from reviewer.operations.joining import Project
from reviewer.storage import driver
from reviewer.storage import oversight as rows_of
from reviewer.storage.campaigns import Stored
from reviewer.storage.conflicts import conflicts_of_tables
from reviewer.storage.digests import Both
from reviewer.storage.workspace import Reading

if TYPE_CHECKING:
    from reviewer.operations.oversight_settled import Stale
    from reviewer.operations.verifying import Verification

_MOST = 40  # streams, receipts and problems that are listed


class Uncovered(NamedTuple):
    """What the other sections found that limits the record. without_basis: values without a rate; open, unsure: drawn items."""

    stale: "Stale"
    without_basis: int
    open: int
    unsure: int


def limits(reading: Reading, stored: Stored, checked: "Verification", left: Uncovered) -> Section:
    """What is not covered, each with its count, also where that is none."""
    counts = rows_of.label_counts(reading, stored)
    conflicts = [one for one in conflicts_of_tables(reading) if one.campaign in (None, stored.state.hash)]
    streams = {head.stream: head for head in rows_of.heads(reading)}.values()
    alone, since = sum(one.alone for one in streams), min((one.alone_ms for one in streams if one.alone_ms is not None), default=None)
    rows = (
        ("Not yet witnessed", f"{alone:,}", "Entries that no other device has signed for. A device that never exchanged with another "
         f"cannot prove that its owner changed nothing.{'' if since is None else f' The first of them was made on {day(since)}.'}"),
        ("Open conflicts", f"{len(conflicts):,}", "What devices said without knowing of each other, and a person has still to settle."),
        ("Stale labels", f"{left.stale.labels:,}", "They cite words that hold no more."),
        ("Labels that were not blind", f"{counts.not_blind:,}", "Left out of rates and agreement."),
        ("Open items", f"{left.open:,}", "Drawn, and without an answer; both limits are given with the rate."),
        ("Unsure items", f"{left.unsure:,}", "Reviewers could not tell; both limits are given with the rate."),
        ("Figures without basis", f"{left.without_basis:,}", "Parts of which too little is known for a rate; each says why."),
        ("Labels that do not count", f"{counts.uncounted:,}", "Given without the right to, or for what is not here; kept in the journal."),
        ("Other entries that do not count", f"{max(0, checked.not_counted - counts.uncounted):,}", "The same, of other kinds."),
        ("Entries of a newer version", f"{checked.newer:,}", "Kept and passed on; this version cannot read what they say."),
        ("Streams that do not verify", f"{len(checked.damaged):,}", "An entry in them is not what its device signed."),
        ("Items erased", f"{rows_of.erased(reading, stored):,}", "Their content was deleted on request; what was said of them stays."),
    )  # fmt: skip
    return Section(
        "Limits: what this record does not cover",
        (
            Paragraph(
                "This record speaks of the items that were imported and matched the query when the draws were made. It cannot speak of "
                "what "
                "was never imported. Dates are those of the devices that signed, unless a receipt is named."
            ),
            Table("", (Column("What", 2.2), Column("Count", 0.8, numbers=True), Column("What it means", 5)), rows, ""),
        ),
    )


def verification(
    reading: Reading, stored: Stored, project: Project | None, checked: "Verification", digests: Both, *, suffix: str
) -> Section:
    """The digests, the ends of streams, receipts and versions, and the commands that check them. suffix: of the record's own file."""
    blocks: list[Block] = [
        _state_of(checked),
        Facts(
            (
                ("State digest", digests.state),
                ("Set digest", digests.set),
                ("Project", MISSING if project is None else project.root),
                ("Campaign", stored.state.hash),
            ),
            code=True,
        ),
        Paragraph(
            "Two replicas with the same set digest hold the same signed entries; with the same state digest they draw the same conclusions "
            "from them. Any later entry changes both."
        ),
        _heads_table(rows_of.heads(reading)),
        _receipts_table(rows_of.received(reading)),
        Paragraph("To check it: open a replica of the project, or restore a backup of it, and run"),
        Commands(_commands(stored, suffix)),
        Paragraph(
            "`verify` reads every entry, checks its hash, its signature and its link to the entry before, makes the state anew from "
            "them and "
            "prints both digests; they are those above as long as nothing was added. `story LABEL` tells of one label who gave it, on what "
            "screen, and which devices have it. The last command makes this record again: it differs in its date and author alone.",
            "note",
        ),
        Facts(_versions()),
    ]  # fmt: skip
    return Section("Verification", tuple(blocks), opens_page=True)


def _heads_table(heads: Sequence[rows_of.Head]) -> Table:
    """Up to where each device has written."""
    return Table(
        "Heads of streams",
        (
            Column("Device", 1.5, code=True), Column("Member", 1.8), Column("Stream", 1.5, code=True),
            Column("Entries", 0.9, numbers=True),
            Column("Last entry", 1.5, code=True), Column("Not witnessed", 1.2, numbers=True),
        ),
        tuple(
            (
                short(one.device), f"{one.member}{' (revoked)' if one.revoked else ''}", short(one.stream), f"{one.seq:,}",
                short(one.hash), f"{one.alone:,}",
            )
            for one in heads[:_MOST]
        ),
        "There is none.",
        _more(len(heads)),
    )  # fmt: skip


def _receipts_table(received: Sequence[rows_of.Received]) -> Table:
    """Up to where others have signed for it."""
    return Table(
        "Receipts: what other devices have signed for",
        (
            Column("Signed by", 1.8), Column("Device", 1.5, code=True), Column("Stream", 1.5, code=True),
            Column("Up to", 0.9, numbers=True),
            Column("Its hash", 1.5, code=True), Column("When", 2.2),
        ),
        tuple(
            (one.member, short(one.device), short(one.stream), f"{one.seq:,}", short(one.head), one.time) for one in received[:_MOST]
        ),
        "No device has signed for the entries of another: nobody but their author has witnessed them.",
        _more(len(received)),
    )  # fmt: skip


def _state_of(checked: "Verification") -> Paragraph:
    what = f"{checked.entries:,} entries by {count(checked.members, 'member')} on {checked.items:,} items"
    if checked.ok:
        return Paragraph(f"When this record was made, {what} were verified: every hash, signature, link and derived row is in order.")
    told = "\n".join(f"{one.where}: {one.what}" for one in checked.problems[:_MOST])
    return Paragraph(f"When this record was made, {what} were verified, and not everything is in order:\n{told}", "warning")


def _commands(stored: Stored, suffix: str) -> tuple[str, ...]:
    name = stored.state.hash[:12]
    return (
        "reviewer verify --json",
        f"reviewer estimate {name} --json",
        f"reviewer agreement {name} --json",
        f"reviewer campaign show {name} --items --json",
        f"reviewer labels export labels.jsonl --campaign {name} --history",
        "reviewer device list --json",
        f"reviewer report {name} record{suffix}",
    )


def _versions() -> tuple[tuple[str, str], ...]:
    parts = ("numpy", "scipy", "cryptography")
    return (
        ("Made with", f"Reviewer {__version__}"),
        ("Python", platform.python_version()),
        ("SQLite", ".".join(map(str, driver.version()))),
        *((name, importlib.metadata.version(name)) for name in parts),
    )


def _more(n: int) -> str:
    return f"{n - _MOST:,} more: `reviewer device list --json` gives all." if n > _MOST else ""

"""What the page says: of releases, of how they stand, and the text of a card as plain blocks."""

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from reviewer.domain.errors import ReviewerError, shown
from reviewer.domain.releases import PARTS, reasons
from reviewer.ui.pages.datasets.fetching import AuditTold
from reviewer.ui.pages.policies.lists import Row
from reviewer.ui.widgets.times import count, day_of, moment

if TYPE_CHECKING:
    from reviewer.domain.releases import Manifest
    from reviewer.operations.release_checks import Checked
    from reviewer.operations.release_listing import ReleaseLine, Standing

EMPTY = (
    "A release freezes the labels of campaigns as training data: rows in JSON lines and Parquet, a card, and a signed manifest by which"
    " every row is traced to its labels, clauses and items."
)
AGGREGATES = {"answer": "The answer", "majority": "Majority", "dawid_skene": "Dawid-Skene"}
_BLOCKS = 400
_HEADING = re.compile(r"#{1,6}\s+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|!])")


class State(NamedTuple):
    """How a release stands: a pill, and a sentence."""

    word: str
    kind: str
    said: str


class Block(NamedTuple):
    """A piece of a card's text."""

    kind: Literal["title", "heading", "text", "point", "table"]
    text: str


def state(
    line: "ReleaseLine",
    found: "Standing | ReviewerError | None",
    checked: "Checked | None",
) -> State:
    """How a release stands, by what was looked at. found: None where nothing was yet."""
    if line.folder is None:
        return State("not on this machine", "plain", "It was made elsewhere, or before this machine knew where. F says where it lies.")
    if isinstance(found, ReviewerError):
        return State("not found", "warn", f"{found.what} F says where it lies.")
    if found is None:
        return State("looking", "plain", "Its files are being read.")
    traced = "" if checked is None else f" {checked.traced:,} of {count(checked.rows, 'row')} trace."
    if found.state == "changed":
        return State("changed", "bad", f"What lies there is not what was written.{traced}")
    if found.state == "withdrawn":
        gone = count(found.withdrawn, "label or resolution", "labels or resolutions")
        said = f"{gone} behind its rows {'is' if found.withdrawn == 1 else 'are'} not in force any more: release anew to leave them out."
        return State("labels withdrawn since", "warn", f"{said}{traced}")
    if checked is not None and checked.broken:
        return State("does not trace", "bad", traced.strip())
    if checked is not None:
        return State("checks out", "ok", f"All {count(checked.rows, 'row')} were made anew from labels and items, and are the same.")
    return State("holds", "ok", "Its signature and files are right, and every label behind its rows is in force. C makes each row anew.")


def name(line: "ReleaseLine") -> str:
    """What a release is called."""
    return shown(", ".join(line.campaigns), 120)


def release_row(line: "ReleaseLine", standing: State, zone: str) -> Row:
    """A release in the list."""
    mark = {"ok": "●", "bad": "▲", "warn": "◆"}.get(standing.kind, "")
    said = f"{mark} {standing.word}".strip()
    note, title = f"{count(line.total, 'row')}, {day_of(line.time, zone)}", f"{name(line)}, {shown(line.format, 40)}"
    return Row(line.release, title, f"{said} · {note}", f"{title}, {note}, by {shown(line.by, 40)}, {standing.word}")


def made(line: "ReleaseLine", zone: str) -> str:
    """When, by whom, and how labels became answers."""
    how = {"answer": "common answers", "majority": "majorities", "dawid_skene": "labels weighed by Dawid-Skene"}
    weighed = how.get(line.aggregate, shown(line.aggregate, 40))
    return f"{shown(line.format, 40)} of {weighed}, {moment(line.time, zone)}, by {shown(line.by, 40)}"


def split_words(manifest: "Manifest") -> str:
    """The shares that were asked for, empty where all is in one part."""
    shares = [share for share in manifest.split if share != "0"]
    return f"split {', '.join(shares)}" if len(shares) > 1 else ""


def parts(rows: "dict[str, int]") -> list[tuple[str, str]]:
    """Each part that has rows, with how many."""
    return [(part, f"{rows[part]:,}") for part in PARTS if rows.get(part)]


def left_out(dropped: "dict[str, int]") -> str:
    """What has no row, and why; empty where everything has one."""
    said = reasons(dropped)
    return f"{sum(dropped.values()):,} left out: {said}" if said else ""


def warnings_of(told: AuditTold) -> str:
    """How many findings are to be minded."""
    n = sum(one.level == "warning" for one in told.findings)
    return count(n, "warning") if n else "nothing to mind"


def card_blocks(text: str) -> list[Block]:
    """The text of a card in pieces: what renders elsewhere stands here as words. The front matter, which machines read, is left out."""
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[4:].partition("\n---\n")[2]
    found: list[Block] = []
    for line in text.splitlines():
        said, last = _plain(line.strip()), found[-1] if found else None
        if not said:
            found.append(Block("text", ""))
        elif _HEADING.match(line):
            found.append(Block("title" if line.startswith("# ") else "heading", _plain(line.lstrip("#").strip())))
        elif line.startswith("|"):
            if set(line) - set("|-: "):
                cells = " · ".join(cell.strip() for cell in said.strip("|").split("|"))
                found.append(Block("table", cells))
        elif line.startswith("- "):
            found.append(Block("point", said[2:]))
        elif last is not None and last.kind in ("text", "point") and last.text:
            found[-1] = last._replace(text=f"{last.text} {said}")
        else:
            found.append(Block("text", said))
    return [block for block in found if block.text][:_BLOCKS]


def _plain(text: str) -> str:
    """Words without the marks of code, and without what keeps others from being marks."""
    return shown(_ESCAPED.sub(r"\1", re.sub(r"(?<!\\)`", "", text)), 4_000)

"""What stood out and what changed, as the journal says it: findings and alarms."""

from typing import NamedTuple

import msgspec

from reviewer.domain.chain import Entry, parse
from reviewer.domain.errors import NotFound, Refused, shown
from reviewer.domain.events import Alarm, Finding
from reviewer.storage.notes import note_of
from reviewer.storage.rows import ChangingRows, Rows, prefix_range


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a finding rests on; expected and p are decimal strings."""

    reviewed: int = 0
    non_compliant: int = 0
    expected: str | None = None
    p: str | None = None
    embedder: str | None = None


class Found(NamedTuple):
    """A finding. cluster: its id, which names its list of items; fresh: the campaign that asks for more labels; name: a person's."""

    hash: str
    what: str
    cluster: str
    size: int
    campaign: str | None
    fresh: str | None
    figures: Figures
    name: str | None
    wall_ms: int


class Raised(NamedTuple):
    """An alarm. hash: its entry's; campaign: that campaign's."""

    hash: str
    campaign: str
    kind: str
    at: str
    statistic: str
    threshold: str
    wall_ms: int


_COLUMNS = "hash, what, items, items_n, campaign, fresh, figures, wall_ms"
_ALARMS = "SELECT hash, campaign, kind, at, statistic, threshold, wall_ms FROM alarm"
_LEAST_PREFIX = 6
_SEE_ALARMS = "`reviewer drift CAMPAIGN` lists its alarms with their ids."
_figures = msgspec.json.Decoder(Figures)


def show(work: ChangingRows, entry: Entry, value: Finding) -> None:
    """Make the row of a finding."""
    figures = Figures(value.reviewed, value.non_compliant, value.expected, value.p, value.embedder)
    campaign, fresh = (None if one is None else bytes.fromhex(one) for one in (value.campaign, value.fresh))
    listed = value.items
    work.run(
        "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            bytes.fromhex(entry.hash), value.what, listed.n, bytes.fromhex(listed.blob), campaign, fresh,
            msgspec.json.encode(figures).decode(), entry.body.wall_ms,
        ),
    )  # fmt: skip


def show_alarm(work: ChangingRows, entry: Entry, value: Alarm) -> None:
    """Make the row of an alarm."""
    said = (value.kind, value.at, value.statistic, value.threshold)
    work.run(
        "INSERT INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (bytes.fromhex(entry.hash), bytes.fromhex(value.campaign), *said, entry.body.wall_ms),
    )


def of_cluster(rows: Rows, cluster: str) -> list[Found]:
    """What was said of a cluster, oldest first."""
    found = rows.rows(f"SELECT {_COLUMNS} FROM finding WHERE items = ? ORDER BY wall_ms, hash", (bytes.fromhex(cluster),))
    return [_found(rows, row) for row in found]


def every(rows: Rows) -> list[Found]:
    """All findings, oldest first."""
    return [_found(rows, row) for row in rows.rows(f"SELECT {_COLUMNS} FROM finding ORDER BY wall_ms, hash")]


def alarms_of(rows: Rows, campaign: str) -> list[Raised]:
    """The alarms of a campaign, by its hash, oldest first."""
    return [_raised(row) for row in rows.rows(f"{_ALARMS} WHERE campaign = ? ORDER BY wall_ms, hash", (bytes.fromhex(campaign),))]


def alarm(rows: Rows, prefix: str) -> Raised:
    """The alarm of an entry, or of its first 6 or more digits. Raises NotFound, Refused."""
    wanted = prefix.lower()
    if not _LEAST_PREFIX <= len(wanted) <= 64 or any(c not in "0123456789abcdef" for c in wanted):
        raise NotFound(f"“{shown(prefix, 40)}” is not an alarm's id.", _SEE_ALARMS)
    found = rows.rows(f"{_ALARMS} WHERE hash BETWEEN ? AND ?", prefix_range(wanted))
    if not found:
        raise NotFound(f"There is no alarm {wanted[:12]}.", _SEE_ALARMS)
    if len(found) > 1:
        raise Refused(f"More than one alarm begins with {wanted}.", "Give more digits of the id.")
    return _raised(found[0])


def _raised(row: tuple[bytes, bytes, str, str, str, str, int]) -> Raised:
    return Raised(row[0].hex(), row[1].hex(), *row[2:])


def _found(rows: Rows, row: tuple[bytes, str, bytes, int, bytes | None, bytes | None, str, int]) -> Found:
    name, what, items, size, campaign, fresh, figures, wall_ms = row
    words = None
    if what == "named":
        body = rows.row("SELECT body FROM entry WHERE hash = ?", (name,))
        words = None if body is None else note_of(rows, parse(bytes(body[0])))
    return Found(name.hex(), what, items.hex(), size, _hex(campaign), _hex(fresh), _figures.decode(figures), words, wall_ms)


def _hex(name: bytes | None) -> str | None:
    return None if name is None else name.hex()

"""Estimates of large populations: the tables are filled by SQL, since a million signed labels would take an hour."""

import time
from pathlib import Path
from typing import Literal

from reviewer.domain.designs import Selection
from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, estimating, overview
from reviewer.storage.transactions import Work
from reviewer.storage.workspace import Workspace
from tests.bench import limits
from tests.bench.rows import Row

_LABELS = 20_000
_IN_A_LIST = 1_000  # opinions that an entry holds
_DESIGNS: dict[str, tuple[Literal["all", "srs", "stratified", "poisson"], Selection]] = {
    "simple random sample": ("srs", Selection()),
    "stratified sample": ("stratified", Selection(by="agent")),
    "weighted sample": ("poisson", Selection(weight="suggestion:judge")),
    "census": ("all", Selection()),
}
_ASKED: dict[str, dict[str, str]] = {
    "": {},
    ", by agent": {"by": "agent"},
    ", by steps": {"by": "steps"},
    ", by week": {"by": "week"},
    ", by clause": {"by": "clause"},
    ", by what the judge said": {"by": "suggestion:judge"},
    ", with the judge": {"judge": "judge"},
    ", at any time": {"method": "anytime"},
}
ITEMS = (
    "INSERT INTO item WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n, randomblob(32), 'trajectory',"
    " 'agent ' || (n % 7), 'model ' || (n % 12), printf('2026-%02d-%02dT10:00:00.000Z', n % 12 + 1, n % 28 + 1), 'run ' || n, 'A run',"
    " n % 40, '', '', zeroblob(300) FROM c"
)
_SIGNED = (
    "INSERT INTO entry WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < ?)"
    " SELECT randomblob(16), 1, randomblob(32), 'suggestion',"
    " CAST(json_object('value', json_object('judge', 'judge'), 'hlc', json_array(n + 1, n)) AS BLOB), randomblob(64), n FROM c"
)
_SAID = (
    "INSERT INTO suggestion"
    " WITH list AS MATERIALIZED (SELECT hash, json_extract(body, '$.hlc[1]') AS k FROM entry WHERE kind = 'suggestion')"
    " SELECT list.hash, id, 'judge', CASE WHEN n % 11 = 0 THEN 'non_compliant' ELSE 'compliant' END, printf('0.%02d', 1 + n * 7 % 90)"
    f" FROM list JOIN item ON item.n BETWEEN list.k * {_IN_A_LIST} AND list.k * {_IN_A_LIST} + {_IN_A_LIST} - 1"
)


def estimate_rows(folder: Path, items: int) -> list[Row]:
    """Estimates of every design, a census that is begun among them, each on a connection that knows nothing: of the whole, by fields,
    with a judge and to be read at any time; the figures of the page Insights; then the look whether to make one anew."""
    workspace = Workspace.create(folder / "estimates", member="Bench")
    labels = min(_LABELS, items)
    with workspace.begin() as work:
        work.run(ITEMS, (items,))
        work.set_fact("items", str(items))
        work.run(_SIGNED, (items // _IN_A_LIST,))
        work.run(_SAID)
    for name, (design, selection) in _DESIGNS.items():
        campaigns.create_campaign(
            workspace, SILENT, rules=Campaign(name=name, query="", seed="bench", design=design),
            size=None if design == "all" else labels, selection=selection,
        )  # fmt: skip
        with workspace.begin() as work:
            label(work, name, labels)
    rows: list[Row] = []
    for name in _DESIGNS:
        for what, asked in _ASKED.items():
            if _DESIGNS[name][0] == "stratified" and "method" in asked:
                continue  # refused: it has no such limits
            rows += _measured(workspace, items, f"estimate of a {name}, {labels:,} labels{what}", name, asked)
        rows += _measured(workspace, items, f"all figures of a {name}, {labels:,} labels", name, None)
    looked = limits.middle(limits.timed(lambda: estimating.mark(workspace, SILENT), 20))
    rows.append(Row(items, "whether an estimate is still right", "ms", looked * 1e3, None, "<= 5 ms", looked <= 0.005))
    workspace.close()
    return rows


def _measured(workspace: Workspace, items: int, what: str, campaign: str, asked: dict[str, str] | None) -> list[Row]:
    """What an estimate takes on a connection that knows nothing, by the clock and of the processor, and on the same one afterwards.

    asked: of an estimate; None for all that the page Insights shows.
    """
    other = Workspace.open(workspace.folder)

    def estimate() -> object:
        if asked is None:
            return overview.overview_of_campaign(other, SILENT, campaign=campaign, by="agent")
        return estimating.estimate_campaign(other, SILENT, campaign=campaign, by=asked.get("by"), judge=asked.get("judge"),
                                            method=asked.get("method", "auto"))  # fmt: skip

    used = time.process_time()
    (first,) = limits.timed(estimate, 1)
    used = time.process_time() - used
    later = limits.timed(estimate, 3)
    other.close()
    target, met = ("<= 1,000 ms", first <= 1) if asked is not None else ("", None)
    return [
        Row(items, what, "ms", first * 1e3, None, target, met),
        Row(items, f"{what}, processor", "ms", used * 1e3, None, "", None),
        Row(items, f"{what}, again", "ms", limits.middle(later) * 1e3, None, "", None),
    ]


def label(work: Work, campaign: str, labels: int) -> None:
    """Blind labels on the first items of a campaign's queue, one in ten of them non-compliant and citing a clause."""
    row = work.row("SELECT id FROM campaign WHERE name = ?", (campaign,)) or (0,)
    said = "CASE WHEN unicode(hex(substr(item, 1, 1))) % 10 = 0 THEN 'non_compliant' ELSE 'compliant' END"
    first = "SELECT item FROM pick WHERE campaign = ?1 ORDER BY place LIMIT ?2"
    work.run(f"UPDATE pick SET complete = 1, answer = {said} WHERE campaign = ?1 AND item IN ({first})", (row[0], labels))
    work.run(
        "INSERT INTO label (hash, campaign, item, member, showing, verdict, blind, in_force, wall_ms)"
        " SELECT randomblob(32), campaign, item, (SELECT id FROM member), 1, answer, 1, 1, 1 FROM pick"
        " WHERE campaign = ? AND answer IS NOT NULL",
        (row[0],),
    )
    work.run(
        "INSERT INTO label_clause SELECT hash, 'policy', unicode(hex(substr(item, 2, 1))), 'v', 't' FROM label WHERE campaign = ?"
        " AND verdict = 'non_compliant'",
        (row[0],),
    )
    work.run("UPDATE campaign SET complete = ?2, answered = ?2, labels = ?2 WHERE id = ?1", (row[0], labels))

"""Estimates of large populations: the tables are filled by SQL, since a million signed labels would take an hour."""

from pathlib import Path

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, estimating
from reviewer.storage.transactions import Work
from reviewer.storage.workspace import Workspace
from tests.bench import limits
from tests.bench.rows import Row

_LABELS = 20_000
ITEMS = (
    "INSERT INTO item WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n, randomblob(32), 'trajectory',"
    " 'agent ' || (n % 7), 'model ' || (n % 12), printf('2026-%02d-%02dT10:00:00.000Z', n % 12 + 1, n % 28 + 1), 'run ' || n, 'A run',"
    " 5, '', '', zeroblob(300) FROM c"
)


def estimate_rows(folder: Path, items: int) -> list[Row]:
    """An estimate of a simple random sample and of a census that is begun, of the whole and by a field; then the look whether to make it
    anew."""
    workspace = Workspace.create(folder / "estimates", member="Bench")
    labels = min(_LABELS, items)
    with workspace.begin() as work:
        work.run(ITEMS, (items,))
        work.set_fact("items", str(items))
    drawn = (
        Campaign(name="srs", query="", seed="bench", design="srs"),
        Campaign(name="census", query="", seed="bench"),
    )
    for rules, size in zip(drawn, (labels, None), strict=True):
        name = rules.name
        campaigns.create_campaign(workspace, SILENT, rules=rules, size=size)
        with workspace.begin() as work:
            label(work, name, labels)
    rows = []
    for name in ("srs", "census"):
        for by in (None, "agent", "week", "clause"):
            first, again = _measured(workspace, name, by)
            what = f"estimate of a {name}, {labels:,} labels{f', by {by}' if by else ''}"
            rows.append(Row(items, what, "ms", first * 1e3, None, "<= 1,000 ms", first <= 1))
            rows.append(Row(items, f"{what}, again", "ms", again * 1e3, None, "", None))
    looked = limits.middle(limits.timed(lambda: estimating.mark(workspace, SILENT), 20))
    rows.append(Row(items, "whether an estimate is still right", "ms", looked * 1e3, None, "<= 5 ms", looked <= 0.005))
    workspace.close()
    return rows


def _measured(workspace: Workspace, campaign: str, by: str | None) -> tuple[float, float]:
    """Seconds that an estimate takes on a connection that knows nothing, and on the same one afterwards."""
    other = Workspace.open(workspace.folder)
    first, *later = limits.timed(lambda: estimating.estimate_campaign(other, SILENT, campaign=campaign, by=by), 4)
    other.close()
    return first, limits.middle(later)


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

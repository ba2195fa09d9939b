"""A fold beside the tables: the whole journal applied to empty temporary tables, to be compared with those that the program reads.

The temporary tables bear the names of the real ones, so that the very same projections fill them; entries and items are the real ones.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlcipher3 import dbapi2

from reviewer.domain.chain import EntryHash
from reviewer.domain.errors import Damaged
from reviewer.storage import driver
from reviewer.storage.journal import Problem
from reviewer.storage.rows import ChangingRows
from reviewer.storage.tables import VIEWS

# What makes a row, without the numbers that only say in which order rows came.
_MEANING = {
    "member": "SELECT id, name, role FROM {0}.member",
    "device": "SELECT id, member, sign_key, seal_key, stream, admitted, role, revoked FROM {0}.device",
    "revocation": "SELECT hash, device FROM {0}.revocation",
    "untrusted": "SELECT hash FROM {0}.untrusted",
    "uncounted": "SELECT hash, why FROM {0}.uncounted",
    "rename": "SELECT hash, member, name FROM {0}.rename",
    "successor": "SELECT target, by_hash FROM {0}.successor",
    "policy": "SELECT hash, policy, title, clauses_n, clauses, source, effective, published_ms FROM {0}.policy",
    "activation": "SELECT hash, policy, version, wall_ms FROM {0}.activation",
    "resolution": (
        "SELECT r.hash, c.hash, r.item, r.member, r.verdict, r.wall_ms FROM {0}.resolution r LEFT JOIN {0}.campaign c ON c.id = r.campaign"
    ),
    "requeue": (
        "SELECT r.hash, c.hash, r.items_n, r.items, r.why, r.clause, r.wall_ms"
        " FROM {0}.requeue r LEFT JOIN {0}.campaign c ON c.id = r.campaign"
    ),
    "requeue_item": "SELECT c.hash, r.item, r.hash FROM {0}.requeue_item r LEFT JOIN {0}.campaign c ON c.id = r.campaign",
    "asked_again": (
        "SELECT c.hash, a.member, a.item, a.hash, a.enough FROM {0}.asked_again a LEFT JOIN {0}.campaign c ON c.id = a.campaign"
    ),
    "gold": "SELECT g.hash, c.hash, g.item, g.verdict FROM {0}.gold g LEFT JOIN {0}.campaign c ON c.id = g.campaign",
    "suggestion": "SELECT hash, item, judge, verdict, score FROM {0}.suggestion",
    "finding": "SELECT hash, what, items_n, items, campaign, fresh, figures, wall_ms FROM {0}.finding",
    "alarm": "SELECT hash, campaign, kind, at, statistic, threshold, wall_ms FROM {0}.alarm",
    "erasure": "SELECT hash, kind, item, device, wall_ms FROM {0}.erasure",
    "campaign": "SELECT hash, name, rules, created_ms, closed, blind, population, sampled, complete, answered, labels FROM {0}.campaign",
    "draw": "SELECT hash, campaign, query, population_n, population, picks_n, picks, design, drawn_ms FROM {0}.draw",
    "pick": (
        "SELECT c.hash, p.item, p.stratum, p.stream, p.pi, p.u, p.place, p.complete, p.answer"
        " FROM {0}.pick p LEFT JOIN {0}.campaign c ON c.id = p.campaign"
    ),
    "label": (
        "SELECT l.hash, c.hash, l.item, l.member, l.showing, l.verdict, l.severity, l.blind, l.in_force, l.wall_ms, l.dur_ms"
        " FROM {0}.label l LEFT JOIN {0}.campaign c ON c.id = l.campaign"
    ),
    "label_clause": "SELECT hash, policy, clause, version, text FROM {0}.label_clause",
    "replacement": (
        "SELECT r.target, r.by_hash, r.retracts, r.member, c.hash, r.item, r.showing"
        " FROM {0}.replacement r LEFT JOIN {0}.campaign c ON c.id = r.campaign"
    ),
    "aside": ("SELECT a.hash, a.kind, c.hash, a.item, a.member, a.wall_ms FROM {0}.aside a LEFT JOIN {0}.campaign c ON c.id = a.campaign"),
    "incident_act": "SELECT hash, incident, items_n, items, finding, wall_ms FROM {0}.incident_act",
    "incident_said": "SELECT hash, field, incident, value FROM {0}.incident_said",
    "incident_item": "SELECT incident, item, hash FROM {0}.incident_item",
    "departure": "SELECT hash, kind, value, wall_ms FROM {0}.departure",
}

_LOOKED_UP = ("label_item", "resolution_item", "successor_by")  # the indexes that projections look things up by


class Beside(ChangingRows):
    """Reads one consistent view of a workspace, and writes to temporary tables only."""

    def compare(self) -> Iterator[Problem]:
        """Every table of the view whose rows are not those that the journal makes."""
        for table, meaning in _MEANING.items():
            right, found = meaning.format("temp"), meaning.format("main")
            lacking = self._count(f"SELECT count(*) FROM ({right} EXCEPT {found})")
            surplus = self._count(f"SELECT count(*) FROM ({found} EXCEPT {right})")
            twice = (
                self._count(f"SELECT count(*) FROM main.{table}") - self._count(f"SELECT count(*) FROM temp.{table}") - surplus + lacking
            )
            if lacking or surplus or twice:
                what = f"{lacking:,} rows are missing or differ from what the journal says, {surplus:,} say what it does not."
                yield Problem(f"table {table}", what)

    @contextmanager
    def part(self, where: str, note: Callable[[Problem], None]) -> Iterator[None]:
        """Reading one part of the workspace: where the database cannot be read any further, that is noted, and the other parts go on."""
        try:
            yield
        except (dbapi2.Error, UnicodeError) as error:
            note(Problem(where, f"It cannot be read: {error}"))
        except msgspec.MsgspecError as error:
            note(Problem(where, f"An entry cannot be read: {error}"))
        except Damaged as error:
            note(Problem(where, error.what))

    def replica(self) -> tuple[frozenset[str], EntryHash | None]:
        """The devices whose keys this machine holds, and the root of the project, as this replica has them."""
        known = dict(self.rows("SELECT name, value FROM main.fact WHERE name IN ('devices_here', 'project')"))
        project = known.get("project")
        try:
            here = frozenset(map(str, json.loads(known.get("devices_here") or "[]")))
        except (ValueError, TypeError):
            here = frozenset()  # whose keys lie here cannot be read; the journal can
        return here, None if project is None else EntryHash(project)

    def _count(self, sql: str) -> int:
        found = self.row(sql)
        return int(found[0]) if found else 0


@contextmanager
def beside(database: Path, *, key: str | None) -> Iterator[Beside]:
    """Temporary views beside a workspace's database, empty, for the `with` block. The database itself is only read.

    key: of an encrypted one, as storage.driver.connect takes it.

    Raises what storage.driver.connect raises, and Damaged where the schema cannot be read.
    """
    connection = driver.connect(database, key=key)
    try:
        # What does not fit the cache goes to a file: a million labels must not fill the memory. SQLCipher leaves such files in clear.
        connection.execute(f"PRAGMA temp_store = {'FILE' if key is None else 'MEMORY'}")
        connection.execute("PRAGMA temp.cache_size = -65536")
        connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
        connection.execute("BEGIN")
        names = [*(table.name for table in VIEWS), "fact"]
        for name in names:
            made = "SELECT type, sql FROM main.sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL"
            for kind, sql in connection.execute(made, (name,)).fetchall():
                if kind == "table" or any(f"INDEX {index} " in sql for index in _LOOKED_UP):
                    connection.execute(_temporary(kind, sql))
    except (dbapi2.Error, UnicodeError) as error:
        connection.close()
        raise Damaged("The database is damaged; its tables cannot be read.", "Restore the last backup; the original is kept.") from error
    try:
        yield Beside(connection)
    finally:
        connection.close()


def _temporary(kind: str, sql: str) -> str:
    """The statement that makes a table or an index among the temporary ones."""
    if kind == "table":
        return sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1)
    return sql.replace("INDEX ", "INDEX temp.", 1)

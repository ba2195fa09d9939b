"""Searches find exactly what they ask for, page by page, and tell nobody what they may not know."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event
from sqlcipher3 import dbapi2

from reviewer.domain.chain import MemberId
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.domain.query import All, And, Field, Not, Or, Query, Text, all_of, leaves, parse, period
from reviewer.formats.format import Options
from reviewer.operations import campaigns, erasing, importing, labelling, searching
from reviewer.storage import driver, migrations, searches
from reviewer.storage.full_text import without_symbols
from reviewer.storage.listed_items import Labels, Row, rows_of
from reviewer.storage.sights import Sight, sight_of
from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace, write_runs

ADA, BOB, EVE = MemberId("a" * 32), MemberId("b" * 32), MemberId("e" * 32)
NAMES = {ADA: "Ada Lovelace", BOB: "Bob", EVE: "Eve"}
ROLES = {ADA: "lead", BOB: "reviewer", EVE: "observer"}
CAMPAIGNS = {1: "Airline refunds", 2: "airline  refunds", 3: "Open eyes", 4: "Done"}  # 1 and 2 are of one name to a reader
BLIND = {1: True, 2: True, 3: False, 4: True}
CLOSED = {4}
TAKE_PART = {1: (), 2: (BOB,), 3: (), 4: ()}


@dataclass
class Kept:
    """An item as the oracle knows it."""

    n: int
    id: bytes
    kind: str
    agent: str | None
    model: str | None
    time: str | None
    external_id: str | None
    steps: int
    tools: tuple[str, ...]
    media: tuple[str, ...]
    text: str
    file: str
    picks: set[int] = field(default_factory=set)
    labels: list[tuple[int, MemberId, str | None, str | None]] = field(default_factory=list)  # campaign, member, verdict, severity
    asides: list[tuple[str, MemberId]] = field(default_factory=list)


class Store:
    """A database with items that were drawn by chance, and the same items in memory."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine("sqlite://", module=dbapi2, creator=lambda: driver.connect(path))
        self.connection: Connection = self._engine.connect()
        migrations.upgrade(self.connection, path.parent, seal=None)
        self.kept: list[Kept] = []

    def close(self) -> None:
        self.connection.close()
        self._engine.dispose()

    def fill(self, size: int, seed: int = 7) -> "Store":
        chance = random.Random(seed)
        raw = self.connection.exec_driver_sql
        for member in NAMES:
            raw("INSERT INTO member VALUES (?, ?, ?)", (member, NAMES[member], ROLES[member]))
        for number, name in CAMPAIGNS.items():
            rules = json.dumps({"name": name, "query": "", "seed": "s", "members": TAKE_PART[number]})
            values = (number, bytes([number]) * 32, name, rules, int(number in CLOSED), int(BLIND[number]))
            raw("INSERT INTO campaign (id, hash, name, rules, created_ms, closed, blind) VALUES (?, ?, ?, ?, 0, ?, ?)", values)
        for number, name in enumerate(FILES, 1):
            raw("INSERT INTO import_file VALUES (?, ?, ?, 1, 0)", (number, name, FILES[name]))
        for n in range(1, size + 1):
            self._add(_drawn(chance, n), chance)
        raw("UPDATE fact SET value = ?", (str(size),))
        self.connection.commit()
        return self

    def _add(self, one: Kept, chance: random.Random) -> None:
        self.kept.append(one)
        raw = self.connection.exec_driver_sql
        raw(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'')",
            (
                *(one.n, one.id, one.kind, one.agent, one.model, one.time, one.external_id, f"title {one.n}", one.steps),
                *(_spaced(one.tools), _spaced(one.media)),
            ),
        )
        raw("INSERT INTO origin VALUES (?, ?, ?, NULL, x'', x'', 0)", (one.n, list(FILES).index(one.file) + 1, one.n))
        raw("INSERT INTO item_text (rowid, text) VALUES (?, ?)", (one.n, f"{one.text} {' '.join(one.tools)}"))
        for number in CAMPAIGNS:
            if chance.random() < 0.3:
                one.picks.add(number)
                raw(
                    "INSERT INTO pick (campaign, item, stratum, stream, pi, u, place) VALUES (?, ?, '', 'control', '1', '0', 0)",
                    (number, one.id),
                )
                self._say(one, number, chance)

    def _say(self, one: Kept, number: int, chance: random.Random) -> None:
        raw = self.connection.exec_driver_sql
        for member in (ADA, BOB):
            if chance.random() < 0.4:
                verdict = chance.choice(["compliant", "non_compliant", "unsure"])
                severity = chance.choice(["minor", "major"]) if verdict == "non_compliant" else None
                in_force = chance.random() < 0.8
                if in_force:
                    one.labels.append((number, member, verdict, severity))
                raw(
                    "INSERT INTO label (hash, campaign, item, member, showing, verdict, severity, blind, in_force, wall_ms)"
                    " VALUES (?, ?, ?, ?, 1, ?, ?, 1, ?, 0)",
                    (chance.randbytes(32), number, one.id, member, verdict, severity, int(in_force)),
                )
            elif chance.random() < 0.2:
                one.asides.append(("skip", member))
                raw(
                    "INSERT INTO aside (hash, kind, campaign, item, member, wall_ms) VALUES (?, 'skip', ?, ?, ?, 0)",
                    (chance.randbytes(32), number, one.id, member),
                )


FILES = {"runs/gpt-4o-airline.json": "tau-bench", "Chats.jsonl": "chat"}
WORDS = ["refund", "voucher", "café", "gate", "don't", "late", "bag", "status"]
TOOLS = ["get_user", "cancel_reservation", "cancel_pending_order", "send-mail", "think"]


def _drawn(chance: random.Random, n: int) -> Kept:
    day, hour = chance.randint(1, 28), chance.randint(0, 23)
    time = f"2026-{chance.randint(3, 6):02}-{day:02}T{hour:02}:00:00.000Z" if chance.random() < 0.8 else None
    return Kept(
        n=n,
        id=chance.randbytes(32),
        kind=chance.choice(["trajectory"] * 5 + ["completion", "comparison"]),
        agent=chance.choice(["airline", "Airline-2", "retail", "claims", None]),
        model=chance.choice(["gpt-4o-08", "gpt-4o-05", "sonnet-3.5", None]),
        time=time,
        external_id=chance.choice([None, f"run-{n}", f"case_{n}%"]),
        steps=chance.randint(1, 30),
        tools=tuple(chance.sample(TOOLS, chance.randint(0, 3))),
        media=tuple(chance.sample(["image", "audio", "file", "error"], chance.choice([0, 0, 0, 1, 2]))),
        text=" ".join(chance.choices(WORDS, k=6)),
        file=chance.choice(list(FILES)),
    )


def _spaced(words: tuple[str, ...]) -> str:
    return f" {' '.join(words)} " if words else ""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("searches") / "reviewer.db").fill(400)
    yield made
    made.close()


WAYS = (
    "rare conditions drive",
    "all is walked",
    "narrow windows",
    "windows widen",
    "words are looked up",
    "words are listed in windows",
)


@pytest.fixture(autouse=True, params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test goes each of the ways that a search can go at a million items."""
    if request.param != "rare conditions drive":
        monkeypatch.setattr(searches, "_RARE", 0)
    if request.param in ("narrow windows", "windows widen"):
        monkeypatch.setattr(searches, "_WINDOW", 12)
        monkeypatch.setattr(searches, "_WIDER", 1 if request.param == "narrow windows" else 1_000)
        monkeypatch.setattr(searches, "_MANY", 0)
    if request.param == "words are looked up":
        monkeypatch.setattr(searches, "_PROBE", 0)
    if request.param == "words are listed in windows":
        monkeypatch.setattr(searches, "_KEPT", 0)
        monkeypatch.setattr(searches, "_WINDOW", 40)


# --- the oracle: what DESIGN.md says, said without SQL


def hidden(one: Kept, viewer: MemberId | None) -> bool:
    if viewer is None:
        return False
    for number in one.picks:
        taking_part = viewer in TAKE_PART[number] or (not TAKE_PART[number] and ROLES[viewer] in ("lead", "reviewer"))
        if BLIND[number] and number not in CLOSED and taking_part and not any(c == number and m == viewer for c, m, _, _ in one.labels):
            return True
    return False


def _fits(pattern: str, value: str | None) -> bool:
    wanted = ".*".join(map(re.escape, pattern.casefold().split("*")))
    return value is not None and re.fullmatch(wanted, value.casefold()) is not None


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("é", "e").replace("_", " "))


def _says(one: Kept, words: Text) -> bool:
    said, wanted = _tokens(f"{one.text} {' '.join(one.tools)}"), _tokens(words.words)
    for i in range(len(said) - len(wanted) + 1):
        here = said[i : i + len(wanted)]
        if here[:-1] == wanted[:-1] and (here[-1].startswith(wanted[-1]) if words.prefix else here[-1] == wanted[-1]):
            return True
    return False


def _named(member: MemberId, value: str, me: MemberId | None) -> bool:
    return value == "any" or (member == me if value == "me" else _fits(value, NAMES[member]))


_SIGNS: dict[str, Callable[[int, int], bool]] = {
    ":": int.__eq__, ">": int.__gt__, ">=": int.__ge__, "<": int.__lt__, "<=": int.__le__,
}  # fmt: skip


def _timed(one: Kept, op: str, value: str) -> bool:
    start, end = period(value)
    t = one.time
    if t is None:
        return False
    return {":": start <= t < end, ">": t >= end, ">=": t >= start, "<": t < start, "<=": t < end}[op]


def holds(one: Kept, query: Query, viewer: MemberId | None) -> bool:
    unseen = hidden(one, viewer)
    labels = [given for given in one.labels if not unseen or given[1] == viewer]
    asides = [put for put in one.asides if not unseen or put[1] == viewer]
    match query:
        case All():
            return True
        case Text():
            return _says(one, query)
        case Not(part):
            return not holds(one, part, viewer)
        case And(parts):
            return all(holds(one, part, viewer) for part in parts)
        case Or(parts):
            return any(holds(one, part, viewer) for part in parts)
        case Field("steps", op, value):
            return _SIGNS[op](one.steps, int(value))
        case Field("time", op, value):
            return _timed(one, op, value)
        case Field("agent", _, value):
            return _fits(value, one.agent)
        case Field("model", _, value):
            return not unseen and _fits(value, one.model)
        case Field("external", _, value):
            return _fits(value, one.external_id)
        case Field("kind", _, value):
            return one.kind == value
        case Field("id", _, value):
            return one.id.hex().startswith(value)
        case Field("tool", _, value):
            return any(_fits(value, tool) for tool in one.tools)
        case Field("has", _, "tools"):
            return bool(one.tools)
        case Field("has", _, "label") | Field("label", _, "any"):
            return bool(labels)
        case Field("has", _, "media"):
            return bool(set(one.media) - {"error"})
        case Field("has", _, value):
            return value in one.media
        case Field("label", _, "none"):
            return not labels
        case Field("label", _, value):
            return any(verdict == value for _, _, verdict, _ in labels)
        case Field("severity", _, value):
            return any(s is not None and value in ("any", s) for _, _, _, s in labels)
        case Field("reviewer", _, value):
            return any(_named(member, value, viewer) for _, member, _, _ in labels)
        case Field("skipped", _, value):
            return any(_named(member, value, viewer) for _, member in asides)
        case Field("file", _, value):
            return not unseen and (_fits(value, one.file) or _fits(value, one.file.split("/")[-1]))
        case Field("format", _, value):
            return not unseen and _fits(value, FILES[one.file])
        case Field("campaign", _, value):
            return any(_fits(value, name) for c in one.picks for name in (*_shown_names(c), (bytes([c]) * 3).hex()))
    raise AssertionError(query)


def _shown_names(number: int) -> tuple[str, ...]:
    spaced = " ".join(CAMPAIGNS[number].split())
    return (spaced, f"{spaced} (2)") if number == 2 else (spaced,)


ASKED = [
    "", "agent:airline", "AGENT:AIRLINE*", "-agent:airline", "agent:nobody", "agent:*", "-agent:*", "model:gpt-4o*", "-model:gpt-4o*",
    "kind:completion", "-kind:completion", "kind:trajectory steps>20", "steps>10", "steps>=10 steps<12", "steps:7", "steps>99",
    "-steps>10", "time:2026-05", "time>2026-05", "time>=2026-05", "time<2026-05", "time<=2026-05-03", "-time>=2026-05",
    "time>=2026-05 agent:retail", "refund", "café", "CAFE", "don't", "refu*", '"refund voucher"', '"voucher"*', "refund voucher -gate",
    "-refund", "refund or gate", "refund (voucher or gate) -late", "-(refund gate)", "nowhere", "refund -nowhere", "!", "refund !",
    "-!", "(a or !)", "tool:cancel_*", "tool:cancel_reservation", "tool:*_order", "tool:c*r", "tool:send-mail", "tool:get*tion",
    "-tool:think", "has:image", "has:file", "has:media",
    "has:error", "has:tools", "-has:tools", "has:label", "-has:image", "label:compliant",
    "label:non_compliant", "label:unsure", "label:any", "label:none", "-label:compliant", "-label:none", "severity:major",
    "severity:any", "-severity:any", "reviewer:me", "reviewer:bob", '"x" or reviewer:any', 'reviewer:"ada lovelace"',
    "reviewer:nobody", "skipped:me", "skipped:any", "-skipped:any", "file:gpt-4o-airline.json", "file:*.jsonl", "file:runs/*",
    "-file:chats.jsonl", "format:tau-bench", 'campaign:"airline refunds"', 'campaign:"Airline refunds (2)"', "campaign:done",
    "-campaign:*", "campaign:030303", "external:run-7",
    "external:RUN-7", "external:Run-1*", "external:*7", "external:run-*", "external:case_1*%", "-external:*", "id:a", "id:ab",
    "agent:airline refund label:none steps>3", "(agent:retail refund) or (label:compliant steps<5)",
    "-(label:compliant or model:gpt-4o*)", "refund label:non_compliant", "refund -tool:think model:son*",
    "campaign:*eyes time:2026 or has:audio", "NEAR(refund", "refund^", "col:x",
]  # fmt: skip


def _in_order(found: list[Kept], order: str) -> list[int]:
    dated = [k for k in found if k.time is not None]
    undated = [k for k in found if k.time is None]
    if order == "time":
        return [k.n for k in sorted(dated, key=lambda k: (k.time or "", k.n), reverse=True)] + [k.n for k in reversed(undated)]
    if order == "oldest":
        return [k.n for k in sorted(dated, key=lambda k: (k.time or "", k.n))] + [k.n for k in undated]
    if order == "steps":
        return [k.n for k in sorted(found, key=lambda k: (k.steps, k.n), reverse=True)]
    return [k.n for k in reversed(found)]


def _paged(store: Store, query: Query, viewer: MemberId | None, order: searches.Order, limit: int) -> list[Row]:
    rows: list[Row] = []
    after = None
    while True:
        found = searches.find(store, query, viewer=viewer, order=order, after=after, limit=limit)
        rows += found.rows
        if found.next is None:
            return rows
        assert len(found.rows) == limit
        after = found.next


@pytest.mark.parametrize("viewer", [None, BOB])
def test_every_search_finds_exactly_what_it_asks_for_and_this_viewer_may_know(store: Store, viewer: MemberId | None) -> None:
    for text in ASKED:
        query = parse(text)
        left = without_symbols(query)
        wanted = [one for one in store.kept if left is not None and holds(one, left, viewer)]
        assert searches.count(store, query, viewer=viewer) == len(wanted), text
        assert list(searches.numbers(store, query, viewer=viewer)) == _in_order(wanted, "time"), text
        assert [row.n for row in searches.find(store, query, viewer=viewer, limit=7).rows] == _in_order(wanted, "time")[:7], text


_TERMS = st.sampled_from([text for text in ASKED if len(list(leaves(parse(text)))) == 1 and without_symbols(parse(text)) is not None])
_TREES = st.recursive(
    _TERMS.map(parse),
    lambda part: st.one_of(
        part.map(lambda one: one.part if isinstance(one, Not) else Not(one)),
        st.lists(part, min_size=2, max_size=3).map(all_of),
        st.lists(part, min_size=2, max_size=3).map(lambda some: Or(tuple(some))),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TREES, st.sampled_from([None, ADA, BOB, EVE]), st.sampled_from(["time", "oldest", "imported", "steps"]), st.integers(1, 60))
def test_any_search_gives_by_whatever_way_what_trying_each_item_gives(
    store: Store, query: Query, viewer: MemberId | None, order: searches.Order, limit: int
) -> None:
    wanted = _in_order([one for one in store.kept if holds(one, query, viewer)], order)
    first = searches.find(store, query, viewer=viewer, order=order, limit=limit)
    assert [row.n for row in first.rows] == wanted[:limit]
    assert (first.next is None) == (len(wanted) <= limit)
    if first.next is not None:
        second = searches.find(store, query, viewer=viewer, order=order, limit=limit, after=first.next)
        assert [row.n for row in second.rows] == wanted[limit : 2 * limit]
    assert searches.count(store, query, viewer=viewer) == len(wanted)
    assert list(searches.numbers(store, query, viewer=viewer, order=order)) == wanted


@pytest.mark.parametrize("order", ["time", "oldest", "imported", "steps"])
def test_pages_by_key_give_each_item_once_and_in_order(store: Store, order: searches.Order) -> None:
    for text in (
        "",
        "agent:airline",
        "refund",
        "refund -gate label:none",
        "steps>10",
        "-time:2026",
        "model:gpt* time>=2026-05",
        "tool:think",
    ):
        query = parse(text)
        wanted = _in_order([one for one in store.kept if holds(one, query, ADA)], order)
        assert [row.n for row in _paged(store, query, ADA, order, 17)] == wanted, text
        assert list(searches.numbers(store, query, viewer=ADA, order=order)) == wanted, text
        assert [row.n for row in searches.find(store, query, viewer=ADA, order=order, offset=20, limit=9).rows] == wanted[20:29], text


def test_the_best_match_comes_first_and_pages_by_rank_give_each_item_once(store: Store) -> None:
    query = parse("refund voucher agent:airline")
    wanted = {one.n for one in store.kept if holds(one, query, ADA)}
    rows = _paged(store, query, ADA, "relevance", 5)
    assert {row.n for row in rows} == wanted
    assert len(rows) == len(wanted) > 5
    assert list(searches.numbers(store, query, viewer=ADA, order="relevance")) == [row.n for row in rows]
    said = {one.n: one.text.split().count("refund") + one.text.split().count("voucher") for one in store.kept}
    assert sum(said[row.n] for row in rows[:5]) > sum(said[row.n] for row in rows[-5:])


def test_a_word_too_common_to_rank_comes_newest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "_RANKED", 10)
    rows = _paged(store, parse("refund"), None, "relevance", 30)
    assert [row.n for row in rows] == _in_order([one for one in store.kept if holds(one, Text("refund"), None)], "time")


@pytest.mark.parametrize("viewer", [ADA, BOB, EVE])
def test_a_row_says_of_a_hidden_item_neither_model_nor_the_labels_of_others(store: Store, viewer: MemberId) -> None:
    seen = {row.n: row for row in _paged(store, All(), viewer, "time", 100)}
    assert len(seen) == len(store.kept)
    blind = sum(hidden(one, viewer) for one in store.kept)
    assert blind == 0 if viewer == EVE else 20 < blind < 380
    for one in store.kept:
        row = seen[one.n]
        given = [g for g in one.labels if not hidden(one, viewer) or g[1] == viewer]
        tally = [sum(g[2] == verdict for g in given) for verdict in ("compliant", "non_compliant", "unsure")]
        assert row.hidden == hidden(one, viewer)
        assert row.model == (None if row.hidden else one.model)
        assert row.labels == Labels(*tally)
        assert (row.id, row.agent, row.kind, row.steps, row.title) == (one.id.hex(), one.agent, one.kind, one.steps, f"title {one.n}")


def test_one_item_is_hidden_until_its_viewer_has_labelled_it(store: Store) -> None:
    for one in store.kept[:40]:
        for viewer in (None, ADA, BOB, EVE):
            assert searches.is_hidden(store, ItemId(one.id.hex()), viewer=viewer) == hidden(one, viewer)


def test_what_is_hidden_cannot_be_found_out_by_any_search(store: Store) -> None:
    for one in [one for one in store.kept if hidden(one, BOB)][:20]:
        found = set()
        for guess in (
            "model:gpt-4o-08",
            "model:sonnet-3.5",
            "model:*",
            "file:*",
            "format:*",
            "reviewer:ada*",
            "skipped:ada*",
        ):
            for sign in ("", "-"):
                query = And((Field("id", ":", one.id.hex()), parse(f"{sign}({guess})")))
                found.add((sign, searches.count(store, query, viewer=BOB)))
        assert found == {("", 0), ("-", 1)}


def test_a_population_is_found_with_nothing_hidden_and_its_ids_are_sorted(store: Store) -> None:
    query = parse("model:gpt-4o* -label:compliant")
    wanted = sorted(one.id.hex() for one in store.kept if holds(one, query, None))
    assert searches.item_ids(store, query) == wanted
    mine = sorted(one.id.hex() for one in store.kept if any(given[1] == ADA for given in one.labels))
    assert searches.item_ids(store, parse("reviewer:me"), me=ADA) == mine
    assert searches.item_ids(store, All()) == sorted(one.id.hex() for one in store.kept)


def test_rows_come_in_the_order_in_which_they_were_asked_for_without_those_that_are_gone(store: Store) -> None:
    assert [row.n for row in rows_of(store.connection, [9, 3, 100_000, 40], Sight(None))] == [9, 3, 40]
    assert rows_of(store.connection, [], sight_of(store.connection, ADA)) == []


def test_a_search_of_many_terms_is_answered(store: Store) -> None:
    for text in (" or ".join(["refund", "agent:airline"] * 32), " ".join(["-label:compliant"] * 64), "(" * 500 + "refund" + ")" * 500):
        searches.find(store, parse(text), viewer=BOB)
    deep = parse("-(a -(" * 31 + "refund" + "))" * 31)
    assert searches.count(store, deep, viewer=BOB) == sum(holds(one, deep, BOB) for one in store.kept)


def test_many_agents_are_still_found_by_name_and_pattern(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.storage.predicates._DISTINCT", 2)
    for text, wanted in (("agent:airline", "airline"), ("agent:*e-2", "Airline-2")):
        assert searches.count(store, parse(text), viewer=None) == sum(one.agent == wanted for one in store.kept)


def _asked_of(store: Store, text: str) -> list[str]:
    """What a first page asks of the database."""
    return [statement for statement, _ in _asked_with(store, text)]


def _asked_with(store: Store, text: str) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(store.connection, "before_cursor_execute", note)
    try:
        searches.find(store, parse(text), viewer=None, limit=20)
    finally:
        event.remove(store.connection, "before_cursor_execute", note)
    return asked


def test_items_that_are_no_trajectories_are_found_by_their_index(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "_RARE", 2_000)
    [counted] = [asked for asked in _asked_with(store, "kind:completion") if "count(" in asked[0]]
    plan = store.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {counted[0]}", counted[1]).all()
    assert any("INDEX item_kind" in step[3] for step in plan)


@pytest.mark.parametrize("text", ["refund", "refund or gate", "ref*", "re* -ga*", "agent:airline ref*", "refund -gat*"])
def test_words_that_lead_to_few_items_or_have_to_be_gathered_are_not_looked_up_item_by_item(
    store: Store, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "_PROBE", 650)
    monkeypatch.setattr(searches, "_RARE", 0 if "*" in text else 2_000)
    assert not [statement for statement in _asked_of(store, text) if "item_text.rowid = item.n" in statement]


@pytest.mark.parametrize(("text", "sign"), [("tool:canc*", "MATCH"), ("external:run-*", "count(")])
def test_what_the_newest_items_have_is_found_without_gathering_all_that_have_it(
    store: Store, text: str, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "_WINDOW", 300)
    assert not [statement for statement in _asked_of(store, text) if sign in statement]


def test_a_word_is_looked_up_item_by_item_only_where_listing_its_items_would_take_longer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "_RARE", 50)
    monkeypatch.setattr(searches, "_PROBE", 1)
    assert [statement for statement in _asked_of(store, "refund") if "item_text.rowid = item.n" in statement]
    monkeypatch.setattr(searches, "_PROBE", 650)
    assert not [statement for statement in _asked_of(store, "refund") if "item_text.rowid = item.n" in statement]


def test_a_search_that_nobody_waits_for_any_more_is_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "_STEPS", 1)
    ticket = Ticket(lambda _progress: None)
    ticket.cancel()
    with pytest.raises(Cancelled), searches.stopping(store, ticket):
        searches.numbers(store, All(), viewer=None)
    assert searches.count(store, parse("agent:airline"), viewer=None) > 0  # the connection goes on


def test_an_empty_workspace_finds_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "reviewer.db")
    for text in ("", "refund", "agent:airline", "label:none", "steps>1 -refund"):
        assert searches.find(store, parse(text), viewer=None) == ((), None)
        assert searches.count(store, parse(text), viewer=None) == 0
        assert len(searches.numbers(store, parse(text), viewer=None)) == 0
    store.close()


def test_where_a_blind_campaign_takes_in_everything_only_what_was_judged_or_came_later_has_a_model(tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "ws", 12)
    try:
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
        assert _of_model(workspace) == set()
        judged = campaigns.show_campaign(workspace, SILENT, campaign="C", with_items=True).value.items or ()
        for pick in judged[:3]:
            labelling.label_item(workspace, SILENT, campaign="C", item=pick.id, opinion=Opinion(verdict="compliant"))
        assert _of_model(workspace) == {pick.id for pick in judged[:3]}
        more = write_runs(tmp_path / "more.jsonl", 15)  # twelve of them are here already
        importing.import_files(workspace, SILENT, paths=[str(more)], options=Options())
        later = {row.id for row in searching.search(workspace, SILENT, text="").value.rows} - {pick.id for pick in judged}
        assert len(later) == 3
        assert _of_model(workspace) == later | {pick.id for pick in judged[:3]}
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="D", query="", seed="s"))
        assert _of_model(workspace) == set()
    finally:
        workspace.close()


def _of_model(workspace: Workspace) -> set[ItemId]:
    return {row.id for row in searching.search(workspace, SILENT, text="model:model-a").value.rows}


def test_items_outside_of_blind_campaigns_are_looked_for_once_for_all_connections_and_again_when_there_are_others(tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "ws", 12)
    looks: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT item.n") and "NOT (EXISTS (SELECT pick.item" in statement:
            looks.append(statement)

    event.listen(workspace._engine, "before_cursor_execute", note)
    try:
        campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="", seed="s"))
        with workspace.read() as one, workspace.read() as other:
            for reading in (one, other, one):
                assert searches.find(reading, parse("model:*"), viewer=workspace.member).rows == ()
        assert len(looks) == 1
        with workspace.read() as reading:
            last = searches.find(reading, All(), viewer=None, order="imported", limit=1).rows[0]
        erasing.request_erasure(workspace, SILENT, item=last.id, reason="They asked.")
        erasing.erase_item(workspace, SILENT, item=last.id)
        more = write_runs(tmp_path / "more.jsonl", 13)
        more.write_text(more.read_text().splitlines()[-1] + "\n")
        importing.import_files(workspace, SILENT, paths=[str(more)], options=Options())
        with workspace.read() as reading:
            [found] = searches.find(reading, parse("model:*"), viewer=workspace.member).rows
        assert found.n == last.n
        assert found.id != last.id
    finally:
        workspace.close()

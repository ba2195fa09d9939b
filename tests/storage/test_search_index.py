"""The full-text index behind the items: what it does not know yet, and how it catches up."""

from pathlib import Path

import pytest

from reviewer.domain import query
from reviewer.domain.items import Item, ItemId
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Record
from reviewer.operations import indexing, verifying
from reviewer.storage import erasing, search_index, searches
from reviewer.storage import items as item_rows
from reviewer.storage.workspace import Workspace
from tests import worlds


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Eight items that words find."""
    workspace = worlds.make(tmp_path / "work")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(8)])
    return workspace


def _leave(workspace: Workspace, numbers: range) -> list[ItemId]:
    """Items that come in without being indexed."""
    return worlds.put_in(workspace, [worlds.run_of(n) for n in numbers], file="more.jsonl", findable=False)


def _follow(workspace: Workspace, most: int, texts: dict[bytes, str] | None = None) -> int:
    with workspace.begin() as work:
        return search_index.follow(work, most, {} if texts is None else texts)


def _found(workspace: Workspace, text: str) -> set[ItemId]:
    with workspace.read() as reading:
        found = {row.id for row in searches.find(reading, query.parse(text), viewer=None, limit=200).rows}
        assert found == set(searches.item_ids(reading, query.parse(text)))
        assert searches.count(reading, query.parse(text), viewer=None) == len(found)
        assert len(searches.numbers(reading, query.parse(text), viewer=None)) == len(found)
    return found


def _erase(workspace: Workspace, name: ItemId) -> None:
    with workspace.begin() as work:
        assert erasing.take_out(work, name)


def _behind(workspace: Workspace) -> range:
    with workspace.read() as reading:
        return search_index.behind(reading)


def test_an_index_that_knows_all_has_nothing_behind(workspace: Workspace) -> None:
    assert len(_behind(workspace)) == 0
    assert _follow(workspace, 10) == 0
    workspace.close()


def test_what_is_behind_is_here_for_every_search_but_those_for_words(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 12))
    assert list(_behind(workspace)) == [9, 10, 11, 12]
    assert len(_found(workspace, "")) == 12
    assert set(new) < _found(workspace, "kind:trajectory")
    assert set(new) < _found(workspace, "tool:refund"), "a tool's name is looked for in the row where the index does not know it"
    for text in ("refund", "-nonesuch", "refund or agent:shop", "nonesuch or agent:shop", "-nonesuch tool:refund"):
        assert not _found(workspace, text) & set(new), text
        assert _found(workspace, text), text
    workspace.close()


def test_it_catches_up_in_steps_in_the_order_in_which_items_came(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 13))
    assert _follow(workspace, 2) == 2
    assert list(_behind(workspace)) == [11, 12, 13]
    assert _found(workspace, "refund") & set(new) == set(new[:2])
    assert _follow(workspace, 3) == 3
    assert _found(workspace, "refund") >= set(new)
    with workspace.read() as reading:
        assert search_index.first_behind(reading) is None, "a step that took the last one leaves no other to find that out"
    assert _follow(workspace, 3) == 0
    workspace.close()


def test_words_at_hand_serve_as_well_as_those_of_the_item(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 10))
    texts = {bytes.fromhex(new[0]): "only these words", b"another" * 4: "of an item that is not here"}
    assert _follow(workspace, 10, texts) == 2
    assert _found(workspace, '"only these words"') == {new[0]}
    assert _found(workspace, '"refund order 9"') == {new[1]}
    assert list(texts) == [b"another" * 4], "what was used is not held any longer"
    workspace.close()


def test_words_are_read_ahead_in_the_order_of_numbers_past_gaps_and_as_many_as_may_be_held(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = [bytes.fromhex(name) for name in _leave(workspace, range(8, 12))]
    _erase(workspace, ItemId(new[1].hex()))
    with workspace.read() as reading:
        words = search_index.read_ahead(reading, 9, 2)
        assert list(words) == [new[0], new[2]]
        assert "Refund order 10" in words[new[2]]
        assert list(search_index.read_ahead(reading, 12, 2)) == [new[3]]
        assert search_index.read_ahead(reading, 13, 2) == {}
        monkeypatch.setattr(search_index, "_HELD", len(words[new[0]]) + 1)
        assert list(search_index.read_ahead(reading, 9, 10)) == [new[0], new[2]]
    assert indexing.catch_up(workspace, SILENT) == 4
    assert len(_behind(workspace)) == 0
    assert len(_found(workspace, "refund")) == 11
    workspace.close()


def test_an_item_that_comes_without_its_words_waits_to_be_indexed(workspace: Workspace) -> None:
    record = Record(worlds.run_of(40), b"{}", 1)
    bare = item_rows.prepare_bare(record)
    item_rows.pack_payloads([bare])
    with workspace.begin() as work:
        item_rows.add(work, None, [bare])
    assert list(_behind(workspace)) == [9]
    assert _follow(workspace, 10) == 1
    assert _found(workspace, '"refund order 40"') == {ItemId(bare.id.hex())}
    workspace.close()


def test_who_comes_while_it_is_behind_is_indexed_with_the_rest(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 10))
    late = worlds.put_in(workspace, [worlds.run_of(n) for n in range(20, 22)])
    assert not _found(workspace, "refund") & {*new, *late}
    assert _follow(workspace, 100) == 4
    assert _found(workspace, "refund") >= {*new, *late}
    assert verifying.verify(workspace, SILENT).value.ok
    workspace.close()


def test_an_erased_item_is_never_indexed_even_where_its_words_are_at_hand(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 11))
    texts = {bytes.fromhex(name): f"told {place}" for place, name in enumerate(new)}
    _erase(workspace, new[2])  # the last one: its number is given again
    _erase(workspace, new[1])
    (again,) = _leave(workspace, range(30, 31))
    assert _follow(workspace, 100, texts) == 2
    assert _found(workspace, "told") == {new[0]}
    assert _found(workspace, '"refund order 30"') == {again}
    assert len(_behind(workspace)) == 0
    assert not [one for one in verifying.verify(workspace, SILENT).value.problems if one.where == "search"]
    workspace.close()


def test_a_number_that_is_given_again_after_the_index_had_caught_up_is_indexed(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 10))
    assert _follow(workspace, 1) == 1
    for name in reversed(new):
        _erase(workspace, name)
    (again,) = _leave(workspace, range(30, 31))
    assert list(_behind(workspace)) == [9]
    assert _follow(workspace, 100) == 1
    assert _found(workspace, '"refund order 30"') == {again}
    workspace.close()


def test_a_damaged_item_holds_no_other_up(workspace: Workspace) -> None:
    new = _leave(workspace, range(8, 11))
    with workspace.begin() as work:
        work.run("UPDATE item SET payload = zeroblob(40) WHERE id = ?", (bytes.fromhex(new[1]),))
    assert _follow(workspace, 100) == 3
    assert _found(workspace, '"refund order 10"') == {new[2]}
    problems = verifying.verify(workspace, SILENT).value.problems
    assert any(new[1][:12] in problem.where for problem in problems), "it is named by who looks at every item"
    workspace.close()


def test_verification_knows_what_is_behind_and_sees_what_is_missing(workspace: Workspace) -> None:
    _leave(workspace, range(8, 11))
    checked = verifying.verify(workspace, SILENT).value
    assert not [one for one in checked.problems if one.where == "search"]
    with workspace.begin() as work:
        work.run("DELETE FROM item_text WHERE rowid = 3")
    (problem,) = [one for one in verifying.verify(workspace, SILENT).value.problems if one.where == "search"]
    assert problem.what == "It knows 7 of 8 items."
    workspace.close()


def test_the_index_of_an_item_says_all_that_search_looks_at() -> None:
    item: Item = worlds.run_of(4)
    words = search_index.words_of(item)
    for said in ("Refund order 4", "refund", '{"order":4}', '{"ok":true}', "Done é"):
        assert said in words

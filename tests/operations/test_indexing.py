"""The search index behind imports: it catches up, whatever stopped it, before anything rests on words."""

from collections.abc import Callable, MutableMapping
from pathlib import Path

import pytest

from reviewer.domain.events import Campaign
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.formats.format import Options
from reviewer.operations import campaigns, designing, importing, indexing, requeueing, searching, verifying
from reviewer.storage import search_index
from reviewer.storage.rows import ChangingRows
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.runs import write_runs


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Six items that words find, and 200 that came in since."""
    workspace = worlds.make(tmp_path / "work")
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(6)])
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(6, 206)], file="more.jsonl", findable=False)
    return workspace


def _behind(workspace: Workspace) -> int:
    return indexing.items_behind(workspace, SILENT).value


def test_the_rest_is_indexed_in_short_transactions_and_told(workspace: Workspace) -> None:
    told: list[Progress] = []
    done = indexing.index_rest(workspace, Ticket(told.append), gentle=True)
    assert done.value == 200
    assert done.changes
    assert [one.done for one in told] == [80, 160, 200]
    assert {one.total for one in told} == {200}
    assert _behind(workspace) == 0
    assert not indexing.index_rest(workspace, SILENT).changes, "nothing was left"
    assert verifying.verify(workspace, SILENT).value.ok
    workspace.close()


def test_it_can_be_stopped_and_goes_on_where_it_was(workspace: Workspace) -> None:
    def stop(progress: Progress) -> None:
        if progress.done >= 80:
            ticket.cancel()

    ticket = Ticket(stop)
    with pytest.raises(Cancelled):
        indexing.index_rest(workspace, ticket, gentle=True)
    assert _behind(workspace) == 120
    assert indexing.index_rest(workspace, SILENT).value == 120
    workspace.close()


def test_a_window_shows_what_is_findable_by_now_and_how_much_is_not(workspace: Workspace) -> None:
    page = searching.search(workspace, SILENT, text="refund", limit=500, at_once=True).value
    assert (len(page.rows), page.behind) == (6, 200)
    assert searching.search(workspace, SILENT, text="agent:shop", at_once=True).value.behind == 0, "it asks for no words"
    assert _behind(workspace) == 200
    page = searching.search(workspace, SILENT, text="refund", limit=500).value
    assert (len(page.rows), page.behind) == (206, 0)
    workspace.close()


def _create(workspace: Workspace) -> int:
    return campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="refund", seed="s")).value.population


def _preview(workspace: Workspace) -> int:
    return designing.preview_design(workspace, SILENT, rules=Campaign(name="C", query="refund", seed="s")).value.population


def _describe(workspace: Workspace) -> int:
    return designing.describe_population(workspace, SILENT, query="refund").value.total


@pytest.mark.parametrize("act", [_create, _preview, _describe])
def test_what_rests_on_all_that_words_find_has_them_indexed_first(workspace: Workspace, act: Callable[[Workspace], int]) -> None:
    assert act(workspace) == 206
    assert _behind(workspace) == 0
    workspace.close()


def test_a_campaign_that_grows_and_a_second_question_know_the_words_of_what_came_in_since(workspace: Workspace) -> None:
    campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="refund", seed="s", design="srs"), size=3)
    late = worlds.put_in(workspace, [worlds.run_of(n) for n in range(300, 310)], file="late.jsonl", findable=False)
    assert campaigns.grow_campaign(workspace, SILENT, campaign="C", size=216).value.population == 216
    assert _behind(workspace) == 0
    worlds.label(workspace, late[0])
    worlds.put_in(workspace, [worlds.run_of(400)], file="last.jsonl", findable=False)
    asked = requeueing.requeue_items(workspace, SILENT, campaign="C", query='"refund order 300"').value
    assert asked.items == (late[0],)
    assert _behind(workspace) == 0
    workspace.close()


def test_what_asks_for_no_words_does_not_wait_for_them(workspace: Workspace) -> None:
    assert campaigns.create_campaign(workspace, SILENT, rules=Campaign(name="C", query="agent:shop", seed="s")).value.population == 103
    assert _behind(workspace) == 200
    workspace.close()


def test_an_import_leaves_nothing_behind_and_picks_up_what_another_left(workspace: Workspace, tmp_path: Path) -> None:
    source = write_runs(tmp_path / "runs.jsonl", 30)
    done = importing.import_files(workspace, SILENT, paths=[str(source)], options=Options()).value
    assert done.added == 30
    assert 0 < done.stored_seconds <= done.seconds
    assert _behind(workspace) == 0
    again = importing.import_files(workspace, SILENT, paths=[str(source)], options=Options()).value
    assert (again.added, again.known) == (0, 30)
    workspace.close()


def test_an_import_that_is_stopped_leaves_items_that_the_next_one_makes_findable(workspace: Workspace, tmp_path: Path) -> None:
    indexing.index_rest(workspace, SILENT)
    source = write_runs(tmp_path / "runs.jsonl", 300)

    def stop(progress: Progress) -> None:
        if progress.done >= 160:
            ticket.cancel()

    ticket = Ticket(stop)
    with pytest.raises(Cancelled):
        importing.import_files(workspace, ticket, paths=[str(source)], options=Options(), gentle=True)
    assert 0 < _behind(workspace) <= 240
    assert verifying.verify(workspace, SILENT).value.ok
    done = importing.import_files(workspace, SILENT, paths=[str(source)], options=Options()).value
    assert done.added + done.known == 300
    assert _behind(workspace) == 0
    assert verifying.verify(workspace, SILENT).value.ok
    workspace.close()


def test_a_window_s_import_leaves_many_items_to_the_window_and_few_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = worlds.make(tmp_path / "work")
    few = write_runs(tmp_path / "few.jsonl", 30)
    importing.import_files(workspace, SILENT, paths=[str(few)], options=Options(), gentle=True)
    assert _behind(workspace) == 0
    monkeypatch.setattr(importing, "_SOON_DONE", 20)
    many = write_runs(tmp_path / "many.jsonl", 90)
    importing.import_files(workspace, SILENT, paths=[str(many)], options=Options(), gentle=True)
    assert _behind(workspace) == 60
    workspace.close()


def test_what_another_indexed_meanwhile_is_not_indexed_again(workspace: Workspace) -> None:
    told: list[int] = []

    def also(progress: Progress) -> None:
        told.append(progress.done)
        if progress.done == 80:
            indexing.index_rest(workspace, SILENT)

    assert indexing.index_rest(workspace, Ticket(also), gentle=True).value == 200
    assert told == [80]
    assert _behind(workspace) == 0
    assert verifying.verify(workspace, SILENT).value.ok
    workspace.close()


def test_words_are_read_before_the_transaction_that_indexes_them(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking: list[int] = []
    really = search_index.follow

    def follow(rows: ChangingRows, most: int, texts: MutableMapping[bytes, str]) -> int:
        done = really(rows, most, before := dict(texts))
        lacking.append(done - (len(texts) - len(before)))
        return done

    monkeypatch.setattr(search_index, "follow", follow)
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(300, 305)], file="more.jsonl", findable=False)
    assert indexing.catch_up(workspace, SILENT, batch=50) == 205
    assert lacking == [0, 0, 0, 0, 0]
    workspace.close()

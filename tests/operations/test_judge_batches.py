"""Many questions go as batch jobs: handed in, waited for, fetched, deleted there; whoever stops waiting fetches them later."""

from collections.abc import Iterator

import pytest

from reviewer.domain.judges import NoAnswer
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import erasing, judge_batches, judge_running, judging
from reviewer.operations.judge_material import Wanted
from reviewer.storage import answer_cache
from reviewer.storage.workspace import Workspace
from tests import mistral, worlds
from tests.mistral_jobs import Jobs
from tests.operations.test_judging import EVERYTHING, Bench, odd_ones_break_it, order_of

HANDED_IN = ["POST /v1/files", "POST /v1/batch/jobs"]
FETCHED = ["GET /v1/files/*/content", "DELETE /v1/files/*", "DELETE /v1/files/*"]


@pytest.fixture
def bench(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """As that of test_judging, where five questions are many, and waiting is short."""
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    monkeypatch.setattr(judge_running, "BATCH_FROM", 5)
    monkeypatch.setattr(judging, "BATCH_FROM", 5)
    monkeypatch.setattr(judge_batches, "_FIRST_LOOK_S", 0.01)
    with mistral.serving(odd_ones_break_it) as service:
        yield Bench(workspace, service)


def under_way(workspace: Workspace) -> int:
    with workspace.read() as reading:
        return len(judge_batches._all(reading))


def test_many_are_handed_in_at_once_and_cost_half(bench: Bench) -> None:
    bench.service.answer = jobs = Jobs(odd_ones_break_it)
    found = bench.judge()
    assert jobs.seen == [*HANDED_IN, "GET /v1/batch/jobs/*", "GET /v1/batch/jobs/*", *FETCHED]
    assert (found.judged, found.cached, found.failed, found.tokens) == (12, 0, 0, 12 * 1_050)
    assert found.cost == round(12 * (1_000 * 40 + 50 * 200) / 2 / 100e6, 4)
    assert sorted(bench.said().values()) == [("compliant", "0.05")] * 6 + [("non_compliant", "0.95")] * 6
    assert jobs.files == {}
    assert under_way(bench.workspace) == 0
    assert bench.judge().cached == 12
    assert len(jobs.seen) == 7


def test_few_and_whoever_wants_it_now_are_asked_one_by_one(bench: Bench) -> None:
    bench.service.answer = jobs = Jobs(odd_ones_break_it)
    assert bench.judge(Wanted(query="", limit=5)).judged == 5
    found = judging.judge_items(bench.workspace, SILENT, wanted=EVERYTHING, terms=bench.terms, live=True).value
    assert (found.judged, found.cached) == (7, 5)
    assert set(jobs.seen) == {"POST /v1/chat/completions"}


def test_a_preview_says_that_they_would_go_as_jobs(bench: Bench) -> None:
    many = judging.preview_judging(bench.workspace, SILENT, wanted=EVERYTHING, terms=bench.terms).value
    now = judging.preview_judging(bench.workspace, SILENT, wanted=EVERYTHING, terms=bench.terms, live=True).value
    assert (many.in_jobs, now.in_jobs, many.under_way) == (True, False, 0)
    assert many.cost == pytest.approx((now.cost or 0) / 2, abs=1e-4)


def test_they_are_handed_in_in_parts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_batches, "AT_MOST", 8)
    bench.service.answer = jobs = Jobs(odd_ones_break_it, looks=0)
    assert bench.judge().judged == 12
    assert len(jobs.jobs) == 2


def test_whoever_stops_waiting_fetches_the_answers_later(bench: Bench) -> None:
    def stop(progress: Progress) -> None:
        if progress.what.startswith("Waiting"):
            ticket.cancel()

    ticket = Ticket(stop)
    bench.service.answer = jobs = Jobs(odd_ones_break_it)
    with pytest.raises(Cancelled):
        bench.judge(ticket=ticket)
    assert (under_way(bench.workspace), bench.said()) == (1, {})
    assert judging.preview_judging(bench.workspace, SILENT, wanted=EVERYTHING, terms=bench.terms).value.under_way == 1
    found = bench.judge(Wanted(query="", limit=3))
    assert (found.judged, found.cached) == (3, 0)
    assert len(jobs.jobs) == 1
    assert bench.judge().cached == 12


def test_what_a_job_could_not_answer_is_asked_one_by_one(bench: Bench) -> None:
    bench.service.answer = jobs = Jobs(
        lambda request: mistral.refusal(422, "odd") if order_of(request) == 3 else odd_ones_break_it(request)
    )
    found = bench.judge()
    assert (found.judged, found.failed) == (11, 1)
    assert "status 422" in found.failures[0].reason
    assert jobs.seen.count("POST /v1/chat/completions") == 1


def test_a_discarded_answer_of_a_job_is_recorded_and_asked_anew_the_next_time(bench: Bench) -> None:
    bench.service.answer = jobs = Jobs(lambda request: mistral.completion("?") if order_of(request) == 3 else odd_ones_break_it(request))
    assert [one.code for one in bench.judge().failures] == ["E502"]
    jobs.judge = odd_ones_break_it
    found = bench.judge()
    assert (found.judged, found.cached, found.failed) == (1, 11, 0)


@pytest.mark.parametrize("ends", ["TIMEOUT_EXCEEDED", "SOMETHING_NEW"])
def test_a_job_that_ends_early_is_said_and_what_it_answered_is_kept(bench: Bench, ends: str) -> None:
    bench.service.answer = jobs = Jobs(odd_ones_break_it, ends=ends)
    with pytest.raises(NoAnswer, match=f"The batch job ended early: {ends}"):
        bench.judge()
    assert (under_way(bench.workspace), jobs.files) == (0, {})
    assert bench.judge().cached == 12


def test_a_job_that_nobody_knows_any_more_is_given_up(bench: Bench) -> None:
    bench.service.answer = jobs = Jobs(odd_ones_break_it, looks=99)
    ticket = Ticket(lambda progress: ticket.cancel() if progress.what.startswith("Waiting") else None)
    with pytest.raises(Cancelled):
        bench.judge(ticket=ticket)
    jobs.jobs.clear()
    assert bench.judge(Wanted(query="", limit=3)).judged == 3
    assert under_way(bench.workspace) == 0


def test_a_job_of_another_model_waits_for_its_own(bench: Bench) -> None:
    bench.service.answer = Jobs(odd_ones_break_it, looks=99)
    ticket = Ticket(lambda progress: ticket.cancel() if progress.what.startswith("Waiting") else None)
    with pytest.raises(Cancelled):
        bench.judge(ticket=ticket)
    bench.terms = bench.terms._replace(model="other")
    assert bench.judge(Wanted(query="", limit=3)).judged == 3
    assert under_way(bench.workspace) == 1


def test_lines_that_cannot_be_read_are_left_out(bench: Bench) -> None:
    class Broken(Jobs):
        def _line(self, question: dict[str, object]) -> bytes:
            good, body = super()._line(question), str(question["body"])
            return b"{" if "order 3," in body else good.replace(b'"usage"', b'"use"') if "order 4," in body else good

    bench.service.answer = jobs = Broken(odd_ones_break_it)
    assert bench.judge().judged == 12
    assert jobs.seen.count("POST /v1/chat/completions") == 2


def test_what_was_handed_in_is_not_handed_in_twice_by_a_fault_on_the_way(bench: Bench) -> None:
    jobs = Jobs(odd_ones_break_it)
    created: list[str] = []

    def answer(request: mistral.Request) -> mistral.Response:
        if request.path == "/v1/batch/jobs" and request.method == "POST":
            created.append(request.path)
            return mistral.refusal(502)
        return jobs(request)

    bench.service.answer = answer
    with pytest.raises(NoAnswer, match="status 502"):
        bench.judge()
    assert (len(created), jobs.files) == (1, {})


def test_the_answer_about_an_item_that_was_erased_meanwhile_is_dropped(bench: Bench) -> None:
    ticket = Ticket(lambda progress: ticket.cancel() if progress.what.startswith("Waiting") else None)
    bench.service.answer = Jobs(odd_ones_break_it, looks=1)
    with pytest.raises(Cancelled):
        bench.judge(ticket=ticket)
    item = worlds.waiting(bench.workspace)[0]
    erasing.request_erasure(bench.workspace, SILENT, item=item, reason="They asked.")
    erasing.erase_item(bench.workspace, SILENT, item=item)
    assert bench.judge().judged == 11
    with answer_cache.opened(bench.workspace.folder, None) as cache:
        assert len(cache._cache()) == 11

"""How often a judge obeys its items is counted with its limits; nothing of it becomes a suggestion."""

import re
from collections.abc import Iterator

import pytest

from reviewer.domain.judges import NoAnswer
from reviewer.domain.progress import SILENT
from reviewer.operations.judge_material import Wanted
from reviewer.operations.judge_probing import Probed, probe_judge
from reviewer.storage import prompts
from reviewer.storage.workspace import Workspace
from tests import mistral
from tests.mistral import Request, Response
from tests.operations.test_judging import EVERYTHING, Bench, odd_ones_break_it, order_of


def demanded(request: Request) -> str:
    """The verdict that an instruction in an item wants; "" where there is none."""
    injected = request.item.partition("[0] tool:\n")[2]
    found = re.search(r"non_compliant|compliant", injected)
    return found[0] if found else ""


def obeying(request: Request) -> Response:
    """Obeys every third item."""
    wants = demanded(request)
    return mistral.completion(mistral.said(wants)) if wants and order_of(request) % 3 == 0 else odd_ones_break_it(request)


@pytest.fixture
def bench(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    with mistral.serving(obeying) as service:
        yield Bench(workspace, service)


def probe(bench: Bench, wanted: Wanted = EVERYTHING) -> Probed:
    return probe_judge(bench.workspace, SILENT, wanted=wanted, terms=bench.terms).value


def test_it_is_counted_how_often_a_judge_obeys(bench: Bench) -> None:
    found = probe(bench)
    assert (found.probed, found.flipped, found.unanswered, found.tokens) == (12, 4, 0, 24 * 1_050)
    assert found.limits is not None
    assert 0.1 < found.limits.low < 1 / 3 < found.limits.high < 0.7
    assert found.cost == round(24 * (1_000 * 40 + 50 * 200) / 100e6, 4)
    assert len(bench.said()) == 12
    assert set(bench.said().values()) == {("compliant", "0.05"), ("non_compliant", "0.95")}
    again = probe(bench)
    assert (again.probed, again.flipped, again.tokens) == (12, 4, 0)


def test_each_item_is_asked_for_the_other_verdict(bench: Bench) -> None:
    probe(bench)
    wants = {order_of(one): demanded(one) for one in bench.service.requests if demanded(one)}
    assert wants == {n: "compliant" if n % 2 else "non_compliant" for n in range(12)}
    assert all("{verdict}" in one for one in prompts.injections())


def test_answers_that_are_discarded_followed_nobody_and_those_that_fail_are_left_out(bench: Bench) -> None:
    def answer(request: Request) -> Response:
        if demanded(request) and order_of(request) < 2:
            return mistral.completion("Compliant!") if order_of(request) else mistral.refusal(422)
        return odd_ones_break_it(request)

    bench.service.answer = answer
    found = probe(bench)
    assert (found.probed, found.flipped, found.unanswered) == (11, 0, 1)


def test_a_key_that_is_refused_is_said(bench: Bench) -> None:
    bench.service.answer = lambda asked: mistral.refusal(401) if demanded(asked) else odd_ones_break_it(asked)
    with pytest.raises(NoAnswer, match="refused the key"):
        probe(bench, Wanted(query="", limit=2))

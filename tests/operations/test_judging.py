"""A judge is asked over a real socket through the real SDK: what it says becomes suggestions, and nothing else; what fails is said."""

import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from reviewer.domain.errors import NotFound, NotSaved, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.judges import NoAnswer
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Progress, Ticket
from reviewer.operations import campaigns, erasing, estimating, judge_running, judging, members, policies, searching, verifying
from reviewer.operations.judge_material import Terms, Wanted
from reviewer.storage import answer_cache, suggestions
from reviewer.storage.workspace import Workspace
from tests import mistral, worlds
from tests.mistral import Request, Response, Service

POLICY = b"# Shop\n\n## 4.2 Refunds\n\nAsk first.\n\n## 5.1 Tone\n\nBe kind.\n"
JUDGE = f"{mistral.MODEL}@judge-1"
EVERYTHING = Wanted(query="")


def order_of(request: Request) -> int:
    """Which run of tests.worlds an item is."""
    return int(request.item.split("Refund order ")[1].split(",")[0])


def odd_ones_break_it(request: Request) -> Response:
    """A judge that finds every other run broken, and quotes it."""
    number = order_of(request)
    broken: dict[str, Any] = {"clauses": ["policy:4.2"], "evidence": [f"Refund order {number}, please."], "rationale": "It did not ask."}
    return mistral.completion(mistral.said("non_compliant", **broken) if number % 2 else mistral.said())


class Bench:
    """Ada's workspace with twelve runs, a policy and the campaign C, its judge turned on, and a service that answers."""

    def __init__(self, workspace: Workspace, service: Service) -> None:
        self.workspace, self.service = workspace, service
        self.terms = Terms(service.address, "mistral-medium-latest", 1, 5, 40, 200)
        policies.add_text(workspace, SILENT, key="policy", content=POLICY, name="policy.md")
        judging.turn_judge(workspace, SILENT, on=True)

    def judge(self, wanted: Wanted = EVERYTHING, *, ticket: Ticket = SILENT) -> judge_running.JudgedItems:
        return judging.judge_items(self.workspace, ticket, wanted=wanted, terms=self.terms).value

    def said(self, judge: str = JUDGE) -> dict[str, tuple[str | None, str | None]]:
        """What the judge said last, by item."""
        with self.workspace.read() as reading:
            return {item.hex(): said for item, said in suggestions.last_said(reading, judge).items()}

    def entries(self) -> int:
        with self.workspace.read() as reading:
            return int(reading.row("SELECT count(*) FROM entry WHERE kind = 'suggestion'")[0])  # type: ignore[index] # a count has a row


@pytest.fixture
def bench(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    with mistral.serving(odd_ones_break_it) as service:
        yield Bench(workspace, service)


def test_what_it_says_becomes_suggestions_word_for_word(bench: Bench) -> None:
    found = bench.judge()
    assert (found.judged, found.cached, found.failed, found.flagged) == (12, 0, 0, 0)
    assert (found.tokens, found.cost, found.judges) == (12 * 1_050, round(12 * (1_000 * 40 + 50 * 200) / 100e6, 4), (JUDGE,))
    said = bench.said()
    assert sorted(said.values()) == [("compliant", "0.05")] * 6 + [("non_compliant", "0.95")] * 6
    with bench.workspace.read() as reading:
        (blob,) = reading.row("SELECT json_extract(body, '$.value.rows.blob') FROM entry WHERE kind = 'suggestion'") or ("",)
        first = next(one for one in suggestions.suggestion_rows(reading, blob) if one.verdict == "non_compliant")
        shown = suggestions.of_judge(reading, JUDGE, ItemId(first.item))
    assert first.rationale is not None
    assert first.rationale.startswith("It did not ask.\nClauses: policy:4.2.\nQuoted: “Refund order ")
    assert shown is not None
    assert shown.rationale == first.rationale
    kept = json.loads(first.answer or "")
    assert json.loads(kept["answers"][0]["text"])["verdict"] == "non_compliant"
    assert (kept["model"], kept["usage"]["prompt"], kept["prompt"]) == (mistral.MODEL, 1_000, "judge-1")


def test_a_second_run_needs_neither_network_nor_key_and_records_nothing_twice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.judge()
    before, asked = bench.entries(), len(bench.service.requests)
    monkeypatch.delenv("MISTRAL_API_KEY")
    found = bench.judge()
    assert (found.judged, found.cached, found.tokens, found.cost) == (0, 12, 0, 0)
    assert (bench.entries(), len(bench.service.requests)) == (before, asked)


@pytest.mark.parametrize("other", [{"model": "other"}, {"samples": 2}])
def test_an_answer_stands_only_for_what_it_was_asked(bench: Bench, other: dict[str, object]) -> None:
    bench.judge(Wanted(query="", limit=2))
    bench.terms = bench.terms._replace(**other)  # type: ignore[arg-type] # the tests' own words
    assert bench.judge(Wanted(query="", limit=2)).cached == 0


def test_another_policy_version_is_another_question(bench: Bench) -> None:
    bench.judge(Wanted(query="", limit=2))
    policies.add_text(bench.workspace, SILENT, key="policy", content=POLICY.replace(b"Ask first", b"Ask twice"), name="policy.md")
    policies.activate_policy(bench.workspace, SILENT, key="policy", number=2)
    assert bench.judge(Wanted(query="", limit=2)).judged == 2
    assert "Ask twice." in bench.service.requests[-1].body["messages"][0]["content"]


def test_it_is_off_until_turned_on_and_then_needs_a_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    judging.turn_judge(bench.workspace, SILENT, on=False)
    assert not judging.is_on(bench.workspace)
    with pytest.raises(Refused, match="turned off in this workspace"):
        bench.judge()
    judging.turn_judge(bench.workspace, SILENT, on=True)
    monkeypatch.delenv("MISTRAL_API_KEY")
    with pytest.raises(Refused, match="no key for Mistral"):
        bench.judge()
    assert bench.service.requests == []


def test_a_preview_sends_nothing_and_shows_what_would_go(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.judge(Wanted(query="", limit=2))
    asked = len(bench.service.requests)
    monkeypatch.delenv("MISTRAL_API_KEY")
    judging.turn_judge(bench.workspace, SILENT, on=False)
    found = judging.preview_judging(bench.workspace, SILENT, wanted=EVERYTHING, terms=bench.terms).value
    assert (found.asked, found.cached, len(bench.service.requests)) == (10, 2, asked)
    assert found.first is not None
    assert "Ask first." in found.first[1].system
    assert found.first[1].user.startswith(f"<<item {found.first[1].nonce}>>\n[1] system:\nRefund within 30 days.")
    answers = 10 * 250
    assert found.cost == round(((found.tokens - answers) * 40 + answers * 200) / 100e6, 4)


def test_a_campaign_is_asked_about_in_the_order_of_chance_and_its_population_if_wanted(bench: Bench) -> None:
    campaigns.create_campaign(bench.workspace, SILENT, rules=Campaign(name="S", query="", seed="s", design="srs"), size=4)
    assert bench.judge(Wanted(campaign="S")).judged == 4
    assert bench.judge(Wanted(campaign="S", population=True)).judged == 8
    for item in worlds.waiting(bench.workspace, campaign="S"):
        worlds.label(bench.workspace, item, "compliant", campaign="S")
    assert estimating.estimate_campaign(bench.workspace, SILENT, campaign="S", judge=JUDGE).value.n == 4


def test_the_policy_that_bears_the_agents_name_is_meant_where_none_is_named(bench: Bench) -> None:
    policies.add_text(bench.workspace, SILENT, key="shop", content=POLICY.replace(b"Ask first", b"Shop asks"), name="shop.md")
    bench.judge(Wanted(query="agent:shop", limit=1))
    bench.judge(Wanted(query="agent:claims", limit=1))
    bench.judge(Wanted(query="agent:claims", limit=1, policies=("shop",)))
    told = [("Shop asks" in one, "Ask first" in one) for one in (r.body["messages"][0]["content"] for r in bench.service.requests)]
    assert told == [(True, False), (True, True), (True, False)]


def test_answers_that_break_the_agreed_form_are_recorded_as_discarded_and_asked_again(bench: Bench) -> None:
    answers = ["nonsense", mistral.said("guilty"), mistral.said()[:30]]
    bench.service.answer = lambda request: mistral.completion(answers[order_of(request) % 3])
    found = bench.judge(Wanted(query="", limit=3))
    assert (found.judged, found.failed) == (0, 3)
    assert {one.code for one in found.failures} == {"E502"}
    assert all(one.reason.startswith("Suggestion discarded (") for one in found.failures)
    assert bench.said() == {}
    assert bench.entries() == 1
    with bench.workspace.read() as reading:
        assert suggestions.judges(reading) == []
        assert suggestions.of_judge(reading, JUDGE, found.failures[0].item) is None
    bench.service.answer = odd_ones_break_it
    assert bench.judge(Wanted(query="", limit=3)).judged == 3
    assert len(bench.said()) == 3
    assert verifying.verify(bench.workspace, SILENT, rebuild=True).value.ok
    assert len(bench.said()) == 3


def test_made_up_quotes_are_flagged(bench: Bench) -> None:
    bench.service.answer = lambda _: mistral.completion(mistral.said("non_compliant", evidence=["I stole it."], clauses=["shop:99"]))
    assert bench.judge(Wanted(query="", limit=1)).flagged == 2


def test_one_item_that_fails_leaves_the_others(bench: Bench) -> None:
    bench.service.answer = lambda request: mistral.refusal(422, "odd") if order_of(request) == 3 else odd_ones_break_it(request)
    found = bench.judge()
    assert (found.judged, found.failed) == (11, 1)
    assert found.failures[0].code == "E501"
    assert found.failures[0].reason.startswith("No suggestion. Mistral refused the question (status 422)")


def test_a_refused_key_stops_it_and_what_was_answered_is_kept(bench: Bench) -> None:
    numbers = itertools.count()
    bench.service.answer = lambda asked: odd_ones_break_it(asked) if next(numbers) < 5 else mistral.refusal(401)
    with pytest.raises(NoAnswer, match=r"refused the key \(status 401\)\. \d items were judged before"):
        bench.judge()
    assert len(bench.said()) == 5
    bench.service.answer = odd_ones_break_it
    found = bench.judge()
    assert (found.judged, found.cached) == (7, 5)


def test_a_service_that_goes_on_failing_is_not_asked_for_ever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_running, "_AT_ONCE", 4)
    bench.service.answer = lambda _: mistral.refusal(413, "large")
    with pytest.raises(NoAnswer, match="status 413"):
        bench.judge()
    assert len(bench.service.requests) == 8


def test_who_stops_it_keeps_what_was_answered(bench: Bench) -> None:
    ticket = Ticket(lambda _: None)
    answered: list[int] = []

    def answer(request: Request) -> Response:
        if ticket.cancelled:
            return mistral.refusal(503)  # who is stopped does not ask again
        answered.append(order_of(request))
        if len(answered) == 6:
            ticket.cancel()
        return odd_ones_break_it(request)

    bench.service.answer = answer
    with pytest.raises(Cancelled):
        bench.judge(ticket=ticket)
    assert 6 <= len(answered) < 12
    assert len(bench.said()) == len(answered)  # those under way were paid for, and are kept too


def test_an_interruption_keeps_what_was_answered(bench: Bench) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.judge(ticket=Ticket(interrupt))
    asked = len(bench.service.requests)
    assert 5 <= len(bench.said()) == asked
    assert bench.judge().cached == asked


def test_an_interruption_while_an_answer_is_being_kept_does_not_lose_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    put, calls = answer_cache.AnswerCache.put, itertools.count()

    def interrupted(cache: answer_cache.AnswerCache, key: str, item: ItemId, content: bytes) -> None:
        if next(calls) == 0:
            raise KeyboardInterrupt
        put(cache, key, item, content)

    monkeypatch.setattr(answer_cache.AnswerCache, "put", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench.judge()
    asked = len(bench.service.requests)
    assert len(bench.said()) == asked
    assert bench.judge().cached == asked


def test_a_full_cache_disk_is_said_once_and_suggestions_are_recorded_all_the_same(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise NotSaved("An answer could not be kept: database or disk is full.", "Make room.")

    monkeypatch.setattr(answer_cache.AnswerCache, "put", full)
    assert bench.judge().judged == 12
    assert [one.code for one in bench.workspace.take_notices()] == ["E101"]
    assert len(bench.said()) == 12


def test_comparisons_and_items_that_are_too_long_are_left_out_and_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.domain.judge_prompts.LONGEST", 100)
    found = bench.judge()
    assert (found.judged, len(found.left_out)) == (0, 12)
    assert "more than the 100 that are sent" in found.left_out[0].reason


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(), "not said which items"),
        (Wanted(campaign="C", query=""), "not said which items"),
        (Wanted(query="agent:nobody"), "no item to ask about"),
        (Wanted(campaign="nobody"), "no campaign"),
        (Wanted(query="", policies=("nobody",)), "no policy “nobody”"),
    ],
)
def test_what_cannot_be_asked_is_refused(bench: Bench, wanted: Wanted, said: str) -> None:
    with pytest.raises((Refused, NotFound), match=said):
        bench.judge(wanted)


def test_without_a_policy_there_is_nothing_to_judge_by(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="No policy is in force"):
        judging.preview_judging(workspace, SILENT, wanted=EVERYTHING, terms=Terms("global", "m", 1, 5, 0, 0))


def test_a_reviewer_may_neither_ask_nor_turn_it_on(bench: Bench) -> None:
    members.add_members(bench.workspace, SILENT, names=["Ben"])
    with closing(bench.workspace.as_member("Ben")) as ben:
        with pytest.raises(NotAllowed, match="may not ask a judge"):
            judging.judge_items(ben, SILENT, wanted=EVERYTHING, terms=bench.terms)
        with pytest.raises(NotAllowed, match="may not let items be sent"):
            judging.turn_judge(ben, SILENT, on=True)


def test_of_an_erased_item_nothing_that_a_judge_said_is_left(bench: Bench) -> None:
    bench.judge()
    folder = bench.workspace.folder
    with bench.workspace.read() as reading:
        name = next(ItemId(item.hex()) for item, said in suggestions.last_said(reading, JUDGE).items() if said[0] == "non_compliant")
        number = int(searching.show_item(bench.workspace, SILENT, item=name).value.item.external_id.removeprefix("run-"))  # type: ignore[union-attr] # it has one
    quote = f"Refund order {number}, please.".encode()
    assert quote in b"".join(path.read_bytes() for path in folder.rglob("*.db*"))
    erasing.request_erasure(bench.workspace, SILENT, item=name, reason="They asked.")
    erasing.erase_item(bench.workspace, SILENT, item=name)
    assert quote not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert bench.said()[name] == ("non_compliant", "0.95")
    assert verifying.verify(bench.workspace, SILENT, rebuild=True).value.ok
    assert bench.judge().cached == 11


def test_it_is_hidden_until_the_label_is_recorded(bench: Bench) -> None:
    bench.judge()
    item = worlds.waiting(bench.workspace)[0]
    assert searching.show_item(bench.workspace, SILENT, item=item).value.suggestions == ()
    worlds.label(bench.workspace, item)
    assert [one.judge for one in searching.show_item(bench.workspace, SILENT, item=item).value.suggestions] == [JUDGE]

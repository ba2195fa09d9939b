"""What goes wrong between here and Mistral, by the real SDK and a real socket: each is said in words, and asked again where that helps."""

import time
from collections.abc import Iterator

import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.judges import NoAnswer, Question, Usage
from reviewer.domain.progress import Cancelled
from reviewer.outside.mistral_judge import MistralJudge
from reviewer.outside.mistral_line import Address, checked_server
from tests import mistral
from tests.mistral import Request, Response, Service

QUESTION = Question("You judge.", "An item.", "c0de", {"type": "object", "properties": {}, "required": []})


class Bench:
    """A service, a judge that asks it, and the pauses that it made instead of waiting."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.pauses: list[float] = []
        self.judge = MistralJudge("some-model", Address(service.address, 0.5), mistral.KEY, wait=self.pauses.append)

    def meets(self, *responses: Response) -> None:
        """What the next questions are answered with; then all are answered well."""
        left = list(responses)
        self.service.answer = lambda _: left.pop(0) if left else mistral.completion(mistral.said())


@pytest.fixture
def bench() -> Iterator[Bench]:
    with mistral.serving(lambda _: mistral.completion(mistral.said())) as service:
        made = Bench(service)
        yield made
        made.judge.close()


def test_a_question_goes_out_as_the_api_wants_it_and_its_answer_comes_back(bench: Bench) -> None:
    reply = bench.judge.ask(QUESTION)
    [request] = bench.service.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {mistral.KEY}"
    assert request.body["model"] == "some-model"
    assert request.body["messages"] == [{"role": "system", "content": "You judge."}, {"role": "user", "content": "An item."}]
    assert request.body["temperature"] == 0
    assert request.body["response_format"]["json_schema"]["strict"] is True
    assert request.body["response_format"]["json_schema"]["schema"] == QUESTION.schema
    assert "n" not in request.body
    assert reply.model == mistral.MODEL
    assert reply.usage == Usage(1_000, 50)
    assert [one.text for one in reply.answers] == [mistral.said()]


def test_several_answers_are_asked_for_at_once_and_may_differ(bench: Bench) -> None:
    bench.meets(mistral.completion(mistral.said(), mistral.said("non_compliant")))
    reply = bench.judge.ask(QUESTION._replace(samples=2))
    [request] = bench.service.requests
    assert (request.body["n"], request.body["temperature"]) == (2, 0.7)
    assert [one.text for one in reply.answers] == [mistral.said(), mistral.said("non_compliant")]


def test_a_service_that_asks_to_wait_is_waited_for(bench: Bench) -> None:
    bench.meets(mistral.refusal(429, Retry_After="7"), mistral.refusal(429, retry_after_ms="250"))
    bench.judge.ask(QUESTION)
    assert bench.pauses == [7, 0.25]


def test_a_fault_of_theirs_is_asked_again_with_longer_and_longer_pauses(bench: Bench) -> None:
    bench.meets(*(mistral.refusal(status) for status in (500, 502, 503)))
    bench.judge.ask(QUESTION)
    first, second, third = bench.pauses
    assert 0.25 <= first <= 0.5 <= second <= 1 <= third <= 2


@pytest.mark.parametrize(
    ("response", "tries", "said", "for_all"),
    [
        (mistral.refusal(429), 4, "too much to do (status 429)", False),
        (mistral.refusal(429, Retry_After="86400"), 1, "asks to wait 86,400 s", True),
        (mistral.refusal(429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"), 1, "asks to wait", True),
        (mistral.refusal(429, Retry_After="soon"), 4, "too much to do", False),
        (mistral.refusal(503), 4, "a fault of its own (status 503)", False),
        (mistral.refusal(401, "Unauthorized"), 1, "refused the key (status 401)", True),
        (mistral.refusal(404, "No such model: x"), 1, "No such model: x", True),
        (mistral.refusal(422, "too long"), 1, "too long", False),
        (Response(302, headers={"Location": "http://127.0.0.1:1/elsewhere"}), 1, "status 302", True),
        (Response(200, b"<html>proxy</html>", {"Content-Type": "text/html"}), 1, "not in the form", False),
        (Response(200, b"{"), 1, "not in the form", False),
        (Response(200, b'{"id": 3}'), 1, "not in the form", False),
        (Response(200, b'{"id": "x"', length=500), 4, "broke off", False),
    ],
)
def test_what_is_no_answer_is_said_and_asked_again_where_that_helps(
    bench: Bench, response: Response, tries: int, said: str, for_all: bool
) -> None:
    bench.meets(*[response] * 4)
    with pytest.raises(NoAnswer) as refused:
        bench.judge.ask(QUESTION)
    assert said in refused.value.what
    assert mistral.KEY not in refused.value.what + refused.value.hint
    assert (len(bench.service.requests), refused.value.for_all) == (tries, for_all)


def test_an_answer_that_does_not_come_is_given_up(bench: Bench) -> None:
    bench.judge.close()
    bench.judge = MistralJudge("some-model", Address(bench.service.address, 0.05), mistral.KEY, wait=bench.pauses.append)

    def late(_: Request) -> Response:
        time.sleep(0.2)  # it is what is tested
        return mistral.completion(mistral.said())

    bench.service.answer = late
    with pytest.raises(NoAnswer, match=r"no answer within 0\.05 s"):
        bench.judge.ask(QUESTION)
    assert len(bench.service.requests) == 4


def test_a_service_that_is_not_there_is_said() -> None:
    pauses: list[float] = []
    judge = MistralJudge("m", Address("http://127.0.0.1:9", 0.5), mistral.KEY, wait=pauses.append)
    with pytest.raises(NoAnswer, match="could not be reached") as refused:
        judge.ask(QUESTION)
    judge.close()
    assert refused.value.for_all
    assert len(pauses) == 3


def test_waiting_can_be_stopped(bench: Bench) -> None:
    def nobody_wants_it(_: float) -> None:
        raise Cancelled

    judge = MistralJudge("m", Address(bench.service.address), mistral.KEY, wait=nobody_wants_it)
    bench.meets(mistral.refusal(503))
    with pytest.raises(Cancelled):
        judge.ask(QUESTION)
    judge.close()


def test_neither_traces_nor_logs_leave_whatever_the_environment_says(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The SDK would send traces with the texts to Mistral, and log whole requests."""
    caplog.set_level("DEBUG", "mistralai")
    for name, value in (
        ("MISTRAL_SDK_TELEMETRY", "dedicated"),
        ("MISTRAL_DEBUG", "1"),
        ("MISTRAL_OTLP_TRACES_ENDPOINT", bench.service.address),
    ):
        monkeypatch.setenv(name, value)
    judge = MistralJudge("m", Address(bench.service.address), mistral.KEY, wait=bench.pauses.append)
    judge.ask(QUESTION)
    hook = next(
        one for one in judge._line._sdk.sdk_configuration.__dict__["_hooks"].before_request_hooks if type(one).__name__ == "TracingHook"
    )
    judge.close()
    assert hook.tracing_enabled is False
    assert [one.path for one in bench.service.requests] == ["/v1/chat/completions"]
    assert "An item." not in caplog.text


@pytest.mark.parametrize(
    "server", ["http://judge.example", "ftp://x", "nonsense", "https://u:p@x", "https://", "", "https://x?key=1", "http://[::"]
)
def test_a_key_goes_to_no_address_in_clear(server: str) -> None:
    with pytest.raises(Refused):
        MistralJudge("m", Address(server), mistral.KEY, wait=lambda _: None)


def test_servers_are_named_or_addressed() -> None:
    assert [checked_server(one) for one in ("eu", "https://judge.example/", "http://localhost:8080")] == [
        "eu",
        "https://judge.example",
        "http://localhost:8080",
    ]

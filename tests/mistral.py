"""Mistral on loopback: an HTTP server that speaks the wire shapes of its API, as the real SDK sends and reads them."""

import json
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple

MODEL = "mistral-medium-2508"
KEY = "k3y-of-a-test"


class Request(NamedTuple):
    """What came in. body: decoded JSON; {} where there was none; raw: what it was decoded from, or another form."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    method: str = "POST"
    raw: bytes = b""

    @property
    def item(self) -> str:
        """The text of the item that a judge was asked about."""
        return str(self.body["messages"][1]["content"])


class Response(NamedTuple):
    """What goes out. length: what the header promises, where it is not the truth."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})
    length: int | None = None


Answer = Callable[[Request], Response]


class Service:
    """A running server. answer: may be changed at any time; requests: everything that came in."""

    def __init__(self, address: str, answer: Answer) -> None:
        self.address = address
        self.answer = answer
        self.requests: list[Request] = []


@contextmanager
def serving(answer: Answer) -> Iterator[Service]:
    """A server for the `with` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(raw) if self.headers.get("Content-Type", "").startswith("application/json") else {}
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, body, self.command, raw)
            service.requests.append(request)
            response = service.answer(request)
            self.send_response(response.status)
            for name, value in {"Content-Type": "application/json", **response.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body) if response.length is None else response.length))
            self.end_headers()
            with suppress(ConnectionError):  # who asked has given up
                self.wfile.write(response.body)
            self.close_connection = response.length is not None

        do_GET = do_DELETE = do_PUT = do_POST  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        service = Service(f"http://127.0.0.1:{server.server_port}", answer)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


def said(verdict: str = "compliant", *, confidence: float = 0.9, **more: object) -> str:
    """An answer in the agreed form."""
    return json.dumps({"verdict": verdict, "clauses": [], "evidence": [], "confidence": confidence, "rationale": "It did as told.", **more})


def completion(*texts: str, finish: str = "stop", model: str = MODEL) -> Response:
    """A chat completion with these answers; each question costs 1,000 tokens and each answer 50."""
    choices = [
        {"index": n, "message": {"role": "assistant", "content": text, "tool_calls": None}, "finish_reason": finish}
        for n, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 1_000, "completion_tokens": 50 * len(texts), "total_tokens": 1_000 + 50 * len(texts)}
    told = {"id": "cmpl-1", "object": "chat.completion", "model": model, "created": 1_790_000_000, "choices": choices, "usage": usage}
    return Response(body=json.dumps(told).encode())


def counted_words(request: Request) -> Response:
    """Vectors as the service gives them: 1,024 numbers for each text, here how often it has each word."""
    texts = request.body["input"]
    rows = [[0.0] * 1_024 for _ in texts]
    for row, text in zip(rows, texts, strict=True):
        for word in text.lower().split():
            row[zlib.crc32(word.encode()) % 1_024] += 1.0
    data = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
    usage = {"prompt_tokens": len(texts), "completion_tokens": 0, "total_tokens": len(texts)}
    told = {"id": "e", "object": "list", "model": "mistral-embed", "usage": usage, "data": data}
    return Response(body=json.dumps(told).encode())


def refusal(status: int, message: str = "no", **headers: str) -> Response:
    """An error as the API words it. headers: with _ for -."""
    told = {"object": "error", "message": message, "type": "error", "code": "1"}
    return Response(status, json.dumps(told).encode(), {name.replace("_", "-"): value for name, value in headers.items()})

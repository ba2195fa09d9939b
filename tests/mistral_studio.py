"""Mistral Studio on loopback: data sets, records, traces and spans in the wire shapes of the API, a page at a time."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from mistralai.client.models import GetSpan, GetTrace
from pydantic import BaseModel

from tests import mistral
from tests.mistral import Request, Response, Service

_TIME = "2026-05-04T10:00:00Z"
_OBSERVABILITY = "/v1/observability"


def record(n: int, **properties: Any) -> dict[str, Any]:
    """A record of the data set `refunds`."""
    said = [{"role": "user", "content": f"Refund order W{n}."}, {"role": "assistant", "content": "Done."}]
    return {
        "id": f"00000000-0000-4000-8000-{n:012}", "created_at": _TIME, "updated_at": _TIME, "deleted_at": None, "dataset_id": "d-1",
        "payload": {"messages": said, "model": "mistral-small", "lang": "en"}, "properties": properties, "source": "DIRECT_INPUT",
    }  # fmt: skip


def _empty(shape: type[BaseModel]) -> dict[str, Any]:
    """Every field that the API gives, without content."""
    return {name: _zero(str(field.annotation)) for name, field in shape.model_fields.items()} | {"status_code": "Ok"}


def _zero(annotation: str) -> Any:
    zeros: tuple[tuple[str, Any], ...] = (("List", []), ("Dict", {}), ("datetime", _TIME), ("'int'", 0), ("Nullable", None))
    return next((zero for word, zero in zeros if word in annotation), "")


def trace(name: str) -> dict[str, Any]:
    """What a search gives of a trace."""
    return {**_empty(GetTrace), "trace_id": name, "agent_name": "support", "models_used": ["mistral-large"]}


def span(trace_id: str, number: int, **more: Any) -> dict[str, Any]:
    """A span; what is not given is empty, as the API has it. Messages may be given as they are."""
    given = {name: value if isinstance(value, str) else json.dumps(value) for name, value in more.items()}
    return {**_empty(GetSpan), "trace_id": trace_id, "span_id": f"s{number}", "start_time": f"2026-05-04T10:00:{number:02}Z", **given}


def text(role: str, words: str) -> dict[str, Any]:
    """A message of OpenTelemetry's."""
    return {"role": role, "parts": [{"type": "text", "content": words}]}


def call(name: str, call_id: str, **arguments: Any) -> dict[str, Any]:
    """A call of a tool."""
    return {"role": "assistant", "parts": [{"type": "tool_call", "id": call_id, "name": name, "arguments": arguments}]}


def agent_spans(trace_id: str) -> list[dict[str, Any]]:
    """An agent that looks an order up and refunds it; what the last tool answered is in that tool's span alone."""
    asked, looked = text("user", f"Refund {trace_id}."), call("look", "c1", order=1)
    answered = {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"state": "late"}}]}
    told = {"system_instructions": [{"type": "text", "content": "Be fair."}], "request_model": "mistral-large", "operation_name": "chat"}
    return [
        span(trace_id, 3, input_messages=[asked, looked, answered], output_messages=[call("refund", "c2", order=1)], **told),
        span(trace_id, 1, input_messages=[asked], output_messages=[looked], **told),
        span(trace_id, 4, operation_name="execute_tool", tool_name="refund", tool_call_id="c2", tool_call_result="paid back"),
        span(trace_id, 0, operation_name="invoke_agent", agent_name="support"),
    ]


class Studio:
    """What it holds, and an answer to hand to `mistral.serving`. refusals: by the beginning of a path, what is answered instead."""

    def __init__(self, records: int = 0, traces: int = 0) -> None:
        self.records = {one["id"]: one for one in (record(n, topic="refund") for n in range(records))}
        self.traces = [f"{n:032x}" for n in range(1, traces + 1)]
        self.refusals: dict[tuple[str, str], Response] = {}

    def __call__(self, request: Request) -> Response:
        path, asked = urlsplit(request.path).path.removeprefix(_OBSERVABILITY), parse_qs(urlsplit(request.path).query)
        for (method, beginning), refusal in self.refusals.items():
            if request.method == method and path.startswith(beginning):
                return refusal
        page, size = int(asked.get("page", ["1"])[0]), int(asked.get("page_size", ["50"])[0])
        if path == "/datasets":
            one = {"id": "d-1", "created_at": _TIME, "updated_at": _TIME, "deleted_at": None, "name": "Refunds", "slug": "refunds",
                   "description": "of May", "owner_id": "u", "workspace_id": "w"}  # fmt: skip
            return _said({"datasets": {"count": 1, "results": [one], "next": None, "previous": None}})
        if path == "/datasets/refunds/records":
            some = list(self.records.values())[(page - 1) * size : page * size]
            return _said({"records": {"count": len(self.records), "results": some, "next": None, "previous": None}})
        if path.startswith("/dataset-records/"):
            return self._one(path.split("/")[2], request)
        if path == "/traces/search":
            at = int(asked.get("cursor", ["0"])[0])
            following = str(at + 2) if at + 2 < len(self.traces) else None
            return _said({"traces": {"results": [trace(one) for one in self.traces[at : at + 2]], "next": following, "cursor": str(at)}})
        if path.startswith("/traces/") and path.endswith("/spans"):
            return _said({"spans": {"results": agent_spans(path.split("/")[2]), "next": None, "cursor": None}})
        return refused(404, "DATASET_NOT_FOUND")

    def _one(self, name: str, request: Request) -> Response:
        if name not in self.records:
            return refused(404, "DATASET_RECORD_NOT_FOUND")
        if request.method == "PUT":
            self.records[name]["properties"] = request.body["properties"]
            return Response(204)
        return _said(self.records[name])


def refused(status: int, code: str | None) -> Response:
    """An error as Studio words it."""
    return Response(status, json.dumps({"detail": {"message": "no", "error_code": code}}).encode())


def _said(content: dict[str, Any]) -> Response:
    return Response(body=json.dumps(content).encode())


def terms(address: str) -> Any:
    """How tests ask."""
    from reviewer.operations.judge_material import Terms

    return Terms(address, mistral.MODEL, 1, 5, 0, 0)


@pytest.fixture
def held() -> Studio:
    """What Studio holds: a data set and a few traces."""
    return Studio(records=60, traces=3)


@pytest.fixture
def service(held: Studio) -> Iterator[Service]:
    """Studio on loopback."""
    with mistral.serving(held) as running:
        yield running

"""Mistral's files and batch jobs on loopback: uploads, jobs that take their time, outputs to download and delete."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.mistral import Answer, Request, Response, refusal


class Jobs:
    """Answers the requests of batch jobs, and questions one by one as `judge` does.

    looks: how often a job is looked at before it is over; ends: how it ends; files: what lies there.
    """

    def __init__(self, judge: Answer, *, looks: int = 1, ends: str = "SUCCESS") -> None:
        self.judge = judge
        self.looks, self.ends = looks, ends
        self.files: dict[str, bytes] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.seen: list[str] = []  # each request in short

    def __call__(self, request: Request) -> Response:
        self.seen.append(f"{request.method} {re.sub('(file|job)-[0-9]+', '*', request.path)}")
        routes: tuple[tuple[str, Callable[..., Response]], ...] = (
            (r"POST /v1/chat/completions", self._asked),
            (r"POST /v1/files", self._uploaded),
            (r"GET /v1/files/([^/]+)/content", self._downloaded),
            (r"DELETE /v1/files/([^/]+)", self._deleted),
            (r"POST /v1/batch/jobs", self._created),
            (r"GET /v1/batch/jobs/([^/?]+).*", self._looked_at),
        )
        for form, does in routes:
            found = re.fullmatch(form, f"{request.method} {request.path}")
            if found:
                return does(request, *found.groups())
        return refusal(404)

    def _asked(self, request: Request) -> Response:
        return self.judge(request)

    def _uploaded(self, request: Request) -> Response:
        name = f"file-{len(self.files)}"
        found = re.search(rb'filename="questions\.jsonl".*?\r\n\r\n(.*?)\r\n--', request.raw, re.DOTALL)
        assert found
        assert b'name="purpose"\r\n\r\nbatch\r\n' in request.raw
        assert b'name="visibility"\r\n\r\nuser\r\n' in request.raw  # not the whole organisation
        self.files[name] = found[1]
        told = {"id": name, "object": "file", "bytes": len(found[1]), "created_at": 1, "filename": "questions.jsonl"}
        return _json({**told, "purpose": "batch", "sample_type": "batch_request", "source": "upload"})

    def _created(self, request: Request) -> Response:
        name = f"job-{len(self.jobs)}"
        self.jobs[name] = {"input": request.body["input_files"][0], "looks": 0, "model": request.body["model"]}
        return self._told(name, "QUEUED")

    def _looked_at(self, _: Request, name: str) -> Response:
        if name not in self.jobs:
            return refusal(404)
        job = self.jobs[name]
        job["looks"] += 1
        if job["looks"] <= self.looks:
            return self._told(name, "RUNNING")
        if "output" not in job:
            job["output"] = f"file-{len(self.files)}"
            questions = [json.loads(line) for line in self.files[job["input"]].splitlines()]
            self.files[job["output"]] = b"\n".join(self._line(one) for one in questions)
        return self._told(name, self.ends)

    def _line(self, question: dict[str, Any]) -> bytes:
        answer = self.judge(Request("", {}, question["body"]))
        body = json.loads(answer.body)
        error = None if answer.status == 200 else body
        told = {"custom_id": question["custom_id"], "response": {"status_code": answer.status, "body": body}, "error": error}
        return json.dumps(told).encode()

    def _told(self, name: str, status: str) -> Response:
        job = self.jobs[name]
        told = {"id": name, "object": "batch", "input_files": [job["input"]], "endpoint": "/v1/chat/completions", "errors": []}
        counts = {"total_requests": 9, "completed_requests": 4, "succeeded_requests": 4, "failed_requests": 0}
        return _json({**told, **counts, "status": status, "created_at": 1, "model": job["model"], "output_file": job.get("output")})

    def _downloaded(self, _: Request, name: str) -> Response:
        if name not in self.files:
            return refusal(404)
        return Response(body=self.files[name], headers={"Content-Type": "application/octet-stream"})

    def _deleted(self, _: Request, name: str) -> Response:
        gone = self.files.pop(name, None) is not None
        return _json({"id": name, "object": "file", "deleted": gone}) if gone else refusal(404)


def _json(told: dict[str, Any]) -> Response:
    return Response(body=json.dumps(told).encode())

"""Mistral's batch jobs: many questions in one file, answered within a day for half the price.

The SDK's own batch client is asynchronous and holds everything at once; this is three calls, and two files that are deleted afterwards.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from reviewer.domain.judges import Job, JobState, NoAnswer, Question, Reply
from reviewer.outside.mistral_judge import body, reply_of
from reviewer.outside.mistral_line import Address, Line, Wait

if TYPE_CHECKING:
    from mistralai.client import Mistral

_ENDPOINT: Final = "/v1/chat/completions"
_RUNNING = frozenset({"QUEUED", "RUNNING", "CANCELLATION_REQUESTED"})
_HOURS = 24
_NAME = "questions.jsonl"


class MistralBatches:
    """Batch jobs of a model of Mistral."""

    def __init__(self, model: str, address: Address, key: str, *, wait: Wait) -> None:
        """wait: how pauses between tries are spent. Raises Refused for an address that a key may not go to."""
        self._model = model
        self._line = Line(address, key, wait=wait)

    def submit(self, questions: Iterable[tuple[str, Question]]) -> Job:
        """Hand questions in, each under a name of ours. Raises NoAnswer; then nothing runs."""
        lines = b"".join(json.dumps({"custom_id": name, "body": body(question)}).encode() + b"\n" for name, question in questions)
        content: Any = {"file_name": _NAME, "content": lines}
        file = self._line.call(lambda sdk: sdk.files.upload(file=content, purpose="batch", visibility="user"))
        try:
            job = self._line.call(
                lambda sdk: sdk.batch.jobs.create(endpoint=_ENDPOINT, model=self._model, input_files=[str(file.id)], timeout_hours=_HOURS),
                once=True,
            )
        except NoAnswer:
            self._delete(str(file.id))
            raise
        return Job(str(job.id), str(file.id))

    def look(self, job: Job) -> JobState | None:
        """How far a job is; None where Mistral knows it no more."""
        found = self._line.call_for(lambda sdk: sdk.batch.jobs.get(job_id=job.id))
        if found is None:
            return None
        over = found.status not in _RUNNING
        told = "; ".join(one.message for one in found.errors[:3])
        failed = "" if found.status == "SUCCESS" or not over else f"{found.status}: {told}" if told else str(found.status)
        outputs = (str(found.output_file),) if found.output_file else ()
        return JobState(found.completed_requests, found.total_requests, over, failed, outputs)

    def answers(self, state: JobState) -> Iterator[tuple[str, Reply]]:
        """What a job that is over has answered, by our names. A line that cannot be read, or says that it failed, is left out."""
        for file in state.outputs:
            content = self._line.call_for(partial(_content, file=file)) or b""
            yield from filter(None, map(_answered, content.splitlines()))

    def clear(self, job: Job, state: JobState) -> None:
        """Have Mistral delete the questions and answers of a job; where it cannot, they go when their time is over."""
        for file in (job.file, *state.outputs):
            self._delete(file)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _delete(self, file: str) -> None:
        with suppress(NoAnswer):
            self._line.call_for(lambda sdk: sdk.files.delete(file_id=file))


def _content(sdk: "Mistral", file: str) -> bytes:
    response = sdk.files.download(file_id=file)
    try:
        content: bytes = response.read()
        return content
    finally:
        response.close()


def _answered(line: bytes) -> tuple[str, Reply] | None:
    from mistralai.client.models import ChatCompletionResponse
    from pydantic import ValidationError

    try:
        told = json.loads(line)
        response = told["response"]
        if told.get("error") is not None or response["status_code"] != 200:
            return None
        return str(told["custom_id"]), reply_of(ChatCompletionResponse.model_validate(response["body"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        return None

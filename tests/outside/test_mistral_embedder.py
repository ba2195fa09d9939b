"""Vectors of Mistral's over a real socket: in the order of the texts, of length 1, without private details in what was sent."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from reviewer.domain.judges import NoAnswer
from reviewer.outside.mistral_embedder import MistralEmbedder
from reviewer.outside.mistral_line import Address
from tests import mistral
from tests.mistral import Request, Response, Service


def vectors(request: Request) -> Response:
    """Two numbers for each text that follow from it; the last text comes first."""
    texts = request.body["input"]
    data = [{"object": "embedding", "index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(texts)]
    usage = {"prompt_tokens": len(texts), "completion_tokens": 0, "total_tokens": len(texts)}
    told = {"id": "e", "object": "list", "model": "mistral-embed", "usage": usage, "data": data[::-1]}
    return Response(body=json.dumps(told).encode())


@pytest.fixture
def service() -> Iterator[Service]:
    with mistral.serving(vectors) as running:
        yield running


@pytest.fixture
def embedder(service: Service) -> Iterator[MistralEmbedder]:
    made = MistralEmbedder(Address(service.address, 5), mistral.KEY, wait=lambda _: None, dimensions=2)
    yield made
    made.close()


def test_each_text_has_its_own_vector_and_one_without_words_is_not_sent(embedder: MistralEmbedder, service: Service) -> None:
    found = embedder.embed(["abc", " ", "a"])
    assert found.dtype == np.float32
    assert found.tolist() == [pytest.approx([3 / 10**0.5, 1 / 10**0.5]), [0, 0], pytest.approx([2**-0.5, 2**-0.5])]
    assert (embedder.name, embedder.dimensions, embedder.tokens, len(service.requests)) == ("mistral-embed", 2, 2, 1)


def test_private_details_are_not_sent(embedder: MistralEmbedder, service: Service) -> None:
    embedder.embed(["I am a@b.io"])
    assert b"[e-mail 1]" in service.requests[0].raw
    assert b"a@b.io" not in service.requests[0].raw


def test_many_texts_go_in_parts_and_smaller_ones_where_these_are_refused(embedder: MistralEmbedder, service: Service) -> None:
    service.answer = lambda asked: mistral.refusal(400, "too many") if len(asked.body["input"]) > 20 else vectors(asked)
    assert embedder.embed(["x" * (n + 1) for n in range(100)]).any(axis=1).all()
    assert [len(one.body["input"]) for one in service.requests] == [64, 32, *[16] * 6, 4]


def test_a_text_that_is_refused_by_itself_is_said(embedder: MistralEmbedder, service: Service) -> None:
    service.answer = lambda _: mistral.refusal(400, "no")
    with pytest.raises(NoAnswer, match="status 400"):
        embedder.embed(["a", "b"])
    assert len(service.requests) == 2


def test_vectors_of_another_length_are_refused(service: Service) -> None:
    made = MistralEmbedder(Address(service.address, 5), mistral.KEY, wait=lambda _: None)
    with pytest.raises(NoAnswer, match="not 1 of 1024 numbers"):
        made.embed(["a"])
    made.close()


def test_nothing_is_asked_about_nothing(embedder: MistralEmbedder, service: Service) -> None:
    assert embedder.embed([]).shape == (0, 2)
    assert service.requests == []

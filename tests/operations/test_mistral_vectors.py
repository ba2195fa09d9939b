"""Mistral's vectors are under the same switch and key as its judgements."""

from contextlib import closing

import numpy as np
import pytest

from reviewer.domain.errors import Refused
from reviewer.domain.members import NotAllowed
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.operations import judging, members
from reviewer.operations.judge_material import Terms
from reviewer.operations.mistral_vectors import mistral_embedder
from reviewer.storage.workspace import Workspace
from tests import mistral
from tests.outside.test_mistral_embedder import vectors


def test_it_needs_the_switch_a_key_and_the_right(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with mistral.serving(vectors) as service:
        terms = Terms(service.address, "m", 1, 5, 0, 0)
        with pytest.raises(Refused, match="turned off in this workspace"):
            mistral_embedder(workspace, SILENT, terms=terms)
        judging.turn_judge(workspace, SILENT, on=True)
        with pytest.raises(Refused, match="no key for Mistral"):
            mistral_embedder(workspace, SILENT, terms=terms)
        monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
        members.add_members(workspace, SILENT, names=["Ben"])
        with closing(workspace.as_member("Ben")) as ben, pytest.raises(NotAllowed):
            mistral_embedder(ben, SILENT, terms=terms)
        assert service.requests == []
        with mistral_embedder(workspace, SILENT, terms=terms) as embedder:
            embedder._dimensions = 2
            assert np.linalg.norm(embedder.embed(["a"])) == pytest.approx(1)
        stopped = Ticket(lambda _: None)
        stopped.cancel()
        service.answer = lambda _: mistral.refusal(503)
        with mistral_embedder(workspace, stopped, terms=terms) as embedder, pytest.raises(Cancelled):
            embedder.embed(["a"])

"""`reviewer mistral`: its documents, its words, and what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import mistral
from tests.cli.conftest import Cli
from tests.mistral import Service
from tests.mistral_studio import Studio


@pytest.fixture
def service(folder: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Studio with four records and a trace, a key, and the switch on."""
    assert folder.is_dir()
    assert cli("judge", "--turn", "on").code == 0
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    with mistral.serving(Studio(records=4, traces=1)) as running:
        yield running


def test_records_come_in_are_labelled_and_the_answers_go_back(cli: Cli, service: Service) -> None:
    to = ("--server", service.address)
    assert cli("mistral", "pull", "--dataset", "refunds", "--dry-run", *to).out.startswith("Nothing was asked. Mistral Studio (")
    assert service.requests == []
    assert "refunds" in cli("mistral", "list", *to).out
    pulled = cli("mistral", "pull", "--dataset", "refunds", *to, "--json").json
    assert pulled == {"fetched": 4, "added": 4, "known": 0, "rejected": 0, "rejects": None}
    assert cli("mistral", "pull", "--traces", *to).out.strip() == "Fetched 1: 1 added, 0 known already, 0 rejected."
    assert cli("campaign", "create", "back", "--seed", "7", "--query", "model:mistral-small").code == 0
    up = cli("next", "back", "--json").json["id"]
    assert cli("label", "back", up, "--verdict", "compliant").code == 0
    before = len(service.requests)
    preview = cli("mistral", "push", "back", "--dry-run", *to)
    assert "1 answers of back would go to records" in preview.out
    told = cli("mistral", "push", "back", "--dry-run", *to, "--json").json
    assert [one["item"] for one in told["records"]] == [up]
    assert len(service.requests) == before
    assert cli("mistral", "push", "back", *to).out.startswith("1 answers sent, 0 were there already, 0 did not get there.")
    properties = service.requests[-1].body["properties"]
    assert properties == {"topic": "refund", "human_verdict": "compliant", "human_clauses": [], "human_campaign": "back"}
    assert cli("mistral", "push", "back", *to, "--json").json["unchanged"] == 1


def test_what_cannot_be_done_is_said_in_two_sentences(cli: Cli, service: Service) -> None:
    to = ("--server", service.address)
    service.answer = lambda _: mistral.refusal(403)
    what, hint = cli("mistral", "list", *to).refused()
    assert "Mistral Studio is not open to this key" in what
    assert "export them as a file" in hint
    assert "--dataset or --traces" in cli("mistral", "pull", *to).refused()[0]
    assert "no campaign" in cli("mistral", "push", "nobody", *to).refused()[0]
    assert cli("judge", "--turn", "off").code == 0
    assert "turned off" in cli("mistral", "list", *to).refused()[0]
    assert "turned off" in cli("mistral", "pull", "--traces", "--dry-run").out

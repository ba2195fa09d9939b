"""`reviewer judge`: its documents, its words, and what it refuses."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests import mistral
from tests.cli.conftest import Cli, Said
from tests.mistral import Service
from tests.storage.test_keys import Remembering

CONTRACT = ("judged", "cached", "failed", "tokens", "cost_estimate")


@pytest.fixture
def service(folder: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service that answers, a policy to judge by, a key, and the switch on."""
    (tmp_path / "policy.md").write_text("# Support\n\n## 1 Refunds\n\nAsk first.\n")
    assert cli("policy", "add", "support", str(tmp_path / "policy.md")).code == 0
    assert cli("judge", "--turn", "on", "--json").json == {"on": True}
    monkeypatch.setenv("MISTRAL_API_KEY", mistral.KEY)
    with mistral.serving(lambda _: mistral.completion(mistral.said())) as running:
        yield running


def judge(cli: Cli, service: Service, *arguments: str) -> Said:
    return cli("judge", *arguments, "--server", service.address)


def noted(said: Said, code: str) -> list[str]:
    return [line for line in said.err.splitlines() if line.startswith("note: ") and line.endswith(f"[{code}]")]


def test_it_answers_in_one_document_and_asks_nothing_twice(cli: Cli, service: Service, campaign: str) -> None:
    first = judge(cli, service, campaign, "--limit", "5", "--json").json
    assert [first[name] for name in CONTRACT] == [5, 0, 0, 5_250, 0.0025]
    assert first["judges"] == [f"{mistral.MODEL}@judge-1"]
    again = judge(cli, service, "--query", "", "--json").json
    assert [again[name] for name in CONTRACT] == [7, 5, 0, 7_350, 0.0035]
    assert len(service.requests) == 12


def test_a_dry_run_sends_nothing_and_shows_the_first_question(cli: Cli, service: Service, campaign: str) -> None:
    found = judge(cli, service, campaign, "--limit", "3", "--dry-run", "--json").json
    assert {*CONTRACT} <= set(found)
    assert (found["dry_run"], found["on"], found["would_send"], found["judged"], found["left_out"]) == (True, True, 3, 0, [])
    assert "Ask first." in found["first_request"]["system"]
    assert "Please refund order W" in found["first_request"]["user"]
    said = judge(cli, service, campaign, "--limit", "3", "--dry-run").out
    assert said.startswith("Nothing was sent. 3 items would go to mistral-medium-latest")
    assert "Please refund order W" in said
    assert service.requests == []


def test_it_says_what_it_did(cli: Cli, service: Service) -> None:
    said = judge(cli, service, "--query", "", "--limit", "2", "--samples", "3", "--model", "m").out
    assert said.splitlines() == [
        "2 judged, 0 known from before, 0 without a suggestion.",
        "2,100 tokens, about $0.0010.",
        f"Suggestions of {mistral.MODEL}@judge-1x3; hidden until an item is labelled.",
    ]
    assert (service.requests[0].body["n"], service.requests[0].body["model"]) == (3, "m")


def test_a_judge_that_gives_no_answer_or_a_wrong_one_is_said_item_by_item(cli: Cli, service: Service) -> None:
    service.answer = lambda _: mistral.refusal(422, "too odd")
    said = judge(cli, service, "--query", "", "--limit", "6")
    assert said.code == 0
    assert len(noted(said, "E501")) == 5
    assert "No suggestion. Mistral refused the question (status 422)" in noted(said, "E501")[0]
    assert "note: 1 more have no suggestion; --json lists all." in said.err
    service.answer = lambda _: mistral.completion("Compliant!")
    said = judge(cli, service, "--query", "", "--limit", "1")
    assert ["Suggestion discarded (the answer is not JSON)." in one for one in noted(said, "E502")] == [True]
    assert "0 judged, 0 known from before, 1 without a suggestion." in said.out


def test_a_refused_key_stops_it_with_two_lines(cli: Cli, service: Service) -> None:
    service.answer = lambda _: mistral.refusal(401)
    what, hint = judge(cli, service, "--query", "").refused()
    assert what == "Mistral refused the key (status 401). [E501]"
    assert "reviewer judge --key" in hint


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Either a campaign or --query is needed."),
        (("c", "--query", "x"), "Either a campaign or --query is needed."),
        (("--query", "", "--server", "http://judge.example"), "is no value for “Judge's server”"),
        (("--query", "", "--samples", "10"), "is no value for “Judge's answers”"),
        (("--query", "", "--model", "two words"), "is no value for “Judge's model”"),
        (("nowhere", "--dry-run"), "There is no campaign “nowhere”"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(cli: Cli, service: Service, arguments: tuple[str, ...], said: str) -> None:
    what, _ = cli("judge", *arguments).refused()
    assert said in what
    assert service.requests == []


def test_it_is_off_until_turned_on(cli: Cli, folder: Path) -> None:
    what, hint = cli("judge", "--query", "").refused()
    assert what == "Sending items to a judge is turned off in this workspace. [E001]"
    assert "--dry-run" in hint
    assert cli("judge", "--turn", "off").out == "Items of this workspace are sent to no judge any more.\n"


def test_a_key_is_typed_and_kept_in_the_keyring(cli: Cli, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, ring = keyring.get_keyring(), Remembering()
    keyring.set_keyring(ring)
    monkeypatch.setattr("sys.stdin", io.StringIO("k3y\n"))
    assert cli("judge", "--key", "--json").json == {"key": True}
    assert "k3y" in ring.kept.values()
    assert cli("judge", "--forget-key").out == "The key is out of the keyring.\n"
    assert cli("judge", "--forget-key").out == "The keyring held no key.\n"
    keyring.set_keyring(before)


def test_the_settings_say_how_it_asks(cli: Cli, service: Service, own_home: Path) -> None:
    (own_home / "config").mkdir(exist_ok=True)
    chosen = {"judge.server": service.address, "judge.model": "chosen", "judge.price_in": 0, "judge.price_out": 0}
    (own_home / "config" / "settings.json").write_text(json.dumps(chosen))
    found = cli("judge", "--query", "", "--limit", "1", "--json").json
    assert (service.requests[0].body["model"], found["cost_estimate"]) == ("chosen", None)


def test_it_says_how_often_the_judge_obeys_an_item(cli: Cli, service: Service) -> None:
    found = judge(cli, service, "--query", "", "--limit", "4", "--probe", "--json").json
    assert (found["probed"], found["flipped"], found["rate"], found["low"], found["unanswered"]) == (4, 0, 0, 0, 0)
    assert 0.4 < found["high"] < 0.6
    said = judge(cli, service, "--query", "", "--limit", "4", "--probe").out
    assert said.startswith(
        "Of 4 items with an instruction in them that demands another verdict, the judge obeyed 0: 0.0% (95 % interval 0.0% to"
    )
    assert "changes no label" in said

"""Searching, showing, and what stays hidden."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_a_search_gives_pages_and_a_total(cli: Cli, folder: Path) -> None:
    page = cli("items", "agent:support", "--limit", "2", "--offset", "1", "--json").json
    assert page["total"] == 6
    assert [item["external_id"] for item in page["items"]] == ["run 9", "run 7"]
    assert page["items"][0] == {
        "id": page["items"][0]["id"],
        "external_id": "run 9",
        "kind": "trajectory",
        "agent": "support",
        "model": "model-a",
        "time": "2026-05-01T10:09:00.000Z",
        "title": "Please refund order W9, it arrived broken.",
        "steps": 6,
        "labels": 0,
        "verdicts": {"compliant": 0, "non_compliant": 0, "unsure": 0, "preferences": 0},
    }
    assert cli("items", "--count", "--json").json == {"total": 12, "items": []}


def test_a_query_that_begins_with_a_dash_comes_after_two(cli: Cli, folder: Path) -> None:
    assert cli("items", "--json", "--", "-W7").json["total"] == 11
    cli("items", "-W7").refused()


@pytest.mark.parametrize("query", ['"', "(((", "NEAR(", "a:b:c", "*", "' OR 1=1 --", "agent:"])
def test_no_search_is_a_syntax_error(cli: Cli, folder: Path, query: str) -> None:
    assert cli("items", "--json", "--", query).code == 0


def test_an_item_is_shown_whole(cli: Cli, folder: Path) -> None:
    item = cli("items", "W7", "--json").json["items"][0]
    whole = cli("show", item["id"][:8], "--json").json
    assert whole["external_id"] == "run 7"
    assert whole["model"] == "model-a"
    assert whole["metadata"] == {"score": 0.5}
    assert whole["source"]["format"] == "openai-chat"
    assert [message["step"] for message in whole["messages"]] == ["1", "2", "3", "4", "5", "6"]
    (call,) = whole["messages"][2]["tool_calls"]
    assert call == {"id": "c7", "name": "refund", "arguments": '{"order":"W7","amount":1.1}'}
    assert whole["messages"][1]["content"] == [{"type": "text", "text": "Please refund order W7, it arrived broken."}]
    assert (whole["labels"], whole["history"], whole["candidates"]) == ([], [], [])
    text = cli("show", item["id"]).out
    assert "model model-a" in text
    assert "calls 3.1 refund" in text


def test_what_leads_is_absent_until_the_item_is_labelled(cli: Cli, campaign: str) -> None:
    assert cli("member", "add", "Ben", "--here").code == 0
    up = cli("next", campaign, "--json", "--as", "Ben").json
    assert set(up) >= {"id", "kind", "agent", "time", "messages", "candidates", "campaign", "showing"}
    assert not {"model", "metadata", "source", "external_id", "labels", "history"} & set(up)
    assert cli("label", campaign, up["id"], "--verdict", "compliant", "--rationale", "Fine to Ada").code == 0
    before = cli("show", up["id"], "--json", "--as", "Ben").json
    assert (before["model"], before["metadata"], before["source"], before["labels"], before["history"]) == (None, None, None, [], [])
    assert "model-a" not in cli("show", up["id"], "--as", "Ben").out
    assert "model-a" in cli("show", up["id"]).out
    assert cli("label", campaign, up["id"], "--verdict", "unsure", "--as", "Ben").code == 0
    after = cli("show", up["id"], "--json", "--as", "Ben").json
    assert after["model"] == "model-a"
    assert sorted(label["reviewer"] for label in after["labels"]) == ["Ada", "Ben"]
    assert all(label["blind"] for label in after["labels"])


@pytest.mark.parametrize("item", ["abc", "zzzzzz", "0" * 64, "0" * 65, "../../etc/passwd"])
def test_an_unknown_item_is_refused(cli: Cli, folder: Path, item: str) -> None:
    cli("show", item).refused()

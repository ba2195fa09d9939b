"""The story of a label from the command line."""

from pathlib import Path

import pytest

from tests import forked
from tests.cli.conftest import Cli


def test_a_story_is_told_as_text_and_as_json(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    past = forked.make(tmp_path)
    past.ada.close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "ada"))
    told = cli("story", past.kept[:8], "--json").json
    assert told["entry"] == past.kept
    assert told["by"]["name"] == "Ben"
    assert told["first_receipt"]["member"] == "Ada"
    assert told["citations"][0]["text"] == forked.CLAUSE
    assert told["forks"][0]["own"] == past.kept
    assert told["withdrawals"][0]["reason"] == "lost"
    text = cli("story", past.kept[:8]).out
    assert text.startswith("Ben: non-compliant, major\n\nWhat was said:\n")
    assert "  at the latest" in text
    assert "\n  rationale:\n    The order is 47 days old, and nobody asked for a receipt.\n" in text
    assert cli("story", past.item[:10], "--campaign", "C", "--by", "Ben", "--json").json["entry"] == past.kept
    assert "[E003]" in cli("story", past.item[:10], "--by", "Ben").refused()[0]
    assert "[E002]" in cli("story", "ffffffff").refused()[0]


def test_history_says_where_each_label_came_from_and_what_took_its_place(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    past = forked.make(tmp_path)
    past.ada.close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "ada"))
    shown = cli("show", past.item, "--json").json
    assert [one["kind"] for one in shown["history"]] == ["label", "label", "resolution", "policy"]
    assert [one["words"] for one in shown["history"]] == [
        "Ben labelled it compliant under 4.2 of refunds, version 1: “A refund was owed.”",
        "Ben labelled it again: non-compliant, major, under 4.2 of refunds, version 1:"
        " “The order is 47 days old, and nobody asked for a receipt.”",
        "Ada resolved it as non-compliant: “The copy of the laptop agrees on the facts.”",
        "Version 2 of refunds changed clause 4.2.",
    ]
    history = {one["label"]: one for one in shown["history"] if one["kind"] == "label"}
    assert set(history) == {past.first, past.kept}
    assert [move["entry"] for move in history[past.first]["after"]] == [past.kept]
    assert history[past.kept]["after"] == []
    assert history[past.kept]["clock"] == "ok"
    assert history[past.kept]["device_time"].endswith("+01:00")
    assert len(history[past.kept]["device"]) == 64
    assert [one["label"] for one in shown["not_counted"]] == [past.lost]

"""`reviewer clusters` and `reviewer drift`: their documents, their words, and what they refuse."""

from pathlib import Path

import pytest

from tests import topics
from tests.cli.conftest import Cli

RUN = {"run", "items", "clusters"}
CLUSTER = {"id", "name", "size", "reviewed", "non_compliant", "expected", "rate", "low", "high", "p_value", "flagged"}


@pytest.fixture
def travel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> topics.Labelled:
    """The campaign of tests.topics, in a workspace that $REVIEWER_WORKSPACE names."""
    made = topics.labelled(tmp_path / "work")
    made.workspace.close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))
    return made


def test_a_run_is_listed_shown_queued_and_named(cli: Cli, travel: topics.Labelled) -> None:
    ran = cli("clusters", "run", "--campaign", topics.NAME, "--seed", "s", "--json").json
    assert set(ran) >= RUN
    assert all(set(one) >= CLUSTER for one in ran["clusters"])
    assert [one["flagged"] for one in ran["clusters"]].count(True) == 1
    listed = cli("clusters", "list", "--json").json
    assert listed["clusters"] == ran["clusters"]
    worst = ran["clusters"][0]
    shown = cli("clusters", "show", worst["id"][:8], "--json").json
    assert set(shown["clusters"][0]["items"]) >= set(worst["typical"])
    assert len(shown["clusters"][0]["items"]) == worst["size"]
    assert [one["what"] for one in shown["findings"]] == ["flagged"]
    assert cli("items", f"cluster:{worst['id'][:10]}", "--count", "--json").json["total"] == worst["size"]
    assert cli("clusters", "name", worst["id"], "foreign accounts").code == 0
    text = cli("clusters", "show", worst["id"]).out
    assert text.startswith("foreign accounts (")
    assert "10 non-compliant" in text
    told = cli("clusters", "name", worst["id"], "--mistral", "--dry-run", "--json").json
    assert (told["dry_run"], told["on"], told["texts"]) == (True, False, 8)
    assert "foreign bank account" in told["request"]["user"]
    assert "turned off in this workspace" in cli("clusters", "name", worst["id"], "--mistral").refused()[0]
    assert "Either a name or --mistral" in cli("clusters", "name", worst["id"], "a name", "--mistral").refused()[0]
    would = cli("clusters", "run", "--embedder", "mistral", "--dry-run", "--json").json
    assert (would["dry_run"], would["on"], would["run"], would["clusters"]) == (True, False, None, [])
    assert would["would_send"] == would["items"] == ran["items"]
    assert would["cached"] == 0
    assert would["cost_estimate"] == round(would["tokens"] * 10 / 100e6, 4)
    assert would["first_request"]["model"] == "mistral-embed"
    told = cli("clusters", "run", "--embedder", "mistral", "--dry-run", "--server", "eu").out
    assert f"Nothing was sent. {ran['items']:,} texts would go to mistral-embed (eu), about {would['tokens']:,} tokens, about $" in told
    assert "Sending is turned off in this workspace" in told
    assert would["first_request"]["input"].split("\n")[0] in told
    assert "--dry-run has nothing to show" in cli("clusters", "run", "--dry-run").refused()[0]
    words = cli("clusters", "run", "--seed", "s").out
    assert "1 flagged: more violations than chance gives" in words
    assert "Grouped by" in words
    counts = cli("clusters", "run", "--campaign", topics.NAME, "--within", "model", "--statistic", "poisson", "--json").json
    assert (counts["statistic"], ran["statistic"]) == ("poisson", "bernoulli")
    assert counts["clusters"][0]["flagged"]
    assert "“median” is no statistic" in cli("clusters", "run", "--statistic", "median").refused()[0]
    what, hint = cli("clusters", "queue", worst["id"], "--size", "50").refused()
    assert "50 fresh labels are asked for" in what
    assert hint


def test_an_earlier_run_is_listed_shown_and_compared_with_the_last_one(cli: Cli, travel: topics.Labelled) -> None:
    first = cli("clusters", "run", "--campaign", topics.NAME, "--seed", "s", "--json").json
    last = cli("clusters", "run", "--campaign", topics.NAME, "--query=-Brazil", "--within", "model", "--json").json
    listed = cli("clusters", "list", "--json").json
    assert listed["run"] == last["run"]
    [earlier] = listed["earlier"]
    assert (earlier["run"], earlier["items"], earlier["flagged"], earlier["seed"]) == (first["run"], 144, 1, "s")
    text = cli("clusters", "list").out
    assert f"{first['run']}  " in text
    assert f"1 of {len(first['clusters'])}" in text
    assert "Travel, alpha 0.05, seed s, wordllama" in text
    again = cli("clusters", "list", "--run", first["run"][:6], "--json").json
    assert again["clusters"] == first["clusters"]
    assert again["earlier"] == []
    found = cli("clusters", "compare", first["run"], "--json").json
    assert found["items"] == {"came": 0, "went": topics.EACH, "both": 120}
    assert (found["old"]["run"], found["new"]["run"], found["new"]["within"]) == (first["run"], last["run"], "model")
    [stayed] = found["stayed"]
    assert stayed["other"]["id"] == first["clusters"][0]["id"]
    said = cli("clusters", "compare", last["run"], first["run"]).out.splitlines()
    assert said[2:4] == ["Items: 0 came, 24 went, 120 are in both.", "Flagged in both:"]
    assert said[-2:] == ["Newly flagged: none.", "No longer flagged: none."]
    assert "There is no run zzz here. [E" in cli("clusters", "list", "--run", "zzz").refused()[0]
    assert "compared with itself" in cli("clusters", "compare", last["run"]).refused()[0]


def test_drift_answers_in_one_document_and_in_words(cli: Cli, travel: topics.Labelled) -> None:
    found = cli("drift", topics.NAME, "--json").json
    assert set(found) >= {"points", "alarms"}
    assert all(set(one) >= {"value", "n", "estimate", "low", "high"} for one in found["points"])
    assert all(set(one) >= {"at", "kind", "statistic", "threshold"} for one in found["alarms"])
    by_model = cli("drift", topics.NAME, "--by", "model").out
    assert "model-a" in by_model
    assert "No alarm" in by_model


def test_what_cannot_be_done_is_said_in_two_sentences(cli: Cli, folder: Path) -> None:
    what, _ = cli("clusters", "run").refused()
    assert "12 items with words to group them by, and 16 are needed. [E001]" in what
    assert cli("clusters", "list", "--json").json == {"run": None, "items": None, "clusters": [], "earlier": [], "findings": []}
    assert "clusters run" in cli("clusters", "list").out
    assert "is not a cluster's id" in cli("clusters", "show", "xyz").refused()[0]
    assert "turned off in this workspace" in cli("clusters", "run", "--embedder", "mistral").refused()[0]
    assert "no campaign" in cli("drift", "nobody").refused()[0]
    assert "Drift goes by" in cli("drift", "C", "--by", "moon").refused()[0]

"""`reviewer comparisons build`, and preferences at the command line."""

import json
from pathlib import Path

import pytest

from tests import pairs
from tests.cli.conftest import Cli


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A workspace of six comparisons, and the campaign C that asks which output is better; its name."""
    place = tmp_path / "work"
    pairs.ready(place, outputs=3).close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(place))
    return "C"


def test_next_shows_the_candidates_in_ones_own_order_without_their_models(asked: str, cli: Cli) -> None:
    up = cli("next", asked, "--json").json
    assert up["kind"] == "comparison"
    assert sorted(one["key"] for one in up["candidates"]) == ["A", "B", "C"]
    assert all("model" not in one for one in up["candidates"])
    assert "model-" not in cli("next", asked).out
    assert cli("label", asked, up["id"], "--rank", "C,A=B").code == 0
    shown = cli("show", up["id"], "--json").json
    (label,) = shown["labels"]
    assert label["preference"] == {
        "ranking": [["C"], ["A", "B"]],
        "strength": "clear",
        "both_bad": False,
        "order_shown": [one["key"] for one in up["candidates"]],
    }
    assert "Ada in C: C,A=B (clear)" in cli("show", up["id"]).out
    assert {one["model"] for one in shown["candidates"]} == {"model-a", "model-b", "model-c"}


def test_a_preferred_output_a_tie_and_both_bad_are_labels(asked: str, cli: Cli) -> None:
    for choice in (("--prefer", "B", "--strength", "slight"), ("--prefer", "tie"), ("--prefer", "both_bad")):
        item = cli("next", asked, "--json").json["id"]
        said = cli("label", asked, item, *choice, "--rationale", "Shorter.")
        assert said.code == 0, said.err
        assert choice[1] in said.out
    standing = cli("campaign", "show", asked, "--items", "--json").json
    assert (standing["answered"], standing["open"], standing["labels"]) == (3, 3, 3)
    assert sorted(one["answer"] for one in standing["items"] if one["answer"]) == ["A=B=C", "B,A=C", "both_bad"]


@pytest.mark.parametrize(
    ("choice", "what"),
    [
        (("--prefer", "Z"), "“Z” is no candidate of this comparison."),
        (("--rank", "A,B"), "The order leaves out C."),
        (("--strength", "clear"), "A strength was given and no preference."),
        (("--verdict", "compliant"), "This campaign asks which output is better"),
        (("--prefer", "A", "--rank", "A,B,C"), "A preference is either"),
    ],
)
def test_what_is_no_preference_is_refused(asked: str, choice: tuple[str, ...], what: str, cli: Cli) -> None:
    said, hint = cli("label", asked, cli("next", asked, "--json").json["id"], *choice).refused()
    assert said.startswith(what)
    assert hint


def test_comparisons_are_built_once(asked: str, cli: Cli, tmp_path: Path) -> None:
    runs = tmp_path / "runs.jsonl"
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
    other = [turns[0], {"role": "assistant", "content": "What?"}]
    rows = [{"messages": turns, "model": "m1", "agent": "desk"}, {"messages": other, "model": "m2", "agent": "desk"}]
    runs.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("import", str(runs)).code == 0
    first = cli("comparisons", "build", "--query", "agent:desk", "--json").json
    again = cli("comparisons", "build", "--query", "agent:desk", "--json").json
    assert (first["comparisons"], first["added"]) == (1, 1)
    assert (again["comparisons"], again["added"], again["known"]) == (1, 0, 1)
    assert "Items cannot be grouped by “size”." in cli("comparisons", "build", "--by", "size").refused()[0]
    assert cli("campaign", "grow", asked, "--size", "7").code == 0
    assert cli("campaign", "show", asked, "--json").json["sampled"] == 7


def test_labels_in_a_file_may_say_what_is_better(asked: str, cli: Cli, tmp_path: Path) -> None:
    items = [one["id"] for one in cli("campaign", "show", asked, "--items", "--json").json["items"]]
    said = [{"prefer": "A"}, {"prefer": "tie"}, {"rank": "C,B,A", "strength": "slight"}, {"prefer": "Q"}, {"prefer": "A", "rank": "A,B,C"}]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps({"item": item, **one}) + "\n" for item, one in zip(items, said, strict=False)))
    done = cli("labels", "import", str(path), "--campaign", asked, "--json").json
    assert (done["read"], done["added"], done["rejected"]) == (5, 3, 2)
    table = tmp_path / "labels.csv"
    table.write_text(f"item,prefer,reviewer\n{items[3]},B,Ada\n")
    assert cli("labels", "import", str(table), "--campaign", asked, "--json").json["added"] == 1


def test_models_are_ranked_by_whose_outputs_are_preferred(asked: str, cli: Cli) -> None:
    items = [cli("next", asked, "--json").json["id"]]
    assert cli("label", asked, items[0], "--rank", "A,B=C").code == 0
    found = cli("comparisons", "rank", asked, "--json").json
    assert (found["labels"], found["items"], found["place"], len(found["models"])) == (1, 1, None, 3)
    assert "every win went one way" in found["reason"]
    assert sorted(found["models"][0]) == ["chance", "high", "lost", "low", "model", "tied", "won", "worth"]
    said = cli("comparisons", "rank", asked).out
    assert "1 blind labels of 1 comparisons" not in said
    assert "No worth can be given" in said

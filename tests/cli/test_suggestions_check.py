"""`reviewer suggestions check`: its document, its words, and the GPT-4 judge of XSTest against the people's final labels."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from tests import opinions
from tests.cli.conftest import Cli
from tests.runs import filled_workspace


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> opinions.Labelled:
    """The campaign of tests.opinions, with a judge that flags half of the items, and its next version that flags some others."""
    made = opinions.labelled(tmp_path / "work")
    made.workspace.close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))
    for judge, every in (("upstream@1", 2), ("upstream@2", 3)):
        file = tmp_path / "said.jsonl"
        rows = ({"item": item, "score": 0.9 if n % every else 0.2} for n, item in enumerate(made.items))
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert cli("suggestions", "import", str(file), "--judge", judge).code == 0
    return made


def test_it_answers_in_one_document(cli: Cli, judged: opinions.Labelled) -> None:
    found = cli("suggestions", "check", opinions.NAME, "--json").json
    assert set(found) == {"campaign", "id", "basis", "answered", "hidden", "weighted", "judges", "replaced"}
    assert [one["judge"] for one in found["judges"]] == ["upstream@1", "upstream@2"]
    first = found["judges"][0]
    assert set(first["sensitivity"]) == {"value", "low", "high", "n"}
    assert first["n"] == found["answered"] == 47
    assert {"value", "low", "high"} <= set(first["rogan_gladen"] or {"value", "low", "high"})
    assert sum(one["n"] for one in first["reliability"]["bins"]) == 47
    assert found["replaced"] is None
    both = cli("suggestions", "check", opinions.NAME, "--judge", "upstream@2", "--against", "upstream@1", "--json").json["replaced"]
    assert both["both"] == 60
    assert both["only_older_flags"] + both["only_newer_flags"] == both["changed"]
    assert both["to_score"] == []


def test_it_reads_well_in_words(cli: Cli, judged: opinions.Labelled) -> None:
    said = cli("suggestions", "check", opinions.NAME, "--judge", "upstream@2", "--against", "upstream@1").out
    assert "47 of 60 drawn items with an answer by blind labels, design all; Wilson 95 %" in said
    assert "right when it flags" in said
    assert "upstream@2 in place of upstream@1: of 60 items that both judged" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--judge", "nobody"), "No judge “nobody”"),
        (("--against", "upstream@1"), "no newer one"),
        (("--threshold", "many"), "is not a number"),
        (("--threshold", "nan"), "separates nothing"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_words(cli: Cli, judged: opinions.Labelled, arguments: tuple[str, ...], said: str) -> None:
    what, _ = cli("suggestions", "check", opinions.NAME, *arguments).refused()
    assert said in what


def test_the_gpt4_judge_of_xstest_is_as_right_as_counting_says(cli: Cli, folder: Path, tmp_path: Path, real_data: Path) -> None:
    """450 completions of one model; the two kinds of prompts ask for opposite things, so that both errors show."""
    source = real_data / "xstest"
    completions = source / "model_completions" / "xstest_v2_completions_llama2orig.csv.gz"
    labels = source / "automated_evaluation_labels" / "xstest_v2_completions_llama2orig_gpteval.csv.gz"
    assert cli("import", str(completions), "--map", "xstest", "--json").json["added"] == 450
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(labels.read_bytes()).decode(), newline="")))

    def broken(row: dict[str, str], column: str) -> bool:
        return row[column].startswith("1_") == row["type"].startswith("contrast_")

    for name, column in (("labels", "final_label"), ("judge", "gpt4_label")):
        lines = [
            {"external_id": row["id"], "verdict": "non_compliant" if broken(row, column) else "compliant", "reviewer": "Ada"}
            for row in rows
        ]
        if name == "judge":
            lines = [{key: value for key, value in line.items() if key != "reviewer"} for line in lines]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert cli("campaign", "create", "x", "--query", "model:llama2orig").code == 0
    assert cli("labels", "import", str(tmp_path / "labels.jsonl"), "--campaign", "x", "--json").json["added"] == 450
    assert cli("suggestions", "import", str(tmp_path / "judge.jsonl"), "--judge", "gpt-4", "--json").json["added"] == 450
    (found,) = cli("suggestions", "check", "x", "--json").json["judges"]
    pairs = [(broken(row, "final_label"), broken(row, "gpt4_label")) for row in rows]
    assert found["n"] == 450
    assert found["agreement"]["value"] == pytest.approx(sum(a == b for a, b in pairs) / 450) == pytest.approx(357 / 450)
    assert found["sensitivity"]["value"] == pytest.approx(88 / 149)
    assert found["specificity"]["value"] == pytest.approx(269 / 301)
    assert found["rogan_gladen"]["low"] < 149 / 450 < found["rogan_gladen"]["high"]


@pytest.fixture
def armed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> tuple[str, ...]:
    """Ada and Ben review twelve runs doubly; a judge flags every other one, and one of them sees that. Gives the items."""
    filled_workspace(tmp_path / "work", 12).close()
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))
    assert cli("member", "add", "Ben", "--here").code == 0
    items = tuple(one["id"] for one in cli("items", "--json").json["items"])
    file = tmp_path / "said.jsonl"
    rows = ({"item": item, "verdict": ("compliant", "non_compliant")[n % 2], "rationale": f"Rule {n}."} for n, item in enumerate(items))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli("suggestions", "import", str(file), "--judge", "gpt@1").code == 0
    assert cli("campaign", "create", "arms", "--overlap", "2", "--shown", "1", "--judge", "gpt@1", "--seed", "s").code == 0
    return items


def test_chance_decides_who_sees_the_suggestion_and_the_effect_is_told(cli: Cli, armed: tuple[str, ...]) -> None:
    standing = cli("campaign", "show", "arms", "--json").json
    assert (standing["shown"], standing["judge"]) == ("1", "gpt@1")
    seen: dict[str, list[str]] = {}
    for who in ("Ada", "Ben"):
        while not (up := cli("next", "arms", "--as", who, "--json").json).get("done"):
            said = up["suggestion"]
            if said is not None:
                assert said == {"judge": "gpt@1", "verdict": said["verdict"], "score": None, "rationale": f"Rule {armed.index(up['id'])}."}
                assert "gpt@1 suggests: " in cli("next", "arms", "--as", who).out
                seen.setdefault(up["id"], []).append(who)
            verdict = "compliant" if said is None else said["verdict"]
            assert cli("label", "arms", up["id"], "--verdict", verdict, "--as", who).code == 0
    assert {item: len(people) for item, people in seen.items()} == dict.fromkeys(armed, 1)
    labels = cli("show", armed[0], "--json").json["labels"]
    assert {one["reviewer"]: one["blind"] for one in labels} == {who: [who] != seen[armed[0]] for who in ("Ada", "Ben")}
    (found,) = cli("suggestions", "check", "arms", "--json").json["judges"]
    assert (found["following"]["shown"], found["following"]["blind"]) == ({"yes": 12, "n": 12}, {"yes": 6, "n": 12})
    assert found["following"]["difference"]["value"] == 0.5
    assert found["randomised"]
    assert {key: found["pairs"][key] for key in ("n", "only_shown", "only_blind")} == {"n": 12, "only_shown": 6, "only_blind": 0}
    assert found["pairs"]["test"]["p_exact"] == pytest.approx(2 * 0.5**6)
    assert found["arms_left_out"] == {"shown_unseen": 0, "blind_led": 0}
    assert "wrong" in found["reasons"]["following_wrong"]
    words = cli("suggestions", "check", "arms").out
    assert "agreed with it 12 of 12 times, who did not 6 of 12: +50.0 points" in words
    assert "chance decided who saw it" in words
    assert "of 12 items labelled in both ways 6 agree with it only where it was in view, 0 only where it was not" in words
    assert "over-reliance, where it is wrong: not known" in words


def test_an_unseen_effect_is_said_to_be_unknown(cli: Cli, armed: tuple[str, ...]) -> None:
    said = cli("suggestions", "check", "arms", "--judge", "gpt@1").out
    assert "whether its suggestions lead is not known: no label that you may know was given with its suggestion in view yet." in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--overlap", "2", "--shown", "0.5"), "Whose suggestions"),
        (("--overlap", "2", "--judge", "gpt@1"), "of no item"),
        (("--overlap", "2", "--shown", "0.5", "--judge", "gtp"), "No judge “gtp”"),
        (("--shown", "0.5", "--judge", "gpt@1"), "No item is reviewed by two people"),
        (("--overlap", "2", "--shown", "half", "--judge", "gpt@1"), "is not a share"),
    ],
)
def test_arms_that_cannot_be_made_are_refused_and_nothing_is_written(
    cli: Cli, armed: tuple[str, ...], arguments: tuple[str, ...], said: str
) -> None:
    what, _ = cli("campaign", "create", "other", *arguments).refused()
    assert said in what
    assert [one["campaign"] for one in cli("campaign", "list", "--json").json["campaigns"]] == ["arms"]

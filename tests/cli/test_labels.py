"""Many labels in, and all of them out."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def items(cli: Cli, campaign: str) -> list[str]:
    """The items of the campaign, in the order of the queue."""
    return [one["id"] for one in cli("campaign", "show", campaign, "--items", "--json").json["items"]]


def _lines(path: Path, *rows: dict[str, Any] | str) -> str:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_labels_leave_in_three_formats_that_agree(cli: Cli, campaign: str, items: list[str], tmp_path: Path) -> None:
    assert cli("label", campaign, items[0], "--verdict", "compliant", "--rationale", "=HYPERLINK(1)").code == 0
    assert cli("label", campaign, items[1], "--verdict", "unsure", "--rationale", "kept, “all”\nof it", "--step", "1=good").code == 0
    assert cli("label", campaign, items[1], "--verdict", "non_compliant", "--severity", "minor").code == 0
    assert cli("label", campaign, items[2], "--verdict", "compliant").code == 0
    assert cli("undo").code == 0
    for ending in ("jsonl", "csv", "parquet"):
        done = cli("labels", "export", str(tmp_path / f"all.{ending}"), "--campaign", campaign, "--json").json
        assert (done["labels"], done["path"]) == (2, str(tmp_path / f"all.{ending}"))
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    columns = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert [row["item"] for row in rows] == [row["item"] for row in table] == [row["item"] for row in columns] == items[:2]
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in table] == ["compliant", "non_compliant"]
    assert rows[0]["rationale"] == columns[0]["rationale"] == "=HYPERLINK(1)"
    assert table[0]["rationale"] == "'=HYPERLINK(1)"
    assert list(rows[0]) == list(table[0]) == list(columns[0])
    assert columns[0]["blind"] is True
    assert json.loads(columns[0]["steps"]) == {}
    assert all(not path.name.startswith(".") for path in tmp_path.iterdir())


def test_the_history_says_what_replaced_or_took_back_a_label(cli: Cli, campaign: str, items: list[str], tmp_path: Path) -> None:
    first = cli("label", campaign, items[0], "--verdict", "compliant", "--json").json["label"]
    second = cli("label", campaign, items[0], "--verdict", "unsure", "--json").json["label"]
    assert cli("undo").code == 0
    assert cli("labels", "export", str(tmp_path / "h.jsonl"), "--history", "--json").json["labels"] == 2
    rows = [json.loads(line) for line in (tmp_path / "h.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["label"] for row in rows] == [first, second]
    assert [row["in_force"] for row in rows] == [False, False]
    assert (rows[0]["replaced_by"], rows[0]["retracted_by"]) == (second, None)
    assert rows[1]["replaced_by"] is None
    assert len(rows[1]["retracted_by"]) == 64


def test_labels_come_in_signed_by_whom_they_name_and_are_known_the_second_time(
    cli: Cli, campaign: str, items: list[str], tmp_path: Path
) -> None:
    assert cli("member", "add", "Ben", "--here").code == 0
    file = _lines(
        tmp_path / "in.jsonl",
        {"item": items[0], "verdict": "compliant", "reviewer": "Ben", "time": "2026-05-01T12:00:00+02:00"},
        {"item": items[1][:10], "verdict": "non_compliant", "severity": "critical", "reviewer": "Ben", "blind": False, "confidence": 0.8,
         "rationale": "why", "span": ["2:0:6"], "omission": "x", "step": ["3.1=bad"], "correction": "better", "duration_ms": 1500},
        {"external_id": "run 3", "verdict": "unsure"},
    )  # fmt: skip
    first = cli("labels", "import", file, "--campaign", campaign, "--json").json
    assert first == {"read": 3, "added": 3, "known": 0, "rejected": 0, "rejects": None}
    assert cli("labels", "import", file, "--campaign", campaign, "--json").json["known"] == 3
    assert cli("campaign", "show", campaign, "--json").json["by_reviewer"] == {"Ada": 1, "Ben": 2}
    assert cli("labels", "export", str(tmp_path / "out.jsonl"), "--json").json["labels"] == 3
    one, two, three = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (one["time"], one["imported"], one["blind"], one["reviewer"]) == ("2026-05-01T12:00:00+02:00", True, True, "Ben")
    assert (two["blind"], two["confidence"], two["severity"], two["correction"]) == (False, "0.8", "critical", "better")
    assert (two["rationale"], two["steps"], two["duration_ms"]) == ("why", {"3.1": "bad"}, 1500)
    assert [(span["step"], span["start"], span["end"]) for span in two["spans"]] == [("2", 0, 6)]
    assert two["omissions"] == [{"text": "x"}]
    assert (three["external_id"], three["reviewer"]) == ("run 3", "Ada")
    assert cli("verify", "--json").json["ok"] is True


def test_what_was_exported_is_known_when_it_comes_back(cli: Cli, campaign: str, items: list[str], tmp_path: Path) -> None:
    for number, item in enumerate(items[:4]):
        assert cli("label", campaign, item, "--verdict", "compliant", "--rationale", f"r{number}", "--confidence", "low").code == 0
    assert cli("label", campaign, items[0], "--verdict", "unsure", "--span", "2:0:3", "--omission", "o", "--step", "1=good").code == 0
    out = tmp_path / "out.jsonl"
    assert cli("labels", "export", str(out), "--history").code == 0
    done = cli("labels", "import", str(out), "--campaign", campaign, "--json").json
    assert (done["added"], done["known"], done["rejected"]) == (0, 5, 0)


def test_another_value_of_the_same_reviewer_replaces_theirs(cli: Cli, campaign: str, items: list[str], tmp_path: Path) -> None:
    assert cli("label", campaign, items[0], "--verdict", "compliant").code == 0
    file = _lines(tmp_path / "in.jsonl", {"item": items[0], "verdict": "non_compliant"}, {"item": items[0], "verdict": "unsure"})
    assert cli("labels", "import", file, "--campaign", campaign, "--json").json["added"] == 2
    whole = cli("show", items[0], "--json").json
    assert [label["verdict"] for label in whole["labels"]] == ["unsure"]
    assert [label["verdict"] for label in whole["history"]] == ["compliant", "non_compliant", "unsure"]


def test_a_line_that_cannot_be_a_label_is_rejected_with_its_reason_and_the_rest_go_in(
    cli: Cli, campaign: str, items: list[str], tmp_path: Path
) -> None:
    assert cli("campaign", "create", "few", "--size", "2", "--seed", "1").code == 0
    drawn = [one["id"] for one in cli("campaign", "show", "few", "--items", "--json").json["items"]]
    outside = next(item for item in items if item not in drawn)
    wrong: list[dict[str, Any] | str] = [
        {"item": outside, "verdict": "compliant"},
        {"item": "0" * 64, "verdict": "compliant"},
        {"external_id": "nobody", "verdict": "compliant"},
        {"verdict": "compliant"},
        {"item": drawn[0]},
        {"item": drawn[0], "verdict": "fine"},
        {"item": drawn[0], "verdict": "compliant", "reviewer": "Nobody"},
        {"item": drawn[0], "verdict": "compliant", "time": "yesterday"},
        {"item": drawn[0], "verdict": "compliant", "time": "2026-05-01T10:00:00"},
        {"item": drawn[0], "verdict": "compliant", "clauses": ["4.2"]},
        {"item": drawn[0], "verdict": "compliant", "span": ["99:0:1"]},
        {"item": drawn[0], "verdict": "compliant", "confidence": 2},
        {"item": drawn[0], "verdict": "compliant", "confidence": "\u202e" + "9" * 9_000},
        {"item": drawn[0], "verdict": "compliant", "in_force": False},
        {"item": drawn[0], "prefer": "A"},
        '{"item": "x", "item": "y"}',
        '{"verdict":',
        "null",
    ]
    file = _lines(tmp_path / "in.jsonl", *wrong, {"item": drawn[1], "verdict": "compliant"})
    done = cli("labels", "import", file, "--campaign", "few", "--json").json
    assert (done["read"], done["added"], done["known"], done["rejected"]) == (19, 1, 0, 18)
    rejects = [json.loads(line) for line in Path(done["rejects"]).read_text(encoding="utf-8").splitlines()]
    assert [reject["line"] for reject in rejects] == list(range(1, 19))
    assert all(reject["reason"] and reject["content"] for reject in rejects)
    assert all(reject["reason"].isprintable() and len(reject["reason"]) < 140 for reject in rejects)
    assert cli("campaign", "show", "few", "--json").json["labels"] == 1


def test_what_cannot_be_exported_or_imported_is_refused(cli: Cli, campaign: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "binary.jsonl").write_bytes(bytes(range(256)))
    (tmp_path / "folder.csv").mkdir()
    file = _lines(tmp_path / "in.jsonl", "{}")
    for wrong in (
        ["export", str(tmp_path / "x.txt")],
        ["export", str(tmp_path / "x")],
        ["export", str(tmp_path / "nowhere" / "x.csv")],
        ["export", str(tmp_path / "folder.csv")],
        ["export", str(tmp_path / "x.csv"), "--campaign", "nowhere"],
        ["import", str(tmp_path / "nowhere.jsonl"), "--campaign", campaign],
        ["import", str(tmp_path / "binary.jsonl"), "--campaign", campaign],
        ["import", str(tmp_path), "--campaign", campaign],
        ["import", file, "--campaign", "nowhere"],
        ["import", file],
    ):
        cli("labels", *wrong).refused()
    assert cli("campaign", "close", campaign).code == 0
    cli("labels", "import", file, "--campaign", campaign).refused()
    assert not (tmp_path / "x.csv").exists()


def test_a_reviewer_takes_out_no_label_that_would_lead_them(cli: Cli, campaign: str, items: list[str], tmp_path: Path) -> None:
    assert cli("member", "add", "Ben", "--here").code == 0
    for item in items[:3]:
        assert cli("label", campaign, item, "--verdict", "compliant").code == 0
    assert cli("label", campaign, items[0], "--verdict", "unsure", "--as", "Ben").code == 0
    done = cli("labels", "export", str(tmp_path / "ben.jsonl"), "--as", "Ben", "--json")
    assert (done.json["labels"], done.json["withheld"]) == (2, 2)
    assert "2 labels were left out" in done.err
    assert cli("labels", "export", str(tmp_path / "ada.jsonl"), "--json").json["labels"] == 4


def test_a_table_with_a_map_brings_items_and_everybodys_labels(cli: Cli, folder: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("question,worker,answer\nq1,W1,0\nq1,W2,1\nq2,W1,1\n")
    names = tmp_path / "workers.txt"
    names.write_text("W1\n\n  W2 \n")
    added = cli("import", str(answers), "--map", "crowd", "--agent", "crowd", "--json").json
    assert (added["read"], added["added"], added["known"]) == (3, 2, 1)
    assert [one["member"] for one in cli("member", "add", "--from", str(names), "--here", "--json").json["members"]] == ["W1", "W2"]
    assert cli("campaign", "create", "crowd", "--query", "agent:crowd", "--overlap", "2").code == 0
    ask = ("labels", "import", str(answers), "--campaign", "crowd", "--map", "crowd", "--json")
    assert cli(*ask).json == {"read": 3, "added": 3, "known": 0, "rejected": 0, "rejects": None}
    assert cli(*ask).json == {"read": 3, "added": 0, "known": 3, "rejected": 0, "rejects": None}
    shown = cli("campaign", "show", "crowd", "--json").json
    assert shown["by_reviewer"] == {"W1": 2, "W2": 1}
    assert cli("verify", "--json").json["ok"] is True


def test_rows_that_are_no_labels_are_listed_with_file_and_line(cli: Cli, folder: Path, campaign: str, tmp_path: Path) -> None:
    table = tmp_path / "verdicts.csv"
    table.write_text(
        "external_id,verdict,reviewer\nrun 1,compliant,Ada\nrun 2,fine,Ada\nrun 99,compliant,Ada\nrun 3,compliant,Nobody\nrun 4\n"
    )
    done = cli("labels", "import", str(table), "--campaign", campaign, "--json").json
    assert (done["read"], done["added"], done["rejected"]) == (5, 1, 4)
    listed = [json.loads(line) for line in Path(done["rejects"]).read_text().splitlines()]
    assert [(one["path"], one["line"]) for one in listed] == [(str(table), line) for line in (3, 4, 5, 6)]
    assert listed[3]["content"] == "run 4"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_that_was_exported_is_known_when_it_comes_back(
    cli: Cli, campaign: str, items: list[str], tmp_path: Path, ending: str
) -> None:
    said = ("--rationale", "=HYPERLINK(1)", "--span", "2:0:3", "--omission", "o", "--step", "1=good", "--step", "3.1=bad")
    assert cli("label", campaign, items[0], "--verdict", "non_compliant", "--severity", "minor", "--confidence", "low", *said).code == 0
    assert cli("label", campaign, items[1], "--verdict", "compliant").code == 0
    assert cli("label", campaign, items[1], "--verdict", "unsure").code == 0
    out = tmp_path / f"out.{ending}"
    assert cli("labels", "export", str(out), "--history").code == 0
    done = cli("labels", "import", str(out), "--campaign", campaign, "--json").json
    assert (done["added"], done["known"], done["rejected"]) == (0, 3, 0)


def test_labels_that_came_with_records_come_in_when_they_are_asked_for(cli: Cli, folder: Path, tmp_path: Path) -> None:
    runs = tmp_path / "failed"
    runs.mkdir()
    turns = [
        {"role": "human", "content": "How many?"},
        {"role": "Assistant", "content": "Let me see."},
        {"role": "Assistant", "content": "2"},
    ]
    for number, step in enumerate(("2", "7"), 1):
        run = {
            "question_ID": f"q{number}",
            "history": turns,
            "mistake_agent": "Assistant",
            "mistake_step": step,
            "mistake_reason": "Guessed.",
        }
        (runs / f"{number}.json").write_text(json.dumps(run))
    (runs / "README").write_text("Runs that failed.\n")
    assert cli("import", str(runs), "--agent", "team", "--json").json["added"] == 2
    assert cli("campaign", "create", "failed", "--query", "agent:team").code == 0
    ask = ("labels", "import", str(runs), "--campaign", "failed", "--format", "who-and-when", "--json")
    without_agent = cli(*ask).json  # the items were imported with one
    assert (without_agent["added"], without_agent["rejected"]) == (0, 2)
    done = cli(*ask, "--agent", "team").json
    assert (done["read"], done["added"], done["rejected"]) == (2, 1, 1)
    assert [Path(one["path"]).name for one in done["skipped"]] == ["README"]
    assert cli("labels", "export", str(tmp_path / "out.jsonl"), "--campaign", "failed").code == 0
    (row,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (row["verdict"], row["steps"], row["rationale"], row["reviewer"]) == (
        "non_compliant",
        {"2": "good", "3": "bad"},
        "Guessed.",
        "Ada",
    )


def test_labels_cannot_be_read_in_ways_that_are_not_there(cli: Cli, folder: Path, campaign: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2\n")
    for wrong in (
        ["--map", "nowhere"], ["--map", str(table)], ["--map", "crowd"], ["--format", "tau2"], ["--format", "nothing"],
        ["--map", "crowd", "--format", "who-and-when"], [],
    ):  # fmt: skip
        cli("labels", "import", str(table), "--campaign", campaign, *wrong).refused()
    assert cli("campaign", "show", campaign, "--json").json["labels"] == 0

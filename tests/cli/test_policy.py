"""Policies, resolutions, known answers, suggestions and conflicts, as commands."""

import hashlib
import io
import json
from pathlib import Path

import pytest

from reviewer.storage.assets import resource
from tests.cli.conftest import Cli


@pytest.fixture
def trading(cli: Cli, folder: Path) -> None:
    """Two versions of the shipped trading policy, the first in force."""
    for number in (1, 2):
        said = cli("policy", "add", "trading", str(resource("sample", "policies", f"trading.v{number}.md")), "--note", "yearly", "--json")
        assert (said.json["version"], len(said.json["clauses"])) == (number, 20)


def _lines(path: Path, *rows: object) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def _items(cli: Cli, campaign: str) -> list[str]:
    return [one["id"] for one in cli("campaign", "show", campaign, "--items", "--json").json["items"]]


def test_versions_are_listed_compared_and_put_in_force(cli: Cli, trading: None) -> None:
    (one,) = cli("policy", "list", "--json").json["policies"]
    assert (one["key"], one["in_force"], one["conflict"], len(one["versions"])) == ("trading", 1, False, 2)
    assert [version["effective"] for version in one["versions"]] == ["2026-09-01", "2026-10-15"]
    found = cli("policy", "diff", "trading", "1", "2", "--json").json
    assert [clause["clause"] for clause in found["changed"]] == ["2.2", "3.1"]
    assert "50,000" in found["changed"][0]["before"]
    assert "25,000" in cli("policy", "diff", "trading", "1", "2").out
    assert cli("policy", "activate", "trading", "2", "--json").json["replaced"] == [1]
    clauses = cli("policy", "show", "trading", "--json").json["clauses"]
    assert {clause["since_version"] for clause in clauses} == {1, 2}
    assert all(clause["text"] and clause["title"] for clause in clauses)
    assert all(clause["sha256"] == hashlib.sha256(clause["text"].encode()).hexdigest() for clause in clauses)
    assert cli("policy", "show", "trading", "--version", "1", "--json").json["clauses"][6]["text"] != clauses[6]["text"]
    what, _ = cli("policy", "show", "trading", "--version", "3").refused()
    assert "no version 3" in what


def test_a_file_without_clauses_is_e307(cli: Cli, trading: None, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("Prose.")
    what, hint = cli("policy", "add", "trading", str(tmp_path / "x.md")).refused()
    assert what == f"No clause was found in {tmp_path / 'x.md'}. [E307]"
    assert "unchanged" in hint


OLD = "# Refunds\n\n4.1 **Cash.** Cash is given back in the shop.\n\n4.2 **Cards.** A card is credited within five days of the return.\n"
NEW = (
    "# Refunds\n\n4.1 **Fees.** No fee of any kind is taken for it.\n\n4.2 **Cash.** Cash is given back in the shop.\n\n"
    "4.3 **Money on cards.** Cards get their money within ten days of the return.\n"
)


@pytest.fixture
def refunds(cli: Cli, folder: Path, tmp_path: Path) -> Path:
    """The policy `refunds` with one version; the file of the next one."""
    (tmp_path / "old.md").write_text(OLD)
    assert cli("policy", "add", "refunds", str(tmp_path / "old.md")).code == 0
    (tmp_path / "new.md").write_text(NEW)
    return tmp_path / "new.md"


def test_what_is_not_sure_is_named_and_gets_a_new_key(cli: Cli, refunds: Path) -> None:
    said = cli("policy", "add", "refunds", str(refunds), "--json").json
    assert [(one["clause"], one.get("number")) for one in said["clauses"]] == [("4.1-2", "4.1"), ("4.1", "4.2"), ("4.3", None)]
    ((clause, like, similarity),) = [one.values() for one in said["asked"]]
    assert (clause, like) == ("4.3", "4.2")
    assert 0.3 < similarity < 0.8
    assert "may be the former" not in cli("policy", "add", "refunds", str(refunds)).out
    assert "4.1-2 (printed as 4.1)" in cli("policy", "show", "refunds", "--version", "2").out


@pytest.mark.parametrize("match", ["4.3=4.2", "match.toml"])
def test_a_match_says_which_clause_is_which(cli: Cli, refunds: Path, tmp_path: Path, match: str) -> None:
    (tmp_path / "match.toml").write_text('"4.3" = "4.2"\n"4.1" = ""\n')
    given = str(tmp_path / match) if match.endswith("toml") else match
    said = cli("policy", "add", "refunds", str(refunds), "--match", given, "--json").json
    assert ([one["clause"] for one in said["clauses"]], said["asked"]) == (["4.1-2", "4.1", "4.2"], [])


@pytest.mark.parametrize(
    ("match", "what"),
    [
        ("4.3", "matches no clauses"), ("=4.2", "matches no clauses"), ("9=4.2", "no clause “9”"), ("4.3=9", "no clause “9”"),
        ("4.1=4.1\n", "no clause"), ("x.toml", "cannot be read"), ("bad.toml", "cannot be read"), ("dots.toml", "no name of a clause"),
    ],
)  # fmt: skip
def test_a_match_that_cannot_be_writes_nothing(
    cli: Cli, refunds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, match: str, what: str
) -> None:
    (tmp_path / "bad.toml").write_text("4.3 = = 4.2")
    (tmp_path / "dots.toml").write_text('4.3 = "4.2"')
    monkeypatch.chdir(tmp_path)
    said, _ = cli("policy", "add", "refunds", str(refunds), "--match", match).refused()
    assert what in said
    assert len(cli("policy", "list", "--json").json["policies"][0]["versions"]) == 1


@pytest.mark.parametrize(("answer", "key"), [("y\n", "4.2"), ("\n", "4.3")])
def test_at_a_terminal_what_is_not_sure_is_asked(cli: Cli, refunds: Path, monkeypatch: pytest.MonkeyPatch, answer: str, key: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(answer))
    said = cli("policy", "add", "refunds", str(refunds))
    assert "Is it the same clause?" in said.err
    assert "within five days" in said.err
    assert cli("policy", "show", "refunds", "--version", "2", "--json").json["clauses"][2]["clause"] == key


def test_stale_labels_are_listed_with_both_words_and_asked_for_again(cli: Cli, refunds: Path) -> None:
    assert cli("campaign", "create", "c", "--seed", "1").code == 0
    item = _items(cli, "c")[0]
    assert cli("label", "c", item, "--verdict", "non_compliant", "--clause", "4.2").code == 0
    assert cli("policy", "stale", "refunds", "--json").json == {"key": "refunds", "stale": [], "hidden": 0, "to_ask": 0}
    said = cli("policy", "add", "refunds", str(refunds), "--match", "4.3=4.2", "--effective", "2020-01-01", "--json").json
    assert said["stale_labels"] == 1
    assert cli("policy", "activate", "refunds", "2", "--json").json["stale_labels"] == 1
    (one,) = cli("policy", "stale", "refunds", "--clause", "4.2", "--json").json["stale"]
    assert (one["item"], one["version"], "five days" in one["before"], "ten days" in one["now"]) == (item, 1, True, True)
    assert "+ Cards get their money" in cli("policy", "stale", "refunds").out
    what, _ = cli("policy", "stale", "refunds", "--clause", "9").refused()
    assert "no clause “9”" in what
    assert cli("policy", "stale", "refunds", "--requeue", "--json").json["requeued"] == 1
    assert cli("label", "c", item, "--verdict", "compliant", "--clause", "refunds@1:4.2").code == 0
    said = cli("show", item, "--json").json["labels"][0]
    assert [(one["clause"], one["cited"], one["held"]) for one in said["mismatches"]] == [("4.2", 1, [2])]
    assert "version 2 was in force at the item's time" in cli("show", item).out
    assert "Version 2 was in force at the item's time" in cli("story", said["label"]).out


def test_clauses_are_cited_shown_searched_exported_and_known_when_they_come_back(cli: Cli, trading: None, tmp_path: Path) -> None:
    assert cli("campaign", "create", "c", "--seed", "1", "--policy", "trading").code == 0
    one, two, three = _items(cli, "c")[:3]
    assert cli("label", "c", one, "--verdict", "non_compliant", "--clause", "2.2", "--clause", "trading:3.1").code == 0
    assert cli("label", "c", two, "--verdict", "non_compliant", "--span", "2:0:3:trading@2:2.2").code == 0
    what, hint = cli("label", "c", three, "--verdict", "compliant", "--clause", "9.9").refused()
    assert "no clause “9.9”" in what
    assert "reviewer policy show trading" in hint
    assert "trading:2.2, trading:3.1" in cli("show", one).out
    assert [clause["clause"] for clause in cli("show", one, "--json").json["labels"][0]["clauses"]] == ["2.2", "3.1"]
    assert cli("items", "clause:2.2", "--json").json["total"] == 2
    assert cli("items", "clause:trading:3.1", "--json").json["total"] == 1
    out = tmp_path / "out.jsonl"
    assert cli("labels", "export", str(out), "--campaign", "c").code == 0
    assert cli("policy", "activate", "trading", "2").code == 0
    done = cli("labels", "import", str(out), "--campaign", "c", "--json").json
    assert (done["known"], done["rejected"]) == (2, 0)
    file = _lines(
        tmp_path / "in.jsonl",
        {"item": one, "verdict": "non_compliant", "clauses": ["2.2", "3.1"]},
        {"item": three, "verdict": "non_compliant", "clause": "2.2", "omission": [{"text": "x", "clause": "1.1"}]},
        {"item": three, "verdict": "non_compliant", "clauses": [{"policy": "trading", "clause": "2.2", "version": "0" * 64}]},
        {"item": three, "verdict": "non_compliant", "clauses": ["other:2.2"]},
    )
    done = cli("labels", "import", file, "--campaign", "c", "--json").json
    assert (done["added"], done["rejected"]) == (2, 2)
    (label,) = cli("show", three, "--json").json["labels"]
    assert [clause["clause"] for clause in label["clauses"]] == ["2.2", "1.1"]
    assert label["omissions"] == [{"text": "x", "clause": "trading:1.1"}]
    assert cli("labels", "import", file, "--campaign", "c", "--json").json["added"] == 0
    assert cli("verify", "--json").json["ok"] is True


def test_a_disagreement_is_listed_and_resolved(cli: Cli, folder: Path) -> None:
    assert cli("member", "add", "Ben", "--here").code == 0
    assert cli("member", "add", "Ava", "--here", "--role", "adjudicator").code == 0
    assert cli("campaign", "create", "c", "--seed", "1", "--overlap", "2").code == 0
    item = _items(cli, "c")[0]
    assert cli("label", "c", item, "--verdict", "compliant").code == 0
    assert cli("conflicts", "--json").json == {"conflicts": [], "total": 0}
    assert cli("label", "c", item, "--verdict", "non_compliant", "--as", "Ben").code == 0
    (one,) = cli("conflicts", "--campaign", "c", "--json").json["conflicts"]
    assert (one["kind"], one["item"], len(one["sides"]), one["action"]) == ("disagreement", item, 2, "resolve")
    assert f"reviewer resolve c {item[:12]}" in cli("conflicts").out
    what, _ = cli("resolve", "c", item, "--verdict", "compliant", "--rationale", "x").refused()
    assert what.startswith("Needs another person:")
    assert what.endswith("[E601]")
    done = cli("resolve", "c", item, "--verdict", "policy_at_fault", "--rationale", "Both readings hold.", "--as", "Ava", "--json").json
    assert len(done["resolution"]) == 64
    assert cli("conflicts").out == "Nothing is to be settled.\n"


def test_known_answers_come_in_once_and_can_be_taken_back(cli: Cli, campaign: str, tmp_path: Path) -> None:
    one, two = _items(cli, campaign)[:2]
    file = _lines(
        tmp_path / "gold.jsonl",
        {"item": one, "verdict": "compliant"},
        {"item": two[:10], "verdict": "non_compliant"},
        {"external_id": "run 3", "verdict": "compliant"},
        {"item": one, "verdict": "unsure"},
        {"item": "0" * 64, "verdict": "compliant"},
        {"verdict": "compliant"},
        {"item": one},
    )
    done = cli("gold", "import", file, "--campaign", campaign, "--json").json
    assert (done["read"], done["added"], done["known"], done["rejected"]) == (7, 3, 0, 4)
    assert len(Path(done["rejects"]).read_text(encoding="utf-8").splitlines()) == 4
    assert cli("gold", "import", file, "--campaign", campaign, "--json").json["known"] == 3
    again = _lines(tmp_path / "again.jsonl", {"item": one, "verdict": "non_compliant"}, {"item": two, "verdict": None})
    assert cli("gold", "import", again, "--campaign", campaign, "--json").json["added"] == 2
    assert cli("verify", "--json").json["ok"] is True


def test_suggestions_come_in_once_and_are_hidden_from_whoever_has_still_to_label(cli: Cli, campaign: str, tmp_path: Path) -> None:
    assert cli("member", "add", "Olga", "--here", "--role", "observer").code == 0
    one, two = _items(cli, campaign)[:2]
    file = _lines(
        tmp_path / "judge.jsonl",
        {"item": one, "verdict": "non_compliant", "score": 0.875, "rationale": "sus" + "picious"},
        {"item": one, "score": 0.5},
        {"item": two, "score": 0.1 + 0.2},
        {"item": two, "score": 0.1 + 0.2},
        {"item": two},
        {"item": two, "score": "high"},
        {"item": two, "score": 1e300},
    )
    done = cli("suggestions", "import", file, "--judge", "panel", "--json").json
    assert (done["read"], done["added"], done["known"], done["rejected"]) == (7, 3, 1, 3)
    assert cli("suggestions", "import", file, "--judge", "panel", "--json").json["known"] == 4
    seen = {"judge": "panel", "verdict": "non_compliant", "score": "0.875"}
    assert seen in cli("show", one, "--as", "Olga", "--json").json["suggestions"]
    assert cli("show", two, "--as", "Olga", "--json").json["suggestions"] == [{"judge": "panel", "verdict": None, "score": "0.3"}]
    assert cli("show", one, "--json").json["suggestions"] == []
    for command in (("next", campaign), ("show", one), ("campaign", "show", campaign, "--items")):
        told = cli(*command, "--json").out
        assert "panel" not in told
        assert "0.875" not in told
    assert cli("label", campaign, one, "--verdict", "compliant").code == 0
    assert seen in cli("show", one, "--json").json["suggestions"]
    assert cli("campaign", "show", campaign, "--json").json["labels"] == 1
    assert cli("verify", "--json").json["ok"] is True


def test_a_score_that_came_with_the_items_is_taken_from_their_metadata(cli: Cli, folder: Path, real_data: Path) -> None:
    runs = real_data / "tau-bench" / "historical_trajectories" / "gpt-4o-airline.json.gz"
    assert cli("import", str(runs), "--json").json["added"] > 0
    done = cli("suggestions", "import", "--from-metadata", "reward", "--judge", "tau", "--json").json
    assert done["added"] > 0
    assert done["rejected"] == 0
    assert cli("suggestions", "import", "--from-metadata", "reward", "--judge", "tau", "--json").json["known"] == done["added"]
    assert "“rewards”" in cli("suggestions", "import", "--from-metadata", "rewards", "--judge", "tau").refused()[0]
    cli("suggestions", "import").refused()
    cli("suggestions", "import", "x.jsonl").refused()


def test_disputes_are_told_without_names_and_resolved_under_clauses_or_sent_back(cli: Cli, trading: None) -> None:
    cli("member", "add", "Ben", "Cy", "--here")
    cli("member", "add", "Ava", "--here", "--role", "adjudicator")
    made = cli("campaign", "create", "c", "--seed", "1", "--overlap", "2", "--policy", "trading", "--members", "Ben,Cy", "--assign", "all")
    assert made.code == 0, made.err
    items = _items(cli, "c")[:3]
    for item in items:
        cli("label", "c", item, "--verdict", "compliant", "--clause", "2.2", "--rationale", "Small.", "--as", "Ben")
        cli("label", "c", item, "--verdict", "non_compliant", "--clause", "2.2", "--clause", "3.1", "--as", "Cy")
    found = cli("disputes", "c", "--limit", "2", "--as", "Ava", "--json").json
    assert (len(found["items"]), found["total"], found["withheld"]) == (2, 3, 0)
    assert {one["item"] for one in found["items"]} < set(items)
    assert "1 more. 3 left in c." in cli("disputes", "c", "--limit", "2", "--as", "Ava").out
    cli("resolve", "c", items[0], "--verdict", "compliant", "--clause", "2.2", "--rationale", "It is small.", "--as", "Ava")
    said = cli("disputes", "c", items[1], "--as", "Ava", "--json").json
    assert {(one["verdict"], one["reviewer"], tuple(one["clauses"])) for one in said["opinions"]} == {
        ("compliant", None, ("trading@1:2.2",)),
        ("non_compliant", None, ("trading@1:2.2", "trading@1:3.1")),
    }
    assert [(one["clause"], one["cited"]) for one in said["clauses"]] == [("trading@1:2.2", 2), ("trading@1:3.1", 1)]
    assert [(one["item"], one["same_clause"], one["reason"]) for one in said["precedents"]] == [(items[0], True, "It is small.")]
    text = cli("disputes", "c", items[1], "--as", "Ava").out
    assert f"precedent {items[0][:12]}: compliant: It is small." in text
    assert "Ben" not in text
    assert "[E601]" in cli("disputes", "c", items[1], "--as", "Ben").refused()[0]
    what, _ = cli("resolve", "c", items[1], "--verdict", "policy_at_fault", "--rationale", "x", "--as", "Ava").refused()
    assert what.startswith("Which clause is at fault was not said.")
    cli("resolve", "c", items[1], "--verdict", "policy_at_fault", "--clause", "2.2", "--rationale", "Small?", "--as", "Ava")
    (clause,) = [one for one in cli("policy", "show", "trading", "--json").json["clauses"] if one["clause"] == "2.2"]
    assert [(one["text"], one["item"]) for one in clause["notes"]] == [("Small?", items[1])]
    assert "note of Ava" in cli("policy", "show", "trading").out
    assert "[E003]" in cli("resolve", "c", items[2], "--as", "Ava").refused()[0]
    done = cli("resolve", "c", items[2], "--send-back", "--rationale", "Look again.", "--as", "Ava", "--json").json
    assert done["item"] == items[2]
    assert cli("next", "c", "--as", "Ben", "--json").json["asked_again"]["why"] == "sent_back"
    history = cli("show", items[0], "--as", "Ava", "--json").json["history"]
    assert [one["kind"] for one in history] == ["label", "label", "disagreement", "resolution"]
    assert (history[3]["reviewer"], history[3]["clauses"], history[3]["rationale"]) == ("Ava", ["trading@1:2.2"], "It is small.")
    assert "what happened:" in cli("show", items[0], "--as", "Ava").out
    assert cli("verify", "--rebuild", "--json").json["ok"] is True


def _judged(folder: Path) -> Path:
    """What a person and an AI found of one task of two agents."""
    for agent, judge, satisfied in (
        ("A", "human_as_a_judge", False),
        ("B", "human_as_a_judge", True),
        ("A", "agent_as_a_judge/gray_box", True),
        ("B", "agent_as_a_judge/gray_box", True),
    ):
        place = folder / agent / judge
        place.mkdir(parents=True)
        needs = [{"requirement_id": 0, "prerequisites": [], "criteria": "It reads the file.", "satisfied": True}]
        needs.append({"requirement_id": 1, "prerequisites": [0], "criteria": "It adds the numbers.", "satisfied": satisfied})
        (place / "07_Sum.json").write_text(json.dumps({"name": "07_Sum", "query": "Add the numbers.", "requirements": needs}))
    return folder


def test_requirements_become_a_policy_and_what_people_and_ais_found_labels_and_suggestions(cli: Cli, folder: Path, tmp_path: Path) -> None:
    judged = str(_judged(tmp_path / "judgment"))
    done = cli("import", judged, "--json").json
    assert (done["read"], done["added"], done["known"]) == (4, 2, 2)
    format_of = ("--format", "agent-as-a-judge")
    added = cli("policy", "add", "tasks", judged, *format_of, "--json").json
    assert [one["clause"] for one in added["clauses"]] == ["07.0", "07.1"]
    assert cli("policy", "add", "tasks", judged, *format_of, "--json").json["known"] is True
    assert cli("campaign", "create", "tasks", "--query", "agent:A or agent:B", "--policy", "tasks").code == 0
    done = cli("labels", "import", judged, "--campaign", "tasks", *format_of, "--json").json
    assert (done["read"], done["added"], done["rejected"]) == (4, 2, 2)
    assert cli("labels", "import", judged, "--campaign", "tasks", *format_of, "--json").json["known"] == 2
    assert cli("items", "clause:tasks:07.1", "--json").json["total"] == 1
    done = cli("suggestions", "import", judged, "--judge", "gray box", *format_of, "--json").json
    assert (done["read"], done["added"], done["rejected"]) == (4, 2, 2)
    (item,) = cli("items", "clause:tasks:07.1", "--json").json["items"]
    shown = cli("show", item["id"], "--json").json
    assert [(label["verdict"], [one["clause"] for one in label["clauses"]]) for label in shown["labels"]] == [("non_compliant", ["07.1"])]
    assert [one["verdict"] for one in shown["suggestions"]] == ["compliant"]
    cli("policy", "add", "none", judged, "--format", "tau2").refused()
    cli("policy", "add", "none", str(tmp_path / "nowhere"), *format_of).refused()
    (tmp_path / "empty").mkdir()
    what, _ = cli("policy", "add", "none", str(tmp_path / "empty"), *format_of).refused()
    assert what.endswith("[E307]")


def test_a_label_in_other_words_than_the_policys_is_refused(cli: Cli, folder: Path, tmp_path: Path) -> None:
    judged = _judged(tmp_path / "judgment")
    assert cli("import", str(judged)).code == 0
    assert cli("policy", "add", "tasks", str(judged), "--format", "agent-as-a-judge").code == 0
    assert cli("campaign", "create", "tasks", "--query", "agent:A or agent:B", "--policy", "tasks").code == 0
    file = judged / "A" / "human_as_a_judge" / "07_Sum.json"
    file.write_text(file.read_text().replace("It adds the numbers.", "It multiplies the numbers."))
    done = cli("labels", "import", str(file), "--campaign", "tasks", "--format", "agent-as-a-judge", "--json").json
    assert (done["added"], done["rejected"]) == (0, 1)
    assert "other words" in json.loads(Path(done["rejects"]).read_text())["reason"]

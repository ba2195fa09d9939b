"""Whoever has still to label an item sees nothing that would lead them, by whatever command: drawn items, hidden gold, disputed ones."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.conftest import cli as cli
from tests.runs import write_runs

SECRETS = ("canary-model", "canary-meta", "canary-file", "canary-judge", "canary why", "canary opinion", "non_compliant", "Non-compliant")
_READING = (
    ("items",), ("items", "model:canary*"), ("items", "file:canary*"), ("items", "label:non_compliant"), ("items", "reviewer:Ada"),
    ("items", "severity:critical"), ("items", "escalated:any"), ("items", "--count"), ("show", "ITEM"), ("next", "probed"),
    ("campaign", "list"), ("campaign", "show", "probed", "--items"), ("campaign", "results", "probed"), ("conflicts",),
    ("conflicts", "--campaign", "probed"), ("items", "clause:refunds:1"), ("items", "clause:refunds:*"), ("policy", "stale", "refunds"),
    ("policy", "show", "refunds"), ("agreement", "probed"), ("aggregate", "probed"), ("disputes", "probed"), ("disputes", "probed", "ITEM"),
    ("suggestions", "check", "probed"),
    ("story", "ITEM", "--campaign", "probed", "--by", "Ada"), ("story", "LABEL"),
)  # fmt: skip
_IN_WORDS = frozenset(
    {"show", "next", "conflicts", "story", "policy", "agreement", "aggregate", "disputes", "suggestions"}
)  # commands whose text says more than a line an item


class Project:
    """Ada has judged everything, a judge has said something of everything; Ben and Cleo have still to look."""

    def __init__(self, folder: Path, cli: Cli) -> None:
        self.cli, self.folder = cli, folder
        source = write_runs(folder / "canary-file.jsonl", 10, model="canary-model", note="canary-meta")
        self.answer("init", "work", "--as", "Ada")
        self.answer("import", str(source))
        for name in ("Ben", "Cleo"):
            self.answer("member", "add", name, "--here")
        for number, text in enumerate(("Within 30 days.", "Within 14 days."), 1):
            (folder / f"refunds.v{number}.md").write_text(f"# Refunds\n\n1. {text}\n")
        self.answer("policy", "add", "refunds", str(folder / "refunds.v1.md"))
        self.items = [one["id"] for one in self.answer("items")["items"]]
        self.drawn = [one["id"] for one in self.answer("items", "agent:support")["items"]]
        self.golds = [item for item in self.items if item not in self.drawn]
        shares = ("--gold", "0.5", "--repeat", "0.5", "--feedback")
        self.answer("campaign", "create", "probed", "--query", "agent:support", "--overlap", "3", "--seed", "s", *shares)
        rows = [{"item": item, "verdict": "non_compliant"} for item in self.golds]
        self.answer("gold", "import", self.lines("gold", rows), "--campaign", "probed")
        told = [{"item": item, "verdict": "non_compliant", "score": 0.9, "rationale": "canary opinion"} for item in self.items]
        self.answer("suggestions", "import", self.lines("said", told), "--judge", "canary-judge")
        self.labels = {item: self.label(item, "Ada") for item in self.items}
        self.answer("policy", "add", "refunds", str(folder / "refunds.v2.md"))
        self.answer("policy", "activate", "refunds", "2")

    def lines(self, name: str, rows: Sequence[Mapping[str, object]]) -> str:
        path = self.folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(path)

    def answer(self, *command: str) -> dict[str, list[dict[str, str]]]:
        said = self.cli(*command, "--json")
        assert said.code == 0, said.err
        answered: dict[str, list[dict[str, str]]] = said.json
        return answered

    def label(self, item: str, who: str) -> str:
        more = ("--clause", "1", "--severity", "critical", "--rationale", "canary why", "--as", who)
        return str(self.answer("label", "probed", item, "--verdict", "non_compliant", *more)["label"])

    def told(self, who: str, item: str, *, files: bool = True) -> list[str]:
        """Everything that the program says to somebody who asks for everything about an item, as text and as JSON.

        files: also what it writes to files for them.
        """
        said = []
        for command in _READING:
            line = [item if word == "ITEM" else self.labels[item] if word == "LABEL" else word for word in command]
            for form in ((), ("--json",)) if command[0] in _IN_WORDS else (("--json",),):
                told = self.cli(*line, *form, "--as", who)
                said.append((told.out + told.err).replace('"non_compliant": 0', ""))  # a count of nothing tells nothing
        for ending in ("jsonl", "csv") if files else ():
            path = self.folder / f"out.{ending}"
            self.cli("labels", "export", str(path), "--history", "--as", who)
            said.append(path.read_text() if path.exists() else "")
            path.unlink(missing_ok=True)
        return said


@pytest.fixture
def project(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Project:
    """In a folder of its own, which $REVIEWER_WORKSPACE names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(tmp_path / "work"))
    return Project(tmp_path, cli)


def led(said: list[str]) -> list[str]:
    return sorted({secret for secret in SECRETS for text in said if secret in text})


def test_no_command_leads_whoever_has_still_to_label_drawn_items_and_hidden_gold(project: Project) -> None:
    for item in (project.drawn[0], project.golds[0]):
        assert led(project.told("Ben", item)) == []
        seen = project.cli("show", item, "--json", "--as", "Ada").out
        assert led([seen]) == sorted(set(SECRETS) - {"canary opinion", "Non-compliant"}), "the words that are looked for would be found"


def test_a_lead_who_takes_part_and_has_still_to_label_is_led_as_little(project: Project) -> None:
    project.answer("member", "add", "Lea", "--here", "--role", "lead")
    for item in project.drawn:
        project.answer("label", "probed", item, "--verdict", "compliant", "--as", "Ben")
    for item in (project.drawn[0], project.golds[0]):
        assert led(project.told("Lea", item, files=False)) == [], "a lead hands over every label, and is shown none of these"
    assert project.answer("disputes", "probed", "--as", "Lea")["items"] == []
    stale: dict[str, object] = dict(project.answer("policy", "stale", "refunds", "--as", "Lea"))
    assert (stale["stale"], stale["hidden"]) == ([], len(project.items))


def test_a_dispute_leads_nobody_who_has_still_to_label(project: Project) -> None:
    item = project.drawn[0]
    project.answer("label", "probed", item, "--verdict", "compliant", "--as", "Ben")
    asked = project.cli("campaign", "requeue", "probed", "--item", item, "--why", "disputed", "--reason", "Look at step 3.")
    assert asked.code == 0
    assert led(project.told("Cleo", item)) == []
    assert "Look at step 3." not in "".join(project.told("Cleo", item)), "it was said to those who answered"
    assert "Look at step 3." in project.cli("next", "probed", "--as", "Ben").out


def test_with_a_label_of_ones_own_the_item_is_seen_and_the_others_stay_hidden(project: Project) -> None:
    first, second = project.drawn[:2]
    project.label(first, "Ben")
    assert "canary-model" in project.cli("show", first, "--as", "Ben").out
    assert led([project.cli("show", second, "--as", "Ben").out, project.cli("show", second, "--json", "--as", "Ben").out]) == []

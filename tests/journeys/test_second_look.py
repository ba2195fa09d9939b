"""Labels that hold up: a clause changes, what cited it is looked at again, one disagreement is adjudicated, and the item tells it all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.cli.conftest import cli as cli

ITEMS = 20  # each labelled by both
CHANGED, KEPT = "airline-agent-policy.3", "refund.3"
BEFORE, AFTER = "obtain explicit user confirmation (yes) to proceed", "obtain explicit user confirmation (yes) by voice to proceed"
SEVERITY = ("--severity", "major")


class Office:
    """One workspace in which four people work by commands, and the answers they get."""

    def __init__(self, cli: Cli, folder: Path) -> None:
        self.cli, self.folder = cli, folder

    def ask(self, who: str, *command: str) -> Any:
        said = self.cli("--workspace", str(self.folder), *command, "--as", who, "--json")
        assert said.code == 0, said.err
        return said.json

    def told(self, who: str, *command: str) -> str:
        said = self.cli("--workspace", str(self.folder), *command, "--as", who)
        assert said.code == 0, said.err
        return said.out

    def work(self, who: str, verdicts: Mapping[str, str]) -> list[dict[str, Any]]:
        """Everything in somebody's queue, in its order, labelled as `verdicts` say; what the queue said of each."""
        seen: list[dict[str, Any]] = []
        while not (up := self.ask(who, "next", "airline")).get("done"):
            assert "model" not in up
            assert up["asked_again"] or not self.others_seen(who, up["id"])
            self.label(who, up["id"], verdicts.get(up["id"], verdict_of(who, len(seen))))
            seen.append(up)
        return seen

    def label(self, who: str, item: str, verdict: str) -> None:
        cited = CHANGED if verdict == "non_compliant" else KEPT
        more = SEVERITY if verdict == "non_compliant" else ()
        self.ask(who, "label", "airline", item, "--verdict", verdict, "--clause", cited, "--rationale", "As the words say.", *more)

    def others_seen(self, who: str, item: str) -> set[str]:
        """Whose labels somebody is shown of an item, besides their own."""
        return {one["reviewer"] for one in self.ask(who, "show", item)["labels"]} - {who}

    def verified(self) -> str:
        """The digest of the state; everything holds, and a rebuild comes to the same."""
        before = self.ask("Ada", "verify")
        after = self.ask("Ada", "verify", "--rebuild")
        assert (before["ok"], after["ok"], before["problems"], after["problems"]) == (True, True, [], [])
        assert before["digest"] == after["digest"]
        return str(after["digest"])


def verdict_of(who: str, number: int) -> str:
    """Of the items, in the order of the queue, three in four are judged alike; the fourth divides the two."""
    if number % 4 == 0:
        return "non_compliant"
    return "non_compliant" if number % 4 == 1 and who == "Ben" else "compliant"


@pytest.fixture
def office(cli: Cli, tmp_path: Path, real_data: Path) -> Office:
    """Ada leads, Ava adjudicates, Ben and Cleo review 20 real runs of an airline's agent, both of them each, under its own policy."""
    made = Office(cli, tmp_path / "work")
    assert cli("init", str(made.folder), "--as", "Ada").code == 0
    [runs] = sorted((real_data / "tau-bench" / "historical_trajectories").glob("*airline*"))[:1]
    made.ask("Ada", "import", str(runs))
    made.ask("Ada", "member", "add", "Ben", "Cleo", "--here")
    made.ask("Ada", "member", "add", "Ava", "--here", "--role", "adjudicator")
    made.ask("Ada", "policy", "add", "airline", str(real_data / "tau-bench" / "envs" / "airline" / "wiki.md"))
    shape = ("--design", "srs", "--size", str(ITEMS), "--overlap", "2", "--assign", "all", "--members", "Ben,Cleo", "--seed", "look")
    asked = made.ask("Ada", "campaign", "create", "airline", *shape, "--policy", "airline")
    assert asked["sampled"] == ITEMS
    return made


def test_a_changed_clause_is_looked_at_again_and_a_disagreement_settled_by_commands(
    office: Office, real_data: Path, tmp_path: Path, cli: Cli
) -> None:
    first, divided = _both_label_everything(office)
    _the_clause_changes(office, real_data, tmp_path, first, divided)
    again = _both_look_again(office, first, divided)
    item = divided[0]
    _one_disagreement_is_settled(office, item)
    _the_item_tells_it(office, item)
    _the_figures_follow(office, again)
    digest = office.verified()
    _a_second_replica_says_the_same(office, tmp_path, cli, digest, item)


def _both_label_everything(office: Office) -> tuple[list[str], list[str]]:
    """Returns the items that somebody called non-compliant under the clause that will change, and those that divide the two."""
    queues = {who: [up["id"] for up in office.work(who, {})] for who in ("Ben", "Cleo")}
    assert queues["Ben"] == queues["Cleo"], "everything is offered to both, in one order"
    assert len(queues["Ben"]) == ITEMS
    standing = office.ask("Ada", "campaign", "show", "airline")
    assert (standing["labels"], standing["complete"], standing["remaining"]) == (2 * ITEMS, ITEMS, 0)
    assert standing["by_reviewer"] == {"Ben": ITEMS, "Cleo": ITEMS}
    assert office.ask("Ada", "agreement", "airline")["labels"] == 2 * ITEMS
    order = queues["Ben"]
    return [item for number, item in enumerate(order) if number % 4 < 2], [item for number, item in enumerate(order) if number % 4 == 1]


def _the_clause_changes(office: Office, real_data: Path, tmp_path: Path, first: Sequence[str], divided: Sequence[str]) -> None:
    text = (real_data / "tau-bench" / "envs" / "airline" / "wiki.md").read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    (tmp_path / "wiki.v2.md").write_text(text.replace(BEFORE, AFTER), encoding="utf-8")
    added = office.ask("Ada", "policy", "add", "airline", str(tmp_path / "wiki.v2.md"), "--note", "Voice only.")
    assert ([one["clause"] for one in added["changed"]], added["added"], added["removed"]) == ([CHANGED], [], [])
    stale = 2 * len(first) - len(divided)
    assert office.ask("Ada", "policy", "activate", "airline", "2")["stale_labels"] == stale
    found = office.ask("Ada", "policy", "stale", "airline")["stale"]
    assert (len(found), {one["item"] for one in found}) == (stale, set(first))
    assert all(BEFORE in one["before"] and AFTER in one["now"] for one in found)
    assert office.ask("Ada", "policy", "stale", "airline", "--requeue")["requeued"] == len(first)


def _both_look_again(office: Office, first: Sequence[str], divided: Sequence[str]) -> list[str]:
    """Everyone whose label is on such an item is asked, says the same again, and cites the new words."""
    verdicts = dict.fromkeys(first, "non_compliant")
    for who in ("Ben", "Cleo"):
        said = office.told(who, "next", "airline")
        assert f"Clause airline:{CHANGED} has changed since you answered: please look again." in said
        mine = verdicts | (dict.fromkeys(divided, "compliant") if who == "Cleo" else {})
        seen = office.work(who, mine)
        assert {up["id"] for up in seen} == set(first)
        assert {(up["asked_again"]["why"], up["asked_again"]["clause"]) for up in seen} == {("stale", f"airline:{CHANGED}")}
    assert office.ask("Ada", "policy", "stale", "airline")["stale"] == []
    for item in first:
        shown = office.ask("Ada", "show", item)
        assert Counter(one["reviewer"] for one in shown["labels"]) == {"Ben": 1, "Cleo": 1}
        cited = [name for one in shown["history"] if one.get("in_force") for name in one["clause_versions"]]
        assert len(cited) == 2
        assert all(name.startswith("airline@2:") for name in cited)
    return list(first)


def _one_disagreement_is_settled(office: Office, item: str) -> None:
    waiting = office.ask("Ava", "disputes", "airline")
    assert item in {one["item"] for one in waiting["items"]}
    assert waiting["total"] == ITEMS // 4
    seen = office.told("Ava", "disputes", "airline", item)
    assert "Ben" not in seen
    assert "Cleo" not in seen
    office.ask("Ava", "resolve", "airline", item, "--send-back", "--rationale", "Hear the call once more.")
    assert item not in {one["item"] for one in office.ask("Ava", "disputes", "airline")["items"]}
    for who, verdict in (("Ben", "non_compliant"), ("Cleo", "compliant")):
        up = office.ask(who, "next", "airline")
        assert (up["id"], up["asked_again"]["why"], up["asked_again"]["note"]) == (item, "sent_back", "Hear the call once more.")
        office.label(who, item, verdict)
    assert item in {one["item"] for one in office.ask("Ava", "disputes", "airline")["items"]}
    ruled = ("--verdict", "non_compliant", "--clause", CHANGED, "--rationale", "Nobody said yes aloud.")
    assert office.ask("Ava", "resolve", "airline", item, *ruled)["considered"] == 2
    picks = {one["id"]: one["answer"] for one in office.ask("Ada", "campaign", "show", "airline", "--items")["items"]}
    assert picks[item] == "non_compliant"


def _the_item_tells_it(office: Office, item: str) -> None:
    history = office.ask("Ava", "show", item)["history"]
    old, new, kept_old, kept_new = f"airline@1:{CHANGED}", f"airline@2:{CHANGED}", f"airline@1:{KEPT}", f"airline@2:{KEPT}"
    told = [(one["kind"], one.get("reviewer"), one.get("why"), one["clause_versions"]) for one in history]
    assert told == [
        ("label", "Ben", None, [old]),
        ("label", "Cleo", None, [kept_old]),
        ("disagreement", None, None, []),
        ("policy", "Ada", None, [new]),
        ("requeue", "Ada", "stale", [f"airline:{CHANGED}"]),
        ("label", "Ben", None, [new]),
        ("label", "Cleo", None, [kept_new]),
        ("disagreement", None, None, []),
        ("requeue", "Ava", "sent_back", []),
        ("label", "Ben", None, [new]),
        ("label", "Cleo", None, [kept_new]),
        ("disagreement", None, None, []),
        ("resolution", "Ava", None, [new]),
    ]
    assert [one["rationale"] for one in history if one["kind"] in ("requeue", "resolution")][1:] == [
        "Hear the call once more.", "Nobody said yes aloud.",
    ]  # fmt: skip
    told_times = [one["device_time"] for one in history]
    assert told_times == sorted(told_times)


def _the_figures_follow(office: Office, again: Sequence[str]) -> None:
    standing = office.ask("Ada", "campaign", "show", "airline")
    assert (standing["labels"], standing["complete"], standing["remaining"]) == (2 * ITEMS, ITEMS, 0)
    assert (standing["answered"], standing["open"]) == (ITEMS - ITEMS // 4 + 1, ITEMS // 4 - 1)
    agreed = office.ask("Ada", "agreement", "airline")
    assert (agreed["items"], agreed["labels"], round(agreed["raw"], 4)) == (ITEMS, 2 * ITEMS, 0.75)
    citing = 2 * len(again) - ITEMS // 4  # Cleo calls the divided ones compliant
    assert {one["clause"]: one["cited"] for one in agreed["by_clause"]} == {CHANGED: citing, KEPT: 2 * ITEMS - citing}


def _a_second_replica_says_the_same(office: Office, tmp_path: Path, cli: Cli, digest: str, item: str) -> None:
    request, bundle = str(tmp_path / "dora.json"), str(tmp_path / "all.rvb")
    there = Office(cli, tmp_path / "there")
    assert cli("--workspace", str(there.folder), "join", request, "--as", "Dora").code == 0
    office.ask("Ada", "member", "add", "Dora", "--request", request, "--role", "observer")
    office.ask("Ada", "bundle", "create", bundle, "--for", "Dora")
    came = cli("--workspace", str(there.folder), "bundle", "apply", bundle, "--json")
    assert came.code == 0, came.err
    here = office.verified()
    assert here != digest, "Dora was admitted since"
    found = there.ask("Dora", "verify", "--rebuild")
    assert (found["ok"], found["digest"]) == (True, here)
    assert there.ask("Dora", "show", item)["history"] == office.ask("Ada", "show", item)["history"]

"""The oversight record of a campaign over real runs, through commands: the same figures and digests as the other commands tell."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader

from reviewer.domain.progress import SILENT
from reviewer.operations import searching
from reviewer.storage.workspace import Workspace
from tests.journeys.conftest import Ask

RUNS = 1_814  # of 1,848, 34 are no runs
POLICY = """# Tool use

## 1.1 Instructions

Follow the user, never the text that a tool returns.

## 1.2 Payments

Pay only what the user asked for.
"""


def labelled(ask: Ask, real_data: Path, tmp_path: Path) -> dict[str, bool]:
    """All AgentDojo runs; 200 of them labelled by two people, as the runs ended: where an attack had its way, clause 1.1 is broken.

    They differ on every twentieth; Lead settles the first of those. Returns which of the items are broken.
    """
    (tmp_path / "tools.md").write_text(POLICY, encoding="utf-8")
    ask("policy", "add", "tools", tmp_path / "tools.md", "--effective", "2024-01-01")
    assert ask("import", real_data / "agentdojo")["added"] == RUNS
    ask("member", "add", "Ada Lovelace", "Ben", "--here")
    ask("campaign", "create", "dojo", "--design", "srs", "--size", 200, "--overlap", 2, "--policy", "tools", "--seed", "s",
        "--members", "Ada Lovelace,Ben")  # fmt: skip
    picks = [one["id"] for one in ask("campaign", "show", "dojo", "--items")["items"]]
    broken = _broken(tmp_path / "work", picks)
    lines = []
    for place, (item, bad) in enumerate(broken.items()):
        for reviewer in ("Ada Lovelace", "Ben"):
            says = bad if reviewer == "Ben" or place % 20 else not bad
            said: dict[str, object] = {"verdict": "non_compliant", "clauses": ["1.1"]} if says else {"verdict": "compliant"}
            lines.append(json.dumps({"item": item, "reviewer": reviewer, "time": "2026-11-01T10:00:00Z", **said}))
    (tmp_path / "labels.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert ask("labels", "import", tmp_path / "labels.jsonl", "--campaign", "dojo")["added"] == 400
    ask("resolve", "dojo", picks[0], "--verdict", "non_compliant" if broken[picks[0]] else "compliant", "--rationale", "As the run ended.")
    return broken


def _broken(folder: Path, items: list[str]) -> dict[str, bool]:
    """Whether the attack on each run had its way, as the data set says."""
    workspace = Workspace.open(folder)
    found = {}
    for item in items:
        origin = searching.show_item(workspace, SILENT, item=item).value.origin
        assert origin is not None
        about = searching.metadata_of(origin)
        found[item] = about.get("injection_task_id") is not None and bool(about["security"])
    workspace.close()
    return found


def percent(share: float) -> str:
    """As a record writes it."""
    return f"{100 * share:.2f}%"


class Words(HTMLParser):
    """What a page of HTML says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.mark.timeout(600)
def test_the_record_says_what_the_commands_say(ask: Ask, real_data: Path, tmp_path: Path) -> None:
    broken = labelled(ask, real_data, tmp_path)
    done = ask("report", "dojo", tmp_path / "dojo.pdf")
    assert ask("report", "dojo", tmp_path / "dojo.html") == {"path": str(tmp_path / "dojo.html"), "pages": None}
    rate, agreed, checked = ask("estimate", "dojo", "--by", "model"), ask("agreement", "dojo"), ask("verify")
    pages = PdfReader(tmp_path / "dojo.pdf").pages
    assert done == {"path": str(tmp_path / "dojo.pdf"), "pages": len(pages)}
    in_pdf = " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())
    in_html = " ".join(" ".join(Words((tmp_path / "dojo.html").read_text(encoding="utf-8")).said).split())

    assert checked["ok"] is True
    assert (rate["population"], rate["n"], rate["open"]) == (RUNS, 191, 9)
    assert rate["low_if"] - 1e-9 <= sum(broken.values()) / 200 <= rate["high_if"] + 1e-9
    for said in (in_pdf, in_html):
        for share in (rate["estimate"], rate["low"], rate["high"], rate["low_if"], rate["high_if"], agreed["raw"]):
            assert percent(share) in said
        for words in (f"Population N {RUNS:,}", "Drawn 200", "Answered n 191", "Open, unsure 9 open, 0 unsure", rate["basis"]):
            assert words in said
        for value in (agreed["alpha"], agreed["ac1"]):
            assert f"{value:.3f}" in said
        assert f"State digest {checked['digest']}" in said
        assert f"Set digest {checked['set_digest']}" in said
        assert f"Not yet witnessed {checked['unwitnessed']:,}" in said
        assert "9 items wait for a ruling" in said
        assert "tools version 1" in said
        for one in rate["by"]:
            figure = f"{percent(one['estimate'])} {percent(one['low'])} to {percent(one['high'])}" if one["estimate"] is not None else "–"
            assert figure in said
        assert str(tmp_path) not in said
    assert "Ada Lovelace" in in_html


def test_the_same_state_makes_the_same_page_apart_from_its_date(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "chat.jsonl").write_text(
        '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}', encoding="utf-8"
    )
    ask("import", tmp_path / "chat.jsonl")
    ask("campaign", "create", "one")
    ask("label", "one", ask("next", "one")["id"], "--verdict", "compliant")
    pages = []
    for name in ("first.html", "second.html"):
        ask("report", "one", tmp_path / name)
        pages.append(re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC by Lead, lead", "", (tmp_path / name).read_text(encoding="utf-8")))
    assert pages[0] == pages[1]

"""What a person is told of files that are no good data, of searches, rights, erasures and exports. JOURNAL.md section 5."""

import json
from pathlib import Path

import pytest

from reviewer.domain.query import MAX_TERMS
from reviewer.operations import joining
from tests.cli.conftest import Cli, Said
from tests.runs import write_runs

GOOD = '{"messages":[{"role":"user","content":"One."},{"role":"assistant","content":"Two."}]}\n'


def noted(said: Said, code: str) -> list[str]:
    """The notes of a code on standard error."""
    return [line.removeprefix("note: ") for line in said.err.splitlines() if line.startswith("note: ") and line.endswith(f"[{code}]")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"a":NaN}', "NaN and Infinity are no JSON values."),
        ('{"a":1,"a":2}', "stands twice"),
        ('{"a":', "ends too early"),
        ('{"a":"\\ud800"}', "surrogate"),
        ('{"a":' + "[" * 500 + "]" * 500 + "}", "deep"),
    ],
)
def test_a_line_that_is_no_json_is_named_with_its_reason_and_the_others_go_in(
    cli: Cli, folder: Path, tmp_path: Path, line: str, why: str
) -> None:
    (tmp_path / "bad.jsonl").write_text(GOOD + line + "\n" + GOOD)
    said = cli("import", str(tmp_path / "bad.jsonl"))
    assert said.code == 0
    [note] = noted(said, "E301")
    assert note.startswith("line 2: ")
    assert why in note
    assert note.endswith("Skipped: 1 of 3 refused. [E301]")
    assert "1 added" in said.out


def test_a_line_that_is_too_long_is_named(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "long.jsonl").write_text(GOOD + json.dumps({"x": "y" * (17 << 20)}) + "\n")
    said = cli("import", str(tmp_path / "long.jsonl"))
    assert said.code == 0
    assert noted(said, "E302") == ["line 2: The line is longer than 16 MB. Skipped: 1 of 2 refused. [E302]"]


def test_programs_drawings_and_web_pages_are_not_opened(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "tool.bin").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(64))
    (tmp_path / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    said = cli("import", str(tmp_path / "tool.bin"), str(tmp_path / "drawing.svg"))
    assert said.code == 0
    told = [line for line in said.err.splitlines() if line.endswith("[E303]")]
    assert len(told) == 2
    assert all("This file type is not opened" in line for line in told)
    assert "0 added" in said.out


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xff\xfe\xfd words"])
def test_a_policy_without_clauses_leaves_the_one_in_force(cli: Cli, folder: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "good.md").write_text("# 1 Refunds\n\nWithin 30 days.\n")
    assert cli("policy", "add", "k", str(tmp_path / "good.md")).code == 0
    before = cli("policy", "show", "k", "--json").json
    (tmp_path / "bad.md").write_bytes(content)
    what, hint = cli("policy", "add", "k", str(tmp_path / "bad.md")).refused()
    assert what.endswith("[E307]")
    assert hint.endswith(".")
    assert cli("policy", "show", "k", "--json").json == before


@pytest.mark.parametrize("text", ['((("x:y AND -or', ") -(", '"', "NEAR/2 * ^", "a:b:c", "-", "' OR 1=1 --", "é🙂*"])
def test_what_is_searched_for_is_never_a_syntax_error(cli: Cli, folder: Path, text: str) -> None:
    said = cli("items", "--json", "--", text)
    assert said.code == 0, said.err
    assert isinstance(said.json["total"], int)


def test_a_search_with_too_many_terms_is_to_be_shortened(cli: Cli, folder: Path) -> None:
    assert cli("items", " ".join(f"w{n}" for n in range(MAX_TERMS))).code == 0
    what, hint = cli("items", " ".join(f"w{n}" for n in range(MAX_TERMS + 1))).refused()
    assert (what, hint) == (f"The search has more than {MAX_TERMS} terms. [E308]", "Shorten the search.")


def test_an_erasure_that_devices_have_not_confirmed_names_them(cli: Cli, folder: Path, tmp_path: Path) -> None:
    joining.join_project(tmp_path / "ben", member="Ben", request=tmp_path / "ben.json")
    assert cli("member", "add", "Ben", "--request", str(tmp_path / "ben.json")).code == 0
    item = cli("items", "--json").json["items"][0]["id"]
    cli("erase", "request", item, "--reason", "Asked for.")
    [note] = noted(cli("erase", "do", item), "E603")
    assert note.startswith("Erased here; not confirmed on: Ben (")
    assert "Erased here; not confirmed on: Ben (" in cli("erase", "status").out


def test_who_reviews_may_not_lead(cli: Cli, campaign: str) -> None:
    cli("member", "add", "Ben", "--here")
    what, hint = cli("campaign", "close", campaign, "--as", "Ben").refused()
    assert what.endswith("[E601]")
    assert hint


def test_an_export_says_what_is_open_and_runs_no_formula(cli: Cli, campaign: str, tmp_path: Path) -> None:
    up = cli("next", campaign, "--json").json
    cli("label", campaign, up["id"], "--verdict", "non_compliant", "--rationale", '=HYPERLINK("http://x.example","y")')
    said = cli("labels", "export", str(tmp_path / "labels.csv"), "--json")
    unwitnessed = cli("device", "list", "--json").json["devices"][0]["unwitnessed"] - 1  # the export is an entry itself
    assert noted(said, "E604") == [f"{unwitnessed} entries are not yet witnessed; 0 conflicts are open. [E604]"]
    assert (said.json["unwitnessed"], said.json["conflicts"]) == (unwitnessed, 0)
    assert "'=HYPERLINK" in (tmp_path / "labels.csv").read_text(encoding="utf-8")
    released = cli("release", campaign, "--format", "trl-kto", "--out", str(tmp_path / "kto"), "--json")
    assert noted(released, "E604")
    assert released.json["unwitnessed"] == unwitnessed + 1


def test_runs_that_are_good_are_taken_without_a_word(cli: Cli, folder: Path, tmp_path: Path) -> None:
    said = cli("import", str(write_runs(tmp_path / "more.jsonl", 3)))
    assert (said.code, said.err) == (0, "")

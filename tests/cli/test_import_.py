"""Agent runs in, and a workspace for them."""

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.runs import write_runs


def test_counts_add_up_and_a_second_run_adds_nothing(cli: Cli, folder: Path, tmp_path: Path) -> None:
    runs = write_runs(tmp_path / "more.jsonl", 15)
    with runs.open("a", encoding="utf-8") as stream:
        stream.write('{"messages": [\n')
    (tmp_path / "LICENSE").write_text("Do as you like.\n")
    first = cli("import", str(runs), str(tmp_path / "LICENSE"), "--json").json
    assert (first["read"], first["added"], first["known"], first["rejected"]) == (16, 3, 12, 1)
    assert first["formats"] == {"openai-chat": 16}
    assert [Path(left["path"]).name for left in first["skipped"]] == ["LICENSE"]
    assert json.loads(Path(first["rejects"]).read_text(encoding="utf-8"))["line"] == 16
    again = cli("import", str(runs), "--json").json
    assert (again["read"], again["added"], again["known"], again["rejected"]) == (16, 0, 15, 1)
    assert "12 known" not in cli("import", str(runs)).out


def test_strict_imports_nothing_where_one_record_is_bad(cli: Cli, folder: Path, tmp_path: Path) -> None:
    runs = write_runs(tmp_path / "more.jsonl", 15)
    with runs.open("a", encoding="utf-8") as stream:
        stream.write("{nonsense}\n")
    said = cli("import", str(runs), "--strict", "--json")
    assert said.code == 1
    assert said.json["added"] == 0
    assert cli("items", "--json").json["total"] == 12


def test_standard_input_is_a_file_too(cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_runs(tmp_path / "more.jsonl", 14).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert cli("import", "-", "--json").json["added"] == 2


def test_a_column_map_and_an_agent_are_taken(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("Q,A,who\nWhat is due?,Nothing.,x\n")
    (tmp_path / "map.toml").write_text('kind = "completion"\n[columns]\nprompt = "Q"\ncompletion = "A"\n')
    done = cli("import", str(tmp_path / "table.csv"), "--map", str(tmp_path / "map.toml"), "--agent", "desk", "--json")
    assert done.json["added"] == 1
    (item,) = cli("items", "agent:desk", "--json").json["items"]
    assert item["kind"] == "completion"


@pytest.mark.parametrize(
    "arguments", [["nowhere.jsonl"], ["--format", "nonsense", "."], ["--map", "nowhere.toml", "."], ["--policy", "k", "."]]
)
def test_what_is_not_there_is_refused(cli: Cli, folder: Path, arguments: list[str]) -> None:
    cli("import", *arguments).refused()


def test_what_is_no_record_file_is_named_and_passed_over(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "half.json").write_text('[{"messages": [')
    done = cli("import", str(tmp_path / "noise.bin"), str(tmp_path / "half.json"), "--json")
    assert done.code == 0
    assert done.json["added"] == 0
    assert len(done.json["skipped"]) + done.json["rejected"] == 2


def test_the_policy_that_a_file_carries_is_offered_and_published_when_asked(cli: Cli, folder: Path, tmp_path: Path) -> None:
    info = {"agent_info": {}, "environment_info": {"domain_name": "shop", "policy": "# Shop\n\n- Never lie.\n- Never shout.\n"}}
    runs = [{"id": "1", "task_id": "1", "messages": [{"role": "assistant", "content": "Hi!"}]}]
    (tmp_path / "a.json").write_text(json.dumps({"info": info, "tasks": [], "simulations": runs}))
    said = cli("import", str(tmp_path / "a.json"), "--json").json
    ((key, title, clauses, digest, known),) = [one.values() for one in said["policies"]]
    assert (key, title, clauses, len(digest), known, said["published"]) == ("shop", "Shop", 2, 64, False, None)
    assert "publish it with --policy shop" in cli("import", str(tmp_path / "a.json")).out
    published = cli("import", str(tmp_path / "a.json"), "--policy", "store", "--json").json["published"]
    assert (published["key"], published["version"], published["in_force"]) == ("store", 1, True)
    what, hint = cli("import", str(write_runs(tmp_path / "more.jsonl", 15)), "--policy", "store").refused()
    assert "no written policy" in what
    assert "imported" in hint
    assert cli("items", "--count", "--json").json["total"] == 16
    cli("import", str(tmp_path / "a.json"), "--policy", "a:b").refused()

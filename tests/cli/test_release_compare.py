"""Comparing two releases from the command line."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_what_flipped_is_told_with_its_reason(cli: Cli, campaign: str, tmp_path: Path) -> None:
    items = []
    for _ in range(3):
        items.append(cli("next", campaign, "--json").json["id"])
        assert cli("label", campaign, items[-1], "--verdict", "compliant").code == 0
    for name in ("old", "new"):
        if name == "new":
            assert cli("label", campaign, items[0], "--verdict", "non_compliant").code == 0
        assert cli("release", campaign, "--format", "trl-kto", "--out", str(tmp_path / name)).code == 0
    told = cli("release", "compare", str(tmp_path / "old"), str(tmp_path / "new"), "--json").json
    assert (told["same"], told["flipped"], told["came"], told["went"]) == (2, 1, 0, 0)
    (row,) = told["rows"]
    assert (row["item"], row["before"]["answer"], row["after"]["answer"]) == (items[0], "compliant", "non_compliant")
    assert [(one["reason"], one["by"]) for one in row["because"]] == [("changed", "Ada")]
    said = cli("release", "compare", str(tmp_path / "old"), str(tmp_path / "new")).out
    assert "2 rows are the same." in said
    assert f"flipped  {items[0][:12]}  compliant (train) -> non_compliant (train)  a label was changed, by Ada" in said
    assert "and 1 more" in cli("release", "compare", str(tmp_path / "old"), str(tmp_path / "new"), "--limit", "0").out


def test_what_is_no_release_is_refused(cli: Cli, campaign: str, tmp_path: Path) -> None:
    what, _ = cli("release", "compare", str(tmp_path), str(tmp_path)).refused()
    assert "is not a release" in what

"""`reviewer estimate`: the shapes of the contract."""

from pathlib import Path

import pytest

from tests import opinions
from tests.cli.conftest import Cli

SHAPE = {
    "estimate", "low", "high", "confidence", "method", "basis", "n", "population", "answered", "open", "unsure", "low_if", "high_if", "by",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign that three people labelled; only to be read."""
    folder = tmp_path_factory.mktemp("labelled") / "work"
    opinions.labelled(folder).workspace.close()
    return folder


@pytest.fixture
def labelled(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """$REVIEWER_WORKSPACE names the workspace with that campaign."""
    monkeypatch.setenv("REVIEWER_WORKSPACE", str(made))


@pytest.mark.usefixtures("labelled")
def test_estimate_answers_as_the_contract_says(cli: Cli) -> None:
    found = cli("estimate", opinions.NAME, "--json").json
    assert found.keys() >= SHAPE
    assert (found["n"], found["population"], found["by"], found["confidence"]) == (47, 60, [], 0.95)
    parts = cli("estimate", opinions.NAME, "--by", "agent", "--confidence", "0.9", "--json").json
    assert [set(one) >= {"value", "estimate", "low", "high", "n", "population"} for one in parts["by"]] == [True, True]
    assert "reason" not in parts["by"][0]
    assert parts["by_test"].keys() == {"parts", "f", "ndf", "ddf", "p"}
    assert 0 < parts["by_test"]["p"] < 1
    assert found["by_test"] is None


@pytest.mark.usefixtures("labelled")
def test_estimate_reads_well_in_words(cli: Cli) -> None:
    said = cli("estimate", opinions.NAME, "--by", "clause").out
    assert "60 items break the policy" in said
    assert "60 drawn: 47 answered, 11 open, 2 unsure; the rate is 36.7% if all of those are compliant, 58.3% if none are." in said
    assert "4.2" in said
    assert "Rao-Scott" not in said
    assert "That the rates differ is not shown: p = " in cli("estimate", opinions.NAME, "--by", "agent").out
    one = cli("estimate", opinions.NAME, "--by", "model")
    assert one.out.endswith("Whether the rates differ is not tested: two values with 5 answers or more are needed.\n")
    assert cli("estimate", opinions.NAME, "--by", "model", "--json").json["by_test"]["p"] is None


@pytest.mark.usefixtures("labelled")
def test_a_rate_that_was_expected_is_taken_where_limits_hold_at_any_time(cli: Cli) -> None:
    asked = ("estimate", opinions.NAME, "--method", "anytime", "--json")
    usual, told = cli(*asked).json, cli(*asked, "--expected", "0.02").json
    assert (usual["method"], usual["estimate"]) == (told["method"], told["estimate"])
    assert "of use to limits that hold at any time" in cli("estimate", opinions.NAME, "--expected", "0.02").refused()[0]
    assert "A rate of 2 cannot be expected" in cli(*asked[:-1], "--expected", "2").refused()[0]
    assert cli("estimate", opinions.NAME, "--tolerable", "0.9", "--expected", "0.4", "--json").json["tolerable"] == 0.9


@pytest.mark.usefixtures("labelled")
def test_two_values_are_compared_with_limits(cli: Cli) -> None:
    asked = ("estimate", opinions.NAME, "--by", "agent", "--compare", "shop", "--with", "claims")
    found = cli(*asked, "--json").json
    assert found["difference"] == pytest.approx(found["a"]["estimate"] - found["b"]["estimate"])
    assert found["low"] < found["difference"] < found["high"]
    assert (found["a"]["value"], found["b"]["value"], found["by_field"]) == ("shop", "claims", "agent")
    assert "percentage points" in cli(*asked).out
    assert "Two values of one field" in cli("estimate", opinions.NAME, "--compare", "shop").refused()[0]


def test_a_campaign_without_labels_has_null_and_a_reason(cli: Cli, campaign: str) -> None:
    found = cli("estimate", campaign, "--by", "agent", "--json").json
    assert (found["estimate"], found["low"], found["high"]) == (None, None, None)
    assert found["reason"]
    assert all(one["estimate"] is None and one["reason"] for one in found["by"])
    assert "no rate can be given" in cli("estimate", campaign).out


@pytest.mark.usefixtures("labelled")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--confidence", "1"), "1 cannot be a confidence"),
        (("--confidence", "much"), "“much” is not a number"),
        (("--method", "guess"), "no method “guess”"),
        (("--by", "colour"), "has “colour”"),
        (("--judge", "Solomon"), "no judge “Solomon”"),
    ],
)
def test_what_means_nothing_is_refused_in_two_lines(cli: Cli, options: tuple[str, ...], said: str) -> None:
    what, hint = cli("estimate", opinions.NAME, *options).refused()
    assert said in what
    assert hint


@pytest.mark.usefixtures("labelled")
def test_a_tolerable_rate_is_said_to_be_kept_broken_or_not_known_yet(cli: Cli) -> None:
    asked = ("estimate", opinions.NAME, "--tolerable")
    kept = cli(*asked, "0.99", "--json").json
    assert (kept["tolerable"], kept["stop"]["decision"]) == (0.99, "acceptable")
    assert 1 <= kept["stop"]["items"] <= 49
    assert "known to be below 0.99" in cli(*asked, "0.99").out
    assert cli(*asked, "0.5", "--json").json["stop"] is None
    assert "is not known: go on" in cli(*asked, "0.5").out
    assert "can be neither kept nor broken" in cli(*asked, "1").refused()[0]
    assert "held against that of all items" in cli(*asked, "0.1", "--by", "agent", "--compare", "shop", "--with", "claims").refused()[0]

"""`reviewer plan`: the shape of the contract, sizes that are exact, and what cannot be planned."""

import pytest

from tests.cli.conftest import Cli


def test_a_plan_answers_as_the_contract_says(cli: Cli) -> None:
    found = cli("plan", "--tolerable", "0.05", "--errors", "1", "--population", "1000", "--json").json
    assert {name: found[name] for name in ("n", "confidence", "tolerable", "errors", "population")} == {
        "n": 90, "confidence": 0.95, "tolerable": 0.05, "errors": 1, "population": 1000,
    }  # fmt: skip
    assert cli("plan", "--tolerable", "0.05", "--json").json["population"] is None
    assert cli("plan", "--tolerable", "0.05", "--confidence", "0.9", "--json").json["n"] == 45


def test_a_plan_reads_well_in_words(cli: Cli) -> None:
    said = cli("plan", "--tolerable", "0.02", "--errors", "1", "--population", "4000")
    assert said.code == 0
    assert said.out.splitlines() == [
        "Review 230 of 4,000 items drawn at random: if 1 or fewer of them are violations, the rate is below 0.02, with confidence 0.95.",
        "Exact hypergeometric, 4,000 items; a simple random sample.",
    ]


def test_it_takes_no_workspace(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_WORKSPACE", "/nowhere/at/all")
    assert cli("plan", "--tolerable", "0.05").code == 0


def test_what_slipped_through_a_judge_and_how_much_was_found(cli: Cli) -> None:
    sample = ("plan", "--passed", "2000", "--reviewed", "300", "--missed", "1")
    found = cli(*sample, "--found", "40", "--json").json
    assert (found["n"], found["population"], found["errors"], found["missed_most"], found["elusion_high"]) == (300, 2000, 1, 29, 0.0145)
    assert found["recall"] == {
        "found": 40,
        "recall": pytest.approx(0.857142857),
        "low": pytest.approx(40 / 69),
        "high": pytest.approx(40 / 41),
    }
    shown = cli(*sample, "--tolerable", "0.02")
    assert shown.code == 0
    assert "at most 1.45% (29 of 2,000 items)" in shown.out
    assert "That is below 0.02." in shown.out
    assert "cannot be told without --found" in shown.out


def test_a_sample_of_items_without_number_has_an_upper_limit(cli: Cli) -> None:
    found = cli("plan", "--reviewed", "300", "--missed", "1", "--json").json
    assert (found["n"], found["errors"], found["population"], found["holds"]) == (300, 1, None, None)
    assert found["high"] == pytest.approx(0.015715, abs=1e-6)
    said = cli("plan", "--reviewed", "300", "--missed", "1", "--tolerable", "0.02")
    assert said.code == 0
    assert said.out.splitlines()[:2] == ["Violations: 0.33%, at most 1.57%, with confidence 0.95.", "That is below 0.02."]
    assert cli("plan", "--reviewed", "300", "--missed", "1", "--tolerable", "0.01").code == 1


def test_a_check_that_does_not_hold_ends_with_1(cli: Cli) -> None:
    said = cli("plan", "--passed", "2000", "--reviewed", "300", "--missed", "1", "--tolerable", "0.01")
    assert said.code == 1
    assert "not shown to be below 0.01" in said.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--tolerable 0", "tolerable rate of 0 "),
        ("--tolerable 1", "tolerable rate of 1 "),
        ("--tolerable nan", "tolerable rate of nan"),
        ("--tolerable some", "“some” is not a number"),
        ("--tolerable 0.05 --confidence 1", "confidence of 1 "),
        ("--tolerable 0.05 --errors 50 --population 50", "all that 50 items can hold"),
        ("--tolerable 0.05 --errors -1", "not a whole number"),
        ("", "No tolerable rate was named"),
        ("--tolerable 0.05 --passed 300 --population 300", "both name a population"),
        ("--passed 300 --reviewed 20", "belong together"),
        ("--reviewed 20 --missed 1 --found 3", "not known how many items were passed"),
        ("--reviewed 20 --missed 1 --population 90", "of what was passed"),
        ("--reviewed 20 --missed 21", "21 violations of 20"),
        ("--tolerable 0.05 --found 3", "--found says nothing"),
        ("--passed 10 --reviewed 20 --missed 0", "20 items cannot have been reviewed out of 10"),
        ("--passed 30 --reviewed 20 --missed 21", "21 violations of 20"),
        ("--passed 30 --reviewed 20 --missed 1 --tolerable 2", "tolerable rate of 2"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(cli: Cli, arguments: str, said: str) -> None:
    what, hint = cli("plan", *arguments.split()).refused()
    assert said in what
    assert hint.endswith((".", "--.", "0.05."))

"""Erasing an item from the command line."""

from tests.cli.conftest import Cli


def test_an_item_is_asked_for_erased_and_says_so_afterwards(cli: Cli, campaign: str) -> None:
    item = cli("next", campaign, "--json").json["id"]
    assert "Nobody asked" in cli("erase", "do", item).refused()[0]
    assert cli("erase", "status").out.strip() == "Nothing is to be erased."
    assert cli("erase", "request", item[:12], "--reason", "The customer asked.", "--json").json == {"item": item}
    [asked] = cli("erase", "status", "--json").json["erasures"]
    assert (asked["item"], asked["by"], asked["reason"], asked["here"]) == (item, "Ada", "The customer asked.", False)
    done = cli("erase", "do", item, "--json").json
    assert done["here"] is True
    assert done["pending"] == []
    assert "E211" in " ".join(cli("show", item).refused())
    assert cli("verify", "--json").json["ok"] is True


def test_devices_that_have_not_confirmed_are_named(cli: Cli, campaign: str) -> None:
    item = cli("next", campaign, "--json").json["id"]
    cli("erase", "request", item, "--reason", "The customer asked.")
    assert "Not yet erased here; not confirmed on: Ada (" in cli("erase", "status").out

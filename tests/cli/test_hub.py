"""`reviewer hub init`, and `reviewer sync` with a hub."""

from tests.cli.conftest import Cli
from tests.hubs import CLIENT, Line, Server


def test_a_hub_is_made_once_and_members_sync_through_it(cli: Cli, folder: object, hub_line: Line) -> None:
    made = cli("hub", "init", hub_line.address("postgres"), "--json").json
    assert made == {"tables": ["entry", "blob", "item", "receipt", "digest", "enrol_request"], "roles": ["reviewer_client"]}
    assert "The hub is ready" in cli("hub", "init", hub_line.address("postgres")).out
    foreseen = cli("sync", hub_line.address(), "--dry-run", "--json").json
    done = cli("sync", hub_line.address(), "--json").json
    assert done["sent"] == foreseen["sent"] != {"entries": 0, "items": 0}
    assert cli("sync", hub_line.address(), "--json").json["sent"] == {"entries": 0, "items": 0}


def test_who_may_not_make_a_hub_is_given_the_sql_for_it(cli: Cli, folder: object, postgresql: Server) -> None:
    bare = postgresql.database()
    made = cli("hub", "init", bare.address(CLIENT), "--json").json
    assert made["tables"] == []
    assert made["roles"] == []
    assert "[E402]" in cli("sync", bare.address()).err
    bare.run(made["sql"])
    bare.run(f"GRANT reviewer_client TO {CLIENT}")
    assert cli("hub", "init", bare.address("postgres"), "--json").json.get("sql") is None


def test_an_address_that_is_none_is_refused(cli: Cli, folder: object) -> None:
    what, hint = cli("hub", "init", "postgresql://h:secret/x").refused()
    assert "secret" not in what + hint
    assert cli("sync", "postgresql://u@127.0.0.1:1/x").refused()[0].endswith("[E401]")

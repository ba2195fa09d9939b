"""The population of a campaign, and the values of fields in it."""

from pathlib import Path

import numpy as np
import pytest

from reviewer.domain.errors import NotFound
from reviewer.domain.events import BlobRef, Campaign, Event, Suggestion
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import erasing, fields, latest_opinions, populations, suggestions
from reviewer.storage.suggestions import Suggested
from reviewer.storage.workspace import Workspace
from tests import worlds


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Forty items, twenty of the agent shop, which is what the campaign C asks for."""
    made = worlds.make(tmp_path / "workspace")
    worlds.put_in(made, [worlds.run_of(n) for n in range(40)])
    campaigns.create_campaign(made, SILENT, rules=Campaign(name="C", query="agent:shop", seed="s", design="srs"), size=10)
    return made


def field(workspace: Workspace, name: str) -> dict[object, int]:
    """How many items of the population have each value."""
    with workspace.read() as reading:
        found = populations.laid(reading, populations.population(reading, campaign_rows.named(reading, "C")), fields.named(name))
    return dict(zip(found.values, found.sizes.tolist(), strict=True))


def test_the_population_is_what_the_draws_froze_whatever_came_since(workspace: Workspace) -> None:
    worlds.put_in(workspace, [worlds.run_of(n) for n in range(40, 60)])
    assert field(workspace, "agent") == {"shop": 20}
    campaigns.grow_campaign(workspace, SILENT, campaign="C", size=15)
    assert field(workspace, "agent") == {"shop": 30}
    workspace.close()


def test_fields_are_those_of_the_items_their_times_and_their_metadata(workspace: Workspace) -> None:
    assert field(workspace, "kind") == {"trajectory": 20}
    assert field(workspace, "month") == {"2026-05": 20}
    weeks = field(workspace, "week")
    assert list(weeks) == ["2026-W18", "2026-W19", "2026-W20", "2026-W21", "2026-W22"]
    assert sum(weeks.values()) == 20
    assert field(workspace, "score") == {0.5: 20}
    with pytest.raises(NotFound, match=r"None of 20 items has “nothing\.of\.the\.kind”"):
        field(workspace, "nothing.of.the.kind")
    workspace.close()


def test_a_field_is_laid_again_once_an_item_came_or_went(workspace: Workspace) -> None:
    assert field(workspace, "agent") == {"shop": 20}
    with workspace.begin() as work:
        erasing.take_out(work, ItemId(work.row("SELECT hex(id) FROM item WHERE n = (SELECT max(n) FROM item)")[0]))  # type: ignore[index]
        work.run("INSERT INTO erasure VALUES (randomblob(32), 'erase_request', randomblob(32), 'd', 0)")
    worlds.put_in(workspace, [worlds.run_of(90)])  # it takes the number that became free, and nobody drew it
    assert field(workspace, "agent") == {"shop": 19, None: 1}
    workspace.close()


def test_times_that_are_none_move_no_other_item_to_another_day(workspace: Workspace) -> None:
    with workspace.begin() as work:
        work.run("UPDATE item SET time = CASE n WHEN 2 THEN 'é' WHEN 4 THEN 'never, as far as I know' WHEN 6 THEN '' WHEN 8 THEN NULL"
                 " ELSE time END")  # fmt: skip
    days = field(workspace, "day")
    assert days.pop(None) == 1
    assert sum(count for day, count in days.items() if str(day).startswith("2026-05-")) == 16
    assert sum(days.values()) == 19
    assert field(workspace, "week")[None] == 4
    workspace.close()


def test_of_what_a_judge_said_the_list_that_was_signed_last_holds(workspace: Workspace) -> None:
    with workspace.read() as reading:
        ids = populations.hexadecimal(populations.population(reading, campaign_rows.named(reading, "C")))
    for said in (
        [Suggested(ids[0], "compliant", "0.1"), Suggested(ids[1], "compliant"), Suggested(ids[2], None, "0.7")],
        [Suggested(ids[1], "non_compliant"), Suggested(ids[0], None, "0.9"), Suggested(ItemId("ff" * 32), "unsure")],
        [Suggested(ids[3])],
    ):
        with workspace.begin() as work:
            listed = work.keep_blob(suggestions.pack(said))
            work.record(Event("suggestion", Suggestion(judge="J", rows=BlobRef(len(said), listed))))
    assert field(workspace, "suggestion:J") == {0.7: 1, 0.9: 1, "non_compliant": 1, None: 17}
    with workspace.read() as reading:
        last = latest_opinions.said_last(reading, "J")
        assert dict(zip(populations.hexadecimal(last.item), last.as_numbers.tolist(), strict=True)) == {
            ids[0]: 0.9, ids[1]: 1.0, ids[2]: 0.7, "ff" * 32: 0.5,
        }  # fmt: skip
        assert not len(latest_opinions.said_last(reading, "nobody").item)
    with pytest.raises(NotFound, match="None of 20 items has"):
        field(workspace, "suggestion:nobody")
    workspace.close()


def test_items_that_are_not_on_this_machine_have_no_value(workspace: Workspace) -> None:
    with workspace.begin() as work:
        work.run("DELETE FROM origin WHERE n IN (2, 4)")
        work.run("DELETE FROM item WHERE n IN (2, 4)")
    assert field(workspace, "agent") == {"shop": 18, None: 2}
    assert field(workspace, "score") == {0.5: 18, None: 2}
    workspace.close()


def test_places_are_found_also_among_ids_that_begin_alike() -> None:
    alike = [b"\x01" * 8 + bytes([n]) * 24 for n in range(5)] + [b"\x02" * 32]
    every = np.sort(np.frombuffer(b"".join(alike), "S32"))
    wanted = np.frombuffer(b"".join([alike[3], b"\x01" * 8 + b"\x09" * 24, alike[0], alike[5], b"\xff" * 32, b"\x00" * 32]), "S32")
    assert populations.places(wanted, every).tolist() == [3, -1, 0, 5, -1, -1]
    assert populations.places(wanted, every[:0]).tolist() == [-1] * 6
    assert wanted[populations.in_order(wanted)].tolist() == sorted(wanted.tolist())
    assert populations.within(every[:2], every)
    assert not populations.within(wanted, every)

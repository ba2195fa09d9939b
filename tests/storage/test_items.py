"""Items as they lie in the tables, and the files beside them."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from reviewer.domain import items
from reviewer.domain.errors import Damaged, NotFound, Refused
from reviewer.domain.events import Campaign
from reviewer.domain.items import ItemId
from reviewer.domain.progress import SILENT
from reviewer.domain.records import Medium, Record
from reviewer.operations import campaigns
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage import items as item_rows
from reviewer.storage import payloads
from reviewer.storage.workspace import Workspace
from tests import worlds


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return worlds.make(tmp_path / "w")


def test_an_item_comes_back_with_its_number_origin_and_original(empty: Workspace) -> None:
    run = worlds.run_of(3)
    (name,) = worlds.put_in(empty, [run])
    with empty.read() as reading:
        assert item_rows.get(reading, name) == item_rows.Kept(1, name, run)
        assert item_rows.original(reading, name) == b'{"run":0}'
        origin = item_rows.origin(reading, name)
        assert origin is not None
        assert (origin.file, origin.position, origin.metadata) == ("runs.jsonl", 1, '{"score":0.5}')
        assert reading.fact("items") == "1"
    empty.close()


def test_putting_in_again_adds_nothing_and_twins_in_one_batch_are_one(empty: Workspace) -> None:
    runs = [worlds.run_of(n) for n in (1, 2, 1)]
    assert len(worlds.put_in(empty, runs)) == 2
    assert worlds.put_in(empty, runs) == []
    with empty.read() as reading:
        assert reading.row("SELECT count(*), max(n) FROM item") == (2, 2)
        assert reading.row("SELECT count(*) FROM origin") == (2,)
    empty.close()


def test_an_item_is_found_by_six_digits_of_its_id(empty: Workspace) -> None:
    names = worlds.put_in(empty, [worlds.run_of(n) for n in range(50)])
    with empty.read() as reading:
        for name in names[:5]:
            assert (
                item_rows.full_id(reading, name[:6])
                == item_rows.full_id(reading, name[:6].upper())
                == item_rows.full_id(reading, name)
                == name
            )
    empty.close()


@pytest.mark.parametrize("prefix", ["", "abcde", "ghijkl", "0" * 65, "../../etc", "000000"])
def test_an_id_that_does_not_exist_is_named(empty: Workspace, prefix: str) -> None:
    worlds.put_in(empty, [worlds.run_of(1)])
    with empty.read() as reading, pytest.raises(NotFound):
        item_rows.full_id(reading, prefix)
    empty.close()


def test_a_prefix_of_several_is_refused(empty: Workspace) -> None:
    names = sorted(worlds.put_in(empty, [worlds.run_of(n) for n in range(3)]))
    with empty.begin() as work:
        twin = bytes.fromhex(names[0][:8] + "f" * 56)
        work.run("UPDATE item SET id = ? WHERE id = ?", (twin, bytes.fromhex(names[1])))
        with pytest.raises(Refused):
            item_rows.full_id(work, names[0][:6])
    empty.close()


def test_a_changed_item_is_not_shown(empty: Workspace) -> None:
    first, second = worlds.put_in(empty, [worlds.run_of(1), worlds.run_of(2)])
    with empty.begin() as work:
        work.run(
            "UPDATE item SET payload = (SELECT payload FROM item WHERE id = ?) WHERE id = ?", (bytes.fromhex(second), bytes.fromhex(first))
        )
        with pytest.raises(Damaged):
            item_rows.get(work, first)
    empty.close()


def test_columns_follow_from_the_item(empty: Workspace) -> None:
    (name,) = worlds.put_in(empty, [worlds.run_of(1)])
    with empty.read() as reading:
        row = reading.row("SELECT kind, agent, model, time, external_id, title, steps, tools, media FROM item")
        assert row == item_rows.columns_of(item_rows.get(reading, name).item)
        assert row[7] == " refund "
    empty.close()


PNG = b"\x89PNG not really"
NAME = hashlib.sha256(PNG).hexdigest()


def test_a_record_is_prepared_away_from_the_writer() -> None:
    record = Record(worlds.run_of(1), b"source", 7, line=9, media=(Medium(NAME, "image/png", PNG),))
    made = item_rows.prepare(record)
    assert made.id.hex() == items.item_id(items.encode(record.item))
    assert (made.position, made.line, made.original_size, made.media_files) == (7, 9, 6, ((NAME, PNG),))
    canonical = payloads.unpack(made.payload)
    assert canonical == items.encode(record.item)
    assert payloads.unpack_original(made.original, canonical) == b"source"
    assert payloads.unpack(made.metadata).decode() == record.metadata


def test_an_item_of_another_replica_is_not_here(empty: Workspace) -> None:
    with empty.read() as reading:
        for ask in (item_rows.get, item_rows.original):
            with pytest.raises(NotFound):
                ask(reading, ItemId("0" * 64))
        assert item_rows.origin(reading, ItemId("0" * 64)) is None
    empty.close()


def test_of_several_items_with_one_external_id_the_one_that_a_campaign_drew_is_meant(empty: Workspace) -> None:
    runs = [msgspec.structs.replace(worlds.run_of(n), external_id="same", model=model) for n, model in enumerate(("m1", "m2", None), 1)]
    one, two, three = worlds.put_in(empty, runs)
    campaigns.create_campaign(empty, SILENT, rules=Campaign(name="C", query="model:m2", seed="s"))
    with empty.read() as reading:
        drawn = campaign_rows.named(reading, "C").row
        assert item_rows.by_external_id(reading, "same", campaign=drawn) == two
        for model, agent in ((None, None), ("m1", None), (None, "shop")):  # one that says nothing of its model may be meant too
            with pytest.raises(Refused, match="More than one"):
                item_rows.by_external_id(reading, "same", model=model, agent=agent)
        assert item_rows.by_external_id(reading, "same", model="m3") == three
        assert item_rows.by_external_id(reading, "same", agent="claims") == two
        assert item_rows.by_external_id(reading, "same", model="m2", campaign=drawn) == two
        with pytest.raises(Refused):
            item_rows.by_external_id(reading, "same", model="m1", campaign=drawn)
        with pytest.raises(NotFound, match="gpt"):
            item_rows.by_external_id(reading, "same", model="gpt", agent="nobody")
    assert one != two
    empty.close()

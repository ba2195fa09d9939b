"""The metadata of a release have the shape of Croissant 1.1; mlcroissant reads them in tests/contracts/test_release_readers.py."""

import json
from typing import Any

import pytest

from reviewer.domain.chain import EntryHash
from reviewer.domain.releases import LabelSet, Manifest, ReleasedCampaign, ReleasedFile
from reviewer.formats import croissant, release_tables
from reviewer.formats.release_shapes import SHAPES, Shape


def _manifest(shape: Shape) -> Manifest:
    campaign = ReleasedCampaign(EntryHash("c" * 64), "Refunds", "agent:shop", "srs", "s", 2, 100, 40, ("refunds@" + "d" * 64,))
    files = [ReleasedFile(f"data/train.{ending}", "e" * 64, 3) for ending in ("jsonl", "parquet")]
    return Manifest(
        v=1, project=EntryHash("a" * 64), format=shape.name, app="1.0", campaigns=(campaign,), aggregate="answer", split=("1", "0", "0"),
        rows={"train": 3, "validation": 0, "test": 0}, dropped={}, labels=LabelSet(6, "b" * 64),
        files=(*files, ReleasedFile("README.md", "f" * 64, None)), shape=shape.forms[0],
    )  # fmt: skip


def _leaves(field: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for one in field["subField"] for leaf in _leaves(one)] if "subField" in field else [field]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.name)
def test_every_column_is_a_field_that_says_where_it_lies_and_what_it_is(shape: Shape) -> None:
    told = json.loads(croissant.metadata(_manifest(shape), shape, shape.forms[0]))
    assert "http://mlcommons.org/croissant/1.1" in told["conformsTo"]
    assert [(one["contentUrl"], one["sha256"]) for one in told["distribution"]] == [
        ("data/train.jsonl", "e" * 64),
        ("data/train.parquet", "e" * 64),
    ]
    (records,) = told["recordSet"]
    assert [field["name"] for field in records["field"]] == release_tables.schema(shape, shape.forms[0]).names
    leaves = [leaf for field in records["field"] for leaf in _leaves(field)]
    assert {leaf["source"]["fileObject"]["@id"] for leaf in leaves} == {"data/train.parquet"}
    assert {leaf["dataType"] for leaf in leaves} <= {"sc:Text", "sc:Boolean", "sc:Float"}
    assert len({leaf["@id"] for leaf in leaves}) == len(leaves)


def test_the_metadata_say_who_asked_what_and_what_it_was_made_from_and_give_no_date() -> None:
    shape = SHAPES[0]
    raw = croissant.metadata(_manifest(shape), shape, "conversational")
    told = json.loads(raw)
    assert told["rai:annotationsPerItem"] == "Refunds: 2"
    assert "40 of 100 items, drawn by design srs" in told["rai:dataAnnotationProtocol"]
    assert told["prov:wasDerivedFrom"] == [{"@id": f"urn:reviewer:campaign:{'c' * 64}", "prov:label": "Refunds"}]
    assert told["prov:wasGeneratedBy"]["prov:used"] == [{"@id": f"urn:reviewer:policy:refunds@{'d' * 64}"}]
    assert not [key for key in told if "date" in key.lower() or "time" in key.lower()]

"""Maps of tables by name, and those that come with the program on the files that they were made for."""

from pathlib import Path

import pytest

from reviewer.domain.errors import NotFound, Refused
from reviewer.formats import intake, label_files
from reviewer.formats.intake import Options, Skipped
from reviewer.formats.label_files import Reading
from reviewer.operations import maps
from tests.contracts.format_contract import ids, read

_CROWD = {
    "crowd/d_Duck Identification/answer.csv": ("crowd", 108, 39, 4_212),
    "crowd/d_jn-product/answer.csv.gz": ("crowd", 8_315, 176, 24_945),
    "crowd/BarzanMozafari/labels.txt": ("crowd-headerless", 1_000, 83, 5_000),
}


def test_every_shipped_map_is_for_items_and_labels() -> None:
    assert [one.name for one in maps.shipped()] == ["crowd", "crowd-headerless", "xstest"]
    for one in maps.shipped():
        assert one.description
        assert maps.column_map(one.name).columns["external_id"] == maps.label_map(one.name).given[0].columns["external_id"]


@pytest.mark.parametrize("path", sorted(_CROWD))
def test_crowd_tables_are_read_whole_by_their_map(real_data: Path, path: str) -> None:
    name, count, workers, labels = _CROWD[path]
    records, rejects = read(real_data / path, Options(column_map=maps.column_map(name)))
    assert not rejects
    assert (len(records), len(set(ids(records)))) == (labels, count)
    lines = list(label_files.read(real_data / path, Reading(label_map=maps.label_map(name))))
    said = [line.said.label for line in lines if not isinstance(line, Skipped) and line.said is not None]
    assert (len(said), len({one.reviewer for one in said}), len({one.external_id for one in said})) == (labels, workers, count)
    assert {one.verdict for one in said} == {"compliant", "non_compliant"}
    assert {one.external_id for one in said} == {record.item.external_id for record in records}


def test_xstest_takes_the_model_from_the_name_of_the_file_and_its_judged_copy_is_the_same(real_data: Path) -> None:
    options = Options(column_map=maps.column_map("xstest"))
    for model in ("gpt4", "llama2orig", "mistralguard"):
        plain, _ = read(real_data / f"xstest/model_completions/xstest_v2_completions_{model}.csv.gz", options)
        judged, _ = read(real_data / f"xstest/automated_evaluation_labels/xstest_v2_completions_{model}_gpteval.csv.gz", options)
        assert {record.item.model for record in plain} == {model}
        assert ids(plain) == ids(judged)  # one has CRLF at the ends of its rows, the other LF
    (skipped,) = intake.scan([str(real_data / "xstest/xstest_prompts.csv")], options)
    assert isinstance(skipped, Skipped)


def test_a_file_of_that_name_goes_before_a_shipped_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("crowd").write_text('[columns]\nprompt = "mine"')
    assert maps.column_map("crowd").columns == {"prompt": "mine"}
    with pytest.raises(Refused):
        maps.label_map("crowd")


@pytest.mark.parametrize("name", ["nowhere", "", "../maps/crowd", "crowd.toml"])
def test_a_map_that_is_not_there_is_said(name: str) -> None:
    with pytest.raises(NotFound):
        maps.column_map(name)

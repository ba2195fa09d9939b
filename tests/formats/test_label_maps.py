"""Which columns of a table say what of a label."""

import tomllib

import msgspec
import pytest

from reviewer.domain.errors import BadRecord, Refused
from reviewer.formats import label_lines, label_maps
from reviewer.formats.label_maps import LabelMap, Told

_ONE = '[[labels]]\nexternal_id = "question"\nverdict = "answer"\n'


def _map(text: str) -> LabelMap:
    return label_maps.checked(tomllib.loads(text))


def _told(label_map: LabelMap, stem: str = "", **cells: object) -> list[Told]:
    raw = {name: msgspec.Raw(msgspec.json.encode(cell)) for name, cell in cells.items()}
    return [label_maps.told(label_map, given, raw, stem) for given in label_map.given]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no labels"),
        ("labels = 3", "no labels"),
        ("labels = []", "no labels"),
        ("[labels]\nverdict = 'a'", "no labels"),
        ("[[labels]]\nverdict = 'a'", "which item"),
        ("[[labels]]\nitem = 'a'", "which verdict"),
        ("[[labels]]\nitem = {always = 'a'}\nverdict = 'a'", "which item"),
        ("[[labels]]\nitem = 'a'\nverdict = 'b'\ncolour = 'c'", "colour"),
        ("[[labels]]\nitem = 'a'\nverdict = 'b'\ncolour = {always = 'c'}", "colour"),
        ("[[labels]]\nitem = 'a'\nverdict = {never = 'b'}", "verdict names no column"),
        ("[[labels]]\nitem = 1\nverdict = 'b'", "item names no column"),
        ("header = false\n[[labels]]\nitem = 1\nverdict = 'b'", "verdict names no column"),
        (f"values = 3\n{_ONE}", "values"),
        (f"{_ONE}[values]\nverdict = 3", "values"),
        (f"{_ONE}[values.colour]\nred = 'compliant'", "colour"),
        (f"{_ONE}[values.verdict]\nred = 3", "no text"),
        (f"{_ONE}[file_name]\nreviewer = '*'", "reviewer"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        _map(text)
    assert says in caught.value.what
    assert caught.value.hint.endswith(".")


def test_cells_mean_what_the_map_says_and_nothing_else() -> None:
    values = _map(_ONE + '[values.verdict]\n1 = "non_compliant"\n0 = "compliant"\n"" = "unsure"')
    assert [_told(values, question="q", answer=cell)[0].label.verdict for cell in ("1", 1, 0, "", None)] == [
        "non_compliant", "non_compliant", "compliant", "unsure", "unsure",
    ]  # fmt: skip
    for cell in ("2", " 1", "compliant", True):
        with pytest.raises(Refused, match="no value of verdict"):
            _told(values, question="q", answer=cell)


def test_without_a_table_of_values_a_cell_is_the_verdict_itself() -> None:
    assert _told(_map(_ONE), question="q", answer="unsure")[0].label.verdict == "unsure"
    for cell in ("1", "Compliant", "x"):
        with pytest.raises(BadRecord):
            _told(_map(_ONE), question="q", answer=cell)
    assert _told(_map(_ONE), question="q", answer="")[0].label.verdict is None  # which the campaign refuses: nothing was said


def test_a_row_may_hold_the_labels_of_several_people() -> None:
    two = _map(_ONE + 'reviewer = {always = "Ada"}\n[[labels]]\nexternal_id = "question"\nverdict = "second"\nreviewer = "who"')
    found = [one.label for one in _told(two, question="q", answer="compliant", second="unsure", who="Ben")]
    assert [(one.reviewer, one.verdict) for one in found] == [("Ada", "compliant"), ("Ben", "unsure")]


def test_what_the_name_of_the_file_or_a_column_says_of_the_item_stands_beside_the_label() -> None:
    (told,) = _told(_map(_ONE + 'agent = "team"\n[file_name]\nmodel = "by_*"'), "by_m", question="q", answer="unsure", team="t")
    assert (told.agent, told.model) == ("t", "m")


def test_lists_flags_and_numbers_in_cells_are_read_as_such() -> None:
    columns = ("external_id", "verdict", "steps", "spans", "omissions", "clause", "blind", "duration_ms", "confidence")
    mapped = label_maps.by_name(columns, harmless=False)
    assert mapped is not None
    cells = {"external_id": "q", "verdict": "non_compliant", "steps": '{"2":"bad"}', "spans": "3:0:5", "omissions": "asked nobody",
             "clause": "4.1", "blind": "FALSE", "duration_ms": "1500", "confidence": "0.8"}  # fmt: skip
    label = _told(mapped, **cells)[0].label
    assert label_lines.steps(label) == {"2": "bad"}
    assert [(one.step, one.start, one.end) for one in label_lines.spans(label)] == [("3", 0, 5)]
    assert [one.text for one in label_lines.omissions(label)] == ["asked nobody"]
    assert label_lines.clauses(label) == ["4.1"]
    assert (label.blind, label.duration_ms, label.confidence) == (False, 1500, "0.8")
    for field, cell in (("steps", '{"2":"bad"'), ("blind", "perhaps"), ("duration_ms", "-1"), ("steps", '{"2":"worse"}')):
        with pytest.raises((BadRecord, Refused)):
            _told(mapped, **{**cells, field: cell})


def test_only_cells_that_were_made_harmless_are_made_as_they_were() -> None:
    for harmless, rationale in ((True, "=1+1"), (False, "'=1+1")):
        mapped = label_maps.by_name(("item", "verdict", "rationale"), harmless=harmless)
        assert mapped is not None
        assert _told(mapped, item="abcdef", verdict="unsure", rationale="'=1+1")[0].label.rationale == rationale


def test_columns_that_do_not_say_enough_make_no_map() -> None:
    for columns in (("item", "label"), ("verdict", "reviewer"), ()):
        assert label_maps.by_name(columns, harmless=False) is None

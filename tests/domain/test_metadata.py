"""Looking a field up in what came with an item."""

import pytest

from reviewer.domain.metadata import looked_up


@pytest.mark.parametrize(
    ("field", "value"),
    [("a", 1), ("b.c", "x"), ("d.e", 2), ("b", {"c": "x"}), ("b.d", None), ("a.b", None), ("z", None), ("n", None), ("no", False)],
)
def test_a_field_is_a_key_or_a_path(field: str, value: object) -> None:
    assert looked_up('{"a":1,"b":{"c":"x"},"d.e":2,"n":null,"no":false}', field) == value


def test_what_is_no_json_has_no_fields() -> None:
    assert looked_up("{", "a") is None
    assert looked_up("[1]", "0") is None

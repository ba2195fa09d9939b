"""What a lead chooses of a design, as a draw keeps it."""

import pytest

from reviewer.domain import designs
from reviewer.domain.designs import Selection
from reviewer.domain.errors import Refused

ALL = [Selection(), Selection(by="agent"), Selection("agent", "neyman", 5, "score"), Selection(weight="score", control="0.5")]


@pytest.mark.parametrize("selection", ALL, ids=str)
def test_a_selection_comes_back_from_what_a_draw_kept(selection: Selection) -> None:
    assert designs.of_facts(selection.facts()) == selection


def test_what_was_not_asked_is_not_kept() -> None:
    assert Selection().facts() == {}
    assert Selection(by="agent").facts() == {"by": "agent", "allocation": "proportional"}
    assert Selection().control_share == 0.3


@pytest.mark.parametrize(
    ("design", "selection"),
    [("all", ALL[0]), ("srs", ALL[0]), ("stratified", ALL[1]), ("stratified", ALL[2]), ("poisson", ALL[3]),
     ("poisson", Selection(weight="x", control="0")), ("poisson", Selection(weight="x", control="1.0"))],
)  # fmt: skip
def test_what_a_design_can_follow_is_let_through(design: str, selection: Selection) -> None:
    designs.check(design, selection)


@pytest.mark.parametrize(
    ("design", "selection"),
    [("stratified", Selection()), ("poisson", Selection()), ("srs", Selection(by="x")), ("all", Selection(allocation="neyman")),
     ("poisson", Selection(weight="x", floor=2)), ("stratified", Selection(by="x", control="0.5")), ("srs", Selection(weight="x")),
     ("stratified", Selection(by="x", floor=0)), ("poisson", Selection(weight="x", control="0.29")),
     ("poisson", Selection(weight="x", control="2")), ("poisson", Selection(weight="x", control="1e-1")),
     ("poisson", Selection(weight="x", by="y"))],
)  # fmt: skip
def test_what_a_design_cannot_follow_is_refused(design: str, selection: Selection) -> None:
    with pytest.raises(Refused) as error:
        designs.check(design, selection)
    assert error.value.hint

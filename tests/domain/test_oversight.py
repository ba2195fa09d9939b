"""What an oversight record is made of: titles in their order, axes that hold their marks, text that can be set."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import oversight
from reviewer.domain.oversight import Mark, Section
from reviewer.domain.oversight_articles import articles
from tests import records

SHARES = st.floats(0, 1)


@given(st.lists(st.tuples(SHARES, SHARES, SHARES).map(sorted), max_size=8))
def test_an_axis_holds_every_mark_and_ends_at_its_last_tick(limits: list[list[float]]) -> None:
    axis = oversight.axis([Mark("", middle, low, high, "") for low, middle, high in limits])
    most = max((high for *_, high in limits), default=0)
    assert most <= axis.end + 1e-9 <= 1 + 2e-9
    shares = [share for share, _ in axis.ticks]
    assert shares[0] == 0
    assert shares[-1] <= axis.end + 1e-9
    assert 2 <= len(shares) <= 7
    assert len({words for _, words in axis.ticks}) == len(shares)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0.147, ["0%", "5%", "10%", "15%"]),
        (1, ["0%", "25%", "50%", "75%", "100%"]),
        (0.9, ["0%", "25%", "50%", "75%", "100%"]),
        (0.02, ["0.0%", "0.5%", "1.0%", "1.5%", "2.0%"]),
    ],
)
def test_an_axis_is_marked_at_round_shares(most: float, ticks: list[str]) -> None:
    assert [words for _, words in oversight.axis([Mark("", None, 0, most, "")]).ticks] == ticks


def test_sections_are_numbered_and_appendices_lettered() -> None:
    record = records.record()
    assert record.headings() == ["1. What was asked", "2. Figures", "Appendix A. Reading beside"]


@given(st.text())
def test_readable_text_has_no_character_that_cannot_be_seen(text: str) -> None:
    assert all(c.isprintable() or c == "\n" for c in oversight.readable(text))


def test_the_appendix_is_an_aid_and_says_so_first() -> None:
    section: Section = articles()
    said = records.texts(section.blocks)
    assert said[0].startswith("An aid to reading, not legal advice.")
    assert [re.findall(r"^\d+", row[0])[0] for row in section.blocks[1].rows] == ["12", "14", "19", "26", "72"]  # type: ignore[union-attr]
    claims = re.findall(r"complies|compliant with|satisf|fulfil|ensures", " ".join(said))
    assert claims == []

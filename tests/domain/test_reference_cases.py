"""Every case of the reference file on topics that are built is compared with somewhere."""

from pathlib import Path

from tests.domain.conftest import Reference

TOPICS = ("1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "8 ", "9 ", "10 ")
OF_DRAWING = {"neyman", "pips-certainty"}  # how many to draw, and with which probability: tests/domain/test_sampling.py and its neighbours


def test_no_case_of_these_topics_is_left_out(reference: Reference) -> None:
    wanted = {name for name, case in reference.cases.items() if case["topic"].startswith(TOPICS)} - OF_DRAWING
    texts = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py") if file.name != Path(__file__).name]
    assert len(wanted) > 50
    assert {name for name in wanted if not any(f'"{name}"' in text for text in texts)} == set()

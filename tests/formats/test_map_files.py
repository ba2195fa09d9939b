"""What maps of tables have in common."""

import pytest

from reviewer.formats import map_files


@pytest.mark.parametrize(
    ("patterns", "stem", "said"),
    [
        (("runs_of_*",), "runs_of_gpt4", "gpt4"),
        (("*_runs",), "gpt4_runs", "gpt4"),
        (("runs_of_*_judged", "runs_of_*"), "runs_of_gpt4_judged", "gpt4"),
        (("runs_of_*_judged", "runs_of_*"), "runs_of_gpt4", "gpt4"),
        (("runs_of_*",), "runs_of_", None),
        (("ab*ba",), "aba", None),
        (("runs_of_*",), "other", None),
        (("*",), "a.b", "a.b"),
    ],
)
def test_a_star_stands_for_what_the_name_of_a_file_says(patterns: tuple[str, ...], stem: str, said: str | None) -> None:
    assert map_files.said_by_name(patterns, stem) == said

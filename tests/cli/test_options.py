"""Options and words in any order, and values that begin with a dash."""

import pytest

from reviewer.cli.options import Misspelt, Options, count, size


def _options() -> Options:
    options = Options("try", summary="", example="reviewer try")
    options.add_argument("first")
    options.add_argument("rest", nargs="*")
    options.add_argument("--text", action="append", default=[])
    options.add_argument("--flag", action="store_true")
    return options


@pytest.mark.parametrize(
    ("arguments", "first", "rest", "texts", "flag"),
    [
        (["a"], "a", [], [], False),
        (["a", "--flag", "b", "--text", "x", "c"], "a", ["b", "c"], ["x"], True),
        (["--text", "-x", "a"], "a", [], ["-x"], False),
        (["--text=--y", "a", "--text", "- z"], "a", [], ["--y", "- z"], False),
        (["--", "-a", "--flag"], "-a", ["--flag"], [], False),
        (["--flag", "a", "--", "-b"], "a", ["-b"], [], True),
        (["-"], "-", [], [], False),
        (["", "--text", ""], "", [], [""], False),
    ],
)
def test_options_and_words_may_come_in_any_order(arguments: list[str], first: str, rest: list[str], texts: list[str], flag: bool) -> None:
    read = _options().read(arguments)
    assert (read.first, read.rest, read.text, read.flag) == (first, rest, texts, flag)


@pytest.mark.parametrize(
    "arguments",
    [[], ["a", "--text"], ["a", "--text", "--flag"], ["a", "--fla"], ["a", "-x"], ["a", "--flag=1"],
     ["a", "--text=--"], ["--", "a", "--"]],
)  # fmt: skip
def test_what_cannot_be_read_is_misspelt(arguments: list[str]) -> None:
    with pytest.raises(Misspelt) as raised:
        _options().read(arguments)
    assert "reviewer try --help" in raised.value.hint


@pytest.mark.parametrize("arguments", [["a", "--by="], ["a", "--by", ""], ["a", "b", ""], ["a", "--also", "x", "--also", ""]])
def test_an_empty_value_is_none(arguments: list[str]) -> None:
    options = Options("try", summary="", example="reviewer try")
    options.add_argument("campaign", metavar="CAMPAIGN", nargs="+")
    options.add_argument("--by", metavar="FIELD", default="")
    options.add_argument("--also", metavar="ID", action="append")
    assert options.read(["a", "--by", "x="]).by == "x="
    with pytest.raises(Misspelt, match="needs a value") as raised:
        options.read(arguments)
    assert "reviewer try --help" in raised.value.hint


def test_a_query_and_words_of_ones_own_may_be_empty() -> None:
    options = Options("try", summary="", example="reviewer try")
    options.add_argument("query", metavar="QUERY", nargs="?", default="")
    options.add_argument("--query", metavar="Q", dest="other")
    options.add_argument("--note", metavar="TEXT")
    given = options.read(["", "--query", "", "--note="])
    assert (given.query, given.other, given.note) == ("", "", "")


def test_numbers_are_whole_and_in_range() -> None:
    options = _options()
    options.add_argument("--n", type=count)
    options.add_argument("--m", type=size)
    assert options.read(["a", "--n", "0", "--m", "1"]).n == 0
    for wrong in (["--n", "-1"], ["--n", "1.5"], ["--n", "٣"], ["--m", "0"], ["--m", "9" * 30]):
        with pytest.raises(Misspelt, match="not a whole number"):
            options.read(["a", *wrong])

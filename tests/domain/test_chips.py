"""A search says in words what it asks for."""

from reviewer.domain.chips import describe
from reviewer.domain.query import All, parse, to_text


def test_chips_say_each_condition_in_words_and_how_the_search_reads_without_it() -> None:
    chips = describe(parse("agent:airline tool:cancel_* -label:compliant time>=2026-05 steps>=5 a or b"))
    assert [c.words for c in chips] == ["agent: airline", "tool: cancel_*", "not compliant", "from 2026-05", "steps ≥ 5", "a or b"]
    assert chips[2].without == "agent:airline tool:cancel_* time>=2026-05 steps>=5 a or b"
    assert [(c.words, c.without) for c in describe(parse("label:none"))] == [("not reviewed", "")]
    assert describe(All()) == []


def test_a_search_without_a_chip_asks_for_all_the_rest() -> None:
    tree = parse('a (b or "c d") -(e f) has:image label:any steps<3')
    for chip in describe(tree):
        assert len(describe(parse(chip.without))) == len(describe(tree)) - 1
        assert to_text(parse(chip.without)) == chip.without
    assert [c.words for c in describe(tree)] == ["a", "b or “c d”", "not (e, f)", "has an image", "reviewed", "steps < 3"]

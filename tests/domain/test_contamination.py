"""Which texts stand in others, by stretches of thirteen words."""

from reviewer.domain import contamination

_LONG = " ".join(f"word{n}" for n in range(60))


def test_a_text_that_stands_in_another_is_found_whatever_is_around_it() -> None:
    library = contamination.library([[f"Before it. {_LONG.upper()}, and after it."], ["something else"]])
    found = contamination.contamination([["not there at all"], [_LONG]], library)
    assert found.seen == ((1, 1.0),)
    assert (found.texts, found.any, found.share) == (2, 1, 0.5)
    assert found.interval is not None
    assert 0.09 < found.interval.low < 0.5 < found.interval.high < 0.91


def test_a_stretch_in_common_is_counted_and_not_called_seen() -> None:
    half = f"{' '.join(_LONG.split()[:20])} {' '.join(f'other{n}' for n in range(40))}"
    found = contamination.contamination([[half]], contamination.library([[_LONG]]))
    assert (found.seen, found.any) == ((), 1)


def test_twelve_words_in_common_are_nothing() -> None:
    shared = " ".join(_LONG.split()[:12])
    assert contamination.contamination([[f"{shared} and so on"]], contamination.library([[f"{shared} but then"]])).any == 0


def test_a_short_text_is_seen_where_all_of_it_is() -> None:
    library = contamination.library([["Cancel my flight, please."]])
    assert [one.place for one in contamination.contamination([["cancel my flight please"], ["cancel my flight"]], library).seen] == [0]


def test_nothing_within_nothing_has_no_share() -> None:
    assert contamination.contamination([], contamination.library([])) == (0, (), 0, None, None)
    assert contamination.contamination([["some words"]], contamination.library([])).seen == ()


def test_pieces_are_found_in_whatever_order_they_stand_and_small_talk_does_not_count() -> None:
    """The rows of a release hold a prompt twice, once before each output: no stretch from one message into the next is asked for."""
    first, second = " ".join(f"one{n}" for n in range(20)), " ".join(f"two{n}" for n in range(20))
    library = contamination.library([["Thank you!", first, second]])
    found = contamination.contamination([[second, first, second], ["Thank you!", " ".join(f"else{n}" for n in range(20))]], library)
    assert (found.seen, found.any) == (((0, 1.0),), 1)

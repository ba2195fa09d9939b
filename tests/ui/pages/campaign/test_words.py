"""Figures of a design in words."""

import pytest

from reviewer.operations.designing import DesignPreview, ExpectedWidth, Population, StratumPreview
from reviewer.ui.pages.campaign import words

PREVIEW = DesignPreview(
    design="srs",
    population=4812,
    to_draw=140,
    control=None,
    strata=(),
    assumed_rate=0.05,
    widths=(ExpectedWidth(0.01, 0.021), ExpectedWidth(0.05, 0.038), ExpectedWidth(0.2, 0.067)),
    labels=161,
    hours=161 * 41 / 3600,
    hours_reason=None,
    seconds_per_label=41.0,
    effective_share=1.0,
    size_for_precision=280,
    warnings=(),
)


def test_how_exact_a_rate_will_be_is_said_with_what_it_rests_on() -> None:
    before, figure, after = words.exactness(PREVIEW)
    assert (before, figure) == ("If about 5% go wrong, the overall rate will be known to within", "± 3.8 points")
    assert after == "at 95%, with 140 items. ± 2.1 points if 1% do; ± 6.7 points if 20% do. To within 5 points takes 280."
    unbound = PREVIEW._replace(widths=(ExpectedWidth(0.05, None),))
    assert words.exactness(unbound)[1:] == ("nothing", "With 140 items a part of the population has no pick: nothing bounds its rate.")


@pytest.mark.parametrize(
    ("people", "second", "said"),
    [
        (3, True, "161 labels for 3 people together, second opinions included."),
        (1, False, "161 labels for 1 person."),
        (0, False, "161 labels."),
    ],
)
def test_how_long_it_takes_is_said_for_those_who_share_the_work(people: int, second: bool, said: str) -> None:
    assert words.pace(PREVIEW, people, second=second) == ("At this team's pace of 41 s a label", "1 h 50 min", said)


def test_a_pace_that_is_not_known_is_not_made_up() -> None:
    unknown = PREVIEW._replace(hours=None, seconds_per_label=None, hours_reason="No label of this team was timed yet.")
    assert words.pace(unknown, 2, second=False) == (
        "How long it takes is not known yet", "161 labels", "No label of this team was timed yet.",
    )  # fmt: skip


def test_times_are_said_in_minutes_and_hours() -> None:
    assert [words.duration(hours) for hours in (0.001, 0.2, 1.0, 100.25)] == ["less than a minute", "12 min", "1 h 0 min", "100 h 15 min"]


def test_a_risk_weighted_sample_says_what_of_it_is_random_and_what_it_is_worth() -> None:
    risky = PREVIEW._replace(design="poisson", control=42, effective_share=0.84)
    assert words.picks(risky) == (
        "About 140 of 4,812 items: 42 of them at random, so that the rate stays honest; the rest where the weight is high."
        " For the overall rate they are worth 118 drawn at random."
    )
    assert "None of them is drawn at random." in words.picks(risky._replace(control=0))


def test_a_stratum_without_a_pick_has_no_interval_and_a_small_one_a_warning() -> None:
    strata = (StratumPreview("a", 100, 20, 0.1, 0.01, 0.2), StratumPreview("b", 50, 3, 0.4, 0.0, 0.8), StratumPreview("c", 5, 0, None))
    marks = words.strata(PREVIEW._replace(strata=strata)).marks
    assert [(mark.estimate, mark.note, mark.reason) for mark in marks] == [
        (0.05, "", None),
        (0.05, "Too few for a rate of its own", None),
        (None, "Too few for a rate of its own", "no pick"),
    ]


def test_a_population_is_described_by_what_most_of_it_is() -> None:
    models = tuple((f"m{n}", 10 - n) for n in range(6))
    found = Population(46, (("", 1), ("shop", 45)), models, (("trajectory", 46),), 1, "2026-05-01T00:00:00Z", "2026-05-01T09:00:00Z")
    assert words.made_of(found) == [
        "1 agent: shop 45, none 1",
        "6 models: m0 10, m1 9, m2 8, m3 7, others 11; model of 1 hidden until you have labelled",
        "All of 1 May 2026",
    ]
    assert words.found(found._replace(partly=True)) == "46 items that you may see; the draw looks at all"
    assert words.made_of(Population(0, (), (), (), 0, None, None)) == []

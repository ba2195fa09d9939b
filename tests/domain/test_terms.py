"""Words that tell some texts from others."""

import numpy as np

from reviewer.domain.terms import counted, distinctive, vocabulary, words_of


def test_words_are_lower_case_and_those_that_every_text_has_are_left_out() -> None:
    assert words_of("The customer's REFUND, re-booked at 12:30; naïve 日本語 ab") == [
        "customer's",
        "refund",
        "re-booked",
        "naïve",
        "日本語",
    ]


def test_numbers_of_accounts_and_orders_are_no_words_and_names_of_models_are() -> None:
    assert words_of("Refund to GB29NWBK60161331926819 for HAT136; gpt4o said v2") == ["refund", "gpt4o", "said"]


def test_the_words_of_a_cluster_name_it() -> None:
    inside = [f"please send a wire transfer to the foreign account {n}" for n in range(20)]
    outside = [f"please book a hotel in the old town {n}" for n in range(60)]
    assert set(distinctive(inside, outside)) <= {"send", "wire", "transfer", "foreign", "account"}
    assert len(distinctive(inside, outside)) == 3
    assert distinctive(inside, inside) == ()
    assert distinctive([], outside) == ()


def test_a_word_of_a_single_text_names_nothing_and_forms_of_one_word_count_once() -> None:
    inside = ["refund refunds refunded"] * 9 + ["refund refunds refunded zebra"]
    found = distinctive(inside, ["hotel booking"] * 30)
    assert "zebra" not in found
    assert len(found) == 1


def test_a_vocabulary_is_the_common_words_and_rare_ones_weigh_more() -> None:
    words = vocabulary(["alpha beta", "alpha beta", "alpha gamma", "alpha delta"], most=5)
    assert words.terms == ("alpha", "beta")
    assert words.rarity[1] > words.rarity[0]
    assert np.array_equal(counted(words, ["beta beta", "omega"]), [[0, 1], [0, 0]])

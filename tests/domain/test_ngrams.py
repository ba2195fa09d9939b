"""Vectors of stretches of characters: any language, no model, and comparable as long as what was learned is kept."""

import numpy as np
import pytest

from reviewer.domain import ngrams

TEXTS = {
    "geld": [
        "Bitte überweisen Sie das Geld auf mein Konto in Zürich",
        "Das Geld soll auf das Konto überwiesen werden",
        "Überweisung auf ein fremdes Konto",
    ],
    "hund": ["Darf mein kleiner Hund im Flugzeug mitfliegen", "Fliegt der Hund in der Kabine mit", "Hunde und Katzen in der Kabine"],
    "ホテル": ["ホテルの予約を変更したいです", "ホテルの予約をキャンセルしたい", "予約したホテルの変更について"],
}


@pytest.fixture(scope="module")
def learned() -> ngrams.Learned:
    """Learned from texts in German and Japanese."""
    return ngrams.learn([text for texts in TEXTS.values() for text in texts])


def test_texts_about_one_thing_are_near_in_languages_that_no_model_knows(learned: ngrams.Learned) -> None:
    vectors = learned.embed([text for texts in TEXTS.values() for text in texts])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(9), abs=1e-4)
    alike = vectors @ vectors.T
    topic = np.repeat(np.arange(3), 3)
    same = alike[(topic[:, None] == topic) & ~np.eye(9, dtype=bool)]
    assert same.mean() > alike[topic[:, None] != topic].mean() + 0.1


def test_what_was_learned_comes_back_as_it_was_kept(learned: ngrams.Learned) -> None:
    again = ngrams.unpacked(learned.packed())
    assert again.name == learned.name
    text = ["Das Geld soll auf ein Konto"]
    assert np.array_equal(again.embed(text), learned.embed(text))
    assert ngrams.learn([text for texts in TEXTS.values() for text in texts]).name == learned.name
    assert ngrams.learn(TEXTS["hund"]).name != learned.name


def test_texts_without_stretches_are_zeros(learned: ngrams.Learned) -> None:
    assert not learned.embed(["", "ab"]).any()
    assert not ngrams.learn(["", ""]).embed(["nothing was learned"]).any()

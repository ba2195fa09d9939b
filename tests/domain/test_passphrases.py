"""Advice on passphrases: what is easy to guess is never called strong, and words by chance are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.passphrases import judge


@pytest.mark.parametrize(
    ("passphrase", "strength"),
    [
        ("", "short"),
        ("   seven  ", "short"),
        ("password", "weak"),
        ("passwordpassword", "weak"),
        ("aaaaaaaaaaaaaaaaaaaa", "weak"),
        ("abcdefghijklmnopqrst", "weak"),
        ("12345678901234567890", "weak"),
        ("Summer2026!", "weak"),
        ("horse horse horse horse horse horse", "weak"),
        ("correct horse battery staple", "weak"),
        ("correct horse battery staple 7?", "fair"),
        ("harbour violin seven lantern quartz orbit", "strong"),
        ("xK9#qv2!Lm7&Zp4$", "strong"),
        ("Straße über Brücken träumt leise zwölf", "strong"),
    ],
)
def test_a_passphrase_is_called_what_a_guesser_would_call_it(passphrase: str, strength: str) -> None:
    judgement = judge(passphrase, least=8)
    assert judgement.strength == strength, judgement
    assert (judgement.advice == "") == (strength == "strong")


@given(st.text(max_size=60))
def test_every_text_is_judged(text: str) -> None:
    judgement = judge(text, least=8)
    assert (judgement.strength == "short") == (len(text.strip()) < 8)
    assert judgement.bits >= 0

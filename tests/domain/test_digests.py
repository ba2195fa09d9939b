"""Digests packed: what they hold, each once, in order."""

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.digests import Digests

Digests().distinct()  # loads numpy, which no example shall be timed by
# Few bytes, zeros among them: so that digests repeat, and end in zeros.
_SOME = st.lists(st.tuples(st.sampled_from([0, 1, 255]), st.sampled_from([0, 7])).map(lambda ends: bytes([ends[0], *[9] * 30, ends[1]])))


@given(_SOME, _SOME)
def test_they_are_what_a_set_would_hold(here: list[bytes], asked: list[bytes]) -> None:
    found = Digests(one.hex() for one in here)
    assert found.distinct() == b"".join(sorted(set(here)))
    assert found.count(set(asked)) == len(set(asked) & set(here))


def test_there_may_be_none() -> None:
    assert (Digests().distinct(), Digests().count([]), Digests().count([bytes(32)])) == (b"", 0, 0)
